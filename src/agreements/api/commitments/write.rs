//! Proposing and revising commitments.

use actix_web::{patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::context::CommitmentContext;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::commitments::draft::{propose, recount, revise};
use crate::agreements::commitments::input::{DraftCommitment, Partner, are_apart};
use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::commitments::model::MOST_COMMITMENTS;
use crate::agreements::commitments::policy::PartyRole;
use crate::agreements::commitments::store;
use crate::agreements::views::commitment::{CommitmentView, view};
use crate::app::RequestContext;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Reply, patch};
use crate::types::{Date, Id, MAX_KEY};

/// A new commitment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommitment {
    /// The proposer's agreement.
    pub agreement_id: Id,
    /// The section it belongs to.
    #[validate(length(min = 1, max = MAX_KEY))]
    #[schema(min_length = 1, max_length = 60, example = "cross-cutting")]
    pub section_key: String,
    /// Its id; made by the client or, when null, by the server.
    #[serde(default)]
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
    #[schema(example = "2015-05-01")]
    pub due_on: Option<Date>,
    /// The other parties, in their order.
    #[serde(default)]
    #[validate(length(max = 20), nested, custom(function = are_apart))]
    #[schema(max_items = 20)]
    pub partners: Vec<Partner>,
}

impl NewCommitment {
    fn draft(&self) -> DraftCommitment {
        DraftCommitment {
            id: self.id,
            title: self.title.clone(),
            promise: self.promise.clone(),
            expected_gain: self.expected_gain.clone(),
            due_on: self.due_on,
            partners: self.partners.clone(),
        }
    }
}

/// A change of a commitment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentPatch {
    /// What it is about.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 500), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 500, example = "Fælles overgang til skole")]
    pub title: Option<String>,
    /// What the proposer promises.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 4000))]
    #[schema(nullable = false, max_length = 4000, example = "Vi holder et overleveringsmøde for hvert barn.")]
    pub promise: Option<String>,
    /// What citizens gain.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 4000))]
    #[schema(nullable = false, max_length = 4000, example = "Barnet møder en skole, der kender det.")]
    pub expected_gain: Option<String>,
    /// The last day on which it is to be done.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(example = "2015-05-01")]
    pub due_on: Option<Option<Date>>,
    /// All the other parties, in their order.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 20), nested, custom(function = are_apart))]
    #[schema(nullable = false, max_items = 20)]
    pub partners: Option<Vec<Partner>>,
}

impl CommitmentPatch {
    fn applied_to(&self, stored: &CommitmentWithParties) -> DraftCommitment {
        let (before, patch) = (DraftCommitment::of(stored), self.clone());
        DraftCommitment {
            id: before.id,
            title: patch.title.unwrap_or(before.title),
            promise: patch.promise.unwrap_or(before.promise),
            expected_gain: patch.expected_gain.unwrap_or(before.expected_gain),
            due_on: patch.due_on.unwrap_or(before.due_on),
            partners: patch.partners.unwrap_or(before.partners),
        }
    }
}

/// Proposes a commitment in a section that is being written: the partners are asked to confirm.
///
/// For a promise that another unit must keep too. Each partner gets a task and confirms or declines.
#[utoipa::path(tag = "agreements", request_body = NewCommitment, responses(
    (status = 201, description = "The commitment, proposed.", body = CommitmentView)
))]
#[post("/api/v1/commitments")]
pub async fn create_commitment(call: RequestContext, body: Json<NewCommitment>) -> Result<Reply> {
    call.write(move |tx, actor| {
        let key = &body.section_key;
        let unknown = |place: &str, code| Code::UnknownReference.refuse().fault(Fault::at(place, code));
        let mut loaded = LoadedAgreement::lock(tx, actor, body.agreement_id).map_err(|error| match error.code() {
            Code::NotFound => unknown("/agreement_id", "unknown-id").into(),
            _ => error,
        })?;
        if loaded.section(key).is_err() {
            return Err(unknown("/section_key", "unknown-key").into());
        }
        loaded.can_write(key)?;
        let (count, position) = store::room_in(tx, body.agreement_id, key)?;
        if count >= MOST_COMMITMENTS {
            let full = Fault::at("/section_key", "list-full").with("max", MOST_COMMITMENTS);
            return Err(Code::InvalidBody.refuse().fault(full).into());
        }
        let made = propose(tx, &loaded, key, position, &body.draft())?;
        recount(tx, &mut loaded, key)?;
        loaded.save_edited(tx, key)?;
        let view = view(&made, &PartyRole::of(&loaded, actor, key)?, tx.lang());
        Reply::created(format!("/api/v1/commitments/{}", made.0.id), made.0.version, &view)
    })
    .await
}

/// Changes a commitment while its section is being written.
///
/// Another promise, gain or due date asks every partner anew; another title does not.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The commitment."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = CommitmentPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The commitment.", body = CommitmentView)
))]
#[patch("/api/v1/commitments/{id}")]
pub async fn update_commitment(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<CommitmentPatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut found = CommitmentContext::lock(tx, actor, id)?;
        found.role(actor)?.writes?;
        if_match.accepts(&found.commitment.0)?;
        let (draft, stored) = (body.applied_to(&found.commitment), found.commitment.clone());
        let (key, position) = (stored.0.section_key.clone(), stored.0.position);
        let loaded = found.loaded_mut()?;
        let (revised, changed) = revise(tx, loaded, stored, position, &draft)?;
        if changed {
            recount(tx, loaded, &key)?;
            loaded.save_edited(tx, &key)?;
        }
        found.commitment = revised;
        found.reply(actor, tx.lang())
    })
    .await
}
