//! What travels of a comment, in and out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::agreements::dossier::Dossier;
use crate::auth::Actor;
use crate::auth::action::ActionView;
use crate::comments::model::CommentKind;
use crate::comments::policy::{self, Replied, Voice};
use crate::comments::store::CommentRow;
use crate::db::types::{Id, Ts};
use crate::error::Result;
use crate::http::{Etag, patch};
use crate::text::Lang;

/// A new comment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = demands_no_answer_in_reply))]
pub struct NewComment {
    /// The section it is on.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60, example = "effects")]
    pub section_key: String,
    /// The place in the section, as a JSON Pointer; the whole when null.
    #[serde(default)]
    #[validate(length(max = 500), custom(function = is_pointer))]
    #[schema(max_length = 500, pattern = "^(/.*)?$", example = "/content/plan")]
    pub pointer: Option<String>,
    /// What it is for.
    #[serde(default = "question")]
    pub kind: CommentKind,
    /// Whether the section waits with its approval until a writer of it has replied; for approvers.
    #[serde(default)]
    pub must_answer: bool,
    /// What it says.
    #[validate(length(min = 1, max = 4000), custom(function = is_said))]
    #[schema(min_length = 1, max_length = 4000, example = "Hvordan og hvornår vurderer I, om målet er nået?")]
    pub body: String,
    /// The comment it replies to; a reply to a reply joins the same thread.
    #[serde(default)]
    pub reply_to_id: Option<Id>,
}

/// A new comment that comes with a decision on its section.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRemark {
    /// The place in the section, as a JSON Pointer; the whole when null.
    #[serde(default)]
    #[validate(length(max = 500), custom(function = is_pointer))]
    #[schema(max_length = 500, pattern = "^(/.*)?$", example = "/content/plan")]
    pub pointer: Option<String>,
    /// What it is for.
    #[serde(default = "question")]
    pub kind: CommentKind,
    /// Whether the section waits with its approval until a writer of it has replied.
    #[serde(default)]
    pub must_answer: bool,
    /// What it says.
    #[validate(length(min = 1, max = 4000), custom(function = is_said))]
    #[schema(min_length = 1, max_length = 4000, example = "Hvordan og hvornår vurderer I, om målet er nået?")]
    pub body: String,
}

impl NewRemark {
    /// The comment that it is on a section.
    pub fn on(&self, key: &str) -> NewComment {
        NewComment {
            section_key: key.to_owned(),
            pointer: self.pointer.clone(),
            kind: self.kind,
            must_answer: self.must_answer,
            body: self.body.clone(),
            reply_to_id: None,
        }
    }
}

fn question() -> CommentKind {
    CommentKind::Question
}

fn demands_no_answer_in_reply(comment: &NewComment) -> Result<(), ValidationError> {
    let demands = comment.reply_to_id.is_some() && comment.must_answer;
    if demands { Err(ValidationError::new("not-first-in-thread")) } else { Ok(()) }
}

fn is_pointer(text: &str) -> Result<(), ValidationError> {
    if text.is_empty() || text.starts_with('/') { Ok(()) } else { Err(ValidationError::new("not-a-pointer")) }
}

fn is_said(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Err(ValidationError::new("blank")) } else { Ok(()) }
}

/// A change of a comment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentPatch {
    /// What it says; its author changes it until somebody has replied.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 4000), custom(function = is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 4000, example = "Hvordan vurderer I, om målet er nået?")]
    pub body: Option<String>,
    /// Whether an answer is demanded; for approvers.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub must_answer: Option<bool>,
    /// Whether its thread is done with; for its author, the holder and the coordinator.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub resolved: Option<bool>,
}

/// A comment on a section, or a reply to one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comment)]
pub struct CommentView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the comment.
    pub id: Id,
    /// The id of the agreement it belongs to.
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
    /// The person's name.
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
    pub(super) fn of(row: &CommentRow, replied: Replied, voice: &Voice, dossier: &Dossier, lang: Lang) -> Self {
        let mut actions = vec![ActionView::of("update", policy::can_reword(voice, row, replied), lang)];
        if row.begins_thread() {
            actions.push(ActionView::of("resolve", policy::can_resolve(voice, row), lang));
            actions.push(ActionView::of("demand_answer", policy::can_demand_answer(voice), lang));
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
            author_name: dossier.organisation.name_of(row.author_id).to_owned(),
            available_actions: actions,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What the actor is to the comments of a section.
pub(in crate::comments) fn voice(dossier: &Dossier, actor: &Actor, key: &str) -> Result<Voice> {
    let person = actor.person()?;
    dossier.section(key)?;
    let mut asked = dossier.relation.involved;
    for section in &dossier.sections {
        asked |= section.route()?.people().contains(&person);
    }
    Ok(Voice {
        person,
        writer: dossier.can_write(key).is_ok(),
        holder: dossier.relation.holder,
        coordinator: dossier.relation.coordinator,
        approver: asked && !dossier.relation.holder,
    })
}

pub(super) fn replied_to(row: &CommentRow, replied: &[Id]) -> Replied {
    if replied.contains(&row.id) { Replied::Yes } else { Replied::No }
}
