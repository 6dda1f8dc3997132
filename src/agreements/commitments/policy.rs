//! Who sees, answers and writes a commitment (domain rule 6). Pure.

use super::model::Answer;
use super::model::{CommitmentWithParties, PartyRow};
use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::sections::model::SectionState;
use crate::error::{Code, Result};
use crate::organisation::leaders::is_holder;
use crate::organisation::{Organisation, Role};
use crate::types::Id;

/// What a reader is to a commitment.
#[derive(Debug, Clone, Copy)]
pub struct PartyRole<'a> {
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

impl<'a> PartyRole<'a> {
    /// What the reader of an agreement is to the commitments of a section of it.
    ///
    /// # Errors
    /// 404 when there is no such section.
    pub fn of(loaded: &'a LoadedAgreement, actor: &'a Actor, key: &str) -> Result<Self> {
        Ok(PartyRole {
            actor,
            organisation: &loaded.organisation,
            writes: loaded.can_write(key).map_err(|error| error.code()),
            holder: loaded.relation.holder,
            section: loaded.section(key)?.state,
        })
    }

    /// What somebody is to a commitment whose agreement they may not know of.
    pub fn of_party(actor: &'a Actor, organisation: &'a Organisation, section: SectionState) -> Self {
        PartyRole { actor, organisation, writes: Err(Code::NotHolder), holder: false, section }
    }

    /// Whether a commitment is shown: to its parties always; to others of its agreement while its section is locked,
    /// and to those who see drafts while it is being written.
    pub fn shows(&self, commitment: &CommitmentWithParties, loaded: Option<&LoadedAgreement>) -> bool {
        let in_agreement = loaded.is_some_and(|loaded| loaded.sees_draft() || !self.section.is_editable());
        in_agreement || self.is_party(commitment)
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
        open && parties.iter().any(|party| party.state == Answer::Proposed && self.speaks_for(party))
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
        self.can_ask_to_withdraw()?;
        if self.section.is_editable() { Ok(()) } else { Err(Code::IllegalMove) }
    }

    /// Whether the reader withdraws commitments of this agreement at all.
    ///
    /// # Errors
    /// `not-holder`.
    pub fn can_ask_to_withdraw(&self) -> Result<(), Code> {
        if self.holder { Ok(()) } else { Err(Code::NotHolder) }
    }

    /// The place of the party the reader answers for: the one that is named; else one that has not answered. A proposer
    /// answers where a partner has countered.
    ///
    /// # Errors
    /// `not-party`.
    pub fn party_of(&self, parties: &[PartyRow], named: &NamedParty<'_>) -> Result<usize, Code> {
        let is_countered = |party: &PartyRow| party.proposer && party.state == Answer::Proposed && self.holder;
        self.party_among(parties, named, |party| self.answers_for(party) || is_countered(party))
    }

    /// The place of the partner the reader answers for: the one that is named; else one that has not answered.
    ///
    /// # Errors
    /// `not-party`.
    pub fn partner_of(&self, parties: &[PartyRow], named: &NamedParty<'_>) -> Result<usize, Code> {
        self.party_among(parties, named, |party| self.answers_for(party))
    }

    /// The places of the parties for which the reader says that a commitment was kept: of the one that is named; else of
    /// all that they answer for, the proposer among them. The coordinator says it for any party, or for all.
    ///
    /// # Errors
    /// `not-party`.
    pub fn keepers(&self, parties: &[PartyRow], named: &NamedParty<'_>) -> Result<Vec<usize>, Code> {
        let places = |is_meant: &dyn Fn(&PartyRow) -> bool| -> Vec<usize> {
            let all = parties.iter().enumerate().filter(|(_, party)| named.means(party) && is_meant(party));
            all.map(|(place, _)| place).collect()
        };
        let own = places(&|party| self.speaks_for(party));
        let meant = if own.is_empty() && self.is_coordinator() { places(&|_| true) } else { own };
        if meant.is_empty() { Err(Code::NotParty) } else { Ok(meant) }
    }

    /// Whether the reader speaks for a party: as its leader, or as the holder for their own side and those outside.
    pub fn speaks_for(&self, party: &PartyRow) -> bool {
        self.answers_for(party) || (party.proposer && self.holder)
    }

    fn is_coordinator(&self) -> bool {
        self.actor.has_any(&[Role::Coordinator])
    }

    fn party_among(
        &self,
        parties: &[PartyRow],
        named: &NamedParty<'_>,
        is_mine: impl Fn(&PartyRow) -> bool,
    ) -> Result<usize, Code> {
        let mine = || {
            let all = parties.iter().enumerate();
            all.filter(|(_, party)| is_mine(party) && named.means(party))
        };
        let open = mine().find(|(_, party)| party.state == Answer::Proposed);
        open.or_else(|| mine().next()).map(|(index, _)| index).ok_or(Code::NotParty)
    }
}

