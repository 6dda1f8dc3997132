//! A copy of everything, in one form for both databases: compressed lines of JSON.
//!
//! The first line says which migrations the rows fit, then comes a line for each row, and the last one counts them
//! and holds the SHA-256 of all lines before it. Instants, ids and JSON stand in the form that the SQLite file keeps,
//! so that a copy of one database can be restored into the other.

mod format;
mod read;
mod write;

pub use format::Contents;
pub use read::restore;
pub use write::write;
