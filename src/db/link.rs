//! A connection to either database, and the URL that names it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, ConnectionError, PgConnection, SqliteConnection};

use crate::error::{Error, Result};

/// Expands a diesel expression for the database of a [`Conn`](crate::db::Conn), [`Tx`](crate::db::Tx) or [`Link`], bound
/// to its native connection.
#[macro_export]
macro_rules! each {
    ($conn:ident => $query:expr) => {
        match $conn.raw() {
            $crate::db::Raw::Pg($conn) => $query,
            $crate::db::Raw::Sqlite($conn) => $query,
        }
    };
}

/// A native connection.
pub enum Raw {
    /// PostgreSQL.
    Pg(PgConnection),
    /// The embedded database.
    Sqlite(SqliteConnection),
}

/// A pooled connection that remembers whether it broke.
pub struct Link {
    pub(super) raw: Raw,
    broken: bool,
    /// How often connections had been lost when it was made.
    losses: u64,
}

impl Link {
    /// The native connection, for [`each!`].
    pub fn raw(&mut self) -> &mut Raw {
        &mut self.raw
    }

    pub(super) fn begin(&mut self, pg: &str, sqlite: &str) -> Result<()> {
        match &mut self.raw {
            Raw::Pg(conn) => AnsiTransactionManager::begin_transaction_sql(conn, pg)?,
            Raw::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, sqlite)?,
        }
        Ok(())
    }

    /// Begins with a statement of which nothing is wanted but that it holds: on one journey to the server.
    pub(super) fn begin_with(&mut self, begin: &str, statement: &str) -> Result<()> {
        let begun = self.begin(&format!("{begin}; {statement}"), begin);
        if begun.is_err() {
            // It may have begun all the same, and nobody else knows.
            let link = &mut *self;
            let back = each!(link => link.batch_execute("ROLLBACK"));
            self.broken |= back.is_err();
        }
        begun
    }

    pub(super) fn commit(&mut self) -> Result<()> {
        let link = self;
        Ok(each!(link => AnsiTransactionManager::commit_transaction(link))?)
    }

    pub(super) fn rollback(&mut self) {
        let link = &mut *self;
        let done = each!(link => AnsiTransactionManager::rollback_transaction(link));
        self.broken |= done.is_err();
    }

    fn is_broken(&mut self) -> bool {
        let link = &mut *self;
        link.broken || each!(link => link.is_broken())
    }
}

/// Which database a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A PostgreSQL connection URL.
    Postgres(String),
    /// The path of an SQLite file.
    Sqlite(String),
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// A sentence that says what the URL may be.
    pub fn parse(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" | ":memory:" => {
                    Err("sqlite: needs the path of a file, as in sqlite:aftalestyring.sqlite".to_owned())
                }
                path => Ok(DatabaseUrl::Sqlite(path.to_owned())),
            };
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(url.to_owned()));
        }
        Err("must begin with sqlite: or postgres://".to_owned())
    }

    /// Opens one connection, outside any pool.
    ///
    /// # Errors
    /// The database's own reason.
    pub fn connect(&self) -> Result<Link, ConnectionError> {
        let raw = match self {
            DatabaseUrl::Postgres(url) => Raw::Pg(PgConnection::establish(url)?),
            DatabaseUrl::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute(SQLITE_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Raw::Sqlite(conn)
            }
        };
        Ok(Link { raw, broken: false, losses: 0 })
    }
}

/// `busy_timeout` comes first, since the others may have to wait for a lock themselves.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;";

/// Makes the connections of a pool. When one is lost, those made before are taken for lost too: a server that was
/// restarted has closed them all.
#[derive(Clone)]
pub(super) struct Manager {
    url: DatabaseUrl,
    limit: Option<Duration>,
    losses: Arc<AtomicU64>,
}

impl Manager {
    /// No statement takes longer than the limit, where there is one.
    pub(super) fn new(url: DatabaseUrl, limit: Option<Duration>) -> Self {
        Manager { url, limit, losses: Arc::default() }
    }

    /// Whether it was made after the last loss; one that was not is given back to be closed.
    pub(super) fn trusts(&self, link: &mut Link) -> bool {
        link.broken |= link.losses < self.losses.load(Ordering::SeqCst);
        !link.broken
    }

    /// Sees to it that a connection is not used again after what may have left it in any state.
    pub(super) fn judge(&self, link: &mut Link, error: &Error) {
        match error {
            Error::Disconnected(_) => {
                link.broken = true;
                self.losses.fetch_max(link.losses + 1, Ordering::SeqCst);
            }
            Error::Unexpected(_) => link.broken = true,
            Error::Refused(_) | Error::Retry(_) => {}
        }
    }
}

impl ManageConnection for Manager {
    type Connection = Link;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Link, ConnectionError> {
        // Before it is made: one that is lost meanwhile is not taken for a later one.
        let losses = self.losses.load(Ordering::SeqCst);
        let mut link = Link { losses, ..self.url.connect()? };
        if let Some(limit) = self.limit.map(|limit| limit.as_millis()) {
            // Not as a parameter of the connection: poolers between us and the server refuse those.
            let limited = match &mut link.raw {
                Raw::Pg(conn) => conn.batch_execute(&format!("SET statement_timeout = {limit}")),
                Raw::Sqlite(conn) => conn.batch_execute(&format!("PRAGMA busy_timeout = {limit}")),
            };
            limited.map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        Ok(link)
    }

    fn is_valid(&self, _: &mut Link) -> Result<(), ConnectionError> {
        Ok(())
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        std::thread::panicking() || link.is_broken()
    }
}
