//! Who prepares the year, and who sees what is being prepared: letters, templates and cycles alike.

use super::model::LetterState;
use crate::access::Actor;
use crate::error::Code;
use crate::organisation::Role;

/// Whether somebody writes what the directorate asks for.
///
/// # Errors
/// `forbidden`.
pub fn can_prepare(actor: &Actor) -> Result<(), Code> {
    if actor.has_any(&[Role::Coordinator]) { Ok(()) } else { Err(Code::Forbidden) }
}

/// Whether somebody sees what is being prepared.
///
/// # Errors
/// `not-found`: its existence is hidden.
pub fn can_see_plans(actor: &Actor) -> Result<(), Code> {
    let sees = actor.has_any(&[Role::Coordinator, Role::Director, Role::ChiefExecutive]);
    if sees { Ok(()) } else { Err(Code::NotFound) }
}

/// Whether somebody sees a letter in a state.
///
/// # Errors
/// `not-found`: its existence is hidden.
pub fn can_see(actor: &Actor, state: LetterState) -> Result<(), Code> {
    match state {
        LetterState::Draft => can_see_plans(actor),
        LetterState::Published => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_coordinator_prepares_and_the_directorate_looks_on() {
        for role in Role::ALL {
            let actor = Actor::person_for_tests(&[*role]);
            assert_eq!(can_prepare(&actor).is_ok(), *role == Role::Coordinator, "{role}");
            let sees = matches!(role, Role::Coordinator | Role::Director | Role::ChiefExecutive);
            assert_eq!(can_see(&actor, LetterState::Draft).is_ok(), sees, "{role}");
            assert_eq!(can_see(&actor, LetterState::Published), Ok(()), "{role}");
        }
        let client = Actor::client_for_tests("hr");
        assert_eq!(can_prepare(&client), Err(Code::Forbidden));
        assert_eq!(can_see(&client, LetterState::Draft), Err(Code::NotFound));
        assert_eq!(can_see(&client, LetterState::Published), Ok(()));
    }
}
