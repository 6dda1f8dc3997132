//! Migrations, forward and back, on both databases.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::link::{Link, Raw};
use super::refold::refold;
use crate::each;
use crate::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number; the same one in every process, so that two servers that start together migrate one after the other.
const POSTGRES_LOCK: i64 = 7_246_112_014;

/// Brings the database to the newest version.
///
/// # Errors
/// The first migration that fails; those before it stay.
pub fn up(link: &mut Link) -> Result<Vec<String>> {
    if pending(link)?.is_empty() {
        // Keys were checked when it came to this version: a start does not read the whole of a large file for it.
        refold(link)?;
        return Ok(Vec::new());
    }
    guarded(link, |link| {
        // Another process may have been faster.
        let done = if pending(link)?.is_empty() { Vec::new() } else { run(link)? };
        refold(link)?;
        Ok(done)
    })
}

fn run(link: &mut Link) -> Result<Vec<String>> {
    let done = match link.raw() {
        Raw::Pg(conn) => conn.run_pending_migrations(POSTGRES).map(names),
        Raw::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(names),
    };
    done.map_err(Error::unexpected)
}

/// Takes back the newest migration.
///
/// # Errors
/// When it fails, or when there is none.
pub fn down(link: &mut Link) -> Result<String> {
    guarded(link, |link| {
        let done = match link.raw() {
            Raw::Pg(conn) => conn.revert_last_migration(POSTGRES).map(|version| version.to_string()),
            Raw::Sqlite(conn) => conn.revert_last_migration(SQLITE).map(|version| version.to_string()),
        };
        done.map_err(Error::unexpected)
    })
}

/// The migrations that the database lacks; empty when it is up to date. Only looks, so that a role may ask that can
/// make no tables.
///
/// # Errors
/// When the database cannot be read.
pub fn pending(link: &mut Link) -> Result<Vec<String>> {
    let known = versions(link)?;
    let is_known = |name: &String| known.iter().any(|version| name.split('_').next() == Some(version));
    Ok(all().into_iter().filter(|name| !is_known(name)).collect())
}

/// What diesel noted of the migrations it ran; its own look would make the table when it is missing.
fn versions(link: &mut Link) -> Result<Vec<String>> {
    let is_there = match link.raw() {
        Raw::Pg(_) => "SELECT to_regclass('__diesel_schema_migrations')::text AS text",
        Raw::Sqlite(_) => "SELECT max(name) AS text FROM sqlite_schema WHERE name = '__diesel_schema_migrations'",
    };
    let found: Noted = each!(link => diesel::sql_query(is_there).get_result(link))?;
    if found.text.is_none() {
        return Ok(Vec::new());
    }
    let noted = "SELECT version AS text FROM __diesel_schema_migrations";
    let noted: Vec<Noted> = each!(link => diesel::sql_query(noted).load(link))?;
    Ok(noted.into_iter().filter_map(|noted| noted.text).collect())
}

#[derive(QueryableByName)]
struct Noted {
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

/// The migrations that the database has, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn applied(link: &mut Link) -> Result<Vec<String>> {
    let pending = pending(link)?;
    Ok(all().into_iter().filter(|name| !pending.contains(name)).collect())
}

/// Every migration, oldest first; both databases have the same.
pub fn all() -> Vec<String> {
    let mut names: Vec<String> = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
        .map(|all| all.iter().map(|migration| migration.name().to_string()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

fn names(versions: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

/// Rebuilding a parent table deletes its children unless foreign keys are off, and SQLite ignores that setting
/// inside a transaction: so it is set around the migrations, and the keys are checked afterwards.
fn guarded<T>(link: &mut Link, work: impl FnOnce(&mut Link) -> Result<T>) -> Result<T> {
    match link.raw() {
        Raw::Pg(conn) => conn.batch_execute(&format!("SELECT pg_advisory_lock({POSTGRES_LOCK})"))?,
        Raw::Sqlite(conn) => conn.batch_execute("PRAGMA foreign_keys = OFF")?,
    }
    let answer = work(link);
    match link.raw() {
        Raw::Pg(conn) => conn.batch_execute(&format!("SELECT pg_advisory_unlock({POSTGRES_LOCK})"))?,
        Raw::Sqlite(conn) => {
            let broken: Vec<BrokenKey> = diesel::sql_query("PRAGMA foreign_key_check").load(conn)?;
            conn.batch_execute("PRAGMA foreign_keys = ON")?;
            if let Some(key) = broken.first() {
                return Err(Error::unexpected(format!("a row of {} refers to nothing after the migration", key.table)));
            }
        }
    }
    answer
}

#[derive(QueryableByName)]
struct BrokenKey {
    #[diesel(sql_type = Text)]
    table: String,
}
