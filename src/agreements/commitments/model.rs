//! A commitment's states, which follow from its parties' answers. Pure.

use super::store::{CommitmentWithParties, PartyRow, unconfirmed};
use crate::error::{Code, Refusal};
use crate::text_enum;

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
        /// It was not kept in time.
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
    }
}

impl CommitmentState {
    /// The state that follows from the answers; the proposer's own side is always confirmed.
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
            CommitmentAction::Confirm | CommitmentAction::Decline => {
                matches!(self, S::Proposed | S::Confirmed | S::Declined)
            }
            CommitmentAction::Withdraw | CommitmentAction::Revise => {
                matches!(self, S::Proposed | S::Confirmed | S::Declined)
            }
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
