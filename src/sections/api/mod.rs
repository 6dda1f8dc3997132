//! Sections over HTTP.

mod beside;
mod view;

pub use beside::{Beside, SectionExpand, SectionExpandQuery};
pub use view::{SectionSummary, SectionView, Shown, WaitingView, view};

use crate::http::Routes;
use actix_web::{get, patch};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::content;
use super::model::NotApplicable;
use super::store::{self, RevisionRow};
use crate::agreements::api::actions;
use crate::agreements::contents::goals_of;
use crate::agreements::dossier::Dossier;
use crate::auth::Actor;
use crate::db::Conn;
use crate::db::types::{Id, Json as StoredJson, Ts};
use crate::error::{Code, Result};
use crate::http::{Call, IfMatch, Json, Query, Reply, SectionPath, patch};
use crate::workflow::permits;
use crate::workflow::submission::event;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config.service(get_section).service(update_section).service(list_revisions).service(get_revision);
}

/// A section in full, with its route, as its reader may see it.
///
/// Who may not see the draft reads what was submitted last while it is being mended, and meanwhile sees only the
/// commitments that they are a party of. Comments are left out for machine clients.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
    SectionExpandQuery,
), responses((status = 200, description = "The section.", body = SectionView, headers(("ETag" = String)))))]
#[get("/api/v1/agreements/{id}/sections/{key}")]
pub async fn get_section(call: Call, path: SectionPath, query: Query<SectionExpandQuery>) -> Result<Reply> {
    let expand = query.read()?;
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, path.agreement_id)?;
        dossier.section(&path.key)?;
        let beside = Beside::read(conn, actor, &dossier, &path.key, expand)?;
        reply_with(conn, actor, &dossier, &path.key, &beside)
    })
    .await
}

/// A section as it stands now, to its reader.
///
/// # Errors
/// 404 when there is no such section.
pub fn reply(conn: &mut Conn, actor: &Actor, dossier: &Dossier, key: &str) -> Result<Reply> {
    reply_with(conn, actor, dossier, key, &Beside::default())
}

fn reply_with(conn: &mut Conn, actor: &Actor, dossier: &Dossier, key: &str, beside: &Beside) -> Result<Reply> {
    let section = dossier.section(key)?;
    let shown = if section.state.is_editable() && !dossier.sees_draft() {
        let newest = store::revisions(conn, section.agreement_id, key)?.into_iter().next();
        Shown::submitted(newest.as_ref())?
    } else {
        let goals = goals_of(conn, section.agreement_id, Some(key))?;
        Shown::written(section, goals.into_iter().map(|(_, goal)| goal).collect())?
    };
    let owners = permits::theme_owners(conn, std::slice::from_ref(section))?;
    let waiting = permits::waiting(dossier, section, &owners)?;
    let offered = actions::of_section(actor, dossier, section, &owners, conn.lang())?;
    Reply::item(section.version, &view(dossier, section, (shown, beside), &waiting, offered, conn.lang())?)
}

/// What may be changed of a section.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionPatch {
    /// Values of its fields; null removes one, the others stay (RFC 7396).
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Object, nullable = false, example = json!({"plan": "Vi følger hvert kvartal, om borgerne klarer mere selv efter et forløb."}))]
    pub content: Option<Map<String, Value>>,
    /// Why it does not apply; null when it does.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(nested)]
    #[schema(value_type = Option<NotApplicable>)]
    pub not_applicable: Option<Option<NotApplicable>>,
}

