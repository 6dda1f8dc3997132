//! Approving, returning and reopening a section; signing an agreement (domain rules 3 to 5 and 9).

use super::guards::{self as permits, Slot};
use super::store::{self, DecisionRow, Outcome, SignatureRow};
use super::submit::{event, save_derived};
use crate::agreements::agreement::loaded::Dossier;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store::{self as agreements, ReaderReason};
use crate::agreements::route::model::{Decided, Waiting};
use crate::agreements::sections::model::{SectionAction, content_sha256};
use crate::agreements::sections::store::{self as sections, LastDecision, SectionRow};
use crate::db::Tx;
use crate::db::journal::Event;
use crate::error::{Error, Result};
use crate::templates::model::{Duty, Signatory};
use crate::types::{Id, Json};

/// What somebody decides, and why.
#[derive(Debug, Clone)]
pub struct Ruling {
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
pub fn decide(tx: &mut Tx, dossier: &mut Dossier, key: &str, place: Waiting, ruling: &Ruling) -> Result<()> {
    let mut section = dossier.section(key)?.clone();
    let approves = ruling.outcome == Outcome::Approved;
    if approves {
        permits::check_answered(&section)?;
    }
    let mut route = section.route()?;
    let step = route.current().ok_or_else(|| Error::unexpected("a submitted section has a passed route"))?;
    let duty = route.steps.get(step).map_or(Duty::Approve, |step| step.duty);
    let decision = decision(tx, &section, ruling, (step, duty), Some(place));
    let decided =
        Decided { decision_id: decision.id, person_id: ruling.person, approved: approves, at: decision.decided_at };
    let passed = route.decide(place.seat, decided);
    let approvers = route.approvers();
    section.route = Json::of(&route);
    note(tx, &mut section, &decision)?;
    let kind = match (approves, passed) {
        (true, true) => {
            section.state = section.state.after(SectionAction::Approve)?;
            "section.approved"
        }
        (true, false) => "section.endorsed",
        (false, _) => {
            section.state = section.state.after(SectionAction::Return)?;
            section.edited_by = Json::of(&Vec::<Id>::new());
            "section.returned"
        }
    };
    let concerned = if approves { dossier.holders() } else { [dossier.holders(), approvers].concat() };
    sections::save_decided(tx, &mut section, kind != "section.endorsed")?;
    tx.record(told(kind, &section, &decision).notifies(concerned));
    if place.instead_of.is_some() {
        agreements::add_readers(tx, dossier.agreement.id, &[ruling.person], ReaderReason::Route)?;
    }
    *dossier.section_mut(key)? = section;
    after_decision(tx, dossier, kind != "section.endorsed")
}

/// Takes up again what was approved or left out; signatures given so far are void.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn reopen(tx: &mut Tx, dossier: &mut Dossier, key: &str, ruling: &Ruling) -> Result<()> {
    let mut section = dossier.section(key)?.clone();
    let decision = decision(tx, &section, ruling, (0, Duty::Approve), None);
    section.state = section.state.after(SectionAction::Reopen)?;
    section.edited_by = Json::of(&Vec::<Id>::new());
    note(tx, &mut section, &decision)?;
    sections::save_decided(tx, &mut section, true)?;
    store::void_signatures(tx, section.agreement_id)?;
    let concerned = [dossier.holders(), section.route()?.approvers()].concat();
    tx.record(told("section.reopened", &section, &decision).notifies(concerned));
    *dossier.section_mut(key)? = section;
    after_decision(tx, dossier, true)
}

fn decision(
    tx: &Tx,
    section: &SectionRow,
    ruling: &Ruling,
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
        outcome: ruling.outcome,
        reason: ruling.reason.clone(),
        person_id: ruling.person,
        acting_for_id: place.and_then(|place| place.on_behalf_of),
        instead_of_id: place.and_then(|place| place.instead_of),
        decided_at: tx.now(),
    }
}

/// Keeps a decision, and lets it stand with its section.
fn note(tx: &mut Tx, section: &mut SectionRow, decision: &DecisionRow) -> Result<()> {
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

fn told(kind: &'static str, section: &SectionRow, decision: &DecisionRow) -> Event {
    let told = event(kind, section)
        .detail("decision_id", decision.id)
        .detail("revision", decision.revision)
        .detail("step", decision.step + 1)
        .on_behalf_of(decision.acting_for_id);
    match decision.instead_of_id {
        Some(person) => told.detail("instead_of_id", person),
        None => told,
    }
}

/// The first decision ends the time for recalling; a new state of a section may be a new state of the agreement.
fn after_decision(tx: &mut Tx, dossier: &mut Dossier, state_changed: bool) -> Result<()> {
    let before = dossier.agreement.state;
    let first = dossier.agreement.first_decided_at.is_none();
    dossier.agreement.first_decided_at = dossier.agreement.first_decided_at.or(Some(tx.now()));
    if !state_changed {
        return if first { agreements::save_aside(tx, &dossier.agreement) } else { Ok(()) };
    }
    save_derived(tx, dossier, false)?;
    let (agreement, after) = (&dossier.agreement, dossier.agreement.state);
    let kind = match after {
        _ if after == before => return Ok(()),
        AgreementState::Approved => "agreement.approved",
        AgreementState::Returned => "agreement.returned",
        _ => "agreement.changed",
    };
    let signers = permits::slots(dossier, &[]).into_iter().flat_map(|slot| slot.people);
    let concerned: Vec<Id> = if after == AgreementState::Approved { signers.collect() } else { dossier.holders() };
    tx.record(
        Event::of(kind, agreement.id)
            .agreement(agreement.id)
            .version(agreement.version)
            .detail("from", before)
            .detail("to", after)
            .notifies(concerned),
    );
    Ok(())
}

/// Signs an agreement; the last signature puts it in force.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn sign(
    tx: &mut Tx,
    dossier: &mut Dossier,
    slots: &[Slot],
    (signatory, person): (Signatory, Id),
    given: Given,
) -> Result<()> {
    let hashes: Vec<(&str, Option<&str>)> =
        dossier.sections.iter().map(|one| (one.key.as_str(), one.content_sha256.as_deref())).collect();
    let row = SignatureRow {
        municipality_id: tx.scope(),
        id: Id::new(),
        agreement_id: dossier.agreement.id,
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
    let id = dossier.agreement.id;
    if all_signed {
        save_derived(tx, dossier, true)?;
    }
    let version = dossier.agreement.version;
    let signed = Event::of("agreement.signed", id).agreement(id).version(version).detail("signatory", signatory);
    tx.record(signed.detail("content_sha256", &row.content_sha256).notifies(waiting));
    if all_signed {
        let everybody: Vec<Id> = slots.iter().flat_map(|slot| slot.people.clone()).collect();
        let in_force = Event::of("agreement.in-force", id).agreement(id).version(version);
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
