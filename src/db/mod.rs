//! Both databases behind one door: pools, snapshots, transactions, retries.
//!
//! A query is written once, inside [`each!`], which expands it for the database at hand. Reading functions take
//! `&mut Conn`, writing ones `&mut Tx`: a write does not compile outside a transaction. Both know the municipality
//! they work for, and there is no way to get one that does not.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::{Connection, ConnectionError, PgConnection, SqliteConnection};

use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::events::news::News;
use crate::events::{self, Event};
use crate::organisation;
use crate::templates;
use crate::text::Lang;

pub mod backup;
pub mod catalogue;
pub mod migrate;
pub mod types;

use types::{Id, Ts};

/// Expands a diesel expression for the database of a [`Conn`], [`Tx`] or [`Link`], bound to its native connection.
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
    raw: Raw,
    broken: bool,
}

impl Link {
    /// The native connection, for [`each!`].
    pub fn raw(&mut self) -> &mut Raw {
        &mut self.raw
    }

    fn begin(&mut self, pg: &str, sqlite: &str) -> Result<()> {
        match &mut self.raw {
            Raw::Pg(conn) => AnsiTransactionManager::begin_transaction_sql(conn, pg)?,
            Raw::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, sqlite)?,
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        let link = self;
        Ok(each!(link => AnsiTransactionManager::commit_transaction(link))?)
    }

    fn rollback(&mut self) {
        let link = &mut *self;
        let done = each!(link => AnsiTransactionManager::rollback_transaction(link));
        self.broken |= done.is_err();
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
        Ok(Link { raw, broken: false })
    }
}

/// `busy_timeout` comes first, since the others may have to wait for a lock themselves.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;";

struct Manager(DatabaseUrl);

impl ManageConnection for Manager {
    type Connection = Link;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Link, ConnectionError> {
        self.0.connect()
    }

    fn is_valid(&self, _: &mut Link) -> Result<(), ConnectionError> {
        Ok(())
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        link.broken || std::thread::panicking()
    }
}

/// The municipality that a unit of work belongs to. Made from credentials, by a command's argument or by a loop
/// over all municipalities; never from a request's path or body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope(pub(crate) Id);

impl Scope {
    /// The municipality that an operator named to a command.
    pub fn of_command(municipality: Id) -> Self {
        Scope(municipality)
    }

    /// The municipality's id.
    pub fn municipality(self) -> Id {
        self.0
    }
}

/// Who a unit of work is done for; stands on every event that it leaves.
#[derive(Debug, Clone)]
pub struct Author {
    /// The municipality.
    pub scope: Scope,
    /// The person, when one is logged in.
    pub person: Option<Id>,
    /// The machine client, when it is one.
    pub client: Option<Id>,
    /// The request, or the command.
    pub request_id: String,
    /// The language of the answer.
    pub lang: Lang,
}

impl Author {
    /// The system itself, in a municipality: commands and the demonstration.
    pub fn system(scope: Scope, command: &str) -> Self {
        Author { scope, person: None, client: None, request_id: command.to_owned(), lang: Lang::Da }
    }
}

/// A connection in a snapshot, for one unit of work of one municipality.
pub struct Conn {
    link: PooledConnection<Manager>,
    db: Db,
    author: Author,
    now: Ts,
    snapshot: bool,
}

impl Conn {
    /// Whether it only reads, and so sees committed rows alone.
    pub fn is_snapshot(&self) -> bool {
        self.snapshot
    }

    /// The native connection, for [`each!`].
    pub fn raw(&mut self) -> &mut Raw {
        &mut self.link.raw
    }

    /// The municipality: every query filters by it.
    pub fn scope(&self) -> Id {
        self.author.scope.0
    }

    /// Who it is done for.
    pub fn author(&self) -> &Author {
        &self.author
    }

    /// When the unit of work began.
    pub fn now(&self) -> Ts {
        self.now
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.author.lang
    }

    /// The templates kept in memory.
    pub fn templates(&self) -> &templates::cache::Cache {
        &self.db.0.templates
    }

    /// The organisations kept in memory.
    pub fn organisations(&self) -> &organisation::Cache {
        &self.db.0.organisations
    }
}

/// A transaction that writes. What it records is numbered, chained and stored just before the commit.
pub struct Tx {
    conn: Conn,
    events: Vec<Event>,
    last_sequence: i64,
    rights_changed: bool,
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    /// Leaves an event: one audit row, one entry of the change feed.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// What was recorded so far.
    pub fn recorded(&self) -> &[Event] {
        &self.events
    }

    /// Says which number the last of the events has.
    pub(crate) fn number(&mut self, last_sequence: i64) {
        self.last_sequence = last_sequence;
    }

    /// Says that log-ins or sessions changed, so that what is remembered of anybody's rights is read again.
    pub fn change_rights(&mut self) {
        self.rights_changed = true;
    }
}

/// How large the pools are.
#[derive(Debug, Clone, Copy)]
pub struct PoolSizes {
    /// Connections of the PostgreSQL pool, or readers of the SQLite file.
    pub connections: u32,
    /// Seconds to wait for one.
    pub wait_seconds: u64,
}

struct Inner {
    url: DatabaseUrl,
    readers: Pool<Manager>,
    writers: Pool<Manager>,
    clock: Clock,
    epoch: AtomicU64,
    organisations: organisation::Cache,
    templates: templates::cache::Cache,
    news: News,
}

