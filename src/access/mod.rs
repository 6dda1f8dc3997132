//! Who may: the caller with their rights, the one table of operations, and the actions that an answer offers.

pub mod action;
mod actor;
pub mod table;

pub use actor::{Actor, Who};
