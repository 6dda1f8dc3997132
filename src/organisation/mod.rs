//! The organisation: municipality, units with their timelines, people and their appointments.
//!
//! - Every row is `managed_by` a named source or `local`; a source touches only its own rows, `local` fields
//!   change by PATCH alone.
//! - A unit's name, kind and place are true for a period; periods of one unit don't overlap, `to` is inclusive.
//! - Roles come from appointments, and from nowhere else.

pub mod api;
mod cache;
pub mod leaders;
pub mod model;
pub mod store;
pub mod timeline;

pub use cache::{current, current_of};
pub use model::{Organisation, Role, UnitKind};
