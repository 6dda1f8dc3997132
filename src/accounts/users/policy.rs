//! Who may shut a log-in.

use crate::access::{Actor, Who};
use crate::error::Code;
use crate::types::Id;

/// Whether an actor may disable or delete a log-in: not the one they use.
///
/// # Errors
/// The code of the refusal.
pub fn can_shut(actor: &Actor, user: Id) -> Result<(), Code> {
    match actor.who {
        Who::Person { user_id, .. } if user_id == user => Err(Code::OwnLogIn),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::Role;

    #[test]
    fn nobody_shuts_the_log_in_they_use() {
        let administrator = Actor::person_for_tests(&[Role::Administrator]);
        let Who::Person { user_id, .. } = administrator.who else { panic!("a person") };
        assert_eq!(can_shut(&administrator, user_id), Err(Code::OwnLogIn));
        assert_eq!(can_shut(&administrator, Id::new()), Ok(()));
    }
}
