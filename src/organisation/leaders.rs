//! Who leads: for whom a unit's work is done, and who stands in while nobody leads it. Pure.

use super::model::{Organisation, Role};
use crate::types::Id;

/// Whether a person leads a unit above.
pub fn leads_above(organisation: &Organisation, person: Id, unit: Id) -> bool {
    organisation.ancestors(unit).iter().any(|above| {
        let heads =
            organisation.appointed(*above, Role::Leader).chain(organisation.appointed(*above, Role::ChiefExecutive));
        heads.into_iter().any(|held| held.person_id == person)
    })
}

/// A leader of one of the units; while none of them has one, the nearest leader above (domain rule 8).
pub fn is_holder(organisation: &Organisation, person: Id, units: &[Id]) -> bool {
    organisation.leads_any(person, units) || stand_ins(organisation, units).contains(&person)
}

/// Whether a person heads a unit: what they hold then follows from it.
pub fn heads(organisation: &Organisation, person: Id) -> bool {
    organisation.held_by(person).any(|held| matches!(held.role, Role::Leader | Role::ChiefExecutive))
}

/// The units whose agreements a person holds.
pub fn held_by(organisation: &Organisation, person: Id) -> Vec<Id> {
    if !heads(organisation, person) {
        return Vec::new();
    }
    let holds = |unit: &Id| {
        let mut leaders = organisation.appointed(*unit, Role::Leader).peekable();
        match leaders.peek() {
            Some(_) => leaders.any(|held| held.person_id == person),
            None => stand_ins(organisation, &[*unit]).contains(&person),
        }
    };
    organisation.units().map(|unit| unit.id).filter(holds).collect()
}

fn stand_ins(organisation: &Organisation, units: &[Id]) -> Vec<Id> {
    if !organisation.leaders_of(units).is_empty() {
        return Vec::new();
    }
    let above = units.iter().filter_map(|unit| {
        organisation.ancestors(*unit).into_iter().find_map(|place| {
            // The directorate has no leader but a chief executive.
            let mut heads = [Role::Leader, Role::ChiefExecutive]
                .into_iter()
                .map(|role| organisation.appointed(place, role).map(|held| held.person_id).collect::<Vec<Id>>());
            heads.find(|heads| !heads.is_empty())
        })
    });
    above.flatten().collect()
}

/// The people a holder's work goes to: the leaders, or who stands in for them.
pub fn holders(organisation: &Organisation, units: &[Id]) -> Vec<Id> {
    let leaders: Vec<Id> = organisation.leaders_of(units).iter().map(|held| held.person_id).collect();
    if leaders.is_empty() { stand_ins(organisation, units) } else { leaders }
}
