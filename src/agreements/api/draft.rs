//! The draft: a page of sections read and written at once.

use actix_web::{get, put};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::read::Readiness;
use crate::agreements::contents::Contents;
use crate::agreements::dossier::Dossier;
use crate::agreements::drafting;
use crate::auth::Actor;
use crate::commitments::api::DraftCommitment;
use crate::db::Conn;
use crate::error::Result;
use crate::goals::api::Goal;
use crate::http::{Call, Etag, Ids, Json, OptionalIfMatch, Reply, patch};
use crate::sections::model::NotApplicable;

/// A section of a draft. Lists that are sent are complete: what is absent from them is deleted; a list that is not
/// sent stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftSection {
    /// Its key within the agreement.
    #[validate(length(min = 1, max = 60))]
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

/// A draft, as it is sent: the sections to be changed; those not sent stay as they are. `etag` and `readiness` may
/// be sent back as they came and are not read.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The sections to be changed.
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    pub sections: Vec<DraftSection>,
    /// Taken and not read, so that a draft can be sent back as it came.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Option<String>,
    /// Taken and not read, so that a draft can be sent back as it came.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub readiness: Option<Map<String, Value>>,
}

/// The draft of an agreement, as it can be sent back.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    /// The agreement's version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// Its sections, in their order.
    #[schema(max_items = 100)]
    pub sections: Vec<DraftSection>,
    /// What is missing, and what is advised; the pointers point into `sections`.
    pub readiness: Readiness,
}

/// An agreement's draft, in the shape in which it is sent back.
///
/// The whole page of an editor in one call: change it, and send it back with `PUT`.
#[utoipa::path(tag = "agreements", params(("id" = crate::db::types::Id, Path, description = "The agreement.")), responses(
    (status = 200, description = "The draft.", body = DraftView, headers(("ETag" = String)))
))]
#[get("/api/v1/agreements/{id}/draft")]
pub async fn get_draft(call: Call, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, id)?;
        crate::agreements::policy::can_see_draft(&dossier.relation)?;
        reply(conn, &dossier)
    })
    .await
}

/// Saves some sections of an agreement at once, complete or not: all of them, or nothing.
///
/// Each section carries the version that the writer has seen. Saving checks types, sizes and rights; what is missing
/// is told in `readiness` and never refused.
#[utoipa::path(tag = "agreements", params(
    ("id" = crate::db::types::Id, Path, description = "The agreement."),
    ("If-Match" = Option<String>, Header, description = "The agreement's ETag, to be compared too."),
), request_body = NewDraft, responses(
    (status = 200, description = "The draft, saved.", body = DraftView, headers(("ETag" = String)))
))]
#[put("/api/v1/agreements/{id}/draft")]
pub async fn put_draft(call: Call, id: Ids<1>, if_match: OptionalIfMatch, body: Json<NewDraft>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor: &Actor| {
        let mut dossier = Dossier::lock(tx, actor, id)?;
        drafting::check_rights(&dossier, &body.sections)?;
        if_match.0.accepts(&dossier.agreement)?;
        drafting::check_versions(&dossier, &body.sections)?;
        drafting::save(tx, &mut dossier, &body.sections)?;
        reply(tx, &dossier)
    })
    .await
}

fn reply(conn: &mut Conn, dossier: &Dossier) -> Result<Reply> {
    let contents = Contents::read(conn, dossier.agreement.id)?;
    let readiness = Readiness::of(conn, dossier, &contents)?;
    let section = |section: &crate::sections::store::SectionRow| {
        Ok(DraftSection {
            key: section.key.clone(),
            version: section.version,
            content: Some(section.content.read()?),
            not_applicable: Some(section.not_applicable.clone().map(|reason| NotApplicable { reason })),
            goals: Some(contents.goals_in(&section.key).cloned().collect()),
            commitments: Some(contents.commitments_in(&section.key).map(DraftCommitment::of).collect()),
        })
    };
    let sections = dossier.sections.iter().map(section).collect::<Result<Vec<_>>>()?;
    let view = DraftView { etag: Etag::default(), sections, readiness };
    Reply::item(dossier.agreement.version, &view)
}
