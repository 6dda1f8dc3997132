//! Who may change the organisation.

use super::model::Role;
use crate::auth::{Actor, Who};
use crate::error::Code;

/// The name of rows that no outside system manages.
pub const LOCAL: &str = "local";

/// The source whose rows an actor writes.
pub fn source_of(actor: &Actor) -> &str {
    match &actor.who {
        Who::Client { source, .. } => source,
        Who::Person { .. } => LOCAL,
    }
}

/// Whether an actor may replace the fields of a row that a source manages.
///
/// # Errors
/// The code of the refusal.
pub fn can_replace(actor: &Actor, managed_by: &str) -> Result<(), Code> {
    if source_of(actor) == managed_by { Ok(()) } else { Err(Code::ManagedElsewhere) }
}

/// Whether an actor may change the local fields of a row.
///
/// # Errors
/// The code of the refusal.
pub fn can_change_local(actor: &Actor) -> Result<(), Code> {
    if actor.has_any(&[Role::Administrator, Role::Coordinator]) { Ok(()) } else { Err(Code::Forbidden) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_replaces_its_own_rows_and_no_others() {
        let hr = Actor::client_for_tests("hr");
        assert_eq!(can_replace(&hr, "hr"), Ok(()));
        assert_eq!(can_replace(&hr, LOCAL), Err(Code::ManagedElsewhere));
        let coordinator = Actor::person_for_tests(&[Role::Coordinator]);
        assert_eq!(can_replace(&coordinator, LOCAL), Ok(()));
        assert_eq!(can_replace(&coordinator, "hr"), Err(Code::ManagedElsewhere));
    }

    #[test]
    fn local_fields_are_for_those_who_run_the_municipality() {
        assert_eq!(can_change_local(&Actor::person_for_tests(&[Role::Administrator])), Ok(()));
        assert_eq!(can_change_local(&Actor::person_for_tests(&[Role::Leader])), Err(Code::Forbidden));
        assert_eq!(can_change_local(&Actor::client_for_tests("hr")), Err(Code::Forbidden));
    }
}
