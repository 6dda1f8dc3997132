//! Saving a draft: each section sent is compared, checked and written; nothing is half-written.

use std::collections::HashSet;

use super::input::DraftSection;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::goals::model::GoalWithIndicators;
use crate::agreements::sections::content;
use crate::agreements::{commitments, goals};
use crate::db::Tx;
use crate::db::journal::EventKind;
use crate::error::{Code, Fault, Result};
use crate::http::current_of;
use crate::types::Json;

/// Whether the actor may write each section that is sent and exists.
///
/// # Errors
/// 403 for one that is not theirs to write.
pub fn check_rights(loaded: &LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let mut known = sent.iter().filter(|section| loaded.section(&section.key).is_ok());
    known.try_for_each(|section| loaded.can_write(&section.key))
}

/// Whether each section that is sent exists, and is sent once.
///
/// # Errors
/// 422 with the place of each that does not, or of each that is sent again.
pub fn check_keys(loaded: &LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let (mut seen, mut unknown, mut again) = (HashSet::new(), Vec::new(), Vec::new());
    for (index, section) in sent.iter().enumerate() {
        let place = format!("/sections/{index}/key");
        if loaded.section(&section.key).is_err() {
            unknown.push(Fault::at(place, "unknown-id"));
        } else if !seen.insert(&section.key) {
            again.push(Fault::at(place, "duplicate-key"));
        }
    }
    match (unknown.is_empty(), again.is_empty()) {
        (false, _) => Err(Code::UnknownReference.refuse().faults(unknown).into()),
        (true, false) => Err(Code::InvalidBody.refuse().faults(again).into()),
        (true, true) => Ok(()),
    }
}

/// Whether the writer has seen the newest version of each section.
///
/// # Errors
/// 412 with a pointer to each that is stale, and what is stored of it.
pub fn check_versions(loaded: &LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let mut faults = Vec::new();
    for (index, section) in sent.iter().enumerate() {
        let Ok(stored) = loaded.section(&section.key) else { continue };
        if stored.version != section.version {
            let place = Fault::at(format!("/sections/{index}/version"), "stale-section");
            faults.push(place.with("version", stored.version).current(current_of(stored)));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::StaleVersion.refuse().faults(faults).into()) }
}

/// Writes what is sent; tells whether anything differs. A section in which nothing does is not written.
///
/// # Errors
/// 422 where a value breaks its template's rules; 409 for a locked section, an id of something else, or a confirmed
/// commitment that is left out.
pub fn save(
    tx: &mut Tx,
    loaded: &mut LoadedAgreement,
    (goals, commitments): (&[GoalWithIndicators], &[CommitmentWithParties]),
    sent: &[DraftSection],
) -> Result<bool> {
    check_content(loaded, sent)?;
    let mut differs = false;
    for (index, section) in sent.iter().enumerate() {
        let (key, base) = (section.key.as_str(), format!("/sections/{index}"));
        let mut changed = write_fields(loaded, section)?;
        if let Some(sent) = &section.goals
            && goals::save::replace_all(tx, loaded, goals, (key, &base), sent)?
        {
            changed.push("goals");
        }
        if let Some(sent) = &section.commitments
            && commitments::draft::replace_all(tx, loaded, commitments, (key, &base), sent)?
        {
            changed.push("commitments");
        }
        if !changed.is_empty() {
            differs = true;
            loaded.save_edited(tx, key)?;
            tx.record(loaded.section_event(EventKind::SectionEdited, loaded.section(key)?).changed(changed));
        }
    }
    Ok(differs)
}

fn check_content(loaded: &LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let mut faults = Vec::new();
    for (index, section) in sent.iter().enumerate() {
        if let Some(values) = &section.content {
            let definition = loaded.definition(&section.key)?;
            faults.extend(content::faults(definition, values, &format!("/sections/{index}/content")));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::InvalidBody.refuse().faults(faults).into()) }
}

fn write_fields(loaded: &mut LoadedAgreement, sent: &DraftSection) -> Result<Vec<&'static str>> {
    let stored = loaded.section_mut(&sent.key)?;
    let mut changed = Vec::new();
    if let Some(content) = sent.content.as_ref().map(Json::of).filter(|content| *content != stored.content) {
        stored.content = content;
        changed.push("content");
    }
    if let Some(reason) = &sent.not_applicable {
        let reason = reason.as_ref().map(|it| it.reason.clone());
        if reason != stored.not_applicable {
            stored.not_applicable = reason;
            changed.push("not_applicable");
        }
    }
    Ok(changed)
}
