//! Proposing a commitment, and proposing it anew: saved means proposed.

use super::api::{DraftCommitment, Partner};
use super::model::{Answer, CommitmentState};
use super::store::{self, CommitmentRow, CommitmentWithParties, PartyRow};
use crate::agreements::dossier::Dossier;
use crate::db::Tx;
use crate::db::types::Id;
use crate::error::{Code, Fault, Result};
use crate::events::Event;
use crate::organisation::Organisation;

/// Where a commitment stands in what was sent: its place in the section, and the pointer to it.
pub type Place<'a> = (i64, &'a str);

/// Keeps a new commitment of a section, and asks its partners.
///
/// # Errors
/// 422 for a partner that does not exist, or is the proposer; 409 when the id is taken.
pub fn propose(
    tx: &mut Tx,
    dossier: &Dossier,
    key: &str,
    (position, place): Place<'_>,
    sent: &DraftCommitment,
) -> Result<CommitmentWithParties> {
    check_partners(dossier, place, &sent.partners)?;
    let (id, now) = (sent.id.unwrap_or_default(), tx.now());
    let parties = parties(dossier, id, sent, &[]);
    let row = CommitmentRow {
        municipality_id: tx.scope(),
        id,
        cycle_id: dossier.agreement.cycle_id,
        agreement_id: dossier.agreement.id,
        section_key: key.to_owned(),
        position,
        title: sent.title.clone(),
        expected_gain: sent.expected_gain.clone(),
        due_on: sent.due_on,
        state: derived(&parties),
        version: 1,
        changed_by: tx.author().person,
        created_at: now,
        updated_at: now,
    };
    let made = (row, parties);
    store::insert(tx, &made)?;
    tx.record(told("commitment.proposed", &made, &dossier.organisation));
    Ok(made)
}

/// Changes a commitment to what is sent. A new promise, gain or due asks the partners again.
///
/// # Errors
/// 422 for a partner that does not exist, or is the proposer; 412 when somebody else wrote it in between.
pub fn revise(
    tx: &mut Tx,
    dossier: &Dossier,
    mut stored: CommitmentWithParties,
    (position, place): Place<'_>,
    sent: &DraftCommitment,
) -> Result<(CommitmentWithParties, bool)> {
    let before = DraftCommitment::of(&stored);
    let same = DraftCommitment { id: before.id, ..sent.clone() } == before;
    if same && stored.0.position == position {
        return Ok((stored, false));
    }
    check_partners(dossier, place, &sent.partners)?;
    let asks_again =
        (&sent.promise, &sent.expected_gain, sent.due_on) != (&before.promise, &before.expected_gain, before.due_on);
    let answered = if asks_again { Vec::new() } else { stored.1.clone() };
    let (row, own) = &mut stored;
    *own = parties(dossier, row.id, sent, &answered);
    row.position = position;
    row.title.clone_from(&sent.title);
    row.expected_gain.clone_from(&sent.expected_gain);
    row.due_on = sent.due_on;
    row.state = derived(own);
    store::save(tx, &mut stored)?;
    if !same {
        tx.record(told("commitment.revised", &stored, &dossier.organisation));
    }
    Ok((stored, true))
}

/// The state that follows from the parties' answers.
pub fn derived(parties: &[PartyRow]) -> CommitmentState {
    let answers: Vec<Answer> = parties.iter().map(|party| party.state).collect();
    CommitmentState::derive(&answers)
}

/// The proposer first, then the others; who has answered to the same promise has answered still.
fn parties(dossier: &Dossier, commitment_id: Id, sent: &DraftCommitment, answered: &[PartyRow]) -> Vec<PartyRow> {
    let party = |position: i64, partner: &Partner| PartyRow {
        municipality_id: dossier.agreement.municipality_id,
        commitment_id,
        position,
        org_unit_id: partner.org_unit_id,
        external_name: partner.external_name.clone(),
        proposer: position == 0,
        promise: partner.promise.clone(),
        state: if position == 0 { Answer::Confirmed } else { Answer::Proposed },
        reason: None,
        answered_by: None,
        answered_at: None,
    };
    let own =
        Partner { org_unit_id: dossier.units.first().copied(), external_name: None, promise: sent.promise.clone() };
    let all = std::iter::once(&own).chain(&sent.partners).zip(0..);
    let made = all.map(|(partner, position)| party(position, partner));
    made.map(|one| {
        let same = |old: &&PartyRow| {
            (old.org_unit_id, &old.external_name, &old.promise) == (one.org_unit_id, &one.external_name, &one.promise)
        };
        match answered.iter().find(same).filter(|_| !one.proposer) {
            Some(old) => PartyRow { position: one.position, ..old.clone() },
            None => one,
        }
    })
    .collect()
}

fn check_partners(dossier: &Dossier, place: &str, partners: &[Partner]) -> Result<()> {
    let faults: Vec<Fault> = partners
        .iter()
        .enumerate()
        .filter_map(|(at, partner)| {
            let unit = partner.org_unit_id?;
            let code = match dossier.organisation.unit(unit) {
                None => "unknown-id",
                Some(_) if dossier.units.contains(&unit) => "own-unit-as-partner",
                Some(_) if partners.iter().take(at).any(|one| one.org_unit_id == Some(unit)) => "duplicate-key",
                Some(_) => return None,
            };
            Some(Fault::at(format!("{place}/partners/{at}/org_unit_id"), code))
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

/// An event of a commitment, which concerns the leaders of its other parties.
pub fn told(kind: &'static str, (row, parties): &CommitmentWithParties, organisation: &Organisation) -> Event {
    let units: Vec<Id> = parties.iter().filter(|party| !party.proposer).filter_map(|party| party.org_unit_id).collect();
    let leaders = organisation.leaders_of(&units).into_iter().map(|held| held.person_id);
    Event::of(kind, row.id)
        .agreement(row.agreement_id)
        .section(&row.section_key)
        .version(row.version)
        .detail("state", row.state)
        .notifies(leaders)
}
