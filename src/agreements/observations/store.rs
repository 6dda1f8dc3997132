//! How observations are kept.

use diesel::prelude::*;

use super::model::{ObservationKind, ObservationRow};
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::schema::{agreements, observations};
use crate::types::{Date, Id};
use crate::{each, later};

/// Which observations of an agreement a list holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct ObservationFilter {
    /// Of a goal.
    pub goal: Option<Id>,
    /// Of an indicator.
    pub indicator: Option<Id>,
    /// Of a kind.
    pub kind: Option<ObservationKind>,
}

/// The observations of an agreement but of some goals, newest day first, after the place of one.
///
/// # Errors
/// When the database fails.
pub fn newest_first(
    conn: &mut Conn,
    agreement_id: Id,
    filter: &ObservationFilter,
    hidden_goals: &[Id],
    after: Option<(Date, Id)>,
    limit: i64,
) -> Result<Vec<ObservationRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = observations::table
            .filter(observations::municipality_id.eq(scope).and(observations::agreement_id.eq(agreement_id)))
            .order((observations::observed_on.desc(), observations::id.desc())).limit(limit)
            .select(ObservationRow::as_select()).into_boxed();
        if !hidden_goals.is_empty() {
            query = query.filter(observations::goal_id.ne_all(hidden_goals));
        }
        if let Some(goal) = filter.goal {
            query = query.filter(observations::goal_id.eq(goal));
        }
        if let Some(indicator) = filter.indicator {
            query = query.filter(observations::indicator_id.eq(indicator));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(observations::kind.eq(kind));
        }
        if let Some((day, id)) = after {
            let earlier = observations::observed_on.lt(day);
            query = query.filter(earlier.or(observations::observed_on.eq(day).and(observations::id.lt(id))));
        }
        query.load(conn)
    })?)
}

/// The observations of an agreement up to a day, oldest first; of one goal, or of all.
///
/// # Errors
/// When the database fails.
pub fn up_to(conn: &mut Conn, agreement_id: Id, goal: Option<Id>, day: Date) -> Result<Vec<ObservationRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = observations::table
            .filter(observations::municipality_id.eq(scope).and(observations::agreement_id.eq(agreement_id)))
            .filter(observations::observed_on.le(day))
            .order((observations::observed_on, observations::id)).select(ObservationRow::as_select()).into_boxed();
        if let Some(goal) = goal {
            query = query.filter(observations::goal_id.eq(goal));
        }
        query.load(conn)
    })?)
}

/// The observations of some agreements up to a day, oldest first.
///
/// # Errors
/// When the database fails.
pub fn of_all_up_to(conn: &mut Conn, agreements: &[Id], day: Date) -> Result<Vec<ObservationRow>> {
    let scope = conn.scope();
    Ok(each!(conn => observations::table
        .filter(observations::municipality_id.eq(scope).and(observations::agreement_id.eq_any(agreements)))
        .filter(observations::observed_on.le(day))
        .order((observations::observed_on, observations::id)).select(ObservationRow::as_select()).load(conn))?)
}

/// One observation of an agreement.
///
/// # Errors
/// 404 when the agreement has no such observation.
pub fn find(conn: &mut Conn, agreement_id: Id, id: Id) -> Result<ObservationRow> {
    let scope = conn.scope();
    Ok(each!(conn => observations::table
        .filter(observations::municipality_id.eq(scope).and(observations::agreement_id.eq(agreement_id)))
        .filter(observations::id.eq(id)).select(ObservationRow::as_select()).first(conn))?)
}

/// The measurement of an indicator on a day.
///
/// # Errors
/// When the database fails.
pub fn measured_on(conn: &mut Conn, indicator: Id, day: Date) -> Result<Option<ObservationRow>> {
    let scope = conn.scope();
    Ok(each!(conn => observations::table
        .filter(observations::municipality_id.eq(scope).and(observations::indicator_id.eq(indicator)))
        .filter(observations::observed_on.eq(day).and(observations::kind.eq(ObservationKind::Measurement)))
        .select(ObservationRow::as_select()).first(conn).optional())?)
}

/// The values that one statement takes: a row has twenty.
const TOGETHER: usize = 1000;

/// The measurements of some indicators between two days, inclusive.
///
/// # Errors
/// When the database fails.
pub fn measured_between(conn: &mut Conn, of: &[Id], (from, to): (Date, Date)) -> Result<Vec<ObservationRow>> {
    let (scope, mut found) = (conn.scope(), Vec::new());
    for some in of.chunks(TOGETHER) {
        let rows: Vec<ObservationRow> = each!(conn => observations::table
            .filter(observations::municipality_id.eq(scope).and(observations::indicator_id.eq_any(some)))
            .filter(observations::observed_on.between(from, to))
            .filter(observations::kind.eq(ObservationKind::Measurement))
            .select(ObservationRow::as_select()).load(conn))?;
        found.extend(rows);
    }
    Ok(found)
}

