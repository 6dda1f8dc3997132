//! A history as it is read: what somebody wrote in one go is told once.

use crate::db::Conn;
use crate::db::journal::EventRow;
use crate::error::Result;
use crate::events::store::{Filter, newest_first};
use crate::types::Ts;

/// Events that are read at once.
const AT_ONCE: i64 = 1000;

/// What is written and written again, as by a page that saves itself.
const EDITS: [&str; 10] = [
    "section.edited",
    "goal.created",
    "goal.updated",
    "goal.deleted",
    "indicator.created",
    "indicator.updated",
    "indicator.deleted",
    "commitment.revised",
    "agreement.updated",
    "comment.updated",
];

/// A place in a history: before an event, and after so many entries of what comes then.
pub type Place = (i64, usize);

/// Something that happened, or several alike.
pub struct Entry {
    /// The newest of them.
    pub row: EventRow,
    /// How often it happened.
    pub times: usize,
    /// When it happened first.
    pub since: Ts,
    /// The place after it.
    pub place: Place,
}

/// Reads entries, newest first, from a place on; the same kind of edit of the same section is one entry as long as
/// nobody else did anything in between, and nothing else happened.
///
/// # Errors
/// When the database fails.
pub fn folded(conn: &mut Conn, filter: &Filter, after: Option<Place>, wanted: usize) -> Result<Vec<Entry>> {
    let (mut rows, mut before) = (Vec::new(), after.map(|(before, _)| before));
    let skipped = after.map_or(0, |(_, skipped)| skipped);
    loop {
        let read = newest_first(conn, filter, before, AT_ONCE)?;
        let is_last = read.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        before = read.last().map(|row| row.sequence).or(before);
        rows.extend(read);
        let mut runs = runs(&rows);
        if !is_last {
            // It may go on in what is not read yet.
            runs.pop();
        }
        let entries: Vec<Entry> = runs.into_iter().flat_map(entries).skip(skipped).take(wanted).collect();
        if is_last || entries.len() == wanted {
            return Ok(entries);
        }
    }
}

/// Reads entries, newest first, from a place on; each event is one.
///
/// # Errors
/// When the database fails.
pub fn unfolded(conn: &mut Conn, filter: &Filter, after: Option<Place>, wanted: i64) -> Result<Vec<Entry>> {
    let rows = newest_first(conn, filter, after.map(|(before, _)| before), wanted)?;
    let entry = |row: EventRow| Entry { times: 1, since: row.occurred_at, place: (row.sequence, 0), row };
    Ok(rows.into_iter().map(entry).collect())
}

fn is_edit(row: &EventRow) -> bool {
    EDITS.contains(&row.kind.as_str())
}

/// Events in a row that are edits by one person; any other event stands alone.
fn runs(rows: &[EventRow]) -> Vec<&[EventRow]> {
    let by = |row: &EventRow| (row.person_id, row.client_id, row.on_behalf_of_id);
    rows.chunk_by(|newer, older| is_edit(newer) && is_edit(older) && by(newer) == by(older)).collect()
}

/// The entries of a run: one for each kind of edit and section.
fn entries(run: &[EventRow]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let before = run.first().map_or(0, |row| row.sequence + 1);
    for row in run {
        let alike = |entry: &&mut Entry| entry.row.kind == row.kind && entry.row.section_key == row.section_key;
        match entries.iter_mut().find(alike) {
            Some(entry) => (entry.times, entry.since) = (entry.times + 1, row.occurred_at),
            None => {
                let place = (before, entries.len() + 1);
                entries.push(Entry { row: row.clone(), times: 1, since: row.occurred_at, place });
            }
        }
    }
    entries
}
