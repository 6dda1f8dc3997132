//! An agreement's state, and what somebody is to it. Pure.

use crate::access::{Actor, Who};
use crate::agreements::sections::model::SectionState;
use crate::auth::ClientScope;
use crate::error::{Code, Refusal};
use crate::organisation::leaders::{is_holder, leads_above};
use crate::organisation::{Organisation, Role};
use crate::text_enum;
use crate::types::Id;

text_enum! {
    /// Where an agreement stands.
    pub enum AgreementState {
        /// It is being written.
        Draft = "draft",
        /// Some section waits for a decision.
        InReview = "in_review",
        /// Some section was sent back.
        Returned = "returned",
        /// Every section is approved or left out.
        Approved = "approved",
        /// Everybody has signed.
        InForce = "in_force",
        /// Its cycle is closed.
        Closed = "closed",
        /// It was given up.
        Withdrawn = "withdrawn",
        /// Another agreement took its place.
        Superseded = "superseded",
    }
}

impl AgreementState {
    /// Whether everybody with an appointment may read it (domain rule 6).
    pub fn is_public(self) -> bool {
        matches!(self, AgreementState::Approved | AgreementState::InForce | AgreementState::Closed)
    }

    /// Whether each of its sections is approved or left out.
    pub fn is_approved(self) -> bool {
        matches!(self, AgreementState::Approved | AgreementState::InForce)
    }

    /// Whether nothing more is done in it.
    pub fn is_over(self) -> bool {
        matches!(self, AgreementState::Closed | AgreementState::Withdrawn | AgreementState::Superseded)
    }

    /// Whether what it is called may still change: not once all of it is approved.
    pub fn may_be_renamed(self) -> bool {
        matches!(self, AgreementState::Draft | AgreementState::InReview | AgreementState::Returned)
    }

    /// The phase of the review that follows from the sections.
    pub fn phase(sections: &[SectionState]) -> Self {
        let any = |state: SectionState| sections.contains(&state);
        if any(SectionState::Returned) {
            AgreementState::Returned
        } else if any(SectionState::Submitted) {
            AgreementState::InReview
        } else if any(SectionState::Draft) || sections.is_empty() {
            AgreementState::Draft
        } else {
            AgreementState::Approved
        }
    }

    /// The state after an action. Only the phase of the review follows from the sections: what is in force, closed or
    /// given up stays so, whatever is written in it.
    ///
    /// # Errors
    /// 409 when the state does not permit it.
    pub fn after(self, action: AgreementAction, sections: &[SectionState]) -> Result<Self, Refusal> {
        use AgreementAction as A;
        use AgreementState as S;
        match (self, action) {
            (S::Draft | S::InReview | S::Returned | S::Approved, A::Review) => Ok(S::phase(sections)),
            (S::Approved, A::PutInForce) => Ok(S::InForce),
            _ => Err(Code::IllegalMove.refuse().with("state", self)),
        }
    }
}

text_enum! {
    /// What moves an agreement from state to state.
    pub enum AgreementAction {
        /// A section was submitted, recalled, decided on or taken up again.
        Review = "review",
        /// The last signatory signed.
        PutInForce = "put_in_force",
    }
}

/// What is kept of who reads an agreement, as it concerns one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptReaders {
    /// It was shared with them by name.
    pub by_name: bool,
    /// It was shared with the leaders above.
    pub with_line: bool,
    /// They stand in a route of it, or sign it.
    pub involved: bool,
}

/// What somebody is to an agreement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Relation {
    /// Leads one of its units, or stands in for a leader who is not there.
    pub holder: bool,
    /// Writes in its drafts.
    pub contributor: bool,
    /// Runs the cycle.
    pub coordinator: bool,
    /// Leads a unit above.
    pub superior: bool,
    /// The holder shared it with them.
    pub shared: bool,
    /// Stands in a route of it, or signs it.
    pub involved: bool,
    /// Has any appointment that reads agreements.
    pub appointed: bool,
    /// A client that reads agreements.
    pub reading_client: bool,
}

impl Relation {
    /// What an actor is to the agreement of some units, as the organisation stands; what is kept of readers (shared,
    /// involved) is added by [`Relation::reading`].
    pub fn of(actor: &Actor, organisation: &Organisation, units: &[Id]) -> Self {
        let Who::Person { person_id, .. } = actor.who else {
            return Relation { reading_client: actor.has_scope(ClientScope::AgreementsRead), ..Relation::default() };
        };
        let superior = units.iter().any(|unit| leads_above(organisation, person_id, *unit));
        Relation {
            holder: is_holder(organisation, person_id, units),
            contributor: actor.has_in(Role::Contributor, units),
            coordinator: actor.has_any(&[Role::Coordinator]),
            superior,
            appointed: actor.appointments.iter().any(|held| held.role != Role::Administrator),
            ..Relation::default()
        }
    }

    /// Adds what is kept: whether the agreement was shared with them or the line, and whether it involves them. It
    /// counts for the appointed alone: not for who has left, nor for an administrator, who reads no drafts.
    #[must_use]
    pub fn reading(self, kept: KeptReaders) -> Self {
        let shared = kept.by_name || (kept.with_line && self.superior);
        Relation { shared: shared && self.appointed, involved: kept.involved && self.appointed, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worst_section_decides_the_phase() {
        use SectionState as S;
        for (sections, state) in [
            (vec![S::Draft, S::Draft], AgreementState::Draft),
            (vec![S::Submitted, S::Draft], AgreementState::InReview),
            (vec![S::Approved, S::Draft], AgreementState::Draft),
            (vec![S::Approved, S::Submitted, S::Returned], AgreementState::Returned),
            (vec![S::Approved, S::Omitted], AgreementState::Approved),
        ] {
            assert_eq!(AgreementState::phase(&sections), state, "{sections:?}");
        }
    }

    #[test]
    fn what_has_left_the_review_does_not_come_back_into_it() {
        for state in AgreementState::ALL {
            let reviewed = state.after(AgreementAction::Review, &[SectionState::Draft]);
            let in_review = !matches!(state.as_str(), "in_force" | "closed" | "withdrawn" | "superseded");
            assert_eq!(reviewed.is_ok(), in_review, "{state}");
            let in_force = state.after(AgreementAction::PutInForce, &[]);
            assert_eq!(in_force.is_ok(), *state == AgreementState::Approved, "{state}");
        }
    }

    proptest! {
        #[test]
        fn a_returned_section_never_counts_as_approved(
            picks in proptest::collection::vec(0_usize..5, 1..9),
        ) {
            let sections: Vec<SectionState> = picks.iter().map(|pick| SectionState::ALL[*pick]).collect();
            let state = AgreementState::phase(&sections);
            prop_assert_eq!(state.is_public(), sections.iter().all(|section| section.is_settled()));
        }
    }
}