/// Changes the values of a section's fields.
///
/// For one section. An editor that saves a whole page uses the draft.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = SectionPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The section.", body = SectionView)
))]
#[patch("/api/v1/agreements/{id}/sections/{key}")]
pub async fn update_section(
    call: Call,
    path: SectionPath,
    if_match: IfMatch,
    body: Json<SectionPatch>,
) -> Result<Reply> {
    call.write(move |tx, actor| {
        let mut dossier = Dossier::lock(tx, actor, path.agreement_id)?;
        dossier.section(&path.key)?;
        dossier.can_write(&path.key)?;
        if_match.accepts(dossier.section(&path.key)?)?;
        let changed = change(&mut dossier, &path.key, &body)?;
        dossier.check_editable(&path.key)?;
        if !changed.is_empty() {
            dossier.save_edited(tx, &path.key)?;
            tx.record(event("section.edited", dossier.section(&path.key)?).changed(changed));
        }
        reply(tx, actor, &dossier, &path.key)
    })
    .await
}

fn change(dossier: &mut Dossier, key: &str, patch: &SectionPatch) -> Result<Vec<&'static str>> {
    let mut content: Map<String, Value> = dossier.section(key)?.content.read()?;
    for (field, value) in patch.content.iter().flatten() {
        match value {
            Value::Null => content.remove(field),
            value => content.insert(field.clone(), value.clone()),
        };
    }
    let faults = content::faults(dossier.definition(key)?, patch.content.as_ref().unwrap_or(&Map::new()), "/content");
    if !faults.is_empty() {
        return Err(Code::InvalidBody.refuse().faults(faults).into());
    }
    let section = dossier.section_mut(key)?;
    let content = StoredJson::of(&content);
    let mut changed = Vec::new();
    if content != section.content {
        section.content = content;
        changed.push("content");
    }
    if let Some(reason) = &patch.not_applicable {
        let reason = reason.as_ref().map(|it| it.reason.clone());
        if reason != section.not_applicable {
            section.not_applicable = reason;
            changed.push("not_applicable");
        }
    }
    Ok(changed)
}

/// A submitted revision of a section.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revision)]
pub struct RevisionView {
    /// Its number, from 1.
    pub revision: i64,
    /// The SHA-256 of the snapshot in canonical JSON (RFC 8785).
    #[schema(max_length = 64, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub content_sha256: String,
    /// Who submitted it.
    #[schema(required = true)]
    pub submitted_by: Option<Id>,
    /// When it was submitted.
    pub submitted_at: Ts,
    /// Content, goals and own promises as they were submitted.
    #[schema(value_type = Object)]
    pub snapshot: StoredJson,
}

/// The submitted revisions of a section.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revisions)]
pub struct RevisionsView {
    /// The revisions, newest first.
    #[schema(max_items = 1000)]
    pub items: Vec<RevisionView>,
}

impl From<RevisionRow> for RevisionView {
    fn from(row: RevisionRow) -> Self {
        RevisionView {
            revision: row.revision,
            content_sha256: row.content_sha256,
            submitted_by: row.submitted_by,
            submitted_at: row.submitted_at,
            snapshot: row.snapshot,
        }
    }
}

/// The submitted revisions of a section, newest first.
///
/// To see what was submitted when, and which revision was decided on.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
), responses((status = 200, description = "The revisions.", body = RevisionsView)))]
#[get("/api/v1/agreements/{id}/sections/{key}/revisions")]
pub async fn list_revisions(call: Call, path: SectionPath) -> Result<Reply> {
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, path.agreement_id)?;
        dossier.section(&path.key)?;
        let rows = store::revisions(conn, path.agreement_id, &path.key)?;
        Reply::json(&RevisionsView { items: rows.into_iter().map(RevisionView::from).collect() })
    })
    .await
}

/// One submitted revision of a section.
///
/// It is frozen: what was decided on can always be read again.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
    ("number" = i64, Path, description = "The revision's number, from 1.", minimum = 1, maximum = 1000000),
), responses((status = 200, description = "The revision.", body = RevisionView)))]
#[get("/api/v1/agreements/{id}/sections/{key}/revisions/{number}")]
pub async fn get_revision(call: Call, path: SectionPath) -> Result<Reply> {
    let number = call.path_number("number")?;
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, path.agreement_id)?;
        dossier.section(&path.key)?;
        Reply::json(&RevisionView::from(store::revision(conn, path.agreement_id, &path.key, number)?))
    })
    .await
}
