//! What travels of the organisation.

pub mod appointments;
pub mod municipality;
pub mod people;
mod policy;
pub mod units;
mod upsert;

use crate::app::Routes;

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config
        .service(municipality::get_municipality)
        .service(municipality::update_municipality)
        .service(units::read::list_org_units)
        .service(units::read::get_org_unit)
        .service(units::write::put_org_unit)
        .service(units::write::update_org_unit)
        .service(units::read::get_org_unit_history)
        .service(people::list_people)
        .service(people::get_person)
        .service(people::put_person)
        .service(people::update_person)
        .service(appointments::list_appointments)
        .service(appointments::get_appointment)
        .service(appointments::put_appointment)
        .service(appointments::delete_appointment);
}
