//! Units and their timelines.

use diesel::prelude::*;

use super::version;
use crate::db::{Conn, NewRow, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::organisation::model::{LOCAL, UnitKind};
use crate::organisation::timeline::Days;
use crate::organisation::timeline::Places;
use crate::schema::{org_unit_validities, org_units};
use crate::text::fold;
use crate::types::{Date, Id, Json, Ts};

/// A unit, apart from what is true of it for a period.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = org_units, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct OrgUnitRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id, given by its source.
    pub id: Id,
    /// The source that manages it.
    pub managed_by: String,
    /// When its source changed it.
    pub source_changed_at: Option<Ts>,
    /// Its names in other systems.
    pub external_keys: Json,
    /// Whatever else its source wants kept.
    pub extensions: Json,
    /// Whether it makes agreements: a local field.
    pub holds_agreement: bool,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(OrgUnitRow);

impl OrgUnitRow {
    /// A new unit, managed here.
    pub fn new(start: NewRow, id: Id, kind: UnitKind) -> Self {
        OrgUnitRow {
            municipality_id: start.municipality_id,
            id,
            managed_by: LOCAL.to_owned(),
            source_changed_at: None,
            external_keys: Json::default(),
            extensions: Json::default(),
            holds_agreement: matches!(kind, UnitKind::Centre | UnitKind::Institution),
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }
}

impl ValidityRow {
    /// How a unit is from a day on, for good: the top, unless it is placed.
    pub fn new(unit: &OrgUnitRow, from_on: Date, name: &str, kind: UnitKind) -> Self {
        ValidityRow {
            municipality_id: unit.municipality_id,
            org_unit_id: unit.id,
            from_on,
            to_on: None,
            parent_id: None,
            name: name.to_owned(),
            folded_name: fold(name),
            kind,
            p_number: None,
        }
    }
}

/// What is true of a unit for a period.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = org_unit_validities, treat_none_as_default_value = false)]
pub struct ValidityRow {
    /// The municipality.
    pub municipality_id: Id,
    /// The unit.
    pub org_unit_id: Id,
    /// The first day.
    pub from_on: Date,
    /// The last day; open when null.
    pub to_on: Option<Date>,
    /// The unit above it.
    pub parent_id: Option<Id>,
    /// Its name.
    pub name: String,
    /// The name as it is sorted.
    pub folded_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its number in the register of production units: 10 digits.
    pub p_number: Option<String>,
}

impl ValidityRow {
    /// The period.
    pub fn days(&self) -> Days {
        Days { from: self.from_on, to: self.to_on }
    }
}

/// A unit with its timeline, oldest period first.
pub type OrgUnitWithTimeline = (OrgUnitRow, Vec<ValidityRow>);

/// Whether there is any unit, be it one that is over or begins later.
///
/// # Errors
/// When the database fails.
pub fn has_units(conn: &mut Conn) -> Result<bool> {
    let scope = conn.scope();
    let first: Option<Id> = each!(conn => org_units::table
        .filter(org_units::municipality_id.eq(scope)).select(org_units::id).first(conn).optional())?;
    Ok(first.is_some())
}

/// One unit.
///
/// # Errors
/// 404 when there is none.
pub fn find_unit(conn: &mut Conn, id: Id) -> Result<OrgUnitWithTimeline> {
    find_units(conn, &[id])?.pop().ok_or_else(|| Code::NotFound.into())
}

/// Some units, in the order of their ids as given; unknown ones are left out.
///
/// # Errors
/// When the database fails.
pub fn find_units(conn: &mut Conn, ids: &[Id]) -> Result<Vec<OrgUnitWithTimeline>> {
    let scope = conn.scope();
    let units: Vec<OrgUnitRow> = each!(conn => org_units::table
        .filter(org_units::municipality_id.eq(scope).and(org_units::id.eq_any(ids)))
        .select(OrgUnitRow::as_select()).load(conn))?;
    let validities = timelines(conn, ids)?;
    let mut found: Vec<OrgUnitWithTimeline> = units
        .into_iter()
        .map(|unit| {
            let own = validities.iter().filter(|validity| validity.org_unit_id == unit.id).cloned().collect();
            (unit, own)
        })
        .collect();
    found.sort_by_key(|(unit, _)| ids.iter().position(|id| *id == unit.id));
    Ok(found)
}

fn timelines(conn: &mut Conn, ids: &[Id]) -> Result<Vec<ValidityRow>> {
    let scope = conn.scope();
    Ok(each!(conn => org_unit_validities::table
        .filter(org_unit_validities::municipality_id.eq(scope).and(org_unit_validities::org_unit_id.eq_any(ids)))
        .order(org_unit_validities::from_on)
        .select(ValidityRow::as_select()).load(conn))?)
}

/// What is true of every unit on a day.
///
/// # Errors
/// When the database fails.
pub fn validities_on(conn: &mut Conn, day: Date) -> Result<Vec<ValidityRow>> {
    let scope = conn.scope();
    Ok(each!(conn => org_unit_validities::table
        .filter(org_unit_validities::municipality_id.eq(scope).and(org_unit_validities::from_on.le(day)))
        .filter(org_unit_validities::to_on.is_null().or(org_unit_validities::to_on.ge(day)))
        .select(ValidityRow::as_select()).load(conn))?)
}

/// Where every unit of the municipality stands, on every day.
///
/// # Errors
/// When the database fails.
pub fn places(conn: &mut Conn) -> Result<Places> {
    let scope = conn.scope();
    let rows: Vec<(Id, Date, Option<Date>, Option<Id>)> = each!(conn => org_unit_validities::table
        .filter(org_unit_validities::municipality_id.eq(scope))
        .select((
            org_unit_validities::org_unit_id,
            org_unit_validities::from_on,
            org_unit_validities::to_on,
            org_unit_validities::parent_id,
        ))
        .load(conn))?;
    let mut places = Places::new();
    for (unit, from, to, parent) in rows {
        places.entry(unit).or_default().push((Days { from, to }, parent));
    }
    Ok(places)
}

/// The periods in which a unit exists; none of them when it is unknown.
///
/// # Errors
/// When the database fails.
pub fn life_of(conn: &mut Conn, unit: Id) -> Result<Vec<Days>> {
    Ok(timelines(conn, &[unit])?.iter().map(ValidityRow::days).collect())
}

/// Which of some ids are units of the municipality.
///
/// # Errors
/// When the database fails.
pub fn known_units(conn: &mut Conn, ids: &[Id]) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => org_units::table
        .filter(org_units::municipality_id.eq(scope).and(org_units::id.eq_any(ids)))
        .select(org_units::id).load(conn))?)
}

