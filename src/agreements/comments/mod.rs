//! Comments: threads on a section of an agreement, where leaders, approvers and the line talk about it.
//!
//! - Whoever sees the agreement comments; a comment is never erased, and its words are changed only by its author and
//!   only until somebody has replied.
//! - An approver may mark a comment `must_answer`: it blocks the approval until a writer of the section replies.
//! - A thread is resolved by its author, the holder or the coordinator; the holder answers before that what must be.
//! - Who returns a section may comment on it in the same act; those comments follow the same rules.
//! - Comments stand beside the section: they raise neither its version nor its revision.

pub mod create;
pub mod input;
pub mod model;
pub mod policy;
pub mod store;
