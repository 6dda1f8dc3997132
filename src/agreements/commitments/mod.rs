//! Commitments: what units promise each other across the organisation's boxes.
//!
//! - A commitment belongs to a section of its proposer's agreement and is shown in every party's. Saved means
//!   proposed; the proposer's side is confirmed at once.
//! - Changing promise, gain or due resets the others' answers. A partner may answer while the section is locked.
//! - The holder answers for external parties, and may withdraw a commitment while the section is editable.
//! - Its parties see that commitment alone, and nothing else of the agreement (domain rule 6).

pub mod draft;
pub mod input;
pub mod model;
pub mod moves;
pub mod policy;
pub mod seen;
pub mod store;
