//! Who sees, answers and writes a commitment (domain rule 6). Pure.

use super::model::Answer;
use super::store::{CommitmentWithParties, PartyRow};
use crate::agreements::model::is_holder;
use crate::auth::Actor;
use crate::db::types::Id;
use crate::error::Code;
use crate::organisation::{Organisation, Role};
use crate::sections::model::SectionState;

/// What a reader is to a commitment.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The reader.
    pub actor: &'a Actor,
    /// The organisation today.
    pub organisation: &'a Organisation,
    /// Whether they write in the section it belongs to.
    pub writes: Result<(), Code>,
    /// Whether they hold the proposer's agreement.
    pub holder: bool,
    /// Where that section stands.
    pub section: SectionState,
}

impl<'a> Standing<'a> {
    /// What somebody is to a commitment whose agreement they may not know of.
    pub fn of_party(actor: &'a Actor, organisation: &'a Organisation, section: SectionState) -> Self {
        Standing { actor, organisation, writes: Err(Code::NotHolder), holder: false, section }
    }

    /// Whether the reader leads or writes for a party, or answers for it while it has no leader.
    pub fn is_party(&self, (_, parties): &CommitmentWithParties) -> bool {
        parties.iter().filter_map(|party| party.org_unit_id).any(|unit| self.is_of(unit))
    }

    /// Whether the reader leads or writes for a unit.
    pub fn is_of(&self, unit: Id) -> bool {
        self.actor.has_in(Role::Contributor, &[unit]) || self.leads(unit)
    }

    fn leads(&self, unit: Id) -> bool {
        self.actor.person_id().is_some_and(|person| is_holder(self.organisation, person, &[unit]))
    }

    fn answers_for(&self, party: &PartyRow) -> bool {
        !party.proposer && party.org_unit_id.map_or(self.holder, |unit| self.leads(unit))
    }

    /// Whether a party has not answered, and the reader answers for it.
    pub fn is_awaited(&self, (commitment, parties): &CommitmentWithParties) -> bool {
        let open = commitment.state.permits(super::model::CommitmentAction::Confirm).is_ok();
        open && parties.iter().any(|party| party.state == Answer::Proposed && self.answers_for(party))
    }

    /// Whether the reader changes it now.
    ///
    /// # Errors
    /// Who may, or `illegal-move` while the section is locked.
    pub fn can_revise(&self) -> Result<(), Code> {
        self.writes?;
        if self.section.is_editable() { Ok(()) } else { Err(Code::IllegalMove) }
    }

    /// Whether the reader withdraws it now.
    ///
    /// # Errors
    /// `not-holder`, or `illegal-move` while the section is locked.
    pub fn can_withdraw(&self) -> Result<(), Code> {
        can_withdraw(self.holder)?;
        if self.section.is_editable() { Ok(()) } else { Err(Code::IllegalMove) }
    }

    /// The place of the party the reader answers for: the one that is named; else one that has not answered.
    ///
    /// # Errors
    /// `not-party`.
    pub fn seat(&self, parties: &[PartyRow], named: &Named<'_>) -> Result<usize, Code> {
        let mine = || {
            let all = parties.iter().enumerate();
            all.filter(|(_, party)| self.answers_for(party) && named.means(party))
        };
        let open = mine().find(|(_, party)| party.state == Answer::Proposed);
        open.or_else(|| mine().next()).map(|(index, _)| index).ok_or(Code::NotParty)
    }
}

/// The party an answer names, for somebody who answers for more than one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// A unit.
    pub org_unit_id: Option<Id>,
    /// A party outside.
    pub external_name: Option<&'a str>,
}

impl Named<'_> {
    fn means(&self, party: &PartyRow) -> bool {
        self.org_unit_id.is_none_or(|unit| party.org_unit_id == Some(unit))
            && self.external_name.is_none_or(|name| party.external_name.as_deref() == Some(name))
    }
}

/// Whether somebody withdraws commitments of an agreement.
///
/// # Errors
/// `not-holder`.
pub fn can_withdraw(holder: bool) -> Result<(), Code> {
    if holder { Ok(()) } else { Err(Code::NotHolder) }
}
