//! What of letters and cycles every agreement is read with: who owns a theme, and until when. Kept in memory.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::Deadlines;
use crate::agreements::approval::store;
use crate::db::Conn;
use crate::db::cache::Memory;
use crate::error::{Code, Result};
use crate::types::Id;

/// The frames that were read.
pub type Cache = Memory<Frame>;

/// The themes and cycles of a municipality.
pub struct Frame {
    owners: HashMap<Id, Option<Id>>,
    deadlines: HashMap<Id, Deadlines>,
}

fn read(conn: &mut Conn) -> Result<Arc<Frame>> {
    let owners = store::theme_owners(conn)?.into_iter().collect();
    let deadlines = store::deadlines(conn)?.into_iter().collect();
    let frame = Arc::new(Frame { owners, deadlines });
    conn.frames().keep(conn, frame.clone());
    Ok(frame)
}

/// A frame that knows something: what another process made just now is not in the one that is kept.
fn knowing(conn: &mut Conn, knows: impl Fn(&Frame) -> bool) -> Result<Arc<Frame>> {
    match conn.frames().fresh(conn).filter(|frame| knows(frame)) {
        Some(frame) => Ok(frame),
        None => read(conn),
    }
}

/// The directors who own some themes; those without an owner are among them.
///
/// # Errors
/// When the database fails.
pub fn theme_owners(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Option<Id>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let frame = knowing(conn, |frame| ids.iter().all(|id| frame.owners.contains_key(id)))?;
    Ok(ids.iter().filter_map(|id| Some((*id, *frame.owners.get(id)?))).collect())
}

/// The deadlines of a cycle.
///
/// # Errors
/// 404 when there is no such cycle.
pub fn deadlines(conn: &mut Conn, cycle_id: Id) -> Result<Deadlines> {
    let frame = knowing(conn, |frame| frame.deadlines.contains_key(&cycle_id))?;
    frame.deadlines.get(&cycle_id).cloned().ok_or_else(|| Code::NotFound.into())
}
