//! A commitment's states, which follow from its parties' answers. Pure.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Refusal};
use crate::schema::{commitment_parties, commitments};
use crate::text_enum;
use crate::types::{Date, Id, Json, Ts};

/// The most commitments of a section.
pub const MOST_COMMITMENTS: i64 = 100;

text_enum! {
    /// Where a commitment stands.
    pub enum CommitmentState {
        /// Some party has not answered.
        Proposed = "proposed",
        /// Every party has confirmed.
        Confirmed = "confirmed",
        /// Every other party has declined.
        Declined = "declined",
        /// The proposer took it back.
        Withdrawn = "withdrawn",
        /// It was kept.
        Fulfilled = "fulfilled",
        /// It was not kept in time; what is read on a day, never what is stored.
        Lapsed = "lapsed",
    }
}

text_enum! {
    /// What a party has answered.
    pub enum Answer {
        /// Nothing yet.
        Proposed = "proposed",
        /// Yes.
        Confirmed = "confirmed",
        /// No.
        Declined = "declined",
    }
}

text_enum! {
    /// What can be done to a commitment.
    pub enum CommitmentAction {
        /// A party says yes.
        Confirm = "confirm",
        /// A party says no.
        Decline = "decline",
        /// The proposer takes it back.
        Withdraw = "withdraw",
        /// The proposer changes it.
        Revise = "revise",
        /// A partner would rather agree on something else.
        Counter = "counter",
        /// A party says that it was kept.
        Fulfil = "fulfil",
    }
}

/// What a partner would rather agree on, until the proposer answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The place of the partner among the parties.
    pub party: i64,
    /// What the partner had answered before.
    pub before: Answer,
    /// What it promises.
    pub promise: String,
    /// What citizens gain.
    pub expected_gain: String,
    /// The last day on which it is to be done.
    pub due_on: Option<Date>,
}

/// A commitment.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = commitments, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CommitmentRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The cycle.
    pub cycle_id: Id,
    /// The proposer's agreement.
    pub agreement_id: Id,
    /// The section it belongs to.
    pub section_key: String,
    /// Its place in the section, from 0.
    pub position: i64,
    /// What it is about.
    pub title: String,
    /// What citizens gain.
    pub expected_gain: String,
    /// The last day on which it is to be done.
    pub due_on: Option<Date>,
    /// Where it stands.
    pub state: CommitmentState,
    /// How often it, or an answer, was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
    /// What a partner would rather agree on, until the proposer answers.
    pub counter: Option<Json>,
}

crate::versioned!(CommitmentRow);

impl CommitmentRow {
    /// What a partner would rather agree on.
    pub fn counter(&self) -> Option<Counter> {
        self.counter.as_ref()?.read().ok()
    }

    /// Where it stands on a day: what was confirmed and not kept in time has lapsed, and can still be kept.
    pub fn state_on(&self, today: Date) -> CommitmentState {
        let is_past = self.due_on.is_some_and(|due| due < today);
        if self.state == CommitmentState::Confirmed && is_past { CommitmentState::Lapsed } else { self.state }
    }
}

/// A party of a commitment.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = commitment_parties, treat_none_as_default_value = false)]
pub struct PartyRow {
    /// The municipality.
    pub municipality_id: Id,
    /// The commitment.
    pub commitment_id: Id,
    /// Its place, the proposer first.
    pub position: i64,
    /// The unit; none for a party outside.
    pub org_unit_id: Option<Id>,
    /// The name of a party outside.
    pub external_name: Option<String>,
    /// Whether it proposes.
    pub proposer: bool,
    /// What it promises.
    pub promise: String,
    /// What it has answered.
    pub state: Answer,
    /// Why it declined.
    pub reason: Option<String>,
    /// The id of the person who answered.
    pub answered_by: Option<Id>,
    /// When.
    pub answered_at: Option<Ts>,
    /// The id of the person who says for it that it was kept.
    pub fulfilled_by: Option<Id>,
    /// When they said so.
    pub fulfilled_at: Option<Ts>,
}

/// A commitment with its parties, the proposer first.
pub type CommitmentWithParties = (CommitmentRow, Vec<PartyRow>);

/// Partners who have not confirmed a commitment that still stands.
pub fn unconfirmed((commitment, parties): &CommitmentWithParties) -> i64 {
    if commitment.state == CommitmentState::Withdrawn {
        return 0;
    }
    parties.iter().filter(|party| party.state != Answer::Confirmed).map(|_| 1).sum()
}

impl CommitmentState {
    /// The state that follows from the answers; the proposer's own side is confirmed unless a partner has countered.
    pub fn derive(answers: &[Answer]) -> Self {
        let others = answers.len().saturating_sub(1);
        let declined = answers.iter().filter(|answer| **answer == Answer::Declined).count();
        if answers.iter().all(|answer| *answer == Answer::Confirmed) {
            CommitmentState::Confirmed
        } else if declined == others {
            CommitmentState::Declined
        } else {
            CommitmentState::Proposed
        }
    }

    /// Whether an action is possible in the state.
    ///
    /// # Errors
    /// 409 when it is not.
    pub fn permits(self, action: CommitmentAction) -> Result<(), Refusal> {
        use CommitmentState as S;
        let possible = match action {
            CommitmentAction::Fulfil => self == S::Confirmed,
            _ => matches!(self, S::Proposed | S::Confirmed | S::Declined),
        };
        if possible { Ok(()) } else { Err(Code::IllegalMove.refuse().with("state", self)) }
    }
}

/// The state that follows from what the parties have answered.
pub fn state_of(parties: &[PartyRow]) -> CommitmentState {
    let answers: Vec<Answer> = parties.iter().map(|party| party.state).collect();
    CommitmentState::derive(&answers)
}

/// Partners in a section's commitments who have not confirmed.
pub fn unconfirmed_in(all: &[CommitmentWithParties], key: &str) -> i64 {
    all.iter().filter(|(row, _)| row.section_key == key).map(unconfirmed).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_follows_from_the_parties() {
        use Answer as A;
        for (answers, state) in [
            (vec![A::Confirmed], CommitmentState::Confirmed),
            (vec![A::Confirmed, A::Proposed], CommitmentState::Proposed),
            (vec![A::Confirmed, A::Confirmed], CommitmentState::Confirmed),
            (vec![A::Confirmed, A::Declined], CommitmentState::Declined),
            (vec![A::Confirmed, A::Declined, A::Proposed], CommitmentState::Proposed),
            (vec![A::Confirmed, A::Declined, A::Confirmed], CommitmentState::Proposed),
            (vec![A::Confirmed, A::Declined, A::Declined], CommitmentState::Declined),
        ] {
            assert_eq!(CommitmentState::derive(&answers), state, "{answers:?}");
        }
    }

    #[test]
    fn what_is_withdrawn_or_over_is_not_answered_any_more() {
        for state in [CommitmentState::Withdrawn, CommitmentState::Fulfilled, CommitmentState::Lapsed] {
            for action in CommitmentAction::ALL {
                assert!(state.permits(*action).is_err(), "{state} {action}");
            }
        }
    }
}
