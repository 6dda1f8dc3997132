//! Approving, returning and reopening a section; signing an agreement (domain rules 3 to 5 and 9).

use super::guards::{self, Slot};
use super::places;
use super::store::{self, DecisionRow, Outcome, SignatureRow};
use super::submit::save_phase;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::{AgreementAction, AgreementState};
use crate::agreements::agreement::store::{self as agreements, ReaderReason};
use crate::agreements::route::model::{Decided, Waiting};
use crate::agreements::sections::model::{SectionAction, content_sha256};
use crate::agreements::sections::store::{self as sections, LastDecision, SectionRow};
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Error, Result};
use crate::templates::model::{Duty, Signatory};
use crate::types::{Id, Json};

/// What somebody decides, and why.
#[derive(Debug, Clone)]
pub struct DecisionInput {
    /// Who decides.
    pub person: Id,
    /// What is decided.
    pub outcome: Outcome,
    /// Why; compulsory unless it is approved.
    pub reason: Option<String>,
}

/// Decides on a section at a place of its route.
///
/// # Errors
/// 409 when a comment must be answered first.
pub fn decide(
    tx: &mut Tx,
    loaded: &mut LoadedAgreement,
    key: &str,
    place: Waiting,
    input: &DecisionInput,
) -> Result<()> {
    let mut section = loaded.section(key)?.clone();
    let approves = input.outcome == Outcome::Approved;
    if approves {
        guards::check_answered(&section)?;
    }
    let mut route = section.route()?;
    let step = route.current().ok_or_else(|| Error::unexpected("a submitted section has a passed route"))?;
    let duty = route.steps.get(step).map_or(Duty::Approve, |step| step.duty);
    let decision = new_decision(tx, &section, input, (step, duty), Some(place));
    let decided =
        Decided { decision_id: decision.id, person_id: input.person, approved: approves, at: decision.decided_at };
    let passed = route.decide(place.assignee, decided);
    let approvers = route.approvers();
    section.route = Json::of(&route);
    keep_decision(tx, &mut section, &decision)?;
    let kind = match (approves, passed) {
        (true, true) => {
            section.state = section.state.after(SectionAction::Approve)?;
            EventKind::SectionApproved
        }
        (true, false) => EventKind::SectionEndorsed,
        (false, _) => {
            section.state = section.state.after(SectionAction::Return)?;
            section.edited_by = Json::of(&Vec::<Id>::new());
            EventKind::SectionReturned
        }
    };
    let concerned = if approves { loaded.holders() } else { [loaded.holders(), approvers].concat() };
    match kind {
        EventKind::SectionEndorsed => sections::save_endorsed(tx, &section)?,
        _ => sections::save_moved(tx, &mut section)?,
    }
    tx.record(decision_event(loaded, kind, &section, &decision).notifies(concerned));
    if place.instead_of.is_some() {
        agreements::add_readers(tx, loaded.agreement.id, &[input.person], ReaderReason::Route)?;
    }
    places::follow(tx, loaded, loaded.section(key)?, &section)?;
    *loaded.section_mut(key)? = section;
    match kind {
        EventKind::SectionEndorsed => note_first_decision(tx, loaded),
        _ => after_move(tx, loaded),
    }
}

/// Takes up again what was approved or left out; signatures given so far are void.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn reopen(tx: &mut Tx, loaded: &mut LoadedAgreement, key: &str, input: &DecisionInput) -> Result<()> {
    let mut section = loaded.section(key)?.clone();
    let decision = new_decision(tx, &section, input, (0, Duty::Approve), None);
    section.state = section.state.after(SectionAction::Reopen)?;
    section.edited_by = Json::of(&Vec::<Id>::new());
    keep_decision(tx, &mut section, &decision)?;
    sections::save_moved(tx, &mut section)?;
    store::void_signatures(tx, section.agreement_id)?;
    let concerned = [loaded.holders(), section.route()?.approvers()].concat();
    tx.record(decision_event(loaded, EventKind::SectionReopened, &section, &decision).notifies(concerned));
    *loaded.section_mut(key)? = section;
    after_move(tx, loaded)
}

fn new_decision(
    tx: &Tx,
    section: &SectionRow,
    input: &DecisionInput,
    (step, duty): (usize, Duty),
    place: Option<Waiting>,
) -> DecisionRow {
    DecisionRow {
        municipality_id: section.municipality_id,
        id: Id::new(),
        agreement_id: section.agreement_id,
        section_key: section.key.clone(),
        revision: section.revision,
        content_sha256: section.content_sha256.clone().unwrap_or_default(),
        step: i64::try_from(step).unwrap_or(0),
        duty,
        outcome: input.outcome,
        reason: input.reason.clone(),
        person_id: input.person,
        acting_for_id: place.and_then(|place| place.on_behalf_of),
        instead_of_id: place.and_then(|place| place.instead_of),
        decided_at: tx.now(),
    }
}

