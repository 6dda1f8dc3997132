//! Opening a cycle: its agreements are made, and its units begin to write.

use actix_web::post;

use super::read::{CycleView, view};
use crate::agreements::agreement::create as make;
use crate::app::RequestContext;
use crate::cycles::model::CycleAction;
use crate::cycles::opening::Surroundings;
use crate::cycles::{policy, store};
use crate::db::journal::{Event, EventKind};
use crate::error::Result;
use crate::http::{Ids, IfMatch, Reply};
use crate::organisation;
use crate::types::Id;

/// Opens a cycle: each unit in scope gets an agreement to write.
///
/// `not-ready` lists a letter or templates that are not published, and a scope without units. `no-template` names
/// each unit, at `/org_units/{id}`, for which no template or no single narrowest one applies.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The cycle."),
    ("If-Match" = String, Header, description = "The ETag of what is opened."),
    ("dry_run" = Option<bool>, Query, description = "Tells what would happen, and changes nothing."),
), responses((status = 200, description = "The cycle, open.", body = CycleView)))]
#[post("/api/v1/cycles/{id}/open")]
pub async fn open_cycle(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut cycle = store::find(tx, id)?;
        policy::can_write(actor)?;
        if_match.accepts(&cycle)?;
        cycle.state = cycle.state.after(CycleAction::Open)?;
        let organisation = organisation::current(tx)?;
        let plan = Surroundings::read(tx, std::slice::from_ref(&cycle))?.plan(&cycle)?;
        cycle.opened_at = Some(tx.now());
        store::save(tx, &mut cycle)?;
        let units: Vec<Id> = plan.iter().map(|one| one.org_unit_id).collect();
        let leaders: Vec<Id> = organisation.leaders_of(&units).iter().map(|held| held.person_id).collect();
        let event = Event::of(EventKind::CycleOpened, id).version(cycle.version).detail("agreements", plan.len());
        tx.record(event.notifies(leaders));
        make::for_cycle(tx, &cycle, &plan, &organisation, |_| Id::new())?;
        Reply::item(cycle.version, &view(tx, actor, &cycle)?)
    })
    .await
}
