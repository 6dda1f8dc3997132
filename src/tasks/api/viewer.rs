//! Whom tasks are collected for.

use std::collections::HashMap;
use std::sync::Arc;

use crate::access::Actor;
use crate::agreements::agreement::store::{self as agreements, AgreementRow};
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::leaders::{held_by, is_holder};
use crate::organisation::{self, Organisation};
use crate::types::Id;

/// A person whom tasks are collected for.
pub struct Viewer {
    /// The person.
    pub person: Id,
    /// The organisation today.
    pub organisation: Arc<Organisation>,
    /// The units whose agreements they hold.
    pub held: Vec<Id>,
}

impl Viewer {
    /// The person who asks.
    ///
    /// # Errors
    /// 403 for a client; when the database fails.
    pub fn of(conn: &mut Conn, actor: &Actor) -> Result<Self> {
        let (person, organisation) = (actor.person()?, organisation::current(conn)?);
        let held = held_by(&organisation, person);
        Ok(Viewer { person, organisation, held })
    }

    /// Whether they hold an agreement of some units.
    pub fn holds(&self, units: &[Id]) -> bool {
        is_holder(&self.organisation, self.person, units)
    }
}

/// Some agreements, by their ids.
///
/// # Errors
/// When the database fails.
pub fn by_id(conn: &mut Conn, ids: impl Iterator<Item = Id>) -> Result<HashMap<Id, AgreementRow>> {
    let mut ids: Vec<Id> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = if ids.is_empty() { Vec::new() } else { agreements::find_all(conn, &ids)? };
    Ok(found.into_iter().map(|agreement| (agreement.id, agreement)).collect())
}
