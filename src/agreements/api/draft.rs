//! The draft: a page of sections read and written at once.

use actix_web::{get, put};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::store as agreements;
use crate::agreements::commitments::store as commitments;
use crate::agreements::draft::contents::Contents;
use crate::agreements::draft::input::DraftSection;
use crate::agreements::draft::save;
use crate::agreements::goals::store as goals;
use crate::agreements::views::draft::DraftView;
use crate::agreements::views::readiness::Readiness;
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Ids, Json, OptionalIfMatch, Reply};

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

/// An agreement's draft, in the shape in which it is sent back.
///
/// The whole page of an editor in one call: change it, and send it back with `PUT`.
#[utoipa::path(tag = "agreements", params(("id" = crate::types::Id, Path, description = "The agreement.")), responses(
    (status = 200, description = "The draft.", body = DraftView, headers(("ETag" = String)))
))]
#[get("/api/v1/agreements/{id}/draft")]
pub async fn get_draft(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        crate::agreements::agreement::policy::can_see_draft(&loaded.relation)?;
        let contents = Contents::read(conn, id)?;
        reply(conn, &loaded, &contents)
    })
    .await
}

/// Saves some sections of an agreement at once, complete or not: all of them, or nothing.
///
/// Each section carries the version that the writer has seen. Saving checks types, sizes and rights; what is missing
/// is told in `readiness` and never refused.
#[utoipa::path(tag = "agreements", params(
    ("id" = crate::types::Id, Path, description = "The agreement."),
    ("If-Match" = Option<String>, Header, description = "The agreement's ETag, to be compared too."),
), request_body = NewDraft, responses(
    (status = 200, description = "The draft, saved.", body = DraftView, headers(("ETag" = String)))
))]
#[put("/api/v1/agreements/{id}/draft")]
pub async fn put_draft(
    call: RequestContext,
    id: Ids<1>,
    if_match: OptionalIfMatch,
    body: Json<NewDraft>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor: &Actor| {
        agreements::lock_all(tx, &[id])?;
        let (agreement, sections, goals) = goals::with_agreement(tx, id)?;
        let mut loaded = LoadedAgreement::open(tx, actor, agreement, sections)?;
        save::check_rights(&loaded, &body.sections)?;
        if_match.0.accepts(&loaded.agreement)?;
        save::check_versions(&loaded, &body.sections)?;
        save::check_keys(&loaded, &body.sections)?;
        let commitments = commitments::of_agreement(tx, id)?;
        let differs = save::save(tx, &mut loaded, (&goals, &commitments), &body.sections)?;
        let contents = if differs { Contents::read(tx, id)? } else { Contents::of(&goals, commitments) };
        reply(tx, &loaded, &contents)
    })
    .await
}

fn reply(conn: &mut Conn, loaded: &LoadedAgreement, contents: &Contents) -> Result<Reply> {
    let readiness = Readiness::of(conn, loaded, contents)?;
    Reply::item(loaded.agreement.version, &DraftView::of(loaded, contents, readiness)?)
}
