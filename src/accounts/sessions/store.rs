//! How sessions are kept, and the accounts as a log-in sees them.

use diesel::prelude::*;

use super::model::{KEPT, expires_at, is_retry};
use crate::access::Actor;
use crate::auth::opaque;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Raw, Scope, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::{refresh_tokens, sessions, users};
use crate::types::{Id, Ts};

/// A log-in's account, as far as logging in needs it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Account {
    /// The log-in.
    pub id: Id,
    /// The person.
    pub person_id: Id,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether it is shut.
    pub disabled: bool,
    /// Until when the password is a one-time code.
    pub code_expires_at: Option<Ts>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
struct SessionRow {
    municipality_id: Id,
    id: Id,
    user_id: Id,
    created_at: Ts,
    expires_at: Ts,
    ended_at: Option<Ts>,
    generation: i64,
    renewed_at: Ts,
}

#[derive(Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
struct RefreshRow {
    municipality_id: Id,
    token_hash: String,
    session_id: Id,
    created_at: Ts,
    generation: i64,
}

/// A session that is open, with its newest refresh token in plain text.
pub struct Opened {
    /// The session.
    pub session_id: Id,
    /// The person.
    pub person_id: Id,
    /// The refresh token.
    pub refresh_token: String,
    /// When the session ends unless it is refreshed.
    pub expires_at: Ts,
}

/// The account of an e-mail address in its folded form.
///
/// # Errors
/// When the database fails.
pub fn find_account(conn: &mut Conn, email: &str) -> Result<Option<Account>> {
    let scope = conn.scope();
    Ok(each!(conn => users::table
        .filter(users::municipality_id.eq(scope).and(users::email.eq(email)))
        .select(Account::as_select()).first(conn).optional())?)
}

/// The account again, locked: whoever changes its password or shuts it waits, or was first.
fn lock_account(tx: &mut Tx, id: Id) -> Result<Option<Account>> {
    let query = users::table.filter(users::municipality_id.eq(tx.scope()).and(users::id.eq(id))).select((
        users::id,
        users::person_id,
        users::password_hash,
        users::disabled,
        users::code_expires_at,
    ));
    Ok(match tx.raw() {
        Raw::Pg(conn) => query.for_update().first(conn).optional()?,
        Raw::Sqlite(conn) => query.first(conn).optional()?,
    })
}

/// Opens a session for an account whose password was right just now; none when it has changed since.
///
/// # Errors
/// When the database fails.
pub fn open(tx: &mut Tx, verified: &Account) -> Result<Option<Opened>> {
    let unchanged = |now: &Account| !now.disabled && now.password_hash == verified.password_hash;
    let Some(account) = lock_account(tx, verified.id)?.filter(unchanged) else { return Ok(None) };
    let (municipality_id, now) = (tx.scope(), tx.now());
    forget_old(tx, account.id)?;
    let row = SessionRow {
        municipality_id,
        id: Id::new(),
        user_id: account.id,
        created_at: now,
        expires_at: expires_at(now, now),
        ended_at: None,
        generation: 1,
        renewed_at: now,
    };
    each!(tx => diesel::insert_into(sessions::table).values(&row).execute(tx))?;
    let refresh_token = insert_refresh_token(tx, row.id, row.generation)?;
    tx.record(Event::of(EventKind::SessionCreated, row.id).detail("user_id", account.id));
    Ok(Some(Opened { session_id: row.id, person_id: account.person_id, refresh_token, expires_at: row.expires_at }))
}

fn forget_old(tx: &mut Tx, user: Id) -> Result<()> {
    let oldest = tx.now().plus(-KEPT);
    let old = sessions::table
        .filter(sessions::municipality_id.eq(tx.scope()).and(sessions::user_id.eq(user)))
        .filter(sessions::expires_at.lt(oldest).nullable().or(sessions::ended_at.lt(oldest)));
    each!(tx => diesel::delete(old).execute(tx))?;
    Ok(())
}

