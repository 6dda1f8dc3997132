//! What happens to a commitment once it is proposed: it is answered, countered, kept. Pure.

use super::model::{Answer, CommitmentAction, CommitmentState, CommitmentWithParties, Counter, PartyRow, state_of};
use crate::error::{Code, Fault, Refusal};
use crate::types::{Date, Id, Json, Ts};

/// What a partner would change; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// What the partner promises.
    pub promise: Option<String>,
    /// What citizens gain.
    pub expected_gain: Option<String>,
    /// The last day on which it is to be done.
    pub due_on: Option<Date>,
}

/// Who says something, and when.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The person.
    pub by: Option<Id>,
    /// The instant.
    pub at: Ts,
}

/// Whether a proposer's confirmation changes what their own section says: the gain or the day.
pub fn changes_section((row, parties): &CommitmentWithParties, place: usize) -> bool {
    let is_proposer = parties.get(place).is_some_and(|party| party.proposer);
    let other = |counter: Counter| (counter.expected_gain, counter.due_on) != (row.expected_gain.clone(), row.due_on);
    is_proposer && row.counter().is_some_and(other)
}

/// A party says yes or no. A proposer says yes to what a partner would rather agree on, and a partner who answers the
/// proposal itself takes their own back.
///
/// # Errors
/// `already-decided`; `illegal-move` once it is over.
pub fn answer(
    commitment: &mut CommitmentWithParties,
    place: usize,
    (said, reason): (Answer, Option<&str>),
    moment: Moment,
) -> Result<(), Refusal> {
    let action = if said == Answer::Declined { CommitmentAction::Decline } else { CommitmentAction::Confirm };
    commitment.0.state.permits(action)?;
    let counter = commitment.0.counter();
    let (is_proposer, before) = match commitment.1.get(place) {
        Some(party) => (party.proposer, party.state),
        None => return Err(Code::NotParty.refuse()),
    };
    let own = counter.as_ref().is_some_and(|counter| usize::try_from(counter.party) == Ok(place));
    if before == said && !own {
        return Err(Code::AlreadyDecided.refuse());
    }
    match counter {
        Some(counter) if is_proposer && said == Answer::Declined => {
            reject(commitment, &counter);
            commitment.0.state = state_of(&commitment.1);
            return Ok(());
        }
        Some(counter) if is_proposer => accept(commitment, &counter),
        Some(_) if own => take_back(commitment),
        // Nobody declines what they proposed themselves: it is withdrawn.
        _ if is_proposer => return Err(Code::NotParty.refuse()),
        _ => {}
    }
    if let Some(party) = commitment.1.get_mut(place) {
        say(party, said, reason, moment);
    }
    commitment.0.state = state_of(&commitment.1);
    Ok(())
}

fn say(party: &mut PartyRow, said: Answer, reason: Option<&str>, moment: Moment) {
    (party.state, party.reason) = (said, reason.map(str::to_owned));
    (party.answered_by, party.answered_at) = (moment.by, Some(moment.at));
}

/// The proposer agrees: the others who had confirmed something else are asked again.
fn accept((row, parties): &mut CommitmentWithParties, counter: &Counter) {
    let same = (row.expected_gain.as_str(), row.due_on) == (counter.expected_gain.as_str(), counter.due_on);
    (row.expected_gain, row.due_on, row.counter) = (counter.expected_gain.clone(), counter.due_on, None);
    for (party, place) in parties.iter_mut().zip(0..) {
        // What was said to be kept was something else.
        (party.fulfilled_by, party.fulfilled_at) = (None, None);
        if place == counter.party {
            party.promise.clone_from(&counter.promise);
        } else if !same && !party.proposer {
            ask_again(party);
        }
    }
}

/// The proposer does not agree: the proposal stands as it was, and the partner has answered what they had before.
fn reject(commitment: &mut CommitmentWithParties, counter: &Counter) {
    take_back(commitment);
    for party in commitment.1.iter_mut().filter(|party| party.position == counter.party) {
        match counter.before {
            Answer::Proposed => ask_again(party),
            before => party.state = before,
        }
    }
}

/// A partner gives up what they would rather have agreed on: the proposal stands as it was.
fn take_back((row, parties): &mut CommitmentWithParties) {
    row.counter = None;
    parties.iter_mut().filter(|party| party.proposer).for_each(|party| party.state = Answer::Confirmed);
}

/// What a party has answered does not count any more.
pub fn ask_again(party: &mut PartyRow) {
    (party.state, party.reason, party.answered_by, party.answered_at) = (Answer::Proposed, None, None, None);
    (party.fulfilled_by, party.fulfilled_at) = (None, None);
}

/// A partner would rather agree on something else: they confirm that, and the proposer is asked.
///
/// # Errors
/// `own-proposal` for the proposer; 422 when nothing is changed by it; `illegal-move` once it is over, or while another
/// partner has countered.
pub fn counter(
    commitment: &mut CommitmentWithParties,
    place: usize,
    terms: &Terms,
    moment: Moment,
) -> Result<(), Refusal> {
    let (row, parties) = (&mut commitment.0, &mut commitment.1);
    let party = parties.get_mut(place).ok_or_else(|| Code::NotParty.refuse())?;
    if party.proposer {
        return Err(Code::OwnProposal.refuse());
    }
    let wanted = Counter {
        party: party.position,
        before: row.counter().filter(|known| known.party == party.position).map_or(party.state, |known| known.before),
        promise: terms.promise.clone().unwrap_or_else(|| party.promise.clone()),
        expected_gain: terms.expected_gain.clone().unwrap_or_else(|| row.expected_gain.clone()),
        due_on: terms.due_on.or(row.due_on),
    };
    let stands = (party.promise.as_str(), row.expected_gain.as_str(), row.due_on);
    if (wanted.promise.as_str(), wanted.expected_gain.as_str(), wanted.due_on) == stands {
        return Err(Code::InvalidBody.refuse().fault(Fault::at("", "counter-changes-nothing")));
    }
    row.state.permits(CommitmentAction::Counter)?;
    if row.counter().is_some_and(|known| known.party != wanted.party) {
        let pending = Code::IllegalMove.refuse().with("state", row.state);
        return Err(pending.fault(Fault::at("", "counter-pending")));
    }
    say(party, Answer::Confirmed, None, moment);
    row.counter = Some(Json::of(&wanted));
    parties.iter_mut().filter(|party| party.proposer).for_each(|party| party.state = Answer::Proposed);
    row.state = state_of(parties);
    Ok(())
}

/// Some parties say that it was kept. It is, once all say so.
///
/// # Errors
/// `already-decided` when they have said so; `illegal-move` when not all have confirmed it, or it is over.
pub fn fulfil(commitment: &mut CommitmentWithParties, places: &[usize], moment: Moment) -> Result<(), Refusal> {
    commitment.0.state.permits(CommitmentAction::Fulfil)?;
    let says = |place: &usize| places.contains(place);
    let new = commitment.1.iter_mut().enumerate().filter(|(place, party)| says(place) && party.fulfilled_at.is_none());
    let new: Vec<&mut PartyRow> = new.map(|(_, party)| party).collect();
    if new.is_empty() {
        return Err(Code::AlreadyDecided.refuse());
    }
    for party in new {
        (party.fulfilled_by, party.fulfilled_at) = (moment.by, Some(moment.at));
    }
    if commitment.1.iter().all(|party| party.fulfilled_at.is_some()) {
        commitment.0.state = CommitmentState::Fulfilled;
    }
    Ok(())
}

#[cfg(test)]
#[path = "moves_tests.rs"]
mod tests;
