//! What travels of commitments.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::store::CommitmentWithParties;
use crate::db::types::Id;

/// A commitment, as it stands in its proposer's draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftCommitment {
    /// Its id; made by the client or, when null, by the server.
    #[serde(default)]
    #[schema(required = true)]
    pub id: Option<Id>,
    /// What it is about.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300, example = "Fælles overgang fra skole til job")]
    pub title: String,
    /// What the proposer promises.
    #[serde(default)]
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000, example = "Vi stiller en mentor til hver ung.")]
    pub promise: String,
    /// What citizens gain.
    #[serde(default)]
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000, example = "De unge møder én samlet indgang.")]
    pub expected_gain: String,
    /// By when.
    #[serde(default)]
    #[schema(required = true, example = "2015-10-01")]
    pub due_on: Option<NaiveDate>,
    /// The others.
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub partners: Vec<Partner>,
}

/// Another party of a commitment: a unit, or somebody outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_one_of_two))]
pub struct Partner {
    /// The unit.
    #[serde(default)]
    #[schema(required = true)]
    pub org_unit_id: Option<Id>,
    /// The name of a party outside.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    #[schema(required = true, min_length = 1, max_length = 200, example = "Jobcenter Vest")]
    pub external_name: Option<String>,
    /// What it is asked to promise.
    #[serde(default)]
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000, example = "Jobcentret finder praktikpladserne.")]
    pub promise: String,
}

fn is_one_of_two(partner: &Partner) -> Result<(), ValidationError> {
    let one = partner.org_unit_id.is_some() != partner.external_name.is_some();
    if one { Ok(()) } else { Err(ValidationError::new("one-of-two")) }
}

impl DraftCommitment {
    /// A stored commitment, as it stands in its proposer's draft.
    pub fn of((row, parties): &CommitmentWithParties) -> Self {
        let others = parties.iter().filter(|party| !party.proposer);
        let partner = |party: &super::store::PartyRow| Partner {
            org_unit_id: party.org_unit_id,
            external_name: party.external_name.clone(),
            promise: party.promise.clone(),
        };
        DraftCommitment {
            id: Some(row.id),
            title: row.title.clone(),
            promise: parties.iter().find(|party| party.proposer).map(|party| party.promise.clone()).unwrap_or_default(),
            expected_gain: row.expected_gain.clone(),
            due_on: row.due_on,
            partners: others.map(partner).collect(),
        }
    }
}
