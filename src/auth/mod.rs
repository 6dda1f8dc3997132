//! Who asks, and what they may: tokens, rights, and one table of rules.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use diesel::prelude::*;

use crate::app::App;
use crate::db::types::Id;
use crate::db::{Author, Conn, Db, Scope};
use crate::each;
use crate::error::{Code, Result};
use crate::organisation::model::Appointed;
use crate::organisation::{self, Role};
use crate::schema::{clients, sessions, users};
use crate::text::Lang;

pub mod action;
pub mod keys;
pub mod lockout;
pub mod opaque;
pub mod password;
pub mod rate;
pub mod table;
pub mod tokens;

use tokens::Subject;

crate::text_enum! {
    /// What a machine client may do.
    pub enum ClientScope {
        /// Read units, people and appointments.
        OrganisationRead = "organisation:read",
        /// Write units, people and appointments of its source.
        OrganisationWrite = "organisation:write",
        /// Read approved agreements.
        AgreementsRead = "agreements:read",
        /// Read the change feed.
        EventsRead = "events:read",
    }
}

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

    /// Whether a client has a scope.
    pub fn has_scope(&self, scope: ClientScope) -> bool {
        matches!(&self.who, Who::Client { scopes, .. } if scopes.contains(&scope))
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

/// How long rights are remembered; a change made in this process is seen at once.
const RIGHTS_KEPT: Duration = Duration::from_secs(5);

const MOST_REMEMBERED: usize = 20_000;

/// When rights were read, in which epoch, and what they were.
type Seen = (Instant, u64, Arc<Actor>);

/// The rights that were read lately.
#[derive(Default)]
pub struct Remembered(RwLock<HashMap<(Id, Id), Seen>>);

/// Finds out who asks: checks the token, and reads the rights unless they were read just now.
///
/// # Errors
/// 401 without a token, and for one that is expired, forged or withdrawn.
pub async fn authenticate(app: &App, authorization: &str) -> Result<Actor> {
    let token = authorization
        .split_once(' ')
        .and_then(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()))
        .ok_or(Code::NotAuthenticated)?;
    let claims = app.tokens.verify(token, app.db.clock().now())?;
    let key = (claims.municipality, claims.subject.session());
    let epoch = app.db.epoch();
    if let Some((at, seen, actor)) = app.remembered.0.read().unwrap_or_else(PoisonError::into_inner).get(&key)
        && at.elapsed() < RIGHTS_KEPT
        && *seen == epoch
    {
        return Ok(narrowed((**actor).clone(), claims.scopes.as_deref()));
    }
    let subject = claims.subject;
    let read = move |db: &Db| db.read(&reader(claims.municipality), |conn| actor_of(conn, subject));
    let actor = app.db.to_read(read).await?;
    let mut all = app.remembered.0.write().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_REMEMBERED {
        all.clear();
    }
    #[expect(clippy::disallowed_methods, reason = "an age is measured, no time is told")]
    all.insert(key, (Instant::now(), epoch, Arc::new(actor.clone())));
    Ok(narrowed(actor, claims.scopes.as_deref()))
}

/// A client's token may be for less than the client may; never for more.
fn narrowed(mut actor: Actor, granted: Option<&[ClientScope]>) -> Actor {
    if let (Who::Client { scopes, .. }, Some(granted)) = (&mut actor.who, granted) {
        scopes.retain(|scope| granted.contains(scope));
    }
    actor
}

fn reader(municipality: Id) -> Author {
    Author { lang: Lang::Da, ..Author::system(Scope(municipality), "authenticate") }
}

fn actor_of(conn: &mut Conn, subject: Subject) -> Result<Actor> {
    let found = match subject {
        Subject::Person { session_id } => person_of(conn, session_id),
        Subject::Client { client_id } => client_of(conn, client_id),
    };
    found?.ok_or_else(|| Code::InvalidToken.into())
}

fn person_of(conn: &mut Conn, session_id: Id) -> Result<Option<Actor>> {
    let (scope, now) = (conn.scope(), conn.now());
    let found: Option<(Id, Id)> = each!(conn => sessions::table
        .inner_join(users::table.on(users::municipality_id.eq(sessions::municipality_id).and(users::id.eq(sessions::user_id))))
        .filter(sessions::municipality_id.eq(scope).and(sessions::id.eq(session_id)))
        .filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)).and(users::disabled.eq(false)))
        .select((users::id, users::person_id))
        .first(conn).optional())?;
    let Some((user_id, person_id)) = found else { return Ok(None) };
    let organisation = organisation::current(conn)?;
    Ok(Some(Actor {
        scope: Scope(scope),
        who: Who::Person { person_id, user_id, session_id },
        appointments: organisation.held_by(person_id).cloned().collect(),
    }))
}

fn client_of(conn: &mut Conn, client_id: Id) -> Result<Option<Actor>> {
    let scope = conn.scope();
    let found: Option<(String, crate::db::types::Json)> = each!(conn => clients::table
        .filter(clients::municipality_id.eq(scope).and(clients::id.eq(client_id)).and(clients::disabled.eq(false)))
        .select((clients::source, clients::scopes))
        .first(conn).optional())?;
    let Some((source, scopes)) = found else { return Ok(None) };
    let who = Who::Client { client_id, source, scopes: scopes.read()? };
    Ok(Some(Actor { scope: Scope(scope), who, appointments: Vec::new() }))
}
