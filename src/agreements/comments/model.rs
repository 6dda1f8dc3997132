//! What a comment is. Pure.

use super::store::CommentRow;
use crate::text_enum;

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
