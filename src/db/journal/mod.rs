//! The commit's journal: what a transaction did, numbered and chained, and the signal to those who wait for it.

mod append;
pub(super) mod chained;
pub(super) mod event;
mod kind;
mod row;
mod signal;

pub use append::{append, rewrite_counter};
pub use event::Event;
pub use kind::{EventKind, Noun};
pub use row::{EventRow, GENESIS};
pub use signal::{CommitSignal, Signal};
