//! Who somebody is: the name of a person or of a machine client, where an id alone would tell nobody anything.

use std::sync::Arc;

use super::clients::store::{self, ClientNames};
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::{self, Organisation};
use crate::types::Id;

/// The names of all people and machine clients of a municipality.
pub struct Names {
    organisation: Arc<Organisation>,
    clients: Arc<ClientNames>,
}

impl Names {
    /// Takes them from memory; reads them where they are not there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(conn: &mut Conn) -> Result<Self> {
        Ok(Names { organisation: organisation::current(conn)?, clients: conn.cached_or_load((), store::names)? })
    }

    /// The name of a person or a machine client; none for one that is no more.
    pub fn of(&self, id: Id) -> Option<String> {
        let person = Some(self.organisation.name_of(id)).filter(|name| !name.is_empty());
        person.or_else(|| self.clients.0.get(&id).map(String::as_str)).map(str::to_owned)
    }
}
