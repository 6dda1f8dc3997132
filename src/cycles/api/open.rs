//! Opening a cycle: its agreements are made, and its units begin to write.

use actix_web::post;
use serde::Serialize;
use utoipa::ToSchema;

use super::read::{CycleView, view};
use crate::agreements::agreement::create as make;
use crate::app::RequestContext;
use crate::cycles::model::{Assignment, CycleAction, LeftOut, Scope, covered_units};
use crate::cycles::opening::Surroundings;
use crate::cycles::{policy, store};
use crate::db::journal::{Event, EventKind};
use crate::error::Result;
use crate::http::{Ids, IfMatch, Outcome, Reply};
use crate::organisation::model::Unit;
use crate::organisation::{self, Organisation};
use crate::templates::store::TemplateRow;
use crate::text::{Args, Lang};
use crate::types::Id;

/// A cycle that was opened just now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenedCycle)]
pub struct OpenedCycleView {
    /// The cycle.
    #[serde(flatten)]
    pub cycle: CycleView,
    /// What the opening came to for each unit that the scope covers, by name.
    #[schema(max_items = 10000)]
    pub units: Vec<Outcome>,
}

/// Opens a cycle: each unit in scope gets an agreement to write.
///
/// `not-ready` lists a letter or templates that are not published, and a scope without units. `no-template` names
/// each unit, at `/org_units/{id}`, for which no template or no single narrowest one applies. The answer lists every unit
/// that the scope covers, in `units` (a dry run in `outcomes`): that it gets an agreement, or why it gets none.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The cycle."),
    ("If-Match" = String, Header, description = "The ETag of what is opened."),
    ("dry_run" = Option<bool>, Query, description = "Tells what would happen, and changes nothing."),
), responses((status = 200, description = "The cycle, open.", body = OpenedCycleView)))]
#[post("/api/v1/cycles/{id}/open")]
pub async fn open_cycle(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut cycle = store::find(tx, id)?;
        policy::can_write(actor)?;
        if_match.accepts(&cycle)?;
        cycle.state = cycle.state.after(CycleAction::Open)?;
        let organisation = organisation::current(tx)?;
        let surroundings = Surroundings::read(tx, std::slice::from_ref(&cycle))?;
        let plan = surroundings.plan(&cycle)?;
        cycle.opened_at = Some(tx.now());
        store::save(tx, &mut cycle)?;
        let units: Vec<Id> = plan.iter().map(|one| one.org_unit_id).collect();
        let leaders: Vec<Id> = organisation.leaders_of(&units).iter().map(|held| held.person_id).collect();
        let event = Event::of(EventKind::CycleOpened, id).version(cycle.version).detail("agreements", plan.len());
        tx.record(event.notifies(leaders));
        make::for_cycle(tx, &cycle, &plan, &organisation, |_| Id::new())?;
        let outcomes = outcomes(&organisation, &cycle.scope()?, (&plan, surroundings.templates()), tx.lang());
        Reply::item(cycle.version, &view(tx, actor, &cycle)?)?.with_outcomes("units", outcomes)
    })
    .await
}

/// What the opening comes to for each unit that the scope covers.
fn outcomes(
    organisation: &Organisation,
    scope: &Scope,
    (plan, templates): (&[Assignment], &[TemplateRow]),
    lang: Lang,
) -> Vec<Outcome> {
    let template_of = |unit: Id| {
        let assigned = plan.iter().find(|assigned| assigned.org_unit_id == unit)?.template_id;
        templates.iter().find(|template| template.id == assigned)
    };
    let outcome = |(unit, left_out): (&Unit, Option<LeftOut>)| {
        let subject = (unit.id, unit.name.as_str());
        let mut args = Args::default();
        if let Some(why) = left_out {
            return Outcome::nothing(lang, subject, why.code(), &args);
        }
        args.set("template", template_of(unit.id).map_or("", |template| template.name.as_str()));
        Outcome::happens(lang, subject, "agreement-made", &args)
    };
    covered_units(organisation, scope).into_iter().map(outcome).collect()
}
