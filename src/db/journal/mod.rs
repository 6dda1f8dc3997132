//! The commit's journal: what a transaction did, numbered and chained, and the signal to those who wait for it.

mod event;
pub mod signal;

pub use event::{Event, EventRow, GENESIS, append, hex, last_sequences, rewrite_counter};
