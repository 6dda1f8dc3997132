//! How events are numbered, chained and stored, as the last statements of their transaction.
//!
//! The row is the audit record and the entry of the change feed at once: numbered without gaps in commit order
//! within its municipality, and chained, so that a row that is changed or taken out is found. It holds ids, codes
//! and field names, never names of people, addresses or free text.

use diesel::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::chained::Chained;
use super::event::Event;
use crate::db::link::Raw;
use crate::db::prepared::Prepared;
use crate::db::work::{Conn, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::{event_counters, events};
use crate::types::{Id, Json, Ts, hex};

/// The hash before the first event.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A stored event.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct EventRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its number within the municipality, from 1, without gaps, in the order of the commits.
    pub sequence: i64,
    /// Its id, for whoever receives it more than once.
    pub id: Id,
    /// What happened, as `noun.past-tense`.
    pub kind: String,
    /// The noun.
    pub resource: String,
    /// The id of the resource it happened to.
    pub subject_id: Id,
    /// The section's key, when it is a section.
    pub section_key: Option<String>,
    /// The agreement it belongs to.
    pub agreement_id: Option<Id>,
    /// The unit it belongs to.
    pub org_unit_id: Option<Id>,
    /// The resource's version afterwards.
    pub version: Option<i64>,
    /// The names of the changed fields.
    pub changed: Json,
    /// Ids and codes that tell more.
    pub detail: Json,
    /// The person who did it.
    pub person_id: Option<Id>,
    /// The machine client that did it.
    pub client_id: Option<Id>,
    /// The person on whose behalf it was done.
    pub on_behalf_of_id: Option<Id>,
    /// The request, or the command.
    pub request_id: String,
    /// When.
    pub occurred_at: Ts,
    /// SHA-256 over the hash before it and all of the above.
    pub hash: String,
}

impl EventRow {
    fn of(event: &Event, tx: &Tx) -> Self {
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

    /// The hash it must have after the one before it: over a JSON array of that hash and all that the event says.
    ///
    /// # Errors
    /// When a stored JSON value cannot be read.
    pub fn chained(&self, previous: &str) -> Result<String> {
        let numbered = format!("[\"{previous}\",\"{}\",{}{}", self.municipality_id, self.sequence, self.unchained()?);
        Ok(hex(&Sha256::digest(numbered)))
    }

    /// What its hash covers besides the hash before it, the municipality and the number: the rest of the array, from
    /// the comma on. Objects are read and written again in the order of their keys, since a database may keep them in an
    /// order of its own.
    ///
    /// # Errors
    /// When a stored JSON value cannot be read.
    pub fn unchained(&self) -> Result<String> {
        let rest = json!([
            self.id,
            self.kind,
            self.subject_id,
            self.section_key,
            self.agreement_id,
            self.org_unit_id,
            self.version,
            self.changed.read::<Value>()?,
            self.detail.read::<Value>()?,
            self.person_id,
            self.client_id,
            self.on_behalf_of_id,
            self.request_id,
            self.occurred_at.to_string(),
        ]);
        Ok(serde_json::to_string(&rest)?.replacen('[', ",", 1))
    }
}

/// Numbers, chains and stores what a transaction recorded. Called once, as its last statements, so that the lock
/// on the municipality's counter is held as short as can be.
///
/// # Errors
/// When the database fails.
pub fn append(tx: &mut Tx) -> Result<()> {
    if tx.recorded().is_empty() {
        return Ok(());
    }
    let rows: Vec<EventRow> = tx.recorded().iter().map(|event| EventRow::of(event, tx)).collect();
    match Chained::of(&rows)? {
        Some(events) if tx.is_postgres() => tx.send_with(events),
        _ => number_and_keep(tx, rows),
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
        Raw::Pg(conn) => drop(diesel::insert_into(events::table).values(&rows).execute(conn)?),
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
