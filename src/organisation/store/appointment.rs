//! Appointments: who has which role where, and when.

use diesel::prelude::*;
use std::collections::HashMap;

use super::version;
use crate::db::{Conn, NewRow, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::organisation::model::{Appointed, LOCAL, Role};
use crate::organisation::timeline::Days;
use crate::schema::{appointments, org_unit_validities, people};
use crate::types::{Date, Id, Json, Ts};

/// An appointment.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = appointments, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AppointmentRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id, given by its source.
    pub id: Id,
    /// The source that manages it.
    pub managed_by: String,
    /// When its source changed it.
    pub source_changed_at: Option<Ts>,
    /// The person.
    pub person_id: Id,
    /// The unit.
    pub org_unit_id: Id,
    /// The role there.
    pub role: Role,
    /// The first day.
    pub from_on: Date,
    /// The last day; open when null.
    pub to_on: Option<Date>,
    /// Whether it is for a time, until somebody is appointed.
    pub acting: bool,
    /// Who decides when this person is barred.
    pub standing_deputy_id: Option<Id>,
    /// The units a director answers for.
    pub responsible_for: Json,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(AppointmentRow);

impl AppointmentRow {
    /// A new appointment to a role in a unit from a day on, for good and managed here.
    pub fn new(start: NewRow, id: Id, person_id: Id, (role, org_unit_id): (Role, Id), from_on: Date) -> Self {
        AppointmentRow {
            municipality_id: start.municipality_id,
            id,
            managed_by: LOCAL.to_owned(),
            source_changed_at: None,
            person_id,
            org_unit_id,
            role,
            from_on,
            to_on: None,
            acting: false,
            standing_deputy_id: None,
            responsible_for: Json::of(&Vec::<Id>::new()),
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }
}

impl AppointmentRow {
    /// The period.
    pub fn days(&self) -> Days {
        Days { from: self.from_on, to: self.to_on }
    }

    /// The appointment as rules read it.
    ///
    /// # Errors
    /// When the stored units cannot be read: a fault of ours.
    pub fn appointed(self) -> Result<Appointed> {
        Ok(Appointed {
            id: self.id,
            person_id: self.person_id,
            org_unit_id: self.org_unit_id,
            role: self.role,
            acting: self.acting,
            standing_deputy_id: self.standing_deputy_id,
            responsible_for: self.responsible_for.read()?,
        })
    }
}

/// What the people and units of some appointments are called.
pub struct AppointmentNames {
    people: HashMap<Id, String>,
    units: HashMap<Id, String>,
}

impl AppointmentNames {
    /// Reads them, all at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, rows: &[AppointmentRow]) -> Result<Self> {
        let scope = conn.scope();
        let named: Vec<Id> =
            rows.iter().flat_map(|row| [Some(row.person_id), row.standing_deputy_id]).flatten().collect();
        let mut placed: Vec<Id> = rows.iter().map(|row| row.org_unit_id).collect();
        for row in rows {
            placed.extend(row.responsible_for.read::<Vec<Id>>()?);
        }
        let people: Vec<(Id, String)> = each!(conn => people::table
            .filter(people::municipality_id.eq(scope).and(people::id.eq_any(&named)))
            .select((people::id, people::name)).load(conn))?;
        let units: Vec<(Id, String)> = each!(conn => org_unit_validities::table
            .filter(org_unit_validities::municipality_id.eq(scope).and(org_unit_validities::org_unit_id.eq_any(&placed)))
            .order(org_unit_validities::from_on)
            .select((org_unit_validities::org_unit_id, org_unit_validities::name)).load(conn))?;
        Ok(AppointmentNames { people: people.into_iter().collect(), units: units.into_iter().collect() })
    }

    /// A person's name.
    pub fn person(&self, id: Id) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    /// A unit's newest name.
    pub fn unit(&self, id: Id) -> String {
        self.units.get(&id).cloned().unwrap_or_default()
    }
}

/// Which appointments a list holds.
#[derive(Debug, Clone, Default)]
pub struct AppointmentFilter {
    /// Of a unit.
    pub unit: Option<Id>,
    /// Of a person.
    pub person: Option<Id>,
    /// To a role.
    pub role: Option<Role>,
    /// Valid on a day.
    pub valid_at: Option<Date>,
}

/// One appointment.
///
/// # Errors
/// 404 when there is none.
pub fn find_appointment(conn: &mut Conn, id: Id) -> Result<AppointmentRow> {
    let scope = conn.scope();
    Ok(each!(conn => appointments::table
        .filter(appointments::municipality_id.eq(scope).and(appointments::id.eq(id)))
        .select(AppointmentRow::as_select()).first(conn))?)
}

/// A page of appointments, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub fn list_appointments(
    conn: &mut Conn,
    filter: &AppointmentFilter,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<AppointmentRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = appointments::table.filter(appointments::municipality_id.eq(scope))
            .order(appointments::id).limit(limit).select(AppointmentRow::as_select()).into_boxed();
        if let Some(unit) = filter.unit {
            query = query.filter(appointments::org_unit_id.eq(unit));
        }
        if let Some(person) = filter.person {
            query = query.filter(appointments::person_id.eq(person));
        }
        if let Some(role) = filter.role {
            query = query.filter(appointments::role.eq(role));
        }
        if let Some(day) = filter.valid_at {
            query = query.filter(appointments::from_on.le(day))
                .filter(appointments::to_on.is_null().or(appointments::to_on.ge(day)));
        }
        if let Some(after) = after {
            query = query.filter(appointments::id.gt(after));
        }
        query.load(conn)
    })?)
}

/// Keeps a new appointment.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert_appointment(tx: &mut Tx, row: &AppointmentRow) -> Result<()> {
    version::changed(tx);
    each!(tx => diesel::insert_into(appointments::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves an appointment that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_appointment(tx: &mut Tx, row: &mut AppointmentRow) -> Result<()> {
    version::changed(tx);
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = appointments::table.filter(
        appointments::municipality_id.eq(scope).and(appointments::id.eq(row.id)).and(appointments::version.eq(seen)),
    );
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// Takes an appointment away, as if it had never been; one that ends is saved with its last day.
///
/// # Errors
/// When the database fails.
pub fn delete_appointment(tx: &mut Tx, id: Id) -> Result<()> {
    version::changed(tx);
    let target = appointments::table.filter(appointments::municipality_id.eq(tx.scope()).and(appointments::id.eq(id)));
    each!(tx => diesel::delete(target).execute(tx))?;
    Ok(())
}
