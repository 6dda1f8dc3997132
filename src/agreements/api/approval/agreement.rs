//! Transitions of an agreement.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::policy;
use crate::agreements::api::write::reply;
use crate::agreements::approval::decide::{self as deciding, Given};
use crate::agreements::approval::{guards, store, submit as submission};
use crate::agreements::views::agreement::AgreementView;
use crate::app::RequestContext;
use crate::error::Result;
use crate::http::{Ids, IfMatch, JsonOrNothing, Reply};
use crate::types::Id;

/// Submits every draft and returned section of an agreement.
///
/// Refused with 409 `not-ready` and all gaps at once while something demanded lacks. What is optional and untouched
/// is left out. Each section's route is resolved to the people who decide.
#[utoipa::path(tag = "workflow", params(
    ("id" = Id, Path, description = "The agreement."),
    ("If-Match" = String, Header, description = "The agreement's ETag; optional in a dry run."),
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), responses((status = 200, description = "The agreement.", body = AgreementView)))]
#[post("/api/v1/agreements/{id}/submit")]
pub async fn submit_agreement(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        policy::can_submit(&loaded.relation)?;
        if_match.accepts(&loaded.agreement)?;
        submission::submit(tx, &mut loaded)?;
        reply(tx, actor, &loaded)
    })
    .await
}

/// Takes a submission back, until somebody has decided.
///
/// For whoever submitted too early: the sections are drafts again, and nobody is asked to decide any more.
#[utoipa::path(tag = "workflow", params(
    ("id" = Id, Path, description = "The agreement."),
    ("If-Match" = String, Header, description = "The agreement's ETag; optional in a dry run."),
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), responses((status = 200, description = "The agreement.", body = AgreementView)))]
#[post("/api/v1/agreements/{id}/recall")]
pub async fn recall_agreement(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        policy::can_submit(&loaded.relation)?;
        if_match.accepts(&loaded.agreement)?;
        guards::may_recall(&loaded)?;
        submission::recall(tx, &mut loaded)?;
        reply(tx, actor, &loaded)
    })
    .await
}

/// How a signature is given.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = NewSignature)]
pub struct Signing {
    /// Whether it was given on paper and is registered here.
    pub on_paper: bool,
}

/// Signs an approved agreement; the last signature puts it in force.
///
/// Each signatory signs once. With `on_paper` the caller records that they signed on paper.
#[utoipa::path(tag = "workflow", params(
    ("id" = Id, Path, description = "The agreement."),
    ("If-Match" = String, Header, description = "The agreement's ETag; optional in a dry run."),
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), request_body(content = Option<Signing>, content_type = "application/json"), responses(
    (status = 200, description = "The agreement.", body = AgreementView)
))]
#[post("/api/v1/agreements/{id}/sign")]
pub async fn sign_agreement(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: JsonOrNothing<Signing>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let person = actor.person()?;
        let slots = guards::slots(&loaded, &store::signatures_on(tx, id)?);
        let permitted = guards::may_sign(&loaded, &slots, person)?;
        if_match.accepts(&loaded.agreement)?;
        let signatory = permitted.signatory?;
        let given = if body.on_paper { Given::OnPaper } else { Given::Here };
        deciding::sign(tx, &mut loaded, &slots, (signatory, person), given)?;
        reply(tx, actor, &loaded)
    })
    .await
}
