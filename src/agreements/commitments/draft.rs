//! Writing commitments into a section: alone, or with a whole draft.

use super::input::{DraftCommitment, Partner};
use super::model::{self, Answer, CommitmentAction, CommitmentState};
use super::model::{CommitmentRow, CommitmentWithParties, PartyRow};
use super::moves::ask_again;
use super::store;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::sections::ids::refuse_used;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Error, Fault, Result};
use crate::organisation::Organisation;
use crate::organisation::leaders::holders;
use crate::types::Id;

/// What is wrong with the partners that are new, with pointers below `base`: a unit of the agreement itself, or one
/// that is not there today. Whoever is a party already stays one, also when their unit has ceased.
pub fn partner_faults(
    loaded: &LoadedAgreement,
    stored: Option<&CommitmentWithParties>,
    draft: &DraftCommitment,
    base: &str,
) -> Vec<Fault> {
    let known: &[PartyRow] = stored.map_or(&[], |(_, parties)| parties);
    let faults = draft.partners.iter().enumerate().filter_map(|(index, partner)| {
        let unit = partner.org_unit_id?;
        let code = if loaded.units.contains(&unit) {
            "partner-own-unit"
        } else if loaded.organisation.unit(unit).is_none() && !known.iter().any(|party| partner.is(party)) {
            "unknown-id"
        } else {
            return None;
        };
        Some(Fault::at(format!("{base}/partners/{index}/org_unit_id"), code))
    });
    faults.collect()
}

fn check_partners(
    loaded: &LoadedAgreement,
    stored: Option<&CommitmentWithParties>,
    draft: &DraftCommitment,
) -> Result<()> {
    let faults = partner_faults(loaded, stored, draft, "");
    if faults.is_empty() {
        return Ok(());
    }
    let unknown = faults.iter().any(|fault| fault.code == "unknown-id");
    let code = if unknown { Code::UnknownReference } else { Code::InvalidBody };
    Err(code.refuse().faults(faults).into())
}

/// Proposes a commitment in a section that may be edited, and leaves the event. Raising the section is the
/// caller's: `recount` and `LoadedAgreement::save_edited`.
///
/// # Errors
/// 422 for a partner that cannot be one; 409 when the section is locked or the id is in use.
pub fn propose(
    tx: &mut Tx,
    loaded: &LoadedAgreement,
    key: &str,
    position: i64,
    draft: &DraftCommitment,
) -> Result<CommitmentWithParties> {
    check_partners(loaded, None, draft)?;
    loaded.check_editable(key)?;
    let id = draft.id.unwrap_or_else(Id::new);
    if !store::owners(tx, &[id])?.is_empty() {
        return Err(Code::IdInUse.refuse().fault(Fault::at("/id", "id-in-use")).into());
    }
    let (municipality_id, now, author) = (tx.scope(), tx.now(), tx.author().person);
    let row = CommitmentRow {
        municipality_id,
        id,
        cycle_id: loaded.agreement.cycle_id,
        agreement_id: loaded.agreement.id,
        section_key: key.to_owned(),
        position,
        title: draft.title.clone(),
        expected_gain: draft.expected_gain.clone(),
        due_on: draft.due_on,
        state: CommitmentState::Proposed,
        version: 1,
        changed_by: tx.author().id(),
        created_at: now,
        updated_at: now,
        counter: None,
    };
    let first = loaded.units.first().copied();
    let proposer = PartyRow {
        org_unit_id: Some(first.ok_or_else(|| Error::unexpected("an agreement without units"))?),
        proposer: true,
        promise: draft.promise.clone(),
        state: Answer::Confirmed,
        answered_by: author,
        answered_at: Some(now),
        ..party(&row, 0)
    };
    let partners = draft.partners.iter().zip(1..).map(|(partner, place)| partner.row(party(&row, place)));
    let parties: Vec<PartyRow> = std::iter::once(proposer).chain(partners).collect();
    let made = (CommitmentRow { state: model::state_of(&parties), ..row }, parties);
    store::insert(tx, &made)?;
    tx.record(
        commitment_event(EventKind::CommitmentProposed, &made)
            .detail("state", made.0.state)
            .notifies(partners_to_tell(&loaded.organisation, &made)),
    );
    Ok(made)
}

