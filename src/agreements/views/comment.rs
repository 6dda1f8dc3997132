//! What travels of a comment, in and out.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Actor;
use crate::access::action::ActionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::comments::model::CommentKind;
use crate::agreements::comments::model::CommentRow;
use crate::agreements::comments::policy::{self, CommenterRole, Replied};
use crate::agreements::comments::store::{self};
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Etag, Tagged};
use crate::text::Lang;
use crate::types::{Id, Ts};

/// A comment on a section, or a reply to one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comment)]
pub struct CommentView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The key of the section it belongs to.
    #[schema(max_length = 60, example = "effects")]
    pub section_key: String,
    /// The comment that begins its thread; null when it does itself.
    #[schema(required = true)]
    pub reply_to_id: Option<Id>,
    /// The place in the section, as a JSON Pointer; null for the whole.
    #[schema(required = true, max_length = 500, example = "/content/plan")]
    pub pointer: Option<String>,
    /// What it is for.
    pub kind: CommentKind,
    /// Whether an approver demands an answer.
    pub must_answer: bool,
    /// Whether a writer of the section has given it.
    pub answered: bool,
    /// Whether its thread is done with.
    pub resolved: bool,
    /// What it says.
    #[schema(max_length = 4000, example = "Hvordan og hvornår vurderer I, om målet er nået?")]
    pub body: String,
    /// Who says it.
    pub author_id: Id,
    /// The name of that person.
    #[schema(max_length = 200, example = "Anne Andersen")]
    pub author_name: String,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl CommentView {
    /// A comment as its reader sees it.
    pub fn of(row: &CommentRow, replied: Replied, role: &CommenterRole, loaded: &LoadedAgreement, lang: Lang) -> Self {
        let mut actions = vec![ActionView::of("update", policy::can_reword(role, row, replied), lang)];
        if row.begins_thread() {
            actions.push(ActionView::of("resolve", policy::can_resolve(role, row), lang));
            actions.push(ActionView::of("demand_answer", policy::can_demand_answer(role), lang));
        }
        CommentView {
            etag: Etag::default(),
            id: row.id,
            agreement_id: row.agreement_id,
            section_key: row.section_key.clone(),
            reply_to_id: row.reply_to_id,
            pointer: Some(row.pointer.clone()).filter(|pointer| !pointer.is_empty()),
            kind: row.kind,
            must_answer: row.must_answer,
            answered: row.answered,
            resolved: row.resolved,
            body: row.body.clone(),
            author_id: row.author_id,
            author_name: loaded.organisation.name_of(row.author_id).to_owned(),
            available_actions: actions,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Whether a comment is among those that have replies.
pub fn replied_to(row: &CommentRow, replied: &[Id]) -> Replied {
    if replied.contains(&row.id) { Replied::Yes } else { Replied::No }
}

/// The comments on an agreement or on one section of it, oldest first, each with the key of its section; none for a
/// machine client, which reads no comments.
///
/// # Errors
/// When the database fails.
pub fn shown_in(
    conn: &mut Conn,
    actor: &Actor,
    loaded: &LoadedAgreement,
    section: Option<&str>,
) -> Result<Option<Vec<(String, Tagged)>>> {
    if actor.person_id().is_none() {
        return Ok(None);
    }
    let rows = store::oldest_first(conn, loaded.agreement.id, section, None, i64::MAX)?;
    // All replies are here, so that nobody has to look for them.
    let replied: Vec<Id> = rows.iter().filter_map(|row| row.reply_to_id).collect();
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        let role = CommenterRole::of(loaded, actor, &row.section_key)?;
        let view = CommentView::of(row, replied_to(row, &replied), &role, loaded, conn.lang());
        shown.push((row.section_key.clone(), Tagged::of(row.version, &view)?));
    }
    Ok(Some(shown))
}