/// The observations among some ids, of whatever agreements.
///
/// # Errors
/// When the database fails.
pub fn with_ids(conn: &mut Conn, ids: &[Id]) -> Result<Vec<ObservationRow>> {
    let (scope, mut found) = (conn.scope(), Vec::new());
    for some in ids.chunks(TOGETHER) {
        let rows: Vec<ObservationRow> = each!(conn => observations::table
            .filter(observations::municipality_id.eq(scope).and(observations::id.eq_any(some)))
            .select(ObservationRow::as_select()).load(conn))?;
        found.extend(rows);
    }
    Ok(found)
}

/// The agreements in which something was observed, of a cycle or of all.
///
/// # Errors
/// When the database fails.
pub fn observed_agreements(conn: &mut Conn, cycle: Option<Id>) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = observations::table
            .inner_join(agreements::table.on(agreements::municipality_id.eq(observations::municipality_id)
                .and(agreements::id.eq(observations::agreement_id))))
            .filter(observations::municipality_id.eq(scope))
            .select(observations::agreement_id).distinct().into_boxed();
        if let Some(cycle) = cycle {
            query = query.filter(agreements::cycle_id.eq(cycle));
        }
        query.load(conn)
    })?)
}

/// Which observations are given out.
#[derive(Debug, Clone, Default)]
pub struct ExportFilter {
    /// Of these agreements.
    pub agreements: Vec<Id>,
    /// But not of these goals.
    pub hidden_goals: Vec<Id>,
    /// From a day.
    pub from: Option<Date>,
    /// Up to a day, inclusive.
    pub to: Option<Date>,
}

/// Observations by agreement, indicator and day, in the order that a table gives them in.
///
/// # Errors
/// When the database fails.
pub fn exported(conn: &mut Conn, filter: &ExportFilter, limit: i64) -> Result<Vec<ObservationRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = observations::table
            .filter(observations::municipality_id.eq(scope).and(observations::agreement_id.eq_any(&filter.agreements)))
            .order((observations::agreement_id, observations::goal_id, observations::observed_on, observations::id))
            .limit(limit).select(ObservationRow::as_select()).into_boxed();
        if !filter.hidden_goals.is_empty() {
            query = query.filter(observations::goal_id.ne_all(&filter.hidden_goals));
        }
        if let Some(from) = filter.from {
            query = query.filter(observations::observed_on.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(observations::observed_on.le(to));
        }
        query.load(conn)
    })?)
}

/// Whether an id is an observation's anywhere in the municipality.
///
/// # Errors
/// When the database fails.
pub fn is_used(conn: &mut Conn, id: Id) -> Result<bool> {
    let scope = conn.scope();
    let found: Option<Id> = each!(conn => observations::table
        .filter(observations::municipality_id.eq(scope).and(observations::id.eq(id)))
        .select(observations::id).first(conn).optional())?;
    Ok(found.is_some())
}

/// Whether anything was seen of some goals or indicators.
///
/// # Errors
/// When the database fails.
pub fn is_any_of(conn: &mut Conn, goals: &[Id], indicators: &[Id]) -> Result<bool> {
    if goals.is_empty() && indicators.is_empty() {
        return Ok(false);
    }
    let scope = conn.scope();
    let found: Option<Id> = each!(conn => observations::table
        .filter(observations::municipality_id.eq(scope))
        .filter(observations::goal_id.eq_any(goals).or(observations::indicator_id.eq_any(indicators).assume_not_null()))
        .select(observations::id).first(conn).optional())?;
    Ok(found.is_some())
}

/// Keeps a new observation.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert(tx: &mut Tx, row: &ObservationRow) -> Result<()> {
    later!(tx, ("observations", row.id, String::new()), diesel::insert_into(observations::table).values(row.clone()))
}

/// Keeps many new observations.
///
/// # Errors
/// 409 when an id is taken.
pub fn insert_all(tx: &mut Tx, rows: &[ObservationRow]) -> Result<()> {
    for some in rows.chunks(TOGETHER) {
        each!(tx => diesel::insert_into(observations::table).values(some).execute(tx))?;
    }
    Ok(())
}

/// Saves an observation that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut ObservationRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = observations::table.filter(
        observations::municipality_id.eq(scope).and(observations::id.eq(row.id)).and(observations::version.eq(seen)),
    );
    later!(tx, ("observations", row.id, String::new()), diesel::update(target).set(row.clone()))
}

/// Takes an observation away.
///
/// # Errors
/// 412 when it is not there any more.
pub fn delete(tx: &mut Tx, id: Id) -> Result<()> {
    let target = observations::table.filter(observations::municipality_id.eq(tx.scope()).and(observations::id.eq(id)));
    later!(tx, ("observations", id, String::new()), diesel::delete(target))
}
