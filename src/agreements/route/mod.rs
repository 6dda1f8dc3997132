//! The route of a section: who decides, in which steps, and whom it waits for.

pub mod model;
