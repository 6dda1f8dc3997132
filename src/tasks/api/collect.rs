//! Everything that waits for a person, in a constant number of statements.

use std::collections::HashMap;

use super::task::{About, Place, Task, TaskKind};
use crate::access::Actor;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store::{self as agreements, AgreementRow};
use crate::agreements::approval::guards;
use crate::agreements::approval::store::{returned_by, signatures_on_all};
use crate::agreements::comments::store as comments;
use crate::agreements::commitments::store as commitments;
use crate::agreements::route::model::RouteContext;
use crate::agreements::sections::model::SectionState;
use crate::agreements::sections::store as sections;
use crate::agreements::views::list::{Filter, choose, page};
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::leaders::is_holder;
use crate::organisation::{self, Organisation, Role};
use crate::templates::cache::published;
use crate::templates::model::{Duty, FilledBy};
use crate::types::Id;

/// Everything that waits for a person.
///
/// # Errors
/// 403 for a client; when the database fails.
pub fn of(conn: &mut Conn, actor: &Actor) -> Result<Vec<Task>> {
    let (person, organisation) = (actor.person()?, organisation::current(conn)?);
    let mut tasks = Vec::new();
    let units: Vec<Id> = organisation.units().map(|unit| unit.id).collect();
    let held: Vec<Id> = units.into_iter().filter(|unit| is_holder(&organisation, person, &[*unit])).collect();
    if !held.is_empty() {
        writing(conn, actor, &organisation, &mut tasks)?;
        answering(conn, &organisation, &held, &mut tasks)?;
        replying(conn, &organisation, (person, &held), &mut tasks)?;
    }
    deciding(conn, &organisation, person, &mut tasks)?;
    signing(conn, actor, &organisation, person, &mut tasks)?;
    Ok(tasks)
}

/// The agreements in a state that the reader may know of.
fn in_state(
    conn: &mut Conn,
    actor: &Actor,
    organisation: &Organisation,
    state: AgreementState,
) -> Result<Vec<AgreementRow>> {
    let chosen = choose(conn, actor, organisation, &Filter { state: Some(state), ..Filter::default() })?;
    page(conn, &chosen, None, i64::MAX)
}

/// The reader's own agreements that are to be written, and returned sections that are to be mended.
fn writing(conn: &mut Conn, actor: &Actor, organisation: &Organisation, tasks: &mut Vec<Task>) -> Result<()> {
    let (person, mut held) = (actor.person()?, Vec::new());
    for state in [AgreementState::Draft, AgreementState::Returned, AgreementState::InReview] {
        for agreement in in_state(conn, actor, organisation, state)? {
            if is_holder(organisation, person, &agreement.units()?) {
                held.push(agreement);
            }
        }
    }
    let ids: Vec<Id> = held.iter().map(|agreement| agreement.id).collect();
    let all = if ids.is_empty() { Vec::new() } else { sections::of_agreements(conn, &ids)? };
    for agreement in &held {
        let template = published(conn, agreement.template_id)?;
        let about = About::of(conn, agreement, organisation)?;
        let returned = all.iter().filter(|one| one.agreement_id == agreement.id && one.state == SectionState::Returned);
        for section in returned {
            let definition = template.prescription.section(&section.key);
            if let Some(definition) = definition.filter(|one| one.filled_by == FilledBy::Holder) {
                let place = Place::of(section, definition);
                tasks.push(about.task(TaskKind::AnswerReturn, Some(&place), section.updated_at)?);
            }
        }
        if agreement.state == AgreementState::Draft {
            tasks.push(about.task(TaskKind::Write, None, agreement.created_at)?);
        }
    }
    Ok(())
}

/// Some agreements, by their ids.
fn by_id(conn: &mut Conn, ids: impl Iterator<Item = Id>) -> Result<HashMap<Id, AgreementRow>> {
    let mut ids: Vec<Id> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = if ids.is_empty() { Vec::new() } else { agreements::find_all(conn, &ids)? };
    Ok(found.into_iter().map(|agreement| (agreement.id, agreement)).collect())
}

/// Commitments that ask the reader's units.
fn answering(conn: &mut Conn, organisation: &Organisation, held: &[Id], tasks: &mut Vec<Task>) -> Result<()> {
    let asked = commitments::asking(conn, held)?;
    let agreements = by_id(conn, asked.iter().map(|(row, _)| row.agreement_id))?;
    for (row, _) in &asked {
        let Some(agreement) = agreements.get(&row.agreement_id) else { continue };
        let template = published(conn, agreement.template_id)?;
        let Some(definition) = template.prescription.section(&row.section_key) else { continue };
        let (version, called) = (row.version, Some(row.title.as_str()));
        let place = Place { definition, revision: None, version, called, returned_before: false };
        let about = About::of(conn, agreement, organisation)?;
        let task = about.task(TaskKind::ConfirmCommitment, Some(&place), row.updated_at)?;
        tasks.push(Task {
            id: format!("confirm_commitment:{}", row.id),
            href: format!("/api/v1/commitments/{}", row.id),
            ..task
        });
    }
    Ok(())
}

/// Comments in the reader's agreements that demand an answer; whoever asks does not answer themselves.
fn replying(
    conn: &mut Conn,
    organisation: &Organisation,
    (person, held): (Id, &[Id]),
    tasks: &mut Vec<Task>,
) -> Result<()> {
    let asked = comments::unanswered(conn, held)?;
    let agreements = by_id(conn, asked.iter().map(|(row, _)| row.agreement_id))?;
    for (row, (version, revision)) in asked.iter().filter(|(row, _)| row.author_id != person) {
        let Some(agreement) = agreements.get(&row.agreement_id).filter(|one| !one.state.is_over()) else { continue };
        if !is_holder(organisation, person, &agreement.units()?) {
            continue;
        }
        let template = published(conn, agreement.template_id)?;
        let definition = template.prescription.section(&row.section_key);
        let Some(definition) = definition.filter(|one| one.filled_by == FilledBy::Holder) else { continue };
        let (version, revision) = (*version, Some(*revision));
        let place = Place { definition, revision, version, called: None, returned_before: false };
        let about = About::of(conn, agreement, organisation)?;
        let task = about.task(TaskKind::AnswerComment, Some(&place), row.updated_at)?;
        tasks.push(Task {
            id: format!("answer_comment:{}", row.id),
            href: format!("/api/v1/agreements/{}/comments/{}", agreement.id, row.id),
            ..task
        });
    }
    Ok(())
}

/// Sections that wait for the reader's decision.
fn deciding(conn: &mut Conn, organisation: &Organisation, person: Id, tasks: &mut Vec<Task>) -> Result<()> {
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
    Ok(())
}

/// Approved agreements that the reader is to sign.
fn signing(
    conn: &mut Conn,
    actor: &Actor,
    organisation: &Organisation,
    person: Id,
    tasks: &mut Vec<Task>,
) -> Result<()> {
    if !actor.has_any(&[Role::Leader, Role::Director, Role::ChiefExecutive]) {
        return Ok(());
    }
    let approved = in_state(conn, actor, organisation, AgreementState::Approved)?;
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
        if left.any(|one| route_context.signers(*one).contains(&person)) {
            let since = agreement.approved_at.unwrap_or(agreement.updated_at);
            tasks.push(About::of(conn, agreement, organisation)?.task(TaskKind::Sign, None, since)?);
        }
    }
    Ok(())
}
