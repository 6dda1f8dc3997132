//! Which comments wait for a holder's answer.

use super::found::Found;
use super::task::{About, Place, Task, TaskKind};
use super::viewer::{Viewer, by_id};
use crate::agreements::comments::store as comments;
use crate::db::Conn;
use crate::error::Result;
use crate::templates::cache::published;
use crate::templates::model::FilledBy;

/// Comments in the reader's agreements that demand an answer; whoever asks does not answer themselves.
///
/// # Errors
/// When the database fails.
pub fn to_answer(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let mut tasks = Vec::new();
    let asked = comments::unanswered(conn, &viewer.held)?;
    let agreements = by_id(conn, asked.iter().map(|(row, _)| row.agreement_id))?;
    for (row, (version, revision)) in asked.iter().filter(|(row, _)| row.author_id != viewer.person) {
        let Some(agreement) = agreements.get(&row.agreement_id).filter(|one| !one.state.is_over()) else { continue };
        if !viewer.holds(&agreement.units()?) {
            continue;
        }
        let template = published(conn, agreement.template_id)?;
        let definition = template.prescription.section(&row.section_key);
        let Some(definition) = definition.filter(|one| one.filled_by == FilledBy::Holder) else { continue };
        let (version, revision) = (*version, Some(*revision));
        let place = Place { definition, revision, version, called: None, returned_before: false };
        let about = About::of(conn, agreement, &viewer.organisation)?;
        let task = about.task(TaskKind::AnswerComment, Some(&place), row.updated_at)?;
        tasks.push(Found::told(Task {
            id: format!("answer_comment:{}", row.id),
            href: format!("/api/v1/agreements/{}/comments/{}", agreement.id, row.id),
            ..task
        }));
    }
    Ok(tasks)
}