/// Revises a commitment in a section that may be edited, and leaves the event when anything changed, which it tells.
/// Another promise, gain or due date asks the partners anew.
///
/// # Errors
/// 422 for a partner that cannot be one; 409 when the section is locked or the commitment is over; 412 when
/// somebody else wrote it in between.
pub fn revise(
    tx: &mut Tx,
    loaded: &LoadedAgreement,
    stored: CommitmentWithParties,
    position: i64,
    draft: &DraftCommitment,
) -> Result<(CommitmentWithParties, bool)> {
    check_partners(loaded, Some(&stored), draft)?;
    loaded.check_editable(&stored.0.section_key)?;
    let mut revised = revised(&stored, position, draft);
    let changed = differences(&stored, &revised);
    if changed.is_empty() {
        return Ok((stored, false));
    }
    if changed != ["position"] {
        stored.0.state.permits(CommitmentAction::Revise)?;
        revised.0.state = model::state_of(&revised.1);
    }
    store::save(tx, &mut revised)?;
    let event = commitment_event(EventKind::CommitmentRevised, &revised)
        .changed(changed.iter())
        .detail("state", revised.0.state);
    let concerned = if changed == ["position"] { Vec::new() } else { [&stored, &revised].to_vec() };
    let told = concerned.into_iter().flat_map(|one| partners_to_tell(&loaded.organisation, one));
    tx.record(event.notifies(told));
    Ok((revised, true))
}

fn revised(stored: &CommitmentWithParties, position: i64, draft: &DraftCommitment) -> CommitmentWithParties {
    let (before, parties) = stored;
    let mut row = CommitmentRow {
        position,
        title: draft.title.clone(),
        expected_gain: draft.expected_gain.clone(),
        due_on: draft.due_on,
        ..before.clone()
    };
    let proposer = parties.iter().filter(|party| party.proposer);
    let mut all: Vec<PartyRow> =
        proposer.map(|party| PartyRow { promise: draft.promise.clone(), ..party.clone() }).collect();
    for (partner, place) in draft.partners.iter().zip(1..) {
        let known = parties.iter().find(|party| !party.proposer && partner.is(party));
        let kept = known.map_or_else(|| party(&row, place), |known| PartyRow { position: place, ..known.clone() });
        all.push(partner.row(kept));
    }
    let asks_again = asks_anew(stored, &row, &all);
    if asks_again {
        all.iter_mut().filter(|party| !party.proposer).for_each(ask_again);
    }
    if asks_again || differences(stored, &(row.clone(), all.clone())).contains(&"partners") {
        // What a partner would rather have agreed on was about what is not proposed any more.
        row.counter = None;
        all.iter_mut().filter(|party| party.proposer).for_each(|party| party.state = Answer::Confirmed);
    }
    (row, all)
}

/// Whether what was answered is not what is promised any more.
fn asks_anew((before, parties): &CommitmentWithParties, row: &CommitmentRow, all: &[PartyRow]) -> bool {
    let promised_otherwise = |party: &PartyRow| {
        let same = parties.iter().find(|known| is_same(known, party));
        same.is_some_and(|known| known.promise != party.promise)
    };
    row.expected_gain != before.expected_gain || row.due_on != before.due_on || all.iter().any(promised_otherwise)
}

fn is_same(one: &PartyRow, other: &PartyRow) -> bool {
    (one.proposer, one.org_unit_id, &one.external_name) == (other.proposer, other.org_unit_id, &other.external_name)
}

