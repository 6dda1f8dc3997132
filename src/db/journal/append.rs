//! How events are numbered, chained and stored, as the last statements of their transaction.
//!
//! The row is the audit record and the entry of the change feed at once: numbered without gaps in commit order
//! within its municipality, and chained, so that a row that is changed or taken out is found. It holds ids, codes
//! and field names, never names of people, addresses or free text.

use diesel::prelude::*;

use super::chained::Chained;
use super::event::Event;
use super::row::EventRow;
use crate::db::link::Raw;
use crate::db::prepared::Prepared;
use crate::db::work::{Conn, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::{event_counters, events};
use crate::types::{Id, Json};

/// Numbers, chains and stores what a transaction recorded. Called once, as its last statements, so that the lock
/// on the municipality's counter is held as short as can be.
///
/// # Errors
/// When the database fails.
pub fn append(tx: &mut Tx) -> Result<()> {
    if tx.recorded().is_empty() {
        return Ok(());
    }
    let rows: Vec<EventRow> = tx.recorded().iter().map(|event| row_of(event, tx)).collect();
    let chained = if tx.is_postgres() { Chained::of(&rows)? } else { None };
    match chained {
        Some(events) => tx.send_with(events),
        None => number_and_keep(tx, rows),
    }
}

/// More rows have more values than one statement may have.
const AT_ONCE: usize = 1000;

/// An event as it is stored, once it is numbered and chained.
fn row_of(event: &Event, tx: &Tx) -> EventRow {
    EventRow {
        municipality_id: tx.scope(),
        sequence: 0,
        id: Id::new(),
        kind: event.kind.as_str().to_owned(),
        resource: event.kind.noun().as_str().to_owned(),
        subject_id: event.subject,
        section_key: event.section_key.clone(),
        agreement_id: event.agreement_id,
        org_unit_id: event.org_unit_id,
        version: event.version,
        changed: Json::of(&event.changed),
        detail: Json::of(&event.detail),
        person_id: tx.author().person,
        client_id: tx.author().client,
        on_behalf_of_id: event.on_behalf_of,
        request_id: tx.author().request_id.clone(),
        occurred_at: tx.now(),
        hash: String::new(),
    }
}

fn number_and_keep(tx: &mut Tx, mut rows: Vec<EventRow>) -> Result<()> {
    let (mut sequence, mut hash) = lock_counter(tx)?;
    for row in &mut rows {
        sequence += 1;
        row.sequence = sequence;
        row.hash = row.chained(&hash)?;
        hash.clone_from(&row.hash);
    }
    tx.number(sequence);
    let counter = event_counters::table.filter(event_counters::municipality_id.eq(tx.scope()));
    let counted = diesel::update(counter)
        .set((event_counters::last_sequence.eq(sequence), event_counters::last_hash.eq(hash)))
        .returning(event_counters::last_sequence);
    match tx.raw() {
        Raw::Pg(conn) => {
            for rows in rows.chunks(AT_ONCE) {
                diesel::insert_into(events::table).values(rows).execute(conn)?;
            }
        }
        Raw::Sqlite(conn) => {
            for row in &rows {
                diesel::insert_into(events::table).values(row).execute(conn)?;
            }
        }
    }
    each!(tx => Prepared(counted).get_result::<i64>(tx))?;
    Ok(())
}

/// The number and hash of the municipality's last event, locked until the commit. SQLite has one writer at a time.
fn lock_counter(conn: &mut Conn) -> Result<(i64, String)> {
    let counter = event_counters::table
        .filter(event_counters::municipality_id.eq(conn.scope()))
        .select((event_counters::last_sequence, event_counters::last_hash));
    Ok(match conn.raw() {
        Raw::Pg(conn) => counter.for_update().first(conn)?,
        Raw::Sqlite(conn) => counter.first(conn)?,
    })
}

/// Writes the counter as it stands: nothing changes, and it takes as long as leaving an event.
///
/// # Errors
/// When the database fails.
pub fn rewrite_counter(tx: &mut Tx) -> Result<()> {
    let counter = event_counters::table.filter(event_counters::municipality_id.eq(tx.scope()));
    each!(tx => diesel::update(counter)
        .set(event_counters::last_sequence.eq(event_counters::last_sequence)).execute(tx))?;
    Ok(())
}
