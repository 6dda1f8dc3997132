//! Until when something is due in a cycle, which every agreement is read with: kept in memory.

use super::model::Deadlines;
use super::store;
use crate::db::Conn;
use crate::error::{Code, Result};
use crate::types::Id;

/// The deadlines of a cycle.
///
/// # Errors
/// 404 when there is no such cycle.
pub fn deadlines(conn: &mut Conn, cycle_id: Id) -> Result<Deadlines> {
    let kept = conn.cached_or_load((), store::deadlines)?;
    if let Some(found) = kept.0.get(&cycle_id) {
        return Ok(*found);
    }
    // What another process made just now is not in what is kept.
    store::deadlines(conn)?.0.get(&cycle_id).cloned().ok_or_else(|| Code::NotFound.into())
}
