//! What travels of a commitment, in and out.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::agreements::dossier::Dossier;
use crate::auth::Actor;
use crate::auth::action::ActionView;
use crate::commitments::model::{Answer, CommitmentAction, CommitmentState};
use crate::commitments::policy::{Named, Standing};
use crate::commitments::store::{CommitmentWithParties, PartyRow};
use crate::db::types::{Id, Ts};
use crate::error::{Code, Result};
use crate::http::Etag;
use crate::organisation::Organisation;
use crate::text::Lang;

/// A commitment as its proposer writes it: alone, in a draft and in a revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftCommitment {
    /// Its id; made by the client or, when null, by the server.
    #[serde(default)]
    #[schema(required = true)]
    pub id: Option<Id>,
    /// What it is about.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500, example = "Fælles overgang fra børnehus til skole")]
    pub title: String,
    /// What the proposer promises.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Vi holder et overleveringsmøde for hvert barn inden 1. maj.")]
    pub promise: String,
    /// What citizens gain.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Barnet møder en skole, der kender det.")]
    pub expected_gain: String,
    /// The last day on which it is to be done.
    #[serde(default)]
    #[schema(required = true, example = "2015-05-01")]
    pub due_on: Option<NaiveDate>,
    /// The other parties, in their order.
    #[serde(default)]
    #[validate(length(max = 20), nested, custom(function = are_apart))]
    #[schema(max_items = 20)]
    pub partners: Vec<Partner>,
}

/// A party that is asked: a unit, or somebody outside the municipality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_one_of_two))]
#[schema(example = json!({
    "org_unit_id": "01931f2e-7c00-7000-8000-000000000001",
    "external_name": null,
    "promise": "Skolen sætter en lærer af til hvert møde."
}))]
pub struct Partner {
    /// The unit; null for a party outside.
    #[serde(default)]
    #[schema(required = true)]
    pub org_unit_id: Option<Id>,
    /// The name of a party outside; null for a unit.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    #[schema(required = true, min_length = 1, max_length = 200, example = "Boligforeningen Åparken")]
    pub external_name: Option<String>,
    /// What it would promise.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Skolen sætter en lærer af til hvert møde.")]
    pub promise: String,
}

fn is_one_of_two(partner: &Partner) -> Result<(), ValidationError> {
    let one = partner.org_unit_id.is_some() != partner.external_name.is_some();
    if one { Ok(()) } else { Err(ValidationError::new("one-of-two")) }
}

/// Nobody is asked twice in one commitment.
///
/// # Errors
/// With the code `duplicate-partner`.
pub fn are_apart(partners: &[Partner]) -> Result<(), ValidationError> {
    let mut seen = HashSet::new();
    let apart = partners.iter().all(|partner| seen.insert((partner.org_unit_id, &partner.external_name)));
    if apart { Ok(()) } else { Err(ValidationError::new("duplicate-partner")) }
}

impl DraftCommitment {
    /// A stored commitment as its proposer writes it.
    pub fn of((row, parties): &CommitmentWithParties) -> Self {
        let own = parties.iter().find(|party| party.proposer);
        DraftCommitment {
            id: Some(row.id),
            title: row.title.clone(),
            promise: own.map(|party| party.promise.clone()).unwrap_or_default(),
            expected_gain: row.expected_gain.clone(),
            due_on: row.due_on,
            partners: parties.iter().filter(|party| !party.proposer).map(Partner::of).collect(),
        }
    }
}

impl Partner {
    fn of(party: &PartyRow) -> Self {
        Partner {
            org_unit_id: party.org_unit_id,
            external_name: party.external_name.clone(),
            promise: party.promise.clone(),
        }
    }
}

/// A commitment between units, as its parties see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Commitment)]
pub struct CommitmentView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the commitment.
    pub id: Id,
    /// The id of the cycle it belongs to.
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
    pub due_on: Option<NaiveDate>,
    /// Where it stands: follows from the answers.
    pub state: CommitmentState,
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
    /// When the party answered.
    #[schema(required = true)]
    pub answered_at: Option<Ts>,
}

impl PartyView {
    fn of(party: &PartyRow, organisation: &Organisation) -> Self {
        let unit = party.org_unit_id.and_then(|unit| organisation.unit(unit)).map(|unit| unit.name.clone());
        PartyView {
            org_unit_id: party.org_unit_id,
            name: party.external_name.clone().or(unit),
            proposer: party.proposer,
            promise: party.promise.clone(),
            state: party.state,
            reason: party.reason.clone(),
            answered_by: party.answered_by,
            answered_at: party.answered_at,
        }
    }
}

/// What the reader of an agreement is to the commitments of a section of it.
///
/// # Errors
/// 404 when there is no such section.
pub fn standing<'a>(dossier: &'a Dossier, actor: &'a Actor, key: &str) -> Result<Standing<'a>> {
    Ok(Standing {
        actor,
        organisation: &dossier.organisation,
        writes: dossier.can_write(key).map_err(|error| error.code()),
        holder: dossier.relation.holder,
        section: dossier.section(key)?.state,
    })
}

/// A commitment as it stands for its reader.
pub fn view(commitment: &CommitmentWithParties, standing: &Standing<'_>, lang: Lang) -> CommitmentView {
    let (row, parties) = commitment;
    let open = |action| row.state.permits(action).map_err(|refusal| refusal.code);
    let answer = |action, said| {
        let seat = standing.seat(parties, &Named::default())?;
        open(action)?;
        let is_said = parties.get(seat).is_some_and(|party| party.state == said);
        if is_said { Err(Code::AlreadyDecided) } else { Ok(()) }
    };
    let actions: [(&'static str, Result<(), Code>); 4] = [
        ("update", standing.can_revise().and_then(|()| open(CommitmentAction::Revise))),
        ("confirm", answer(CommitmentAction::Confirm, Answer::Confirmed)),
        ("decline", answer(CommitmentAction::Decline, Answer::Declined)),
        ("withdraw", standing.can_withdraw().and_then(|()| open(CommitmentAction::Withdraw))),
    ];
    CommitmentView {
        etag: Etag::default(),
        id: row.id,
        cycle_id: row.cycle_id,
        agreement_id: row.agreement_id,
        section_key: row.section_key.clone(),
        title: row.title.clone(),
        expected_gain: row.expected_gain.clone(),
        due_on: row.due_on,
        state: row.state,
        parties: parties.iter().map(|party| PartyView::of(party, standing.organisation)).collect(),
        available_actions: actions.into_iter().map(|(action, can)| ActionView::of(action, can, lang)).collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
