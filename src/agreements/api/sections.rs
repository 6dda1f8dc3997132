//! Sections over HTTP.

use actix_web::{get, patch};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::store as agreements;
use crate::agreements::draft::contents::goals_of;
use crate::agreements::goals::model::Goal;
use crate::agreements::goals::store as goals;
use crate::agreements::sections::content;
use crate::agreements::sections::model::NotApplicable;
use crate::agreements::sections::store::{self, RevisionHead};
use crate::agreements::views::actions;
use crate::agreements::views::revision::{RevisionSummary, RevisionView};
use crate::agreements::views::section::{SectionView, VisibleContent, view};
use crate::agreements::views::section_expansions::{SectionExpandQuery, SectionExpansions};
use crate::app::{RequestContext, Routes};
use crate::db::journal::EventKind;
use crate::db::{Conn, Tx};
use crate::error::{Code, Result};
use crate::http::{IfMatch, Json, Query, Reply, SectionPath, patch};
use crate::types::{Id, Json as StoredJson};

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
pub async fn get_section(call: RequestContext, path: SectionPath, query: Query<SectionExpandQuery>) -> Result<Reply> {
    let expand = query.read()?;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, path.agreement_id)?;
        loaded.section(&path.key)?;
        let beside = SectionExpansions::read(conn, actor, &loaded, &path.key, expand)?;
        let goals = goals_in(conn, &path)?;
        reply_with(conn, actor, (&loaded, &path.key), goals, &beside)
    })
    .await
}

/// Opens an agreement for a change of one of its sections, whose goals the answer will show: what is read before the
/// first write makes no journey of its own after it. What the other sections say is not read.
///
/// # Errors
/// 404 when there is no such agreement or section.
pub fn locked(tx: &mut Tx, actor: &Actor, path: &SectionPath) -> Result<(LoadedAgreement, Vec<Goal>)> {
    let agreement = agreements::lock(tx, path.agreement_id)?;
    let (sections, goals) = goals::with_sections(tx, path.agreement_id, &path.key)?;
    let loaded = LoadedAgreement::open(tx, actor, agreement, sections)?;
    loaded.section(&path.key)?;
    Ok((loaded, goals.iter().map(|(row, indicators)| Goal::of(row, indicators)).collect()))
}

fn goals_in(conn: &mut Conn, path: &SectionPath) -> Result<Vec<Goal>> {
    Ok(goals_of(conn, path.agreement_id, Some(&path.key))?.into_iter().map(|(_, goal)| goal).collect())
}

/// A section as it stands now with its goals, to its reader.
///
/// # Errors
/// 404 when there is no such section.
pub fn reply(conn: &mut Conn, actor: &Actor, loaded: &LoadedAgreement, key: &str, goals: Vec<Goal>) -> Result<Reply> {
    reply_with(conn, actor, (loaded, key), goals, &SectionExpansions::default())
}

fn reply_with(
    conn: &mut Conn,
    actor: &Actor,
    (loaded, key): (&LoadedAgreement, &str),
    goals: Vec<Goal>,
    beside: &SectionExpansions,
) -> Result<Reply> {
    let section = loaded.section(key)?;
    let shown = if section.state.is_editable() && !loaded.sees_draft() {
        let newest = store::newest_revision(conn, section.agreement_id, key)?;
        VisibleContent::submitted(newest.as_ref())?
    } else {
        VisibleContent::written(section, goals)?
    };
    let owners = store::theme_owners(conn, std::slice::from_ref(section))?;
    let waiting = loaded.waiting(section, &owners)?;
    let offered = actions::of_section(actor, loaded, section, &owners, conn.lang())?;
    Reply::item(section.version, &view(loaded, section, (shown, beside), &waiting, offered, conn.lang())?)
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
    call: RequestContext,
    path: SectionPath,
    if_match: IfMatch,
    body: Json<SectionPatch>,
) -> Result<Reply> {
    call.write(move |tx, actor| {
        let (mut loaded, goals) = locked(tx, actor, &path)?;
        loaded.can_write(&path.key)?;
        if_match.accepts(loaded.section(&path.key)?)?;
        let changed = change(&mut loaded, &path.key, &body)?;
        loaded.check_editable(&path.key)?;
        if !changed.is_empty() {
            loaded.save_edited(tx, &path.key)?;
            tx.record(loaded.section_event(EventKind::SectionEdited, loaded.section(&path.key)?).changed(changed));
        }
        reply(tx, actor, &loaded, &path.key, goals)
    })
    .await
}

fn change(loaded: &mut LoadedAgreement, key: &str, patch: &SectionPatch) -> Result<Vec<&'static str>> {
    let mut content: Map<String, Value> = loaded.section(key)?.content.read()?;
    for (field, value) in patch.content.iter().flatten() {
        match value {
            Value::Null => content.remove(field),
            value => content.insert(field.clone(), value.clone()),
        };
    }
    let faults = content::faults(loaded.definition(key)?, patch.content.as_ref().unwrap_or(&Map::new()), "/content");
    if !faults.is_empty() {
        return Err(Code::InvalidBody.refuse().faults(faults).into());
    }
    let section = loaded.section_mut(key)?;
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

/// The submitted revisions of a section.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revisions)]
pub struct RevisionsView {
    /// The revisions, newest first.
    #[schema(max_items = 1000)]
    pub items: Vec<RevisionSummary>,
}

/// The submitted revisions of a section, newest first.
///
/// To see what was submitted when; what each says is read at its own address.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
), responses((status = 200, description = "The revisions.", body = RevisionsView)))]
#[get("/api/v1/agreements/{id}/sections/{key}/revisions")]
pub async fn list_revisions(call: RequestContext, path: SectionPath) -> Result<Reply> {
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, path.agreement_id)?;
        loaded.section(&path.key)?;
        let summary = |row: RevisionHead| RevisionSummary::of(row, &loaded.organisation);
        let rows = store::revision_heads(conn, path.agreement_id, &path.key)?;
        Reply::json(&RevisionsView { items: rows.into_iter().map(summary).collect() })
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
pub async fn get_revision(call: RequestContext, path: SectionPath) -> Result<Reply> {
    let number = call.path_number("number")?;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, path.agreement_id)?;
        loaded.section(&path.key)?;
        let row = store::revision(conn, path.agreement_id, &path.key, number)?;
        Reply::json(&RevisionView::of(row, &loaded.organisation))
    })
    .await
}