fn insert_refresh_token(tx: &mut Tx, session_id: Id, generation: i64) -> Result<String> {
    let (municipality_id, now) = (tx.scope(), tx.now());
    let (plain, token_hash) = opaque::make(Scope(municipality_id))?;
    let row = RefreshRow { municipality_id, token_hash, session_id, created_at: now, generation };
    each!(tx => diesel::insert_into(refresh_tokens::table).values(&row).execute(tx))?;
    Ok(plain)
}

/// The session of a refresh token, and the generation of it to which the token belongs.
///
/// # Errors
/// When the database fails.
pub fn find_refresh_token(conn: &mut Conn, token_hash: &str) -> Result<Option<(Id, i64)>> {
    let scope = conn.scope();
    Ok(each!(conn => refresh_tokens::table
        .filter(refresh_tokens::municipality_id.eq(scope).and(refresh_tokens::token_hash.eq(token_hash)))
        .select((refresh_tokens::session_id, refresh_tokens::generation)).first(conn).optional())?)
}

/// Uses a refresh token of a generation of a session. None when the session is over, or is ended by this: the token
/// was used before, and not just now.
///
/// # Errors
/// When the database fails.
pub fn renew(tx: &mut Tx, session_id: Id, generation: i64) -> Result<Option<Opened>> {
    let (scope, now) = (tx.scope(), tx.now());
    let own = || sessions::table.filter(sessions::municipality_id.eq(scope).and(sessions::id.eq(session_id)));
    let newest = own().filter(sessions::generation.eq(generation));
    let next = (sessions::generation.eq(generation + 1), sessions::renewed_at.eq(now));
    let is_first = each!(tx => diesel::update(newest).set(next).execute(tx))? > 0;
    let found: Option<(SessionRow, Account)> = each!(tx => own()
        .inner_join(users::table.on(users::municipality_id.eq(sessions::municipality_id).and(users::id.eq(sessions::user_id))))
        .select((SessionRow::as_select(), Account::as_select())).first(tx).optional())?;
    let Some((session, account)) = found else { return Ok(None) };
    if !is_first && !is_retry((generation, session.generation), session.renewed_at, now) {
        if end(tx, session_id, "reuse")? {
            tx.record(Event::of(EventKind::SessionReuseDetected, session_id).detail("user_id", account.id));
        }
        return Ok(None);
    }
    let expires_at = expires_at(session.created_at, now);
    let open = own().filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)));
    let extended = each!(tx => diesel::update(open).set(sessions::expires_at.eq(expires_at)).execute(tx))?;
    if extended == 0 || account.disabled {
        return Ok(None);
    }
    let refresh_token = insert_refresh_token(tx, session_id, session.generation)?;
    Ok(Some(Opened { session_id, person_id: account.person_id, refresh_token, expires_at }))
}

/// Ends a session, for a reason that is a code; tells whether it was open.
///
/// # Errors
/// When the database fails.
pub fn end(tx: &mut Tx, session_id: Id, reason: &str) -> Result<bool> {
    let (scope, now) = (tx.scope(), tx.now());
    let open = sessions::table
        .filter(sessions::municipality_id.eq(scope).and(sessions::id.eq(session_id)))
        .filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)));
    let ended = each!(tx => diesel::update(open).set(sessions::ended_at.eq(now)).execute(tx))? > 0;
    if ended {
        tx.record(Event::of(EventKind::SessionEnded, session_id).detail("reason", reason));
        tx.invalidate::<Actor>();
    }
    Ok(ended)
}

/// Ends every session of a log-in but one, for a reason that is a code.
///
/// # Errors
/// When the database fails.
pub fn end_all(tx: &mut Tx, user_id: Id, but: Option<Id>, reason: &str) -> Result<()> {
    let (scope, now) = (tx.scope(), tx.now());
    let open: Vec<Id> = each!(tx => sessions::table
        .filter(sessions::municipality_id.eq(scope).and(sessions::user_id.eq(user_id)))
        .filter(sessions::ended_at.is_null().and(sessions::expires_at.gt(now)))
        .order(sessions::id).select(sessions::id).load(tx))?;
    for session_id in open.into_iter().filter(|id| Some(*id) != but) {
        end(tx, session_id, reason)?;
    }
    tx.invalidate::<Actor>();
    Ok(())
}
