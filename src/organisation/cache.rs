//! The organisation in memory, as of a version that every change of it raises.

use std::sync::Arc;
use std::time::Duration;

use super::model::Organisation;
use super::store::{self, CurrentOrganisation, MunicipalityRow};
use crate::db::Conn;
use crate::db::cache::Cached;
use crate::error::Result;
use crate::types::Date;

/// The organisation of a version and a day: it never changes, and is found again when nothing else did.
struct OrganisationOfVersion(Arc<Organisation>);

impl Cached for OrganisationOfVersion {
    type Key = (i64, Date);

    const CHANGES: bool = false;
    const KEPT: Duration = Duration::from_secs(3600);

    /// Units, people and appointments in all. A large municipality takes the place of many small ones.
    const CAPACITY: u64 = 200_000;

    fn weight(&self) -> u32 {
        u32::try_from(self.0.size()).unwrap_or(u32::MAX)
    }
}

/// The organisation of the municipality, today.
///
/// # Errors
/// When the database fails.
pub fn current(conn: &mut Conn) -> Result<Arc<Organisation>> {
    let kept = conn.cached_or_load((), |conn| {
        let municipality = store::municipality(conn)?;
        let organisation = current_of(conn, &municipality)?;
        Ok(CurrentOrganisation { business_date: municipality.business_date, organisation })
    })?;
    if kept.is_of(conn.now()) {
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
    let load = |conn: &mut Conn| Ok(OrganisationOfVersion(Arc::new(store::load(conn, municipality, today)?)));
    Ok(conn.cached_or_load((version, today), load)?.0.clone())
}
