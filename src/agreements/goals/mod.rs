//! Goals and their indicators, within a section.
//!
//! - A goal needs nothing but a title; an indicator or a stated assessment satisfies the advice (domain rule 1).
//! - A change of a goal or an indicator raises the versions of all above it, up to the agreement.
//! - Values have at most six decimals and 15 significant digits and are kept exactly.

pub mod changes;
pub mod corporate;
pub mod inherit;
pub mod model;
pub mod references;
pub mod save;
pub mod store;
