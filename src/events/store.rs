//! Reading what happened.

use diesel::prelude::*;

use crate::db::journal::{EventRow, GENESIS};
use crate::db::{Conn, Link};
use crate::each;
use crate::error::Result;
use crate::schema::{agreement_units, event_counters, events};
use crate::types::Id;

/// Which events are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of a resource.
    pub subject: Option<Id>,
    /// Of an agreement and all it consists of.
    pub agreement: Option<Id>,
    /// By a person or a client.
    pub actor: Option<Id>,
    /// Of a noun, as in `section`.
    pub resource: Option<String>,
}

/// What happened, newest first, before a number.
///
/// # Errors
/// When the database fails.
pub fn newest_first(conn: &mut Conn, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<EventRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = events::table.filter(events::municipality_id.eq(scope))
            .order(events::sequence.desc()).limit(limit).select(EventRow::as_select()).into_boxed();
        if let Some(subject) = filter.subject {
            query = query.filter(events::subject_id.eq(subject));
        }
        if let Some(agreement) = filter.agreement {
            query = query.filter(events::agreement_id.eq(agreement));
        }
        if let Some(actor) = filter.actor {
            query = query.filter(events::person_id.eq(actor).or(events::client_id.eq(actor)));
        }
        if let Some(resource) = &filter.resource {
            query = query.filter(events::resource.eq(resource));
        }
        if let Some(before) = before {
            query = query.filter(events::sequence.lt(before));
        }
        query.load(conn)
    })?)
}

/// What happened after a number, in the order it happened, whatever it was.
///
/// # Errors
/// When the database fails.
pub fn oldest_first(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<EventRow>> {
    let scope = conn.scope();
    Ok(each!(conn => events::table
        .filter(events::municipality_id.eq(scope).and(events::sequence.gt(after)))
        .order(events::sequence).limit(limit).select(EventRow::as_select()).load(conn))?)
}

/// The number of the last event.
///
/// # Errors
/// When the database fails.
pub fn last_sequence(conn: &mut Conn) -> Result<i64> {
    Ok(last_event(conn)?.0)
}

/// The number and the hash of the last event, as they were counted.
fn last_event(conn: &mut Conn) -> Result<(i64, String)> {
    let scope = conn.scope();
    Ok(each!(conn => event_counters::table.find(scope)
        .select((event_counters::last_sequence, event_counters::last_hash)).first(conn))?)
}

/// What a check of the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chain {
    /// So many events, each as it was written.
    Whole(i64),
    /// The first number where something was changed, taken out or put in.
    BrokenAt(i64),
}

/// Checks the whole chain of the municipality.
///
/// # Errors
/// When the database fails.
pub fn verify(conn: &mut Conn) -> Result<Chain> {
    let (mut sequence, mut hash) = (0, GENESIS.to_owned());
    loop {
        let rows = oldest_first(conn, sequence, 1000)?;
        if rows.is_empty() {
            let (last, last_hash) = last_event(conn)?;
            return Ok(match sequence {
                whole if whole == last && hash == last_hash => Chain::Whole(whole),
                // Nothing follows that a hash of its own would break: the counter alone knows what was written.
                forged if forged == last => Chain::BrokenAt(forged),
                other => Chain::BrokenAt(other.min(last) + 1),
            });
        }
        for row in rows {
            sequence += 1;
            if row.sequence != sequence || row.hash != row.chained(&hash)? {
                return Ok(Chain::BrokenAt(sequence));
            }
            hash = row.hash;
        }
    }
}

/// The numbers of the last events of some municipalities.
///
/// # Errors
/// When the database fails.
pub fn last_sequences(link: &mut Link, municipalities: &[Id]) -> Result<Vec<(Id, i64)>> {
    Ok(each!(link => event_counters::table
        .filter(event_counters::municipality_id.eq_any(municipalities))
        .select((event_counters::municipality_id, event_counters::last_sequence)).load(link))?)
}

/// The units of some agreements, each with its agreement.
///
/// # Errors
/// When the database fails.
pub fn units_of(conn: &mut Conn, agreements: &[Id]) -> Result<Vec<(Id, Id)>> {
    let scope = conn.scope();
    Ok(each!(conn => agreement_units::table
        .filter(agreement_units::municipality_id.eq(scope).and(agreement_units::agreement_id.eq_any(agreements)))
        .select((agreement_units::agreement_id, agreement_units::org_unit_id)).load(conn))?)
}