/// Which of some units a source manages.
///
/// # Errors
/// When the database fails.
pub fn units_of_source(conn: &mut Conn, ids: &[Id], source: &str) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => org_units::table
        .filter(org_units::municipality_id.eq(scope).and(org_units::id.eq_any(ids)).and(org_units::managed_by.eq(source)))
        .select(org_units::id).load(conn))?)
}

/// Keeps a new unit with its timeline.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert_unit(tx: &mut Tx, (unit, validities): &OrgUnitWithTimeline) -> Result<()> {
    version::changed(tx);
    each!(tx => diesel::insert_into(org_units::table).values(unit).execute(tx))?;
    each!(tx => diesel::insert_into(org_unit_validities::table).values(validities).execute(tx))?;
    Ok(())
}

/// Saves a unit that was read in this transaction, with its whole timeline; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_unit(tx: &mut Tx, (unit, validities): &mut OrgUnitWithTimeline) -> Result<()> {
    version::changed(tx);
    let (scope, seen) = (tx.scope(), unit.version);
    (unit.version, unit.changed_by, unit.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = org_units::table
        .filter(org_units::municipality_id.eq(scope).and(org_units::id.eq(unit.id)).and(org_units::version.eq(seen)));
    if each!(tx => diesel::update(target).set(&*unit).execute(tx))? == 0 {
        return Err(Code::StaleVersion.into());
    }
    let own = org_unit_validities::table
        .filter(org_unit_validities::municipality_id.eq(scope).and(org_unit_validities::org_unit_id.eq(unit.id)));
    each!(tx => diesel::delete(own).execute(tx))?;
    each!(tx => diesel::insert_into(org_unit_validities::table).values(&*validities).execute(tx))?;
    Ok(())
}
