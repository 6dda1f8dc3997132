//! Answers: agreements and their parts as a reader sees them.

pub mod actions;
pub mod agreement;
pub mod agreement_expansions;
pub mod comment;
pub mod commitment;
pub mod decision;
pub mod draft;
pub mod effect;
pub mod folding;
pub mod goal;
pub mod list;
pub mod observation;
pub mod progress;
pub mod readiness;
pub mod revision;
pub mod roll_up;
pub mod section;
pub mod section_expansions;
pub mod summary;
