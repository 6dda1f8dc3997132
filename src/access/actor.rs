//! Who asks, with the rights they have now.

use crate::auth::ClientScope;
use crate::db::Scope;
use crate::error::{Code, Result};
use crate::organisation::Role;
use crate::organisation::model::Appointed;
use crate::types::Id;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Who {
    /// A person who is logged in.
    Person {
        /// The person.
        person_id: Id,
        /// The log-in.
        user_id: Id,
        /// The session.
        session_id: Id,
    },
    /// A machine client.
    Client {
        /// The client.
        client_id: Id,
        /// The source whose rows it writes.
        source: String,
        /// What it may do.
        scopes: Vec<ClientScope>,
    },
}

/// Somebody who is known, with the rights they have now.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The municipality.
    pub scope: Scope,
    /// Who it is.
    pub who: Who,
    /// The appointments of today; none for a client.
    pub appointments: Vec<Appointed>,
}

impl Actor {
    /// The person's or the client's id.
    pub fn id(&self) -> Id {
        match self.who {
            Who::Person { person_id, .. } => person_id,
            Who::Client { client_id, .. } => client_id,
        }
    }

    /// The person's id; none for a client.
    pub fn person_id(&self) -> Option<Id> {
        matches!(self.who, Who::Person { .. }).then(|| self.id())
    }

    /// The client's id; none for a person.
    pub fn client_id(&self) -> Option<Id> {
        matches!(self.who, Who::Client { .. }).then(|| self.id())
    }

    /// The person's id, where only people may.
    ///
    /// # Errors
    /// 403 for a client.
    pub fn person(&self) -> Result<Id> {
        self.person_id().ok_or_else(|| Code::Forbidden.into())
    }

    /// Whether a person holds one of some roles anywhere.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.appointments.iter().any(|held| roles.contains(&held.role))
    }

    /// Whether a person holds a role in one of some units.
    pub fn has_in(&self, role: Role, units: &[Id]) -> bool {
        self.appointments.iter().any(|held| held.role == role && units.contains(&held.org_unit_id))
    }

    /// What a client may do; nothing for a person.
    pub fn scopes(&self) -> &[ClientScope] {
        match &self.who {
            Who::Client { scopes, .. } => scopes,
            Who::Person { .. } => &[],
        }
    }

    /// Whether a client has a scope.
    pub fn has_scope(&self, scope: ClientScope) -> bool {
        self.scopes().contains(&scope)
    }

    /// A person with roles, in tests of rules.
    #[cfg(test)]
    pub fn person_for_tests(roles: &[Role]) -> Self {
        let person_id = Id::new();
        let held = |role: &Role| Appointed {
            id: Id::new(),
            person_id,
            org_unit_id: Id::new(),
            role: *role,
            acting: false,
            standing_deputy_id: None,
            responsible_for: Vec::new(),
        };
        Actor {
            scope: Scope(Id::new()),
            who: Who::Person { person_id, user_id: Id::new(), session_id: Id::new() },
            appointments: roles.iter().map(held).collect(),
        }
    }

    /// A client of a source with every scope, in tests of rules.
    #[cfg(test)]
    pub fn client_for_tests(source: &str) -> Self {
        let who = Who::Client { client_id: Id::new(), source: source.to_owned(), scopes: ClientScope::ALL.to_vec() };
        Actor { scope: Scope(Id::new()), who, appointments: Vec::new() }
    }
}
