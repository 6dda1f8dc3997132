//! Which commitments ask a holder: to be answered, to be kept, to be given another partner.

use super::found::Found;
use super::task::{About, Place, Task, TaskKind};
use super::viewer::{Viewer, by_id};
use crate::agreements::commitments::model::{Answer, CommitmentState, CommitmentWithParties, PartyRow};
use crate::agreements::commitments::store as commitments;
use crate::db::Conn;
use crate::error::Result;
use crate::templates::cache::published;
use crate::types::Date;

/// A commitment that asks something of the reader.
type Asked = (CommitmentWithParties, TaskKind);

/// Commitments that ask the reader's units for an answer.
///
/// # Errors
/// When the database fails.
pub fn to_answer(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let asking = commitments::asking(conn, &viewer.held)?;
    let kind = |(_, parties): &CommitmentWithParties| {
        let countered = parties.iter().any(|party| party.proposer && is_asked(party, viewer));
        if countered { TaskKind::AnswerCounter } else { TaskKind::ConfirmCommitment }
    };
    let asked = asking.into_iter().map(|one| (kind(&one), one)).map(|(kind, one)| (one, kind)).collect();
    tell(conn, viewer, asked)
}

fn is_asked(party: &PartyRow, viewer: &Viewer) -> bool {
    party.state == Answer::Proposed && is_own(party, viewer)
}

fn is_own(party: &PartyRow, viewer: &Viewer) -> bool {
    party.org_unit_id.is_some_and(|unit| viewer.held.contains(&unit))
}

/// Commitments of the reader's units that stand: whose day has come, that another party says were kept, or of which a unit
/// is no more.
///
/// # Errors
/// When the database fails.
pub fn to_keep(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let standing = commitments::standing(conn, &viewer.held)?;
    let asked = standing.into_iter().filter_map(|one| kept_by(&one, viewer).map(|kind| (one, kind)));
    tell(conn, viewer, asked.collect())
}

/// What a commitment that stands asks of the reader.
fn kept_by((row, parties): &CommitmentWithParties, viewer: &Viewer) -> Option<TaskKind> {
    let organisation = &viewer.organisation;
    let is_agreed = row.state == CommitmentState::Confirmed;
    // The holder speaks for parties outside.
    let holds = parties.iter().any(|party| party.proposer && is_own(party, viewer));
    let speaks_for = |party: &PartyRow| is_own(party, viewer) || (holds && party.org_unit_id.is_none());
    let unsaid = is_agreed && parties.iter().any(|party| speaks_for(party) && party.fulfilled_at.is_none());
    let gone = |party: &PartyRow| party.org_unit_id.is_some_and(|unit| organisation.unit(unit).is_none());
    if parties.iter().any(gone) {
        Some(TaskKind::ReplacePartner)
    } else if unsaid && parties.iter().any(|party| party.fulfilled_at.is_some()) {
        Some(TaskKind::ConfirmFulfilment)
    } else if unsaid && row.state_on(organisation.today) == CommitmentState::Lapsed {
        Some(TaskKind::FulfilCommitment)
    } else {
        None
    }
}

/// The last day of a task: until when a commitment is to be kept; an answer is due as its agreement says.
fn due(kind: TaskKind, row_due: Option<Date>, agreement: Option<Date>) -> Option<Date> {
    if kind == TaskKind::FulfilCommitment { row_due } else { agreement }
}

fn tell(conn: &mut Conn, viewer: &Viewer, asked: Vec<Asked>) -> Result<Vec<Found>> {
    let mut tasks = Vec::new();
    let agreements = by_id(conn, asked.iter().map(|((row, _), _)| row.agreement_id))?;
    for ((row, _), kind) in &asked {
        let Some(agreement) = agreements.get(&row.agreement_id).filter(|one| !one.state.is_over()) else { continue };
        let template = published(conn, agreement.template_id)?;
        let Some(definition) = template.prescription.section(&row.section_key) else { continue };
        let (version, called) = (row.version, Some(row.title.as_str()));
        let place = Place { definition, revision: None, version, called, returned_before: false };
        let about = About::of(conn, agreement, &viewer.organisation)?;
        let task = about.task(*kind, Some(&place), row.updated_at)?;
        let due = due(*kind, row.due_on, task.due);
        tasks.push(Found::told(Task {
            id: format!("{kind}:{}", row.id),
            href: format!("/api/v1/commitments/{}", row.id),
            due,
            overdue: due.is_some_and(|day| day < viewer.organisation.today),
            ..task
        }));
    }
    Ok(tasks)
}
