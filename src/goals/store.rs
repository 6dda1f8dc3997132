//! How goals and indicators are kept.

use diesel::prelude::*;

use super::model::{Aggregation, Direction, Origin};
use crate::db::types::{Id, Ts};
use crate::db::{Conn, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::schema::{goals, indicators};

/// A goal.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = goals, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct GoalRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The section.
    pub section_key: String,
    /// Its place in the section, from 0.
    pub position: i64,
    /// What is to be reached.
    pub title: String,
    /// How, when and by whom the effect is judged.
    pub assessment: Option<String>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The theme it serves.
    pub theme_id: Option<Id>,
    /// For whom.
    pub target_group: Option<String>,
    /// The change, for whom.
    pub effect: Option<String>,
    /// By when.
    pub horizon: Option<String>,
    /// The goal of an earlier agreement that it continues.
    pub inherited_from_id: Option<Id>,
    /// How often it, or an indicator of it, was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// An indicator of a goal.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = indicators, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct IndicatorRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The goal.
    pub goal_id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// Its place in the goal, from 0.
    pub position: i64,
    /// What is counted or measured.
    pub name: String,
    /// In what.
    pub unit: String,
    /// Which way it should go.
    pub direction: Direction,
    /// Where it stands at first, in millionths.
    pub baseline: Option<i64>,
    /// Where it should be, in millionths.
    pub target: Option<i64>,
    /// How observations become one.
    pub aggregation: Aggregation,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(GoalRow, IndicatorRow);

/// The goals of an agreement, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn of_agreement(conn: &mut Conn, agreement_id: Id) -> Result<Vec<GoalRow>> {
    let scope = conn.scope();
    Ok(each!(conn => goals::table
        .filter(goals::municipality_id.eq(scope).and(goals::agreement_id.eq(agreement_id)))
        .order((goals::position, goals::id)).select(GoalRow::as_select()).load(conn))?)
}

/// The indicators of an agreement, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn indicators_of_agreement(conn: &mut Conn, agreement_id: Id) -> Result<Vec<IndicatorRow>> {
    let scope = conn.scope();
    Ok(each!(conn => indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::agreement_id.eq(agreement_id)))
        .order((indicators::position, indicators::id)).select(IndicatorRow::as_select()).load(conn))?)
}

/// Which of some ids are goals anywhere in the municipality, and of which agreement.
///
/// # Errors
/// When the database fails.
pub fn owners(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Id, String)>> {
    let scope = conn.scope();
    Ok(each!(conn => goals::table
        .filter(goals::municipality_id.eq(scope).and(goals::id.eq_any(ids)))
        .select((goals::id, goals::agreement_id, goals::section_key)).load(conn))?)
}

/// Which of some ids are indicators anywhere in the municipality, and of which goal.
///
/// # Errors
/// When the database fails.
pub fn indicator_owners(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Id)>> {
    let scope = conn.scope();
    Ok(each!(conn => indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::id.eq_any(ids)))
        .select((indicators::id, indicators::goal_id)).load(conn))?)
}

/// Keeps a new goal.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert(tx: &mut Tx, row: &GoalRow) -> Result<()> {
    each!(tx => diesel::insert_into(goals::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a goal that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut GoalRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().person, tx.now());
    let target =
        goals::table.filter(goals::municipality_id.eq(scope).and(goals::id.eq(row.id)).and(goals::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// Takes goals away, with their indicators.
///
/// # Errors
/// When the database fails.
pub fn delete(tx: &mut Tx, ids: &[Id]) -> Result<()> {
    let target = goals::table.filter(goals::municipality_id.eq(tx.scope()).and(goals::id.eq_any(ids)));
    each!(tx => diesel::delete(target).execute(tx))?;
    Ok(())
}

/// Keeps a new indicator.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert_indicator(tx: &mut Tx, row: &IndicatorRow) -> Result<()> {
    each!(tx => diesel::insert_into(indicators::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves an indicator that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_indicator(tx: &mut Tx, row: &mut IndicatorRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().person, tx.now());
    let target = indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::id.eq(row.id)).and(indicators::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// Takes indicators away.
///
/// # Errors
/// When the database fails.
pub fn delete_indicators(tx: &mut Tx, ids: &[Id]) -> Result<()> {
    let target = indicators::table.filter(indicators::municipality_id.eq(tx.scope()).and(indicators::id.eq_any(ids)));
    each!(tx => diesel::delete(target).execute(tx))?;
    Ok(())
}
