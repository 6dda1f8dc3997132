//! The draft: a page of sections saved at once, and the contents that readiness and frozen revisions are made of.

pub mod contents;
pub mod frozen;
pub mod input;
pub mod readiness;
pub mod save;
