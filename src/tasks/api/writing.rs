//! What a holder is to write.

use super::found::Found;
use super::task::{About, Place, TaskKind};
use super::viewer::Viewer;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store as agreements;
use crate::agreements::sections::model::SectionState;
use crate::agreements::sections::store as sections;
use crate::db::Conn;
use crate::error::Result;
use crate::templates::cache::published;
use crate::templates::model::FilledBy;
use crate::types::Id;

/// The reader's own agreements that are to be written, and returned sections that are to be mended.
///
/// # Errors
/// When the database fails.
pub fn to_write(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let (mut tasks, mut held) = (Vec::new(), Vec::new());
    let open = [AgreementState::Draft, AgreementState::Returned, AgreementState::InReview];
    for agreement in agreements::in_states_of(conn, &open, Some(&viewer.held))? {
        if viewer.holds(&agreement.units()?) {
            held.push(agreement);
        }
    }
    let ids: Vec<Id> = held.iter().map(|agreement| agreement.id).collect();
    let all = if ids.is_empty() { Vec::new() } else { sections::of_agreements(conn, &ids)? };
    for agreement in &held {
        let template = published(conn, agreement.template_id)?;
        let about = About::of(conn, agreement, &viewer.organisation)?;
        let returned = all.iter().filter(|one| one.agreement_id == agreement.id && one.state == SectionState::Returned);
        for section in returned {
            let definition = template.prescription.section(&section.key);
            if let Some(definition) = definition.filter(|one| one.filled_by == FilledBy::Holder) {
                let place = Place::of(section, definition);
                tasks.push(Found::told(about.task(TaskKind::AnswerReturn, Some(&place), section.updated_at)?));
            }
        }
        if agreement.state == AgreementState::Draft {
            tasks.push(Found::told(about.task(TaskKind::Write, None, agreement.created_at)?));
        }
    }
    Ok(tasks)
}
