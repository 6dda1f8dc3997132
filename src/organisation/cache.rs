//! Organisations in memory, each as of a version that every change of it raises: never stale, seldom read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::model::Organisation;
use super::store;
use crate::db::Conn;
use crate::db::types::Id;
use crate::error::Result;

const MOST: usize = 512;

/// The organisations that were read.
#[derive(Default)]
pub struct Cache(Mutex<HashMap<Id, Kept>>);

struct Kept {
    version: i64,
    today: NaiveDate,
    organisation: Arc<Organisation>,
}

impl Cache {
    fn get(&self, municipality: Id, version: i64, today: NaiveDate) -> Option<Arc<Organisation>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(&municipality)?;
        (kept.version == version && kept.today == today).then(|| kept.organisation.clone())
    }

    fn put(&self, municipality: Id, version: i64, organisation: Arc<Organisation>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(municipality, Kept { version, today: organisation.today, organisation });
    }
}

/// The organisation of the municipality, today.
///
/// # Errors
/// When the database fails.
pub fn current(conn: &mut Conn) -> Result<Arc<Organisation>> {
    let municipality = store::municipality(conn)?;
    current_of(conn, &municipality)
}

/// The organisation today, when the municipality's row is at hand.
///
/// # Errors
/// When the database fails.
pub fn current_of(conn: &mut Conn, municipality: &store::MunicipalityRow) -> Result<Arc<Organisation>> {
    let (scope, version) = (conn.scope(), municipality.organisation_version);
    let today = municipality.today(conn.now());
    if let Some(found) = conn.organisations().get(scope, version, today) {
        return Ok(found);
    }
    let organisation = Arc::new(store::load(conn, municipality, today)?);
    // What a transaction has changed and may yet take back is not for others to see: its version is not raised yet,
    // so only a reader of committed rows may keep what it read.
    if conn.is_snapshot() {
        conn.organisations().put(scope, version, organisation.clone());
    }
    Ok(organisation)
}