/// The database.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

const ATTEMPTS: u32 = 6;

impl Db {
    /// Opens the pools without waiting for the database: it may come later.
    pub fn open(url: DatabaseUrl, sizes: PoolSizes, clock: Clock) -> Self {
        let pool = |size: u32| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(sizes.wait_seconds))
                .error_handler(Box::new(LogUnreachable))
                .build_unchecked(Manager(url.clone()))
        };
        let readers = pool(sizes.connections);
        let writers = match &url {
            DatabaseUrl::Postgres(_) => readers.clone(),
            DatabaseUrl::Sqlite(_) => pool(1),
        };
        Db(Arc::new(Inner {
            url,
            readers,
            writers,
            clock,
            epoch: AtomicU64::new(0),
            organisations: organisation::Cache::default(),
            templates: templates::cache::Cache::default(),
            news: News::default(),
        }))
    }

    /// The URL it was opened with.
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    /// The clock every unit of work reads once.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What those hear who wait for events.
    pub fn news(&self) -> &News {
        &self.0.news
    }

    /// Rises whenever this process changed anybody's rights.
    pub fn epoch(&self) -> u64 {
        self.0.epoch.load(Ordering::SeqCst)
    }

    /// Connections in use and idle: readers first, then writers where they are apart.
    pub fn pools(&self) -> Vec<(&'static str, u32, u32)> {
        let state = |name, pool: &Pool<Manager>| {
            let state = pool.state();
            (name, state.connections - state.idle_connections, state.idle_connections)
        };
        let mut all = vec![state("read", &self.0.readers)];
        if matches!(self.0.url, DatabaseUrl::Sqlite(_)) {
            all.push(state("write", &self.0.writers));
        }
        all
    }

    /// Several statements in one snapshot.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn read<T>(&self, author: &Author, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.conn(&self.0.readers, author)?;
        conn.link.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN")?;
        let answer = work(&mut conn);
        match &answer {
            Ok(_) => conn.link.commit()?,
            Err(error) => conn.give_up(error),
        }
        answer
    }

    /// A transaction that writes: all of it, or nothing. Repeated when the database asks for it.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn write<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<T>) -> Result<T> {
        self.attempt(author, |tx| {
            let answer = work(tx)?;
            events::append(tx)?;
            Ok((answer, true))
        })
    }

    /// Does everything that [`Db::write`] would do, and takes it back.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn rehearse<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<T>) -> Result<T> {
        self.attempt(author, |tx| Ok((work(tx)?, false)))
    }

    fn attempt<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<(T, bool)>) -> Result<T> {
        let mut attempt = 1;
        loop {
            match self.once(author, &work) {
                Err(Error::Retry(_)) if attempt < ATTEMPTS => {
                    #[expect(clippy::disallowed_methods, reason = "between transactions, never inside one")]
                    std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    fn once<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<(T, bool)>) -> Result<T> {
        let mut conn = self.conn(&self.0.writers, author)?;
        conn.link.begin("BEGIN", "BEGIN IMMEDIATE")?;
        conn.snapshot = false;
        let mut tx = Tx { conn, events: Vec::new(), last_sequence: 0, rights_changed: false };
        match work(&mut tx) {
            Ok((answer, true)) => {
                tx.conn.link.commit().inspect_err(|error| tx.conn.give_up(error))?;
                if tx.rights_changed {
                    self.0.epoch.fetch_add(1, Ordering::SeqCst);
                }
                if !tx.events.is_empty() {
                    self.0.news.tell(author.scope, tx.last_sequence, tx.events);
                }
                Ok(answer)
            }
            Ok((answer, false)) => {
                tx.conn.link.rollback();
                Ok(answer)
            }
            Err(error) => {
                tx.conn.give_up(&error);
                Err(error)
            }
        }
    }

    /// A read of the tables that belong to no municipality: which there are, and the signing keys.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn global<T>(&self, work: impl FnOnce(&mut Link) -> Result<T>) -> Result<T> {
        let mut link = self.link(&self.0.writers)?;
        let answer = work(&mut link);
        if let Err(Error::Disconnected(_)) = &answer {
            link.broken = true;
        }
        answer
    }

    fn conn(&self, pool: &Pool<Manager>, author: &Author) -> Result<Conn> {
        Ok(Conn {
            link: self.link(pool)?,
            db: self.clone(),
            author: author.clone(),
            now: self.0.clock.now(),
            snapshot: true,
        })
    }

    fn link(&self, pool: &Pool<Manager>) -> Result<PooledConnection<Manager>> {
        pool.get().map_err(|error| match &self.0.url {
            DatabaseUrl::Sqlite(_) if pool.state().connections > 0 => Code::Busy.refuse().retry_after(1).into(),
            _ => Error::Disconnected(error.to_string()),
        })
    }
}

impl Conn {
    /// Rolls back; a connection that the database closed is not used again.
    fn give_up(&mut self, error: &Error) {
        self.link.rollback();
        self.link.broken |= matches!(error, Error::Disconnected(_));
    }
}

#[derive(Debug)]
struct LogUnreachable;

impl<E: std::fmt::Display> diesel::r2d2::HandleError<E> for LogUnreachable {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "the database cannot be reached");
    }
}
