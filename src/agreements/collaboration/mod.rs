//! Which units of a year have promised each other something, and which have not.

pub mod graph;
pub mod picture;
