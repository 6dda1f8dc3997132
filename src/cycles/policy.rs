//! Who runs cycles, and who sees them.

use super::model::CycleState;
use crate::access::Actor;
use crate::error::Code;
use crate::letters;

/// Whether somebody plans, changes and opens cycles.
///
/// # Errors
/// `forbidden`.
pub fn can_write(actor: &Actor) -> Result<(), Code> {
    letters::policy::can_prepare(actor)
}

/// Whether somebody sees a cycle in a state.
///
/// # Errors
/// `not-found`: its existence is hidden.
pub fn can_see(actor: &Actor, state: CycleState) -> Result<(), Code> {
    match state {
        CycleState::Planned => letters::policy::can_see_plans(actor),
        CycleState::Open | CycleState::Closed => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::Role;

    #[test]
    fn plans_are_for_the_coordinator_and_the_directorate_and_the_rest_for_everybody() {
        for role in Role::ALL {
            let actor = Actor::person_for_tests(&[*role]);
            let plans = matches!(role, Role::Coordinator | Role::Director | Role::ChiefExecutive);
            assert_eq!(can_see(&actor, CycleState::Planned).is_ok(), plans, "{role}");
            assert_eq!(can_see(&actor, CycleState::Open), Ok(()), "{role}");
            assert_eq!(can_see(&actor, CycleState::Closed), Ok(()), "{role}");
            assert_eq!(can_write(&actor).is_ok(), *role == Role::Coordinator, "{role}");
        }
    }
}