/// The party an answer names, for somebody who answers for more than one.
#[derive(Debug, Clone, Copy, Default)]
pub struct NamedParty<'a> {
    /// A unit.
    pub org_unit_id: Option<Id>,
    /// A party outside.
    pub external_name: Option<&'a str>,
}

impl NamedParty<'_> {
    fn means(&self, party: &PartyRow) -> bool {
        self.org_unit_id.is_none_or(|unit| party.org_unit_id == Some(unit))
            && self.external_name.is_none_or(|name| party.external_name.as_deref() == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::access::Who;
    use crate::organisation::UnitKind;
    use crate::organisation::model::{Appointed, Settings, Unit};
    use crate::types::Date;

    /// A directorate above two units, of which the second has no leader.
    fn organisation(above: Id, units: [Id; 2], leaders: [Id; 2]) -> Organisation {
        let unit = |id, parent_id| Unit {
            id,
            name: String::new(),
            folded_name: String::new(),
            kind: UnitKind::Centre,
            parent_id,
            holds_agreement: true,
        };
        let leads = |person_id, org_unit_id| Appointed {
            id: Id::new(),
            person_id,
            org_unit_id,
            role: Role::Leader,
            acting: false,
            standing_deputy_id: None,
            responsible_for: Vec::new(),
        };
        let settings = Settings {
            name: String::new(),
            time_zone: chrono_tz::UTC,
            last_resort_id: None,
            small_number_limit: 5,
            open_promise_limit: 8,
        };
        let [first, second] = units;
        Organisation::new(
            Date::parse("2014-11-10").expect("a day"),
            settings,
            [unit(above, None), unit(first, Some(above)), unit(second, Some(above))],
            vec![leads(leaders[0], above), leads(leaders[1], first)],
            HashMap::new(),
        )
    }

    fn party(org_unit_id: Option<Id>, external_name: Option<&str>, state: Answer) -> PartyRow {
        PartyRow {
            municipality_id: Id::of_name("municipality"),
            commitment_id: Id::of_name("commitment"),
            position: 0,
            org_unit_id,
            external_name: external_name.map(str::to_owned),
            proposer: false,
            promise: String::new(),
            state,
            reason: None,
            answered_by: None,
            answered_at: None,
            fulfilled_by: None,
            fulfilled_at: None,
        }
    }

    fn somebody(person_id: Id) -> Actor {
        let who = Who::Person { person_id, user_id: Id::new(), session_id: Id::new() };
        Actor { who, ..Actor::person_for_tests(&[]) }
    }

    #[test]
    fn a_unit_is_answered_for_by_its_leader_and_while_it_has_none_by_the_one_above() {
        let (above, units, leaders) = (Id::new(), [Id::new(), Id::new()], [Id::new(), Id::new()]);
        let organisation = organisation(above, units, leaders);
        let parties = [party(Some(units[0]), None, Answer::Proposed), party(Some(units[1]), None, Answer::Proposed)];
        let seat = |person: Id, named: &NamedParty<'_>| {
            let actor = somebody(person);
            PartyRole::of_party(&actor, &organisation, SectionState::Submitted).party_of(&parties, named)
        };
        assert_eq!(seat(leaders[1], &NamedParty::default()), Ok(0));
        assert_eq!(seat(leaders[0], &NamedParty::default()), Ok(1));
        assert_eq!(
            seat(leaders[1], &NamedParty { org_unit_id: Some(units[1]), external_name: None }),
            Err(Code::NotParty)
        );
        assert_eq!(seat(Id::new(), &NamedParty::default()), Err(Code::NotParty));
    }

    #[test]
    fn a_holder_answers_for_parties_outside_first_for_those_who_have_not_answered() {
        let organisation = organisation(Id::new(), [Id::new(), Id::new()], [Id::new(), Id::new()]);
        let actor = somebody(Id::new());
        let stranger = PartyRole::of_party(&actor, &organisation, SectionState::Draft);
        let holder = PartyRole { holder: true, writes: Ok(()), ..stranger };
        let parties = [party(None, Some("Politiet"), Answer::Confirmed), party(None, Some("PPR"), Answer::Proposed)];
        assert_eq!(holder.party_of(&parties, &NamedParty::default()), Ok(1));
        assert_eq!(
            holder.party_of(&parties, &NamedParty { org_unit_id: None, external_name: Some("Politiet") }),
            Ok(0)
        );
        assert_eq!(stranger.party_of(&parties, &NamedParty::default()), Err(Code::NotParty));
        assert_eq!((holder.can_revise(), stranger.can_revise()), (Ok(()), Err(Code::NotHolder)));
        let locked = PartyRole { section: SectionState::Submitted, ..holder };
        assert_eq!((locked.can_revise(), locked.can_withdraw()), (Err(Code::IllegalMove), Err(Code::IllegalMove)));
    }
}
