//! The demonstration's organisation: a directorate, centres, institutions, and invented roles in them.

use chrono::NaiveDate;

use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::Result;
use crate::organisation::store::AppointmentRow;
use crate::organisation::store::MunicipalityRow;
use crate::organisation::store::PersonRow;
use crate::organisation::store::{OrgUnitRow, ValidityRow};
use crate::organisation::{Role, UnitKind, store};
use crate::types::{Date, Id, Json};

/// The day that the demonstration takes for today: a week after the letter.
pub fn business_date() -> Date {
    Date::of(NaiveDate::from_ymd_opt(2014, 11, 10).unwrap_or_default())
}

/// A unit: key, name, kind, the key of the unit above.
const UNITS: [(&str, &str, UnitKind, Option<&str>); 11] = [
    ("direktionen", "Direktionen", UnitKind::Directorate, None),
    ("strategi", "Strategi og Udvikling", UnitKind::Staff, Some("direktionen")),
    ("social", "Social- og Handicapcentret", UnitKind::Centre, Some("direktionen")),
    ("skole", "Institutions- og Skolecentret", UnitKind::Centre, Some("direktionen")),
    ("sundhed", "Sundheds- og Omsorgscentret", UnitKind::Centre, Some("direktionen")),
    ("arbejdsmarked", "Arbejdsmarkedscentret", UnitKind::Centre, Some("direktionen")),
    ("teknik", "Teknik- og Miljøcentret", UnitKind::Centre, Some("direktionen")),
    ("lindehuset", "Bostedet Lindehuset", UnitKind::Institution, Some("social")),
    ("solsikken", "Børnehuset Solsikken", UnitKind::Institution, Some("skole")),
    ("soeskolen", "Skolen ved Søen", UnitKind::Institution, Some("skole")),
    ("birkehoej", "Plejecentret Birkehøj", UnitKind::Institution, Some("sundhed")),
];

/// Somebody: the part of the log-in before `@demo.example`, what they are called, role, unit, and the units that a
/// director answers for.
pub struct Somebody {
    /// The part of the log-in before `@demo.example`.
    pub login: &'static str,
    name: &'static str,
    role: Role,
    unit: &'static str,
    responsible_for: &'static [&'static str],
}

const fn somebody(login: &'static str, name: &'static str, role: Role, unit: &'static str) -> Somebody {
    Somebody { login, name, role, unit, responsible_for: &[] }
}

const fn director(login: &'static str, name: &'static str, responsible_for: &'static [&'static str]) -> Somebody {
    Somebody { login, name, role: Role::Director, unit: "direktionen", responsible_for }
}

/// Everybody in the demonstration.
pub const PEOPLE: [Somebody; 18] = [
    somebody("administrator", "Systemadministrator", Role::Administrator, "direktionen"),
    somebody("kommunaldirektoer", "Kommunaldirektør", Role::ChiefExecutive, "direktionen"),
    director("direktoer.social", "Direktør for Social og Sundhed", &["social", "sundhed", "arbejdsmarked"]),
    director("direktoer.boern", "Direktør for Børn og Unge", &["skole"]),
    director("direktoer.teknik", "Direktør for Teknik og Miljø", &["teknik"]),
    somebody("strategi", "Strategikoordinator", Role::Coordinator, "strategi"),
    somebody("centerchef.social", "Centerchef for Social og Handicap", Role::Leader, "social"),
    somebody("centerchef.skole", "Centerchef for Institution og Skole", Role::Leader, "skole"),
    somebody("centerchef.sundhed", "Centerchef for Sundhed og Omsorg", Role::Leader, "sundhed"),
    somebody("centerchef.arbejdsmarked", "Centerchef for Arbejdsmarked", Role::Leader, "arbejdsmarked"),
    somebody("centerchef.teknik", "Centerchef for Teknik og Miljø", Role::Leader, "teknik"),
    somebody("konsulent.social", "Udviklingskonsulent, Social og Handicap", Role::Contributor, "social"),
    somebody("leder.lindehuset", "Leder af Lindehuset", Role::Leader, "lindehuset"),
    somebody("leder.solsikken", "Leder af Solsikken", Role::Leader, "solsikken"),
    somebody("leder.soeskolen", "Skoleleder, Skolen ved Søen", Role::Leader, "soeskolen"),
    somebody("leder.birkehoej", "Leder af Birkehøj", Role::Leader, "birkehoej"),
    somebody("med", "Formand for HovedMED", Role::WorksCouncil, "direktionen"),
    somebody("laeser", "Medarbejder med læseadgang", Role::Reader, "direktionen"),
];

/// The id of something in the demonstration: the same in every demonstration.
pub fn id(kind: &str, key: &str) -> Id {
    Id::of_name(&format!("https://aftalestyring.example/demo/{kind}/{key}"))
}

/// The key of a unit of the demonstration.
pub fn key_of(unit: Id) -> Option<&'static str> {
    UNITS.iter().map(|(key, ..)| *key).find(|key| id("org-unit", key) == unit)
}

/// Makes the municipality, its units, its people and their appointments.
///
/// # Errors
/// When the database fails.
pub fn load(tx: &mut Tx) -> Result<()> {
    municipality(tx)?;
    for unit in UNITS {
        insert_unit(tx, unit)?;
    }
    for person in &PEOPLE {
        insert_person(tx, person)?;
    }
    Ok(())
}

fn municipality(tx: &mut Tx) -> Result<()> {
    let row = MunicipalityRow {
        business_date: Some(business_date()),
        ..MunicipalityRow::new(tx.new_row(), "Høje-Taastrup Kommune", "19501817")
    };
    store::insert_municipality(tx, &row)?;
    tx.record(Event::of(EventKind::MunicipalityCreated, row.municipality_id).version(1));
    Ok(())
}

fn first_day() -> Date {
    Date::of(NaiveDate::from_ymd_opt(2014, 1, 1).unwrap_or_default())
}

fn insert_unit(tx: &mut Tx, (key, name, kind, parent): (&str, &str, UnitKind, Option<&str>)) -> Result<()> {
    let unit_id = id("org-unit", key);
    let row = OrgUnitRow::new(tx.new_row(), unit_id, kind);
    let validity = ValidityRow {
        parent_id: parent.map(|parent| id("org-unit", parent)),
        ..ValidityRow::new(&row, first_day(), name, kind)
    };
    store::insert_unit(tx, &(row, vec![validity]))?;
    tx.record(Event::of(EventKind::OrgUnitCreated, unit_id).org_unit(unit_id).version(1));
    Ok(())
}

fn insert_person(tx: &mut Tx, person: &Somebody) -> Result<()> {
    let person_id = id("person", person.login);
    let email = format!("{}@demo.example", person.login);
    let row = PersonRow::new(tx.new_row(), person_id, person.name, Some(&email));
    store::insert_person(tx, &(row, Vec::new()))?;
    let units: Vec<Id> = person.responsible_for.iter().map(|unit| id("org-unit", unit)).collect();
    let appointment = AppointmentRow {
        responsible_for: Json::of(&units),
        ..AppointmentRow::new(
            tx.new_row(),
            id("appointment", person.login),
            person_id,
            (person.role, id("org-unit", person.unit)),
            first_day(),
        )
    };
    store::insert_appointment(tx, &appointment)?;
    tx.record(Event::of(EventKind::PersonCreated, person_id).version(1));
    tx.record(Event::of(EventKind::AppointmentCreated, appointment.id).org_unit(appointment.org_unit_id).version(1));
    Ok(())
}
