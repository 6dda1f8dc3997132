//! Many decisions at once.

use std::collections::HashMap;

use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::section::{Decision, decide};
use crate::access::Actor;
use crate::agreements::agreement::load_many::load_many;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::store as agreements;
use crate::agreements::approval::store::Outcome;
use crate::agreements::sections::model::SectionState;
use crate::app::{RequestContext, with_names};
use crate::db::Tx;
use crate::error::{Code, Error, Fault, Problem, Result};
use crate::http::{IfMatch, Json, Reply};
use crate::text_enum;
use crate::types::{Id, MAX_KEY};

text_enum! {
    /// What is decided in bulk.
    pub enum BulkOutcome {
        /// It is good.
        Approved = "approved",
        /// It is sent back with a reason.
        Returned = "returned",
    }
}

/// Decisions on many sections.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecisions {
    /// The decisions, at most 200.
    #[validate(length(min = 1, max = 200), nested)]
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<NewDecision>,
}

/// A decision on a section.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// The id of the agreement it belongs to.
    pub agreement_id: Id,
    /// The section's key.
    #[validate(length(min = 1, max = MAX_KEY))]
    #[schema(min_length = 1, max_length = 60, example = "effects")]
    pub section_key: String,
    /// The section's ETag.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: String,
    /// What is decided.
    pub outcome: BulkOutcome,
    /// Why; compulsory on a return.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Skriv, hvordan effekten måles.")]
    pub reason: Option<String>,
    /// For whom, as a standing deputy.
    #[serde(default)]
    pub on_behalf_of: Option<Id>,
}

/// What became of each decision, in the order in which they were sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionResults)]
pub struct DecisionResultsView {
    /// One for each decision.
    #[schema(max_items = 200)]
    pub items: Vec<DecisionResult>,
}

/// What became of a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionResult {
    /// The id of the agreement it belongs to.
    pub agreement_id: Id,
    /// The section's key.
    #[schema(max_length = 60, example = "effects")]
    pub section_key: String,
    /// Whether it was made.
    pub decided: bool,
    /// Where the section stands now; null when the decision was refused.
    #[schema(required = true)]
    pub state: Option<SectionState>,
    /// Why it was refused.
    #[schema(required = true)]
    pub problem: Option<Problem>,
}

/// Decides on many sections in one transaction. A refused item changes nothing and undoes nothing.
///
/// For a director with many sections to approve. Each item carries the ETag that was read, and is answered by itself.
#[utoipa::path(tag = "workflow", params(
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), request_body = NewDecisions, responses(
    (status = 200, description = "What became of each decision.", body = DecisionResultsView)
))]
#[post("/api/v1/decisions")]
pub async fn decide_sections(call: RequestContext, body: Json<NewDecisions>) -> Result<Reply> {
    call.write(move |tx, actor| {
        let mut all = locked(tx, actor, &body.items)?;
        let items = body.items.iter().enumerate().map(|(at, item)| one(tx, (actor, &mut all), at, item));
        let items = items.collect::<Result<Vec<_>>>()?;
        Reply::json(&DecisionResultsView { items })
    })
    .await
}

/// The agreements that the actor may know of, opened by their ids.
type Opened = HashMap<Id, LoadedAgreement>;

/// Agreements are locked in the order of their ids, so that two bulks that overlap never wait for each other.
fn locked(tx: &mut Tx, actor: &Actor, items: &[NewDecision]) -> Result<Opened> {
    let mut ids: Vec<Id> = items.iter().map(|item| item.agreement_id).collect();
    ids.sort();
    ids.dedup();
    agreements::lock_all(tx, &ids)?;
    Ok(load_many(tx, actor, &ids)?.0)
}

fn one(tx: &mut Tx, all: (&Actor, &mut Opened), at: usize, item: &NewDecision) -> Result<DecisionResult> {
    let decided = attempt(tx, all, item);
    let decided = decided.map_err(|error| with_names(tx, error.below(&format!("/items/{at}"))));
    let (lang, request_id) = (tx.lang(), tx.author().request_id.clone());
    let (state, problem) = match decided {
        Ok(state) => (Some(state), None),
        Err(Error::Refused(refusal)) => {
            let placed = !refusal.faults.is_empty();
            let item = || Fault::at(format!("/items/{at}"), "refused-item");
            let refusal = if placed { *refusal } else { refusal.fault(item()) };
            let problem = refusal.problem(lang, &request_id);
            tx.refuse_part(refusal);
            (None, Some(problem))
        }
        Err(error) => return Err(error),
    };
    Ok(DecisionResult {
        agreement_id: item.agreement_id,
        section_key: item.section_key.clone(),
        decided: problem.is_none(),
        state,
        problem,
    })
}

/// Every refusal comes before the first write of its item, so that none has to be undone.
fn attempt(tx: &mut Tx, (actor, all): (&Actor, &mut Opened), item: &NewDecision) -> Result<SectionState> {
    let reason = item.reason.clone().filter(|reason| !reason.trim().is_empty());
    if item.outcome == BulkOutcome::Returned && reason.is_none() {
        let place = Fault::at("/reason", "required");
        return Err(Code::InvalidBody.refuse().fault(place).into());
    }
    let if_match = IfMatch::of_etag(&item.etag)?;
    let outcome = match item.outcome {
        BulkOutcome::Approved => Outcome::Approved,
        BulkOutcome::Returned => Outcome::Returned,
    };
    let decision = Decision { outcome, reason, on_behalf_of: item.on_behalf_of };
    let loaded = all.get_mut(&item.agreement_id).ok_or(Code::NotFound)?;
    decide(tx, actor, loaded, (&item.section_key, &if_match), &decision)?;
    Ok(loaded.section(&item.section_key)?.state)
}
