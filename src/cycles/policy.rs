//! Who runs cycles, and who sees them.

use super::model::CycleState;
use crate::access::Actor;
use crate::error::Code;
use crate::letters;
use crate::organisation::leaders::leads_above;
use crate::organisation::{Organisation, Role};
use crate::types::Id;

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

/// Whether somebody sees how far a unit's agreement has come, whatever they may read of it: the coordinator and the
/// directorate see all units, a leader those they lead and all below.
pub fn oversees(actor: &Actor, organisation: &Organisation, unit: Id) -> bool {
    let leads = |person| organisation.leads_any(person, &[unit]) || leads_above(organisation, person, unit);
    actor.has_any(&[Role::Coordinator, Role::Director, Role::ChiefExecutive]) || actor.person_id().is_some_and(leads)
}

#[cfg(test)]
mod tests {
    use super::*;

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
