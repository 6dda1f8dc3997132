//! Observations of many agreements at once: read from a file, written all or not at all, and given out again.

pub mod read;
pub mod write;
