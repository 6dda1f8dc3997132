//! What is sent of a comment.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::model::CommentKind;
use crate::http::patch;
use crate::types::{Id, MAX_KEY};

/// A new comment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = demands_no_answer_in_reply, skip_on_field_errors = false))]
pub struct NewComment {
    /// The section it is on.
    #[validate(length(min = 1, max = MAX_KEY))]
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
    #[validate(length(min = 1, max = 4000), custom(function = crate::http::is_said))]
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
    #[validate(length(min = 1, max = 4000), custom(function = crate::http::is_said))]
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

/// A change of a comment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentPatch {
    /// What it says; its author changes it until somebody has replied.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 4000), custom(function = crate::http::is_said))]
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
