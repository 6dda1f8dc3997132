//! What seldom changes and every request reads, kept in memory: dropped at once when this process changes it, and
//! after five seconds in any case, since another process may have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::work::Conn;
use crate::types::Id;

/// How long something is kept without asking whether it still holds: as long as rights are.
pub const KEPT: Duration = Duration::from_secs(5);

const MOST: usize = 512;

/// Something kept for each municipality.
pub struct Memory<T>(Mutex<HashMap<Id, Kept<T>>>);

struct Kept<T> {
    at: Instant,
    epoch: u64,
    value: Arc<T>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Memory(Mutex::default())
    }
}

impl<T> Memory<T> {
    /// What is kept and still holds.
    pub fn fresh(&self, conn: &Conn) -> Option<Arc<T>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(&conn.scope())?;
        (kept.epoch == conn.epoch() && kept.at.elapsed() < KEPT).then(|| kept.value.clone())
    }

    /// What is kept, whether it holds or not.
    pub fn any(&self, conn: &Conn) -> Option<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&conn.scope()).map(|kept| kept.value.clone())
    }

    /// Keeps what was read. What a transaction has changed and may yet take back is not for others to see: only a
    /// reader of committed rows keeps what it read.
    pub fn keep(&self, conn: &Conn, value: Arc<T>) {
        if !conn.is_snapshot() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        #[expect(clippy::disallowed_methods, reason = "an age is measured, no time is told")]
        let at = Instant::now();
        all.insert(conn.scope(), Kept { at, epoch: conn.epoch(), value });
    }
}
