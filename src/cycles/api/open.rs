//! Opening a cycle: its agreements are made, and its units begin to write.

use actix_web::post;

use super::read::CycleView;
use crate::agreements::make;
use crate::cycles::model::{Assignment, Candidate, CycleAction, plan_open};
use crate::cycles::policy;
use crate::cycles::store::{self, CycleRow};
use crate::db::Tx;
use crate::db::types::Id;
use crate::error::{Code, Fault, Result};
use crate::events::Event;
use crate::http::{Call, Ids, IfMatch, Reply};
use crate::letters::model::LetterState;
use crate::organisation::{self, Organisation};
use crate::templates::state::TemplateState;
use crate::templates::store::TemplateRow;
use crate::{letters, templates};

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
pub async fn open_cycle(call: Call, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut cycle = store::find(tx, id)?;
        policy::can_write(actor)?;
        if_match.accepts(&cycle)?;
        cycle.state = cycle.state.after(CycleAction::Open)?;
        let organisation = organisation::current(tx)?;
        let plan = plan(tx, &cycle, &organisation)?;
        cycle.opened_at = Some(tx.now());
        store::save(tx, &mut cycle)?;
        let units: Vec<Id> = plan.iter().map(|one| one.org_unit_id).collect();
        let leaders: Vec<Id> = organisation.leaders_of(&units).iter().map(|held| held.person_id).collect();
        let event = Event::of("cycle.opened", id).version(cycle.version).detail("agreements", plan.len());
        tx.record(event.notifies(leaders));
        make::for_cycle(tx, &cycle, &plan, &organisation, |_| Id::new())?;
        Reply::item(cycle.version, &CycleView::of(&cycle, actor, tx.lang())?)
    })
    .await
}

/// The agreements that the opening makes.
fn plan(tx: &mut Tx, cycle: &CycleRow, organisation: &Organisation) -> Result<Vec<Assignment>> {
    let wanted = cycle.template_ids()?;
    let found = templates::store::find_some(tx, &wanted)?;
    let mut faults = unpublished(&wanted, &found);
    if let Some(letter) = cycle.letter_id
        && letters::store::find(tx, letter)?.state != LetterState::Published
    {
        faults.push(Fault::at("/letter_id", "letter-not-published"));
    }
    if !faults.is_empty() {
        return Err(Code::NotReady.refuse().faults(faults).into());
    }
    let candidates = found
        .iter()
        .map(|template| Ok(Candidate { id: template.id, applies_to: template.applies_to()? }))
        .collect::<Result<Vec<Candidate>>>()?;
    let plan = plan_open(organisation, &cycle.scope()?, &candidates);
    match plan.map_err(|faults| Code::NoTemplate.refuse().faults(faults))? {
        plan if plan.is_empty() => Err(Code::NotReady.refuse().fault(Fault::at("/scope", "no-units")).into()),
        plan => Ok(plan),
    }
}

/// A template may be gone: it could be thrown away while it was a draft.
fn unpublished(wanted: &[Id], found: &[TemplateRow]) -> Vec<Fault> {
    if wanted.is_empty() {
        return vec![Fault::at("/template_ids", "no-templates")];
    }
    let state = |id: Id| found.iter().find(|template| template.id == id).map(|template| template.state);
    let faults = wanted.iter().enumerate().filter_map(|(at, id)| {
        let code = match state(*id) {
            Some(TemplateState::Published) => return None,
            Some(TemplateState::Draft) => "template-not-published",
            None => "unknown-id",
        };
        Some(Fault::at(format!("/template_ids/{at}"), code))
    });
    faults.collect()
}