/// Stores a decision, and puts it on its section as the last one.
fn keep_decision(tx: &mut Tx, section: &mut SectionRow, decision: &DecisionRow) -> Result<()> {
    store::insert_decision(tx, decision)?;
    section.last_decision = Some(Json::of(&LastDecision {
        id: decision.id,
        outcome: decision.outcome.as_str().to_owned(),
        reason: decision.reason.clone(),
        person_id: decision.person_id,
        acting_for_id: decision.acting_for_id,
        revision: decision.revision,
        decided_at: decision.decided_at,
    }));
    Ok(())
}

fn decision_event(loaded: &LoadedAgreement, kind: EventKind, section: &SectionRow, decision: &DecisionRow) -> Event {
    let event = loaded
        .section_event(kind, section)
        .detail("decision_id", decision.id)
        .detail("revision", decision.revision)
        .detail("step", decision.step + 1)
        .on_behalf_of(decision.acting_for_id);
    match decision.instead_of_id {
        Some(person) => event.detail("instead_of_id", person),
        None => event,
    }
}

/// The first decision ends the time for recalling.
fn note_first_decision(tx: &mut Tx, loaded: &mut LoadedAgreement) -> Result<()> {
    if loaded.agreement.first_decided_at.is_some() {
        return Ok(());
    }
    loaded.agreement.first_decided_at = Some(tx.now());
    agreements::save_aside(tx, &loaded.agreement)
}

/// A new state of a section may be a new state of the agreement.
fn after_move(tx: &mut Tx, loaded: &mut LoadedAgreement) -> Result<()> {
    let before = loaded.agreement.state;
    loaded.agreement.first_decided_at = loaded.agreement.first_decided_at.or(Some(tx.now()));
    save_phase(tx, loaded)?;
    let after = loaded.agreement.state;
    let kind = match after {
        _ if after == before => return Ok(()),
        AgreementState::Approved => EventKind::AgreementApproved,
        AgreementState::Returned => EventKind::AgreementReturned,
        _ => EventKind::AgreementChanged,
    };
    let signers = guards::slots(loaded, &[]).into_iter().flat_map(|slot| slot.people);
    let concerned: Vec<Id> = if after == AgreementState::Approved { signers.collect() } else { loaded.holders() };
    tx.record(loaded.agreement_event(kind).detail("from", before).detail("to", after).notifies(concerned));
    Ok(())
}

/// Signs an agreement; the last signature puts it in force.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn sign(
    tx: &mut Tx,
    loaded: &mut LoadedAgreement,
    slots: &[Slot],
    (signatory, person): (Signatory, Id),
    given: Given,
) -> Result<()> {
    let hashes: Vec<(&str, Option<&str>)> =
        loaded.sections.iter().map(|one| (one.key.as_str(), one.content_sha256.as_deref())).collect();
    let row = SignatureRow {
        municipality_id: tx.scope(),
        id: Id::new(),
        agreement_id: loaded.agreement.id,
        signatory,
        person_id: person,
        acting_for_id: None,
        content_sha256: content_sha256(&hashes)?,
        on_paper: given == Given::OnPaper,
        signed_at: tx.now(),
        voided_at: None,
    };
    store::insert_signature(tx, &row)?;
    let left = slots.iter().filter(|slot| slot.signed.is_none() && slot.signatory != signatory);
    // A signature that nobody can give today is missing all the same.
    let all_signed = left.clone().next().is_none();
    let waiting: Vec<Id> = left.flat_map(|slot| slot.people.clone()).collect();
    if all_signed {
        let agreement = &mut loaded.agreement;
        agreement.state = agreement.state.after(AgreementAction::PutInForce, &[])?;
        agreement.in_force_at = Some(tx.now());
        agreements::save(tx, agreement)?;
    }
    let signed = loaded.agreement_event(EventKind::AgreementSigned).detail("signatory", signatory);
    tx.record(signed.detail("content_sha256", &row.content_sha256).notifies(waiting));
    if all_signed {
        let everybody: Vec<Id> = slots.iter().flat_map(|slot| slot.people.clone()).collect();
        let in_force = loaded.agreement_event(EventKind::AgreementInForce);
        tx.record(
            in_force.detail("from", AgreementState::Approved).detail("to", AgreementState::InForce).notifies(everybody),
        );
    }
    Ok(())
}

/// How a signature was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Here.
    Here,
    /// On paper, and registered here.
    OnPaper,
}
