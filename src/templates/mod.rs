//! Templates: what a cycle's agreements consist of, what is demanded of them, who decides and who signs.

pub mod cache;
pub mod model;
