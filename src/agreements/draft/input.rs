//! What is sent of a draft.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use crate::agreements::commitments::input::DraftCommitment;
use crate::agreements::goals::model::Goal;
use crate::agreements::sections::model::NotApplicable;
use crate::http::patch;
use crate::types::MAX_KEY;

/// A section of a draft. Lists that are sent are complete: what is absent from them is deleted; a list that is not
/// sent stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftSection {
    /// Its key within the agreement.
    #[validate(length(min = 1, max = MAX_KEY))]
    #[schema(min_length = 1, max_length = 60, example = "effects")]
    pub key: String,
    /// The version that the writer has seen.
    #[validate(range(min = 1, max = 999_999_999_999_999_i64))]
    #[schema(minimum = 1, maximum = 999999999999999_i64, example = 1)]
    pub version: i64,
    /// The values of its fields, all of them.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"plan": "Vi følger hvert kvartal, om borgerne klarer mere selv efter et forløb."}))]
    pub content: Option<Map<String, Value>>,
    /// Why it does not apply; null when it does.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(nested)]
    #[schema(value_type = Option<NotApplicable>)]
    pub not_applicable: Option<Option<NotApplicable>>,
    /// Its goals, all of them, in their order.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub goals: Option<Vec<Goal>>,
    /// Its commitments, all of them, in their order.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub commitments: Option<Vec<DraftCommitment>>,
}
