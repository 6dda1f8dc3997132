//! How the organisation is kept.

mod appointment;
mod municipality;
mod person;
mod unit;
mod version;

pub use appointment::*;
pub use municipality::*;
pub use person::*;
pub use unit::*;
pub use version::CurrentOrganisation;

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Appointed, Organisation, Role, Unit};
use crate::db::Conn;
use crate::each;
use crate::error::Result;
use crate::schema::{appointments, org_unit_validities, org_units, people};
use crate::types::{Date, Id};

/// Reads the organisation of a day.
///
/// # Errors
/// When the database fails.
pub fn load(conn: &mut Conn, municipality: &MunicipalityRow, today: Date) -> Result<Organisation> {
    let scope = conn.scope();
    let units: Vec<(ValidityRow, bool)> = each!(conn => org_unit_validities::table
        .inner_join(org_units::table.on(org_units::municipality_id.eq(org_unit_validities::municipality_id)
            .and(org_units::id.eq(org_unit_validities::org_unit_id))))
        .filter(org_unit_validities::municipality_id.eq(scope))
        .filter(org_unit_validities::from_on.le(today))
        .filter(org_unit_validities::to_on.is_null().or(org_unit_validities::to_on.ge(today)))
        .select((ValidityRow::as_select(), org_units::holds_agreement))
        .load(conn))?;
    let held: Vec<AppointmentRow> = each!(conn => appointments::table
        .filter(appointments::municipality_id.eq(scope))
        .filter(appointments::from_on.le(today))
        .filter(appointments::to_on.is_null().or(appointments::to_on.ge(today)))
        .order(appointments::from_on)
        .select(AppointmentRow::as_select())
        .load(conn))?;
    let left: Vec<(Id, Option<Date>)> = each!(conn => appointments::table
        .filter(appointments::municipality_id.eq(scope).and(appointments::role.eq(Role::Leader)))
        .filter(appointments::to_on.lt(today))
        .group_by(appointments::org_unit_id)
        .select((appointments::org_unit_id, diesel::dsl::max(appointments::to_on)))
        .load(conn))?;
    let names: Vec<(Id, String)> = each!(conn => people::table
        .filter(people::municipality_id.eq(scope)).select((people::id, people::name)).load(conn))?;
    let held = held.into_iter().map(AppointmentRow::appointed).collect::<Result<Vec<Appointed>>>()?;
    let units = units.into_iter().map(|(validity, holds_agreement)| Unit {
        id: validity.org_unit_id,
        name: validity.name,
        folded_name: validity.folded_name,
        kind: validity.kind,
        parent_id: validity.parent_id,
        holds_agreement,
    });
    let led_until = left.into_iter().filter_map(|(unit, last)| Some((unit, last?))).collect();
    let organisation = Organisation::new(today, municipality.settings(), units, held, HashMap::from_iter(names));
    Ok(organisation.led_until(led_until).of_version(municipality.organisation_version))
}
