//! Who writes templates, and who sees them.

use super::state::TemplateState;
use crate::access::Actor;
use crate::error::Code;
use crate::letters;

/// Whether somebody writes templates.
///
/// # Errors
/// `forbidden`.
pub fn can_write(actor: &Actor) -> Result<(), Code> {
    letters::policy::can_prepare(actor)
}

/// Whether somebody sees a template in a state.
///
/// # Errors
/// `not-found`: its existence is hidden.
pub fn can_see(actor: &Actor, state: TemplateState) -> Result<(), Code> {
    match state {
        TemplateState::Draft => letters::policy::can_see_plans(actor),
        TemplateState::Published => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::Role;

    #[test]
    fn drafts_are_for_the_coordinator_and_the_directorate() {
        for (role, writes, sees) in [
            (Role::Coordinator, true, true),
            (Role::Director, false, true),
            (Role::ChiefExecutive, false, true),
            (Role::Leader, false, false),
            (Role::Administrator, false, false),
        ] {
            let actor = Actor::person_for_tests(&[role]);
            assert_eq!(can_write(&actor).is_ok(), writes, "{role}");
            assert_eq!(can_see(&actor, TemplateState::Draft).is_ok(), sees, "{role}");
            assert_eq!(can_see(&actor, TemplateState::Published), Ok(()), "{role}");
        }
    }
}
