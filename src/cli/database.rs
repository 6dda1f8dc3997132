//! How a command reaches the database.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::terminal::failed;
use crate::agreements::search::texts;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Author, DatabaseUrl, Db, Link, PoolSizes, migrate};
use crate::error::Result;
use crate::organisation::store::all_municipalities;

/// One connection; an SQLite file is made when it is not there.
pub(super) fn connect(config: &Config) -> Result<Link> {
    let place = match &config.database_url {
        DatabaseUrl::Postgres(_) => "PostgreSQL".to_owned(),
        DatabaseUrl::Sqlite(path) => format!("the SQLite file {path}"),
    };
    if let DatabaseUrl::Sqlite(path) = &config.database_url {
        // People's names are in it: nobody but its owner reads it. SQLite gives its other files the same mode, and
        // tells better than we could why a file cannot be made.
        drop(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
    }
    config.database_url.connect().map_err(|error| failed(format!("the database cannot be reached: {place}: {error}")))
}

/// One connection to a database that is there and up to date.
pub(super) fn connect_existing(config: &Config) -> Result<Link> {
    if let DatabaseUrl::Sqlite(path) = &config.database_url
        && !Path::new(path).exists()
    {
        return Err(failed(format!(
            "no SQLite file {path} here: run this where the server runs, or name its database with --database-url; \
             'aftalestyring migrate' makes a new one"
        )));
    }
    let mut link = connect(config)?;
    match migrate::pending(&mut link)?.len() {
        0 => Ok(link),
        pending => Err(failed(format!("the database lacks {pending} migrations; run: aftalestyring migrate"))),
    }
}

/// Brings up to date what is searched in every municipality, so that nobody's first search waits for it.
pub(super) fn keep_up_texts(config: &Config) -> Result<()> {
    let db = open(config)?;
    for (scope, _) in db.global(all_municipalities)? {
        texts::keep_up(&db, &Author::system(scope, "migrate"))?;
    }
    Ok(())
}

/// A database that is there and up to date.
pub(super) fn open(config: &Config) -> Result<Db> {
    drop(connect_existing(config)?);
    let sizes = PoolSizes { connections: 1, ..config.pool };
    Ok(Db::open_for_command(config.database_url.clone(), sizes, Clock::system()))
}
