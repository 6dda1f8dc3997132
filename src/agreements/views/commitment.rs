//! What travels of a commitment, in and out.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Actor;
use crate::access::action::ActionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::commitments::model::{Answer, CommitmentAction, CommitmentState};
use crate::agreements::commitments::model::{CommitmentWithParties, Counter, PartyRow};
use crate::agreements::commitments::moves::{self, Moment};
use crate::agreements::commitments::policy::{NamedParty, PartyRole};
use crate::error::{Code, Result};
use crate::http::{Etag, Tagged};
use crate::organisation::Organisation;
use crate::text::Lang;
use crate::types::{Date, Id, Ts};

/// A commitment between units, as its parties see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Commitment)]
pub struct CommitmentView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// Its id.
    pub id: Id,
    /// The cycle.
    pub cycle_id: Id,
    /// The proposer's agreement.
    pub agreement_id: Id,
    /// The section it belongs to.
    #[schema(max_length = 60, example = "cross-cutting")]
    pub section_key: String,
    /// What it is about.
    #[schema(max_length = 500, example = "Fælles overgang fra børnehus til skole")]
    pub title: String,
    /// What citizens gain.
    #[schema(max_length = 4000, example = "Barnet møder en skole, der kender det.")]
    pub expected_gain: String,
    /// The last day on which it is to be done.
    #[schema(required = true, example = "2015-05-01")]
    pub due_on: Option<Date>,
    /// Where it stands: follows from the answers. `lapsed` when it was confirmed and its day has passed; it can still be
    /// fulfilled.
    pub state: CommitmentState,
    /// What a partner would rather agree on, until the proposer answers.
    #[schema(required = true)]
    pub counter: Option<CounterView>,
    /// Its parties, the proposer first.
    #[schema(max_items = 21)]
    pub parties: Vec<PartyView>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// What a partner would rather agree on: the terms as they would be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CounterProposal)]
pub struct CounterView {
    /// The unit that asks for it; null for a party outside.
    #[schema(required = true)]
    pub org_unit_id: Option<Id>,
    /// What the party is called; null when the unit is no more.
    #[schema(required = true, max_length = 200, example = "Skolecentret")]
    pub name: Option<String>,
    /// What it would promise.
    #[schema(max_length = 4000, example = "Skolen sætter en lærer af til hvert andet møde.")]
    pub promise: String,
    /// What citizens would gain.
    #[schema(max_length = 4000, example = "Barnet møder en skole, der kender det.")]
    pub expected_gain: String,
    /// The last day on which it would be done.
    #[schema(required = true, example = "2015-08-01")]
    pub due_on: Option<Date>,
}

/// A party of a commitment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommitmentParty)]
pub struct PartyView {
    /// The unit; null for a party outside.
    #[schema(required = true)]
    pub org_unit_id: Option<Id>,
    /// What it is called; null when the unit is no more.
    #[schema(required = true, max_length = 200, example = "Skolecentret")]
    pub name: Option<String>,
    /// Whether it proposes.
    pub proposer: bool,
    /// What it promises.
    #[schema(max_length = 4000, example = "Skolen sætter en lærer af til hvert møde.")]
    pub promise: String,
    /// What it has answered.
    pub state: Answer,
    /// Why it declined or, of the proposer, why the commitment was withdrawn.
    #[schema(required = true, max_length = 2000, example = "Vi har ingen lærer at sætte af.")]
    pub reason: Option<String>,
    /// The id of the person who answered.
    #[schema(required = true)]
    pub answered_by: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Centerchef for Skole")]
    pub answered_by_name: Option<String>,
    /// When the party answered.
    #[schema(required = true)]
    pub answered_at: Option<Ts>,
    /// When it was said for the party that the commitment was kept.
    #[schema(required = true)]
    pub fulfilled_at: Option<Ts>,
}

impl CounterView {
    fn of(counter: &Counter, parties: &[PartyRow], organisation: &Organisation) -> Option<Self> {
        let party = parties.iter().find(|party| party.position == counter.party)?;
        Some(CounterView {
            org_unit_id: party.org_unit_id,
            name: name_of(party, organisation),
            promise: counter.promise.clone(),
            expected_gain: counter.expected_gain.clone(),
            due_on: counter.due_on,
        })
    }
}

