//! What a comment is. Pure.

use diesel::prelude::*;

use crate::schema::comments;
use crate::text_enum;
use crate::types::{Id, Ts};

text_enum! {
    /// What a comment is for.
    pub enum CommentKind {
        /// It asks.
        Question = "question",
        /// It doubts.
        Challenge = "challenge",
        /// It tells what was learnt.
        Learning = "learning",
        /// It tells what was agreed.
        Decision = "decision",
    }
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = comments, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CommentRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The section.
    pub section_key: String,
    /// The comment that begins its thread; none when it does itself.
    pub reply_to_id: Option<Id>,
    /// The place in the section, as a JSON Pointer; empty for the whole.
    pub pointer: String,
    /// What it is for.
    pub kind: CommentKind,
    /// Whether an approver demands an answer.
    pub must_answer: bool,
    /// Whether a writer of the section has given it.
    pub answered: bool,
    /// Whether its thread is done with.
    pub resolved: bool,
    /// What it says.
    pub body: String,
    /// Who says it.
    pub author_id: Id,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(CommentRow);

/// What a section counts of its comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Threads that are not resolved.
    pub open: i64,
    /// Threads that must be answered and are not.
    pub must_answer: i64,
}

impl CommentRow {
    /// Whether it begins a thread.
    pub fn begins_thread(&self) -> bool {
        self.reply_to_id.is_none()
    }

    /// Whether it keeps its section from being approved.
    pub fn waits_for_answer(&self) -> bool {
        self.begins_thread() && self.must_answer && !self.answered && !self.resolved
    }
}

/// Counts the threads of a section.
pub fn count(comments: &[CommentRow]) -> Counts {
    let number = |wanted: fn(&CommentRow) -> bool| comments.iter().filter(|one| wanted(one)).map(|_| 1_i64).sum();
    Counts {
        open: number(|one| one.begins_thread() && !one.resolved),
        must_answer: number(CommentRow::waits_for_answer),
    }
}
