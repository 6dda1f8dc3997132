//! How log-ins are kept.

use diesel::prelude::*;

use crate::access::Actor;
use crate::db::{Conn, NewRow, Tx};
use crate::error::{Code, Result};
use crate::schema::{people, users};
use crate::text::fold_email;
use crate::types::{Id, Ts};
use crate::{each, organisation};

/// A log-in.
#[derive(Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct UserRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The person who logs in by it.
    pub person_id: Id,
    /// The e-mail address, in its folded form.
    pub email: String,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether it is shut.
    pub disabled: bool,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
    /// Until when the password is a one-time code, which only serves to choose an own one.
    pub code_expires_at: Option<Ts>,
}

crate::versioned!(UserRow);

impl UserRow {
    /// A new log-in with a password.
    pub fn new(start: NewRow, id: Id, person_id: Id, email: &str, password_hash: &str) -> Self {
        UserRow {
            municipality_id: start.municipality_id,
            id,
            person_id,
            email: fold_email(email),
            password_hash: password_hash.to_owned(),
            disabled: false,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
            code_expires_at: None,
        }
    }
}

/// One log-in.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, id: Id) -> Result<UserRow> {
    let scope = conn.scope();
    Ok(each!(conn => users::table
        .filter(users::municipality_id.eq(scope).and(users::id.eq(id)))
        .select(UserRow::as_select()).first(conn))?)
}

/// The log-in of an e-mail address in its folded form.
///
/// # Errors
/// 404 when there is none.
pub fn with_email(conn: &mut Conn, email: &str) -> Result<UserRow> {
    let scope = conn.scope();
    Ok(each!(conn => users::table
        .filter(users::municipality_id.eq(scope).and(users::email.eq(email)))
        .select(UserRow::as_select()).first(conn))?)
}

/// A page of log-ins by e-mail address, of everybody or of one person.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, person: Option<Id>, after: Option<&str>, limit: i64) -> Result<Vec<UserRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = users::table.filter(users::municipality_id.eq(scope))
            .order(users::email).limit(limit).select(UserRow::as_select()).into_boxed();
        if let Some(person) = person {
            query = query.filter(users::person_id.eq(person));
        }
        if let Some(after) = after {
            query = query.filter(users::email.gt(after));
        }
        query.load(conn)
    })?)
}

/// How many log-ins there are, of everybody or of one person.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &mut Conn, person: Option<Id>) -> Result<i64> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = users::table.filter(users::municipality_id.eq(scope)).count().into_boxed();
        if let Some(person) = person {
            query = query.filter(users::person_id.eq(person));
        }
        query.get_result(conn)
    })?)
}

/// What others know of somebody with a log-in, and would try as a password: the person's names and addresses, and the
/// municipality's name.
///
/// # Errors
/// When the database fails.
pub fn known_of(conn: &mut Conn, person: Id, email: &str) -> Result<Vec<String>> {
    let scope = conn.scope();
    let found: Option<(String, Option<String>)> = each!(conn => people::table
        .filter(people::municipality_id.eq(scope).and(people::id.eq(person)))
        .select((people::name, people::email)).first(conn).optional())?;
    let (name, address) = found.unwrap_or_default();
    let municipality = organisation::store::municipality(conn)?.name;
    Ok([Some(email.to_owned()), Some(name), address, Some(municipality)].into_iter().flatten().collect())
}

/// Keeps a new log-in; its e-mail address is folded already.
///
/// # Errors
/// 409 when the address is taken.
pub fn insert(tx: &mut Tx, row: &UserRow) -> Result<()> {
    each!(tx => diesel::insert_into(users::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a log-in; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it since it was read; 409 when its new address is taken.
pub fn save(tx: &mut Tx, row: &mut UserRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target =
        users::table.filter(users::municipality_id.eq(scope).and(users::id.eq(row.id)).and(users::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => {
            tx.invalidate::<Actor>();
            Ok(())
        }
    }
}

/// Deletes a log-in with its sessions.
///
/// # Errors
/// When the database fails.
pub fn delete(tx: &mut Tx, id: Id) -> Result<()> {
    let target = users::table.filter(users::municipality_id.eq(tx.scope()).and(users::id.eq(id)));
    each!(tx => diesel::delete(target).execute(tx))?;
    tx.invalidate::<Actor>();
    Ok(())
}
