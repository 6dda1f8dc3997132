//! Organisations in memory, each as of a version that every change of it raises.

use std::sync::Arc;

use super::model::Organisation;
use super::store::{self, MunicipalityRow};
use crate::db::Conn;
use crate::db::memory::Memory;
use crate::db::types::{Date, Ts};
use crate::error::Result;

/// The organisations that were read.
pub type Cache = Memory<Remembered>;

/// An organisation as it was read.
pub struct Remembered {
    version: i64,
    business_date: Option<Date>,
    organisation: Arc<Organisation>,
}

impl Remembered {
    fn is_of(&self, now: Ts) -> bool {
        let today = self.business_date.unwrap_or_else(|| now.day_in(self.organisation.settings.time_zone));
        today == self.organisation.today
    }
}

fn kept(conn: &Conn) -> Option<Arc<Remembered>> {
    conn.organisations().fresh(conn).filter(|kept| kept.is_of(conn.now()))
}

/// Whether [`current`] needs no statement.
pub fn is_at_hand(conn: &Conn) -> bool {
    kept(conn).is_some()
}

/// The organisation of the municipality, today.
///
/// # Errors
/// When the database fails.
pub fn current(conn: &mut Conn) -> Result<Arc<Organisation>> {
    if let Some(kept) = kept(conn) {
        return Ok(kept.organisation.clone());
    }
    let municipality = store::municipality(conn)?;
    current_of(conn, &municipality)
}

/// The organisation today, when the municipality's row is at hand.
///
/// # Errors
/// When the database fails.
pub fn current_of(conn: &mut Conn, municipality: &MunicipalityRow) -> Result<Arc<Organisation>> {
    let (version, today) = (municipality.organisation_version, municipality.today(conn.now()));
    let kept = conn.organisations().any(conn).filter(|kept| kept.version == version);
    let organisation = match kept.filter(|kept| kept.organisation.today == today) {
        Some(kept) => kept.organisation.clone(),
        None => Arc::new(store::load(conn, municipality, today)?),
    };
    let remembered =
        Remembered { version, business_date: municipality.business_date, organisation: organisation.clone() };
    conn.organisations().keep(conn, Arc::new(remembered));
    Ok(organisation)
}
