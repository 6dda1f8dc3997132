//! Finding agreements by their words (`?q=`). Every word must stand somewhere in the agreement: in its title, in the
//! content of its sections, or in the title, assessment or effect of its goals.
//!
//! - What was submitted last is found by all who may know of the agreement; what is being written by those alone who see
//!   the draft. Both are indexed for each agreement (`agreement_texts`, on SQLite with `agreement_words`).
//! - The index follows from what is stored and costs a save nothing: it tells of which version of an agreement it is, and
//!   whoever searches first brings up to date what has changed since ([`texts::keep_up`]).
//! - PostgreSQL finds words by their Danish stems, SQLite by their beginnings.

pub mod find;
pub mod texts;
