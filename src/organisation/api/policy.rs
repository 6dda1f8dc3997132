//! Who may change the organisation.

use crate::access::{Actor, Who};
use crate::auth::ClientScope;
use crate::error::Code;
use crate::organisation::model::{LOCAL, Role};
use crate::types::Id;

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
    match &actor.who {
        Who::Person { .. } => can_change_local(actor)?,
        Who::Client { .. } if !actor.has_scope(ClientScope::OrganisationWrite) => return Err(Code::Forbidden),
        Who::Client { .. } => {}
    }
    if source_of(actor) == managed_by { Ok(()) } else { Err(Code::ManagedElsewhere) }
}

/// Whether an actor may change the municipality's settings. Who decides as a last resort is one of them: a coordinator,
/// who approves nothing, is not to choose it.
///
/// # Errors
/// The code of the refusal.
pub fn can_change_settings(actor: &Actor) -> Result<(), Code> {
    if actor.has_any(&[Role::Administrator]) { Ok(()) } else { Err(Code::Forbidden) }
}

/// Whether an actor may change the local fields of a row.
///
/// # Errors
/// The code of the refusal.
pub fn can_change_local(actor: &Actor) -> Result<(), Code> {
    if actor.has_any(&[Role::Administrator, Role::Coordinator]) { Ok(()) } else { Err(Code::Forbidden) }
}

/// Whether an actor knows what outside systems call people, and who of them has a log-in.
///
/// # Errors
/// The code of the refusal.
pub fn can_match(actor: &Actor) -> Result<(), Code> {
    if matches!(actor.who, Who::Client { .. }) { Ok(()) } else { can_change_local(actor) }
}

/// The roles that a coordinator gives: none that decides on agreements, and none that runs the municipality.
const GIVEN_BY_COORDINATORS: [Role; 5] =
    [Role::Leader, Role::Contributor, Role::WorksCouncil, Role::UserBoard, Role::Reader];

/// The roles that an outside system gives.
const GIVEN_BY_CLIENTS: [Role; 2] = [Role::Leader, Role::Contributor];

/// Whether an actor may appoint somebody to a role, and change or end such an appointment.
///
/// # Errors
/// The code of the refusal.
pub fn can_give(actor: &Actor, role: Role) -> Result<(), Code> {
    if matches!(actor.who, Who::Client { .. }) {
        return if GIVEN_BY_CLIENTS.contains(&role) { Ok(()) } else { Err(Code::RoleGivenLocally) };
    }
    can_change_local(actor)?;
    let given = actor.has_any(&[Role::Administrator]) || GIVEN_BY_COORDINATORS.contains(&role);
    if given { Ok(()) } else { Err(Code::RoleGivenByAdministrator) }
}

/// Whether an actor may give, change or end an appointment that concerns some people: the appointed and their deputy.
/// Nobody does it for themselves, whatever the role.
///
/// # Errors
/// The code of the refusal.
pub fn can_appoint(actor: &Actor, role: Role, people: [Option<Id>; 2]) -> Result<(), Code> {
    can_give(actor, role)?;
    let own = actor.person_id().is_some_and(|own| people.contains(&Some(own)));
    if own { Err(Code::OwnAppointment) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn who_gives_which_role_stands_in_the_table() {
        let person = |role: &Role| (role.as_str(), Actor::person_for_tests(&[*role]));
        let both = Actor::person_for_tests(&[Role::Coordinator, Role::Administrator]);
        let actors: Vec<(&str, Actor)> = Role::ALL
            .iter()
            .map(person)
            .chain([("coordinator and administrator", both), ("client", Actor::client_for_tests("hr"))])
            .collect();
        let lines = actors.iter().map(|(who, actor)| {
            let given = Role::ALL.iter().filter(|role| can_give(actor, **role).is_ok()).map(|role| role.as_str());
            let refused: BTreeSet<&str> =
                Role::ALL.iter().filter_map(|role| can_give(actor, *role).err()).map(Code::as_str).collect();
            let (given, refused) = (given.collect::<Vec<_>>().join(" "), refused.into_iter().collect::<Vec<_>>());
            format!("{who}: gives [{given}], else [{}]", refused.join(" "))
        });
        insta::assert_snapshot!(lines.collect::<Vec<String>>().join("\n"), @"
        leader: gives [], else [forbidden]
        contributor: gives [], else [forbidden]
        director: gives [], else [forbidden]
        chief_executive: gives [], else [forbidden]
        coordinator: gives [leader contributor works_council user_board reader], else [role-given-by-administrator]
        administrator: gives [leader contributor director chief_executive coordinator administrator works_council user_board reader], else []
        works_council: gives [], else [forbidden]
        user_board: gives [], else [forbidden]
        reader: gives [], else [forbidden]
        coordinator and administrator: gives [leader contributor director chief_executive coordinator administrator works_council user_board reader], else []
        client: gives [leader contributor], else [role-given-locally]
        ");
    }

    #[test]
    fn nobody_appoints_themselves_to_anything() {
        let administrator = Actor::person_for_tests(&[Role::Administrator]);
        let own = administrator.person_id();
        for role in Role::ALL {
            assert_eq!(can_appoint(&administrator, *role, [Some(Id::new()), None]), Ok(()));
            assert_eq!(can_appoint(&administrator, *role, [own, None]), Err(Code::OwnAppointment));
            assert_eq!(can_appoint(&administrator, *role, [Some(Id::new()), own]), Err(Code::OwnAppointment));
        }
        assert_eq!(can_appoint(&Actor::client_for_tests("hr"), Role::Leader, [None, None]), Ok(()));
    }

    #[test]
    fn a_source_replaces_its_own_rows_and_no_others() {
        let hr = Actor::client_for_tests("hr");
        assert_eq!(can_replace(&hr, "hr"), Ok(()));
        assert_eq!(can_replace(&hr, LOCAL), Err(Code::ManagedElsewhere));
        let coordinator = Actor::person_for_tests(&[Role::Coordinator]);
        assert_eq!(can_replace(&coordinator, LOCAL), Ok(()));
        assert_eq!(can_replace(&coordinator, "hr"), Err(Code::ManagedElsewhere));
        assert_eq!(can_replace(&Actor::person_for_tests(&[Role::Leader]), LOCAL), Err(Code::Forbidden));
    }

    #[test]
    fn settings_are_for_administrators() {
        assert_eq!(can_change_settings(&Actor::person_for_tests(&[Role::Administrator])), Ok(()));
        assert_eq!(can_change_settings(&Actor::person_for_tests(&[Role::Coordinator])), Err(Code::Forbidden));
        assert_eq!(can_change_settings(&Actor::client_for_tests("hr")), Err(Code::Forbidden));
    }

    #[test]
    fn local_fields_are_for_those_who_run_the_municipality() {
        assert_eq!(can_change_local(&Actor::person_for_tests(&[Role::Administrator])), Ok(()));
        assert_eq!(can_change_local(&Actor::person_for_tests(&[Role::Leader])), Err(Code::Forbidden));
        assert_eq!(can_change_local(&Actor::client_for_tests("hr")), Err(Code::Forbidden));
    }
}
