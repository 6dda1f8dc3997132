//! Who writes down what was seen, and who sees its values. Pure.

use super::model::ObservationRow;
use crate::agreements::agreement::model::{AgreementState, Relation};
use crate::agreements::agreement::policy::{can_see_draft, can_write};
use crate::error::Code;

/// Whether somebody writes down what was seen: who writes in the agreement, and who runs the cycle.
///
/// # Errors
/// `not-holder`.
pub fn can_observe(relation: &Relation) -> Result<(), Code> {
    if relation.coordinator { Ok(()) } else { can_write(relation) }
}

/// Whether observations are still written: at any time, but not in an agreement that was given up.
///
/// # Errors
/// `illegal-move`.
pub fn is_observed(state: AgreementState) -> Result<(), Code> {
    match state {
        AgreementState::Withdrawn | AgreementState::Superseded => Err(Code::IllegalMove),
        _ => Ok(()),
    }
}

/// Whether a value is kept from a reader: one about fewer people than the municipality's limit, from those who do not
/// see the unit's drafts.
pub fn is_suppressed(row: &ObservationRow, relation: &Relation, limit: i64) -> bool {
    can_see_draft(relation).is_err() && row.is_small(limit)
}
