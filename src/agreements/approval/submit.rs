//! Submitting and recalling an agreement (domain rules 1, 2 and 6).

use super::guards::{self as permits, ThemeOwners, ground};
use super::readiness::{self, Gap};
use crate::agreements::agreement::loaded::Dossier;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store::{self as agreements, ReaderReason};
use crate::agreements::draft::contents::Contents;
use crate::agreements::route::model::resolve;
use crate::agreements::sections::model::{SectionAction, SectionState, content_sha256};
use crate::agreements::sections::store::{self as sections, RevisionRow, SectionRow};
use crate::cycles::cache as frame;
use crate::cycles::model::Deadlines;
use crate::db::journal::Event;
use crate::db::{Conn, Tx};
use crate::error::{Code, Result};
use crate::templates::model::Signatory;
use crate::types::{Id, Json};

/// All that the sections which would be submitted lack.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn all_gaps(conn: &Conn, dossier: &Dossier, contents: &Contents) -> Result<Vec<Gap>> {
    let mut found = Vec::new();
    for (index, section) in dossier.sections.iter().enumerate().filter(|(_, one)| one.state.is_editable()) {
        let definition = dossier.definition(&section.key)?;
        found.extend(readiness::gaps(definition, &contents.facts(section)?, index, conn.lang()));
    }
    Ok(found)
}

/// Submits every draft and returned section; what is optional and untouched is left out.
///
/// # Errors
/// 409 `not-ready` with every gap, or `no-approver`.
pub fn submit(tx: &mut Tx, dossier: &mut Dossier, taken: &[String]) -> Result<()> {
    let contents = Contents::read(tx, dossier.agreement.id)?;
    let blocking: Vec<_> =
        all_gaps(tx, dossier, &contents)?.into_iter().filter(|gap| gap.blocking).map(|gap| gap.fault).collect();
    if !blocking.is_empty() {
        return Err(Code::NotReady.refuse().faults(blocking).into());
    }
    let owners = permits::theme_owners(tx, &dossier.sections)?;
    let before = dossier.agreement.state;
    let mut readers = Vec::new();
    for key in taken {
        readers.extend(take(tx, dossier, &contents, &owners, key)?);
    }
    agreements::add_readers(tx, dossier.agreement.id, &readers, ReaderReason::Route)?;
    // The holders read it as long as they hold it, and no longer.
    let others = permits::slots(dossier, &[]).into_iter().filter(|slot| slot.signatory != Signatory::Holder);
    let signers: Vec<Id> = others.flat_map(|slot| slot.people).collect();
    agreements::add_readers(tx, dossier.agreement.id, &signers, ReaderReason::Signatory)?;
    stamp(tx, dossier)?;
    let agreement = &dossier.agreement;
    tx.record(
        Event::of("agreement.submitted", agreement.id)
            .agreement(agreement.id)
            .version(agreement.version)
            .detail("from", before)
            .detail("to", agreement.state)
            .detail("late", agreement.late),
    );
    Ok(())
}

/// Notes when it was submitted, and derives its state.
fn stamp(tx: &mut Tx, dossier: &mut Dossier) -> Result<()> {
    let deadlines: Deadlines = frame::deadlines(tx, dossier.agreement.cycle_id)?;
    let (now, today) = (tx.now(), dossier.organisation.today);
    let agreement = &mut dossier.agreement;
    // A resubmission does not make late what was in time at first.
    if agreement.first_submitted_at.is_none() {
        agreement.late = deadlines.submit.is_some_and(|day| today > day);
    }
    agreement.first_submitted_at = agreement.first_submitted_at.or(Some(now));
    agreement.submitted_at = Some(now);
    save_derived(tx, dossier, false)
}

/// Derives the agreement's state from its sections under its lock, and saves it.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_derived(tx: &mut Tx, dossier: &mut Dossier, all_signed: bool) -> Result<()> {
    let states: Vec<SectionState> = dossier.sections.iter().map(|section| section.state).collect();
    let agreement = &mut dossier.agreement;
    agreement.state = AgreementState::derive(&states, all_signed);
    match agreement.state {
        AgreementState::Approved => agreement.approved_at = agreement.approved_at.or(Some(tx.now())),
        AgreementState::InForce => agreement.in_force_at = Some(tx.now()),
        _ => agreement.approved_at = None,
    }
    agreements::save(tx, agreement)
}

/// Submits one section, or leaves it out; gives the people of its route.
fn take(tx: &mut Tx, dossier: &mut Dossier, contents: &Contents, owners: &ThemeOwners, key: &str) -> Result<Vec<Id>> {
    let mut section = dossier.section(key)?.clone();
    let untouched = contents.facts(&section)?.is_untouched();
    if !section.demanded && untouched && section.state == SectionState::Draft {
        section.state = section.state.after(SectionAction::Omit)?;
        sections::save(tx, &mut section)?;
        tx.record(event("section.omitted", &section));
        *dossier.section_mut(key)? = section;
        return Ok(Vec::new());
    }
    let editors = section.editors()?;
    let steps = dossier.template.prescription.steps(dossier.definition(key)?, dossier.unit_kind());
    let again = dossier.template.prescription.resubmission;
    let route = {
        let ground = ground(dossier, &section, owners, &editors);
        resolve(steps, &ground, &section.route()?, again).map_err(|code| code.refuse().with("section", key))?
    };
    let (snapshot, hash) = {
        let snapshot = contents.snapshot(&section)?;
        (Json::of(&snapshot), content_sha256(&snapshot)?)
    };
    section.state = section.state.after(SectionAction::Submit)?;
    section.revision += 1;
    section.content_sha256 = Some(hash.clone());
    section.route = Json::of(&route);
    section.submitted_at = Some(tx.now());
    sections::save(tx, &mut section)?;
    sections::insert_revision(tx, &frozen(tx, &section, snapshot, &hash))?;
    let first = route.current().and_then(|at| route.steps.get(at)).map(|step| &step.people);
    let asked: Vec<Id> = first.into_iter().flatten().map(|seat| seat.person_id).collect();
    tx.record(
        event("section.submitted", &section)
            .detail("revision", section.revision)
            .detail("content_sha256", &hash)
            .notifies(asked),
    );
    *dossier.section_mut(key)? = section;
    Ok(route.people())
}

fn frozen(tx: &Tx, section: &SectionRow, snapshot: Json, hash: &str) -> RevisionRow {
    RevisionRow {
        municipality_id: section.municipality_id,
        agreement_id: section.agreement_id,
        section_key: section.key.clone(),
        revision: section.revision,
        snapshot,
        content_sha256: hash.to_owned(),
        edited_by: section.edited_by.clone(),
        submitted_by: tx.author().person,
        submitted_at: tx.now(),
    }
}

/// An event of a section.
pub fn event(kind: &'static str, section: &SectionRow) -> Event {
    Event::of(kind, section.id).agreement(section.agreement_id).section(&section.key).version(section.version)
}

/// Takes the submission back: submitted and omitted sections are drafts again.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn recall(tx: &mut Tx, dossier: &mut Dossier) -> Result<()> {
    let mut asked = Vec::new();
    for section in &mut dossier.sections {
        if let Ok(state) = section.state.after(SectionAction::Recall) {
            asked.extend(section.route()?.people());
            section.state = state;
            sections::save(tx, section)?;
            tx.record(event("section.recalled", section));
        }
    }
    save_derived(tx, dossier, false)?;
    let agreement = &dossier.agreement;
    tx.record(
        Event::of("agreement.recalled", agreement.id)
            .agreement(agreement.id)
            .version(agreement.version)
            .notifies(asked),
    );
    Ok(())
}
