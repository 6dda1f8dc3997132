//! A person's own places among those that wait: counted and paged by the database, since there may be thousands.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::places::{PlaceRow, WaitingFor, WaitingPlace};
use crate::db::Conn;
use crate::each;
use crate::error::Result;
use crate::schema::{agreement_units, route_places};
use crate::templates::model::Duty;
use crate::types::{Id, Ts, sql as types};

/// How many places of a person wait in a cycle.
#[derive(Debug, Clone)]
pub struct WaitingCount {
    /// The cycle.
    pub cycle_id: Id,
    /// What is asked.
    pub duty: Duty,
    /// How many.
    pub count: usize,
}

/// Where a page of the places of a cycle begins, in the order of their age, agreement and section.
#[derive(Debug, Clone)]
pub enum PageStart {
    /// At the oldest.
    Oldest,
    /// At those of an instant.
    At(Ts),
    /// At those that are younger.
    After(Ts),
    /// At a place.
    Place(Ts, Id, String),
}

/// The places of a person.
macro_rules! places_of {
    ($scope:ident, $person:ident) => {
        route_places::table.filter(route_places::municipality_id.eq($scope).and(route_places::person_id.eq($person)))
    };
}

/// Whether a place is not in an agreement of some units: asked only where there are some, since it is asked of each place.
macro_rules! is_not_of {
    ($scope:ident, $units:ident) => {
        route_places::agreement_id.ne_all(
            agreement_units::table
                .filter(agreement_units::municipality_id.eq($scope).and(agreement_units::org_unit_id.eq_any($units)))
                .select(agreement_units::agreement_id),
        )
    };
}

/// How many of a person's own places wait, in each cycle.
///
/// # Errors
/// When the database fails.
pub fn count_own(conn: &mut Conn, waiting: &WaitingFor) -> Result<Vec<WaitingCount>> {
    let Some(person) = waiting.person else { return Ok(Vec::new()) };
    let (scope, held) = (conn.scope(), &waiting.held);
    let group = (route_places::cycle_id, route_places::duty);
    let columns = (route_places::cycle_id, route_places::duty, diesel::dsl::count_star());
    let counted: Vec<(Id, Duty, i64)> = each!(conn => if held.is_empty() {
        places_of!(scope, person).group_by(group).select(columns).load(conn)
    } else {
        places_of!(scope, person).filter(is_not_of!(scope, held)).group_by(group).select(columns).load(conn)
    })?;
    let count = |(cycle_id, duty, count)| WaitingCount { cycle_id, duty, count: usize::try_from(count).unwrap_or(0) };
    Ok(counted.into_iter().map(count).collect())
}

/// Some of a person's own places in a cycle, in the order of their age, agreement and section.
///
/// # Errors
/// When the database fails.
pub fn own_in(
    conn: &mut Conn,
    waiting: &WaitingFor,
    counted: &WaitingCount,
    (start, limit): (&PageStart, i64),
) -> Result<Vec<WaitingPlace>> {
    let Some(person) = waiting.person else { return Ok(Vec::new()) };
    let (scope, held) = (conn.scope(), &waiting.held);
    let rows: Vec<PlaceRow> = each!(conn => {
        let own = places_of!(scope, person).into_boxed()
            .filter(route_places::cycle_id.eq(counted.cycle_id).and(route_places::duty.eq(counted.duty)));
        let own = if held.is_empty() { own } else { own.filter(is_not_of!(scope, held)) };
        let own = match start {
            PageStart::Oldest => own,
            PageStart::At(at) => own.filter(route_places::waiting_since.ge(*at)),
            PageStart::After(at) => own.filter(route_places::waiting_since.gt(*at)),
            PageStart::Place(at, agreement, key) => own.filter(
                sql::<Bool>("(route_places.waiting_since, route_places.agreement_id, route_places.section_key) >= (")
                    .bind::<types::Ts, _>(*at).sql(", ").bind::<types::Id, _>(*agreement).sql(", ")
                    .bind::<Text, _>(key.clone()).sql(")"),
            ),
        };
        own.order((route_places::waiting_since, route_places::agreement_id, route_places::section_key)).limit(limit)
            .select(PlaceRow::as_select()).load(conn)
    })?;
    let place = |row: PlaceRow| {
        let on_behalf_of = row.on_behalf_of_id;
        WaitingPlace::of(row, on_behalf_of)
    };
    Ok(rows.into_iter().map(place).collect())
}
