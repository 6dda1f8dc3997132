//! What is sent of a commitment: alone, in a draft and in a revision.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::model::{CommitmentWithParties, PartyRow};
use crate::types::{Date, Id};

crate::text_enum! {
    /// Which side of a commitment a unit is on.
    pub enum CommitmentDirection {
        /// It proposed.
        Given = "given",
        /// It was asked.
        Asked = "asked",
    }
}

crate::text_enum! {
    /// Whose answer is waited for.
    pub enum AwaitedAnswer {
        /// The caller's.
        Me = "me",
    }
}

/// A commitment as its proposer writes it: alone, in a draft and in a revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftCommitment {
    /// Its id; made by the client or, when null, by the server.
    #[serde(default)]
    #[schema(required = true)]
    pub id: Option<Id>,
    /// What it is about.
    #[validate(length(min = 1, max = 500), custom(function = crate::http::is_said))]
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
    pub due_on: Option<Date>,
    /// The other parties, in their order.
    #[serde(default)]
    #[validate(length(max = 20), nested, custom(function = are_apart))]
    #[schema(max_items = 20)]
    pub partners: Vec<Partner>,
}

/// A party that is asked: a unit, or somebody outside the municipality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_one_of_two, skip_on_field_errors = false))]
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
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
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