fn differences((before, parties): &CommitmentWithParties, (row, all): &CommitmentWithParties) -> Vec<&'static str> {
    let promises = |parties: &[PartyRow]| parties.iter().map(|party| party.promise.clone()).collect::<Vec<_>>();
    let names = |parties: &[PartyRow]| {
        parties.iter().map(|party| (party.org_unit_id, party.external_name.clone())).collect::<Vec<_>>()
    };
    let fields = [
        ("title", row.title != before.title),
        ("promise", names(all) == names(parties) && promises(all) != promises(parties)),
        ("expected_gain", row.expected_gain != before.expected_gain),
        ("due_on", row.due_on != before.due_on),
        ("partners", names(all) != names(parties)),
        ("position", row.position != before.position),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// Takes a commitment back, and tells its partners.
///
/// # Errors
/// 409 when it is over; 412 when somebody else wrote it in between.
pub fn withdraw(
    tx: &mut Tx,
    organisation: &Organisation,
    commitment: &mut CommitmentWithParties,
    reason: Option<&str>,
) -> Result<()> {
    commitment.0.state.permits(CommitmentAction::Withdraw)?;
    commitment.0.state = CommitmentState::Withdrawn;
    if let Some(own) = commitment.1.iter_mut().find(|party| party.proposer) {
        own.reason = reason.map(str::to_owned);
    }
    store::save(tx, commitment)?;
    let partners = partners_to_tell(organisation, commitment);
    tx.record(commitment_event(EventKind::CommitmentWithdrawn, commitment).notifies(partners));
    Ok(())
}

/// Makes the commitments of a section those that are sent; tells whether that changed anything. One that is left out
/// is withdrawn. Whichever address the change came by, the same events are left and the same people told.
///
/// # Errors
/// 409 when the section is locked, a confirmed commitment is left out or an id is used elsewhere; 422 for a partner that
/// cannot be one. The pointers begin with `base`.
pub fn replace_all(
    tx: &mut Tx,
    loaded: &mut LoadedAgreement,
    stored: &[CommitmentWithParties],
    (key, base): (&str, &str),
    sent: &[DraftCommitment],
) -> Result<bool> {
    let stands = |row: &CommitmentRow| row.section_key == key && row.state != CommitmentState::Withdrawn;
    let known: Vec<&CommitmentWithParties> = stored.iter().filter(|(row, _)| stands(row)).collect();
    if known.iter().map(|one| DraftCommitment::of(one)).eq(sent.iter().cloned()) {
        return Ok(false);
    }
    loaded.check_editable(key)?;
    let of_id = |id: Option<Id>| known.iter().find(|(row, _)| Some(row.id) == id).copied();
    let new: Vec<Id> = sent.iter().filter(|one| of_id(one.id).is_none()).filter_map(|one| one.id).collect();
    let used: Vec<Id> = store::owners(tx, &new)?.into_iter().map(|(id, ..)| id).collect();
    let place = |at: usize| format!("{base}/commitments/{at}/id");
    refuse_used(sent.iter().map(|one| one.id), |id| used.contains(&id), place)?;
    let gone = known.iter().filter(|(row, _)| sent.iter().all(|one| one.id != Some(row.id)));
    let gone: Vec<CommitmentWithParties> = gone.map(|one| (*one).clone()).collect();
    let is_agreed = |state| matches!(state, CommitmentState::Confirmed | CommitmentState::Fulfilled);
    if gone.iter().any(|(row, _)| is_agreed(row.state)) {
        let place = Fault::at(format!("{base}/commitments"), "confirmed-left-out");
        return Err(Code::ConfirmedCommitment.refuse().fault(place).into());
    }
    let mut changed = !gone.is_empty();
    for mut commitment in gone {
        withdraw(tx, &loaded.organisation, &mut commitment, None)?;
    }
    for (position, one) in (0..).zip(sent) {
        let done = match of_id(one.id) {
            Some(stored) => revise(tx, loaded, stored.clone(), position, one).map(|(_, differs)| differs),
            None => propose(tx, loaded, key, position, one).map(|_| true),
        };
        changed |= done.map_err(|error| error.below(&format!("{base}/commitments/{position}")))?;
    }
    recount(tx, loaded, key)?;
    Ok(changed)
}

/// Counts the partners of a section who have not confirmed; saving the section is the caller's.
///
/// # Errors
/// 404 when there is no such section; when the database fails.
pub fn recount(conn: &mut Conn, loaded: &mut LoadedAgreement, key: &str) -> Result<()> {
    let all = store::of_agreement(conn, loaded.agreement.id)?;
    loaded.section_mut(key)?.unconfirmed_partners = model::unconfirmed_in(&all, key);
    Ok(())
}

/// An event of a commitment, of its proposer's unit.
pub fn commitment_event(kind: EventKind, (row, parties): &CommitmentWithParties) -> Event {
    let unit = parties.iter().find(|party| party.proposer).and_then(|party| party.org_unit_id);
    Event::of(kind, row.id).in_agreement(row.agreement_id, unit).section(&row.section_key).version(row.version)
}

fn partners_to_tell(organisation: &Organisation, (_, parties): &CommitmentWithParties) -> Vec<Id> {
    let units: Vec<Id> = parties.iter().filter(|party| !party.proposer).filter_map(|party| party.org_unit_id).collect();
    units.iter().flat_map(|unit| holders(organisation, &[*unit])).collect()
}

/// A party that has not answered.
fn party(row: &CommitmentRow, position: i64) -> PartyRow {
    PartyRow {
        municipality_id: row.municipality_id,
        commitment_id: row.id,
        position,
        org_unit_id: None,
        external_name: None,
        proposer: false,
        promise: String::new(),
        state: Answer::Proposed,
        reason: None,
        answered_by: None,
        answered_at: None,
        fulfilled_by: None,
        fulfilled_at: None,
    }
}

impl Partner {
    /// Whether a stored party is this one.
    fn is(&self, party: &PartyRow) -> bool {
        (party.org_unit_id, &party.external_name) == (self.org_unit_id, &self.external_name)
    }

    fn row(&self, party: PartyRow) -> PartyRow {
        PartyRow {
            org_unit_id: self.org_unit_id,
            external_name: self.external_name.clone(),
            promise: self.promise.clone(),
            ..party
        }
    }
}
