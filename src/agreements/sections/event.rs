//! Events of a section.

use super::store::SectionRow;
use crate::db::journal::Event;

/// An event of a section, with its agreement and its version.
pub fn section_event(kind: &'static str, section: &SectionRow) -> Event {
    Event::of(kind, section.id).agreement(section.agreement_id).section(&section.key).version(section.version)
}
