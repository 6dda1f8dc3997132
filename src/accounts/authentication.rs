//! Who asks: a token is checked, and the rights of its owner are read or remembered.

use diesel::prelude::*;

use crate::access::{Actor, Who};
use crate::auth::ClientScope;
use crate::auth::tokens::{Subject, Tokens};
use crate::db::cache::Cached;
use crate::db::{Author, Conn, Db, Scope};
use crate::error::{Code, Result};
use crate::schema::{clients, sessions, users};
use crate::text::Lang;
use crate::types::Id;
use crate::{each, organisation};

/// Rights are read again after five seconds, and at once when this process changed anything that they are made of.
impl Cached for Actor {
    type Key = Subject;

    const CAPACITY: u64 = 20_000;
}

/// Finds out who asks: checks the token, and reads the rights unless they were read just now.
///
/// # Errors
/// 401 without a token, and for one that is expired, forged or withdrawn.
pub async fn authenticate(db: &Db, tokens: &Tokens, authorization: &str) -> Result<Actor> {
    let token = authorization
        .split_once(' ')
        .and_then(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()))
        .ok_or(Code::NotAuthenticated)?;
    let claims = tokens.verify(token, db.clock().now())?;
    let (municipality, subject, owner) = (claims.municipality, claims.subject, claims.owner);
    let actor = match db.caches().get::<Actor>(municipality, db.generation(), &subject) {
        Some(actor) => actor,
        None => {
            let read = move |conn: &mut Conn| conn.cached_or_load(subject, |conn| actor_of(conn, subject));
            db.to_read(move |db| db.read(&reader(municipality), read)).await?
        }
    };
    if actor.id() != owner {
        return Err(Code::InvalidToken.into());
    }
    Ok(narrowed((*actor).clone(), claims.scopes.as_deref()))
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
    let found: Option<(String, crate::types::Json)> = each!(conn => clients::table
        .filter(clients::municipality_id.eq(scope).and(clients::id.eq(client_id)).and(clients::disabled.eq(false)))
        .select((clients::source, clients::scopes))
        .first(conn).optional())?;
    let Some((source, scopes)) = found else { return Ok(None) };
    let who = Who::Client { client_id, source, scopes: scopes.read()? };
    Ok(Some(Actor { scope: Scope(scope), who, appointments: Vec::new() }))
}
