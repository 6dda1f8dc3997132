//! What waits for a decision or a signature.

use super::task::{About, Place, Task, TaskKind};
use super::viewer::Viewer;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::approval::guards;
use crate::agreements::approval::store::{returned_by, signatures_on_all};
use crate::agreements::route::model::RouteContext;
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::Role;
use crate::templates::cache::published;
use crate::templates::model::Duty;
use crate::types::Id;

/// Sections that wait for the reader's decision.
///
/// # Errors
/// When the database fails.
pub fn to_decide(conn: &mut Conn, viewer: &Viewer<'_>) -> Result<Vec<Task>> {
    let (mut tasks, person, organisation) = (Vec::new(), viewer.person, &*viewer.organisation);
    let mut mine = guards::all_waiting(conn, organisation)?;
    mine.retain(|(_, _, waiting)| waiting.iter().any(|one| one.person_id == person));
    let ids: Vec<Id> = mine.iter().map(|(agreement, _, _)| agreement.id).collect();
    let returned = if ids.is_empty() { Vec::new() } else { returned_by(conn, person, &ids)? };
    for (agreement, section, waiting) in &mine {
        let template = published(conn, agreement.template_id)?;
        let Some(definition) = template.prescription.section(&section.key) else { continue };
        let route = section.route()?;
        let duty = route.current().and_then(|at| route.steps.get(at)).map_or(Duty::Approve, |step| step.duty);
        let kind = if duty == Duty::Review { TaskKind::Review } else { TaskKind::Approve };
        let returned_before = returned.iter().any(|(id, key)| *id == agreement.id && *key == section.key);
        let place = Place { returned_before, ..Place::of(section, definition) };
        let since = section.submitted_at.unwrap_or(section.updated_at);
        let about = About::of(conn, agreement, organisation)?;
        for place_of_mine in waiting.iter().filter(|one| one.person_id == person) {
            let on_behalf_of = place_of_mine.on_behalf_of;
            let on_behalf_of_name = on_behalf_of.map(|person| organisation.name_of(person).to_owned());
            tasks.push(Task { on_behalf_of, on_behalf_of_name, ..about.task(kind, Some(&place), since)? });
        }
    }
    Ok(tasks)
}

/// Approved agreements that the reader is to sign.
///
/// # Errors
/// When the database fails.
pub fn to_sign(conn: &mut Conn, viewer: &Viewer<'_>) -> Result<Vec<Task>> {
    if !viewer.actor.has_any(&[Role::Leader, Role::Director, Role::ChiefExecutive]) {
        return Ok(Vec::new());
    }
    let (mut tasks, organisation) = (Vec::new(), &*viewer.organisation);
    let approved = viewer.agreements_in(conn, AgreementState::Approved)?;
    let ids: Vec<Id> = approved.iter().map(|agreement| agreement.id).collect();
    let signed = if ids.is_empty() { Vec::new() } else { signatures_on_all(conn, &ids)? };
    for agreement in &approved {
        let (units, template) = (agreement.units()?, published(conn, agreement.template_id)?);
        let kind = units.first().and_then(|unit| organisation.unit(*unit)).map(|unit| unit.kind);
        let route_context = RouteContext { organisation, units: &units, theme_owner: None, editors: &[] };
        let signatories = kind.map_or(&[][..], |kind| template.prescription.signatories(kind));
        let is_given =
            |signatory| signed.iter().any(|row| row.agreement_id == agreement.id && row.signatory == signatory);
        let mut left = signatories.iter().filter(|one| !is_given(**one));
        if left.any(|one| route_context.signers(*one).contains(&viewer.person)) {
            let since = agreement.approved_at.unwrap_or(agreement.updated_at);
            tasks.push(About::of(conn, agreement, organisation)?.task(TaskKind::Sign, None, since)?);
        }
    }
    Ok(tasks)
}
