//! How clients and their secrets are kept.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::access::Actor;
use crate::auth::ClientScope;
use crate::db::cache::Cached;
use crate::db::{Conn, NewRow, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::schema::{client_secrets, clients};
use crate::types::{Id, Json, Ts};

/// A machine client.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clients, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ClientRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// What it calls itself when it asks for a token.
    pub client_key: String,
    /// What people call it.
    pub name: String,
    /// The source whose rows it writes.
    pub source: String,
    /// What it may do.
    pub scopes: Json,
    /// Whether it is shut out.
    pub disabled: bool,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(ClientRow);

impl ClientRow {
    /// A new client, which writes the rows of the source that is called as it.
    pub fn new(start: NewRow, id: Id, (client_key, name): (&str, &str), scopes: &[ClientScope]) -> Self {
        ClientRow {
            municipality_id: start.municipality_id,
            id,
            client_key: client_key.to_owned(),
            name: name.to_owned(),
            source: client_key.to_owned(),
            scopes: Json::of(scopes),
            disabled: false,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }
}

/// A secret of a client.
#[derive(Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = client_secrets, treat_none_as_default_value = false)]
pub struct SecretRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The client.
    pub client_id: Id,
    /// Its hash.
    pub secret_hash: String,
    /// When it was made.
    pub created_at: Ts,
    /// When it is valid no more; open when null.
    pub expires_at: Option<Ts>,
}

impl SecretRow {
    /// A new secret of a client, which does not expire.
    pub fn new(start: NewRow, client_id: Id, secret_hash: &str) -> Self {
        SecretRow {
            municipality_id: start.municipality_id,
            id: Id::new(),
            client_id,
            secret_hash: secret_hash.to_owned(),
            created_at: start.at,
            expires_at: None,
        }
    }
}

/// What each machine client of the municipality is called, by its id.
pub struct ClientNames(pub HashMap<Id, String>);

impl Cached for ClientNames {
    type Key = ();
}

/// What each machine client is called.
///
/// # Errors
/// When the database fails.
pub fn names(conn: &mut Conn) -> Result<ClientNames> {
    let scope = conn.scope();
    let found: Vec<(Id, String)> = each!(conn => clients::table
        .filter(clients::municipality_id.eq(scope)).select((clients::id, clients::name)).load(conn))?;
    Ok(ClientNames(found.into_iter().collect()))
}

/// One client.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, id: Id) -> Result<ClientRow> {
    let scope = conn.scope();
    Ok(each!(conn => clients::table
        .filter(clients::municipality_id.eq(scope).and(clients::id.eq(id)))
        .select(ClientRow::as_select()).first(conn))?)
}

/// The client of a key, be it shut out.
///
/// # Errors
/// When the database fails.
pub fn find_by_key(conn: &mut Conn, client_key: &str) -> Result<Option<ClientRow>> {
    let scope = conn.scope();
    Ok(each!(conn => clients::table
        .filter(clients::municipality_id.eq(scope).and(clients::client_key.eq(client_key)))
        .select(ClientRow::as_select()).first(conn).optional())?)
}

/// The client that knows a secret now, if it is not shut out.
///
/// # Errors
/// When the database fails.
pub fn find_by_secret(conn: &mut Conn, client_key: &str, secret_hash: &str) -> Result<Option<ClientRow>> {
    let (scope, now) = (conn.scope(), conn.now());
    Ok(each!(conn => clients::table
        .inner_join(client_secrets::table.on(client_secrets::municipality_id.eq(clients::municipality_id)
            .and(client_secrets::client_id.eq(clients::id))))
        .filter(clients::municipality_id.eq(scope).and(clients::client_key.eq(client_key)))
        .filter(clients::disabled.eq(false).and(client_secrets::secret_hash.eq(secret_hash)))
        .filter(client_secrets::expires_at.is_null().or(client_secrets::expires_at.gt(now)))
        .select(ClientRow::as_select()).first(conn).optional())?)
}

/// A page of clients, in the order of their keys.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, after: Option<&str>, limit: i64) -> Result<Vec<ClientRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = clients::table.filter(clients::municipality_id.eq(scope))
            .order(clients::client_key).limit(limit).select(ClientRow::as_select()).into_boxed();
        if let Some(after) = after {
            query = query.filter(clients::client_key.gt(after));
        }
        query.load(conn)
    })?)
}

/// The secrets of some clients, oldest first.
///
/// # Errors
/// When the database fails.
pub fn secrets_of(conn: &mut Conn, clients: &[Id]) -> Result<Vec<SecretRow>> {
    let scope = conn.scope();
    Ok(each!(conn => client_secrets::table
        .filter(client_secrets::municipality_id.eq(scope).and(client_secrets::client_id.eq_any(clients)))
        .order((client_secrets::created_at, client_secrets::id))
        .select(SecretRow::as_select()).load(conn))?)
}

/// Keeps a new client.
///
/// # Errors
/// 409 when its key is taken.
pub fn insert(tx: &mut Tx, row: &ClientRow) -> Result<()> {
    tx.invalidate::<ClientNames>();
    each!(tx => diesel::insert_into(clients::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a client that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut ClientRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = clients::table
        .filter(clients::municipality_id.eq(scope).and(clients::id.eq(row.id)).and(clients::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => {
            tx.invalidate::<Actor>();
            tx.invalidate::<ClientNames>();
            Ok(())
        }
    }
}

/// Deletes a client with its secrets.
///
/// # Errors
/// When the database fails.
pub fn delete(tx: &mut Tx, id: Id) -> Result<()> {
    let target = clients::table.filter(clients::municipality_id.eq(tx.scope()).and(clients::id.eq(id)));
    each!(tx => diesel::delete(target).execute(tx))?;
    tx.invalidate::<Actor>();
    tx.invalidate::<ClientNames>();
    Ok(())
}

/// Keeps a new secret.
///
/// # Errors
/// When the database fails.
pub fn insert_secret(tx: &mut Tx, row: &SecretRow) -> Result<()> {
    each!(tx => diesel::insert_into(client_secrets::table).values(row).execute(tx))?;
    Ok(())
}

/// Deletes a secret of a client.
///
/// # Errors
/// 404 when the client has no such secret.
pub fn delete_secret(tx: &mut Tx, client: Id, id: Id) -> Result<()> {
    let target = client_secrets::table
        .filter(client_secrets::municipality_id.eq(tx.scope()).and(client_secrets::client_id.eq(client)))
        .filter(client_secrets::id.eq(id));
    match each!(tx => diesel::delete(target).execute(tx))? {
        0 => Err(Code::NotFound.into()),
        _ => Ok(()),
    }
}
