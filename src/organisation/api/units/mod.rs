//! What travels of units.

pub mod read;
mod view;
pub mod write;

pub use view::{NewOrgUnit, OrgUnitPatch, OrgUnitView, ValidityView, is_small};
