//! Sections: the parts of an agreement that are submitted and decided on one by one.
//!
//! - A section is an aggregate: its content, its goals with indicators, its side of its commitments. Its version
//!   rises with every change of these and of its state; its revision rises at each submission.
//! - A submitted revision is frozen, with the SHA-256 of its canonical JSON (RFC 8785).

pub mod content;
pub mod ids;
pub mod model;
pub mod store;
