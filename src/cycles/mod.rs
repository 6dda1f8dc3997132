//! Cycles: a year of agreements, for which units, from which templates, until when.
//!
//! - `planned → open`; opening demands published templates and, where it names one, a published letter.
//! - Each unit in scope gets the one template whose `applies_to` is narrowest for it; none, or two that are equally
//!   narrow, refuse the opening and name the units.
//! - An open cycle keeps its year, letter, templates, period and scope; name, deadlines and follow-ups still change.
//! - The coordinator writes; planned cycles are seen by the coordinator and the directorate, others by everybody.

pub mod api;
pub mod cache;
pub mod model;
pub mod opening;
pub mod policy;
pub mod store;
