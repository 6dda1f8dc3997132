//! The demonstration: a municipality made from the real letter of 2015, with invented roles in it.
//!
//! It is loaded once, in one transaction, into a database that has no such municipality yet. Its day is
//! 10 November 2014, a week after the letter, and governs deadlines and validity, never the times of tokens.

mod letter;
mod organisation;
mod strategy;
mod template;

use crate::accounts::clients::store::{self as clients, ClientRow, SecretRow};
use crate::accounts::users::store::{self as users, UserRow};
use crate::auth::{ClientScope, opaque, password};
use crate::db::journal::{Event, EventKind};
use crate::db::{Author, Db, Scope, Tx};
use crate::error::Result;

pub use organisation::id;

/// The key of the HR system's client.
pub const HR_CLIENT: &str = "hr-demo";

/// The municipality of the demonstration.
pub fn scope() -> Scope {
    Scope::of_command(organisation::id("municipality", "hoeje-taastrup"))
}

/// The log-ins, without what follows the `@`.
pub fn logins() -> impl Iterator<Item = &'static str> {
    organisation::PEOPLE.iter().map(|person| person.login)
}

/// What was made here, and nobody can know who has not seen it printed; none of what was configured.
pub struct Secrets {
    /// The one password of all log-ins.
    pub password: Option<String>,
    /// The secret of the HR system's client.
    pub client_secret: Option<String>,
}

/// Loads the demonstration; none when it is there already.
///
/// # Errors
/// When the database fails.
pub fn load(db: &Db, password: Option<&str>, client_secret: Option<&str>) -> Result<Option<Secrets>> {
    let there = db.global(crate::organisation::store::all_municipalities)?;
    if there.iter().any(|(known, _)| *known == scope()) {
        return Ok(None);
    }
    let (password_hash, password) = match password {
        Some(given) => (password::hash(given)?, None),
        None => {
            let made = password::one_time_code()?;
            (password::hash(&made)?, Some(made))
        }
    };
    let (hash, client_secret) = match client_secret {
        Some(given) => (opaque::of_text(scope(), given).1, None),
        None => {
            let (plain, hash) = opaque::make(scope())?;
            (hash, Some(plain))
        }
    };
    db.write(&Author::system(scope(), "serve --demo"), |tx| {
        organisation::load(tx)?;
        log_ins(tx, &password_hash)?;
        client(tx, &hash)?;
        strategy::load(tx)
    })?;
    Ok(Some(Secrets { password, client_secret }))
}

fn log_ins(tx: &mut Tx, password_hash: &str) -> Result<()> {
    for person in &organisation::PEOPLE {
        let row = UserRow::new(
            tx.new_row(),
            organisation::id("user", person.login),
            organisation::id("person", person.login),
            &format!("{}@demo.example", person.login),
            password_hash,
        );
        users::insert(tx, &row)?;
        tx.record(Event::of(EventKind::UserCreated, row.id).version(1));
    }
    Ok(())
}

fn client(tx: &mut Tx, secret_hash: &str) -> Result<()> {
    let row = ClientRow::new(
        tx.new_row(),
        organisation::id("client", HR_CLIENT),
        (HR_CLIENT, "HR-systemet"),
        ClientScope::ALL,
    );
    clients::insert(tx, &row)?;
    let secret = SecretRow::new(tx.new_row(), row.id, secret_hash);
    clients::insert_secret(tx, &secret)?;
    tx.record(Event::of(EventKind::ClientCreated, row.id).version(1));
    Ok(())
}
