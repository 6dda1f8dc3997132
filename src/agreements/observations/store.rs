//! How observations are kept.

use diesel::prelude::*;

use super::model::{ObservationKind, ObservationRow};
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::schema::observations;
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
