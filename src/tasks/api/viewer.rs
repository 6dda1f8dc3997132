//! Whom tasks are collected for.

use std::collections::HashMap;
use std::sync::Arc;

use crate::access::Actor;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store::{self as agreements, AgreementRow};
use crate::agreements::views::list::{Filter, choose, page};
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::leaders::is_holder;
use crate::organisation::{self, Organisation};
use crate::types::Id;

/// A person whom tasks are collected for.
pub struct Viewer<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The person.
    pub person: Id,
    /// The organisation today.
    pub organisation: Arc<Organisation>,
    /// The units whose agreements they hold.
    pub held: Vec<Id>,
}

impl<'a> Viewer<'a> {
    /// The person who asks.
    ///
    /// # Errors
    /// 403 for a client; when the database fails.
    pub fn of(conn: &mut Conn, actor: &'a Actor) -> Result<Self> {
        let (person, organisation) = (actor.person()?, organisation::current(conn)?);
        let units = organisation.units().map(|unit| unit.id);
        let held = units.filter(|unit| is_holder(&organisation, person, &[*unit])).collect();
        Ok(Viewer { actor, person, organisation, held })
    }

    /// Whether they hold an agreement of some units.
    pub fn holds(&self, units: &[Id]) -> bool {
        is_holder(&self.organisation, self.person, units)
    }

    /// The agreements in a state that they may know of.
    ///
    /// # Errors
    /// When the database fails.
    pub fn agreements_in(&self, conn: &mut Conn, state: AgreementState) -> Result<Vec<AgreementRow>> {
        let chosen = choose(conn, self.actor, &self.organisation, &Filter { state: Some(state), ..Filter::default() })?;
        page(conn, &chosen, None, i64::MAX)
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