fn name_of(party: &PartyRow, organisation: &Organisation) -> Option<String> {
    let unit = party.org_unit_id.and_then(|unit| organisation.unit(unit)).map(|unit| unit.name.clone());
    party.external_name.clone().or(unit)
}

impl PartyView {
    fn of(party: &PartyRow, organisation: &Organisation) -> Self {
        PartyView {
            org_unit_id: party.org_unit_id,
            name: name_of(party, organisation),
            proposer: party.proposer,
            promise: party.promise.clone(),
            state: party.state,
            reason: party.reason.clone(),
            answered_by: party.answered_by,
            answered_by_name: party.answered_by.map(|person| organisation.name_of(person).to_owned()),
            answered_at: party.answered_at,
            fulfilled_at: party.fulfilled_at,
        }
    }
}

/// What its reader may do with a commitment, or why not: what is allowed is what the moves themselves allow.
fn actions(commitment: &CommitmentWithParties, role: &PartyRole<'_>) -> [(&'static str, Result<(), Code>); 6] {
    let (row, parties) = commitment;
    let nobody = NamedParty::default();
    let open = |action| row.state.permits(action).map_err(|refusal| refusal.code);
    let tried = |place: Result<usize, Code>, said: Answer| {
        let moment = Moment { by: None, at: row.updated_at };
        moves::answer(&mut commitment.clone(), place?, (said, None), moment).map_err(|refusal| refusal.code)
    };
    let locked = |place: &Result<usize, Code>| match place {
        Ok(place) if moves::changes_section(commitment, *place) => role.can_revise(),
        _ => Ok(()),
    };
    let party = role.party_of(parties, &nobody);
    let partner = role.partner_of(parties, &nobody);
    let keepers = role.keepers(parties, &nobody);
    [
        ("update", role.can_revise().and_then(|()| open(CommitmentAction::Revise))),
        ("confirm", tried(party, Answer::Confirmed).and_then(|()| locked(&party))),
        ("counter", partner.and_then(|_| open(CommitmentAction::Counter))),
        ("decline", tried(party, Answer::Declined)),
        (
            "fulfil",
            keepers.and_then(|places| {
                let moment = Moment { by: None, at: row.updated_at };
                moves::fulfil(&mut commitment.clone(), &places, moment).map_err(|refusal| refusal.code)
            }),
        ),
        ("withdraw", role.can_withdraw().and_then(|()| open(CommitmentAction::Withdraw))),
    ]
}

/// A commitment as it stands for its reader.
pub fn view(commitment: &CommitmentWithParties, role: &PartyRole<'_>, lang: Lang) -> CommitmentView {
    let (row, parties) = commitment;
    let actions = actions(commitment, role);
    CommitmentView {
        etag: Etag::default(),
        id: row.id,
        cycle_id: row.cycle_id,
        agreement_id: row.agreement_id,
        section_key: row.section_key.clone(),
        title: row.title.clone(),
        expected_gain: row.expected_gain.clone(),
        due_on: row.due_on,
        state: row.state_on(role.organisation.today),
        counter: row.counter().and_then(|counter| CounterView::of(&counter, parties, role.organisation)),
        parties: parties.iter().map(|party| PartyView::of(party, role.organisation)).collect(),
        available_actions: actions.into_iter().map(|(action, can)| ActionView::of(action, can, lang)).collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// Those of an agreement's commitments that its reader sees, each with the key of its section.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn seen_among(
    all: &[CommitmentWithParties],
    actor: &Actor,
    loaded: &LoadedAgreement,
    lang: Lang,
) -> Result<Vec<(String, Tagged)>> {
    let mut seen = Vec::new();
    for commitment in all {
        let row = &commitment.0;
        let role = PartyRole::of(loaded, actor, &row.section_key)?;
        if role.shows(commitment, Some(loaded)) {
            seen.push((row.section_key.clone(), Tagged::of(row.version, &view(commitment, &role, lang))?));
        }
    }
    Ok(seen)
}
