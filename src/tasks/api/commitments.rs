//! Which commitments ask a holder.

use super::found::Found;
use super::task::{About, Place, Task, TaskKind};
use super::viewer::{Viewer, by_id};
use crate::agreements::commitments::store as commitments;
use crate::db::Conn;
use crate::error::Result;
use crate::templates::cache::published;

/// Commitments that ask the reader's units.
///
/// # Errors
/// When the database fails.
pub fn to_confirm(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let mut tasks = Vec::new();
    let asked = commitments::asking(conn, &viewer.held)?;
    let agreements = by_id(conn, asked.iter().map(|(row, _)| row.agreement_id))?;
    for (row, _) in &asked {
        let Some(agreement) = agreements.get(&row.agreement_id) else { continue };
        let template = published(conn, agreement.template_id)?;
        let Some(definition) = template.prescription.section(&row.section_key) else { continue };
        let (version, called) = (row.version, Some(row.title.as_str()));
        let place = Place { definition, revision: None, version, called, returned_before: false };
        let about = About::of(conn, agreement, &viewer.organisation)?;
        let task = about.task(TaskKind::ConfirmCommitment, Some(&place), row.updated_at)?;
        tasks.push(Found::told(Task {
            id: format!("confirm_commitment:{}", row.id),
            href: format!("/api/v1/commitments/{}", row.id),
            ..task
        }));
    }
    Ok(tasks)
}
