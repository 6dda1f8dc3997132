//! Both databases behind one door: pools, snapshots, transactions, retries.
//!
//! A query is written once, inside [`each!`], which expands it for the database at hand. Reading functions take
//! `&mut Conn`, writing ones `&mut Tx`: a write does not compile outside a transaction. Both know the municipality
//! they work for, and there is no way to get one that does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};

use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::events;
use crate::events::news::News;
use crate::organisation;
use crate::templates;
use crate::workflow::frame;

pub mod backup;
pub mod catalogue;
mod crew;
mod link;
pub mod memory;
pub mod migrate;
mod prepared;
mod time;
pub mod types;
mod work;

use crew::Crew;
use link::Manager;
pub use link::{DatabaseUrl, Link, Raw};
pub use prepared::{Both, Prepared};
pub use work::{Author, Conn, Scope, Tx};

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
    readers_crew: Arc<Crew>,
    writers_crew: Arc<Crew>,
    clock: Clock,
    epoch: AtomicU64,
    organisations: organisation::Cache,
    frames: frame::Cache,
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
        let crew = |name, size| Arc::new(Crew::new(name, size, Duration::from_secs(sizes.wait_seconds)));
        let readers_crew = crew("database", sizes.connections);
        let (writers, writers_crew) = match &url {
            DatabaseUrl::Postgres(_) => (readers.clone(), readers_crew.clone()),
            DatabaseUrl::Sqlite(_) => (pool(1), crew("writer", 1)),
        };
        Db(Arc::new(Inner {
            url,
            readers,
            writers,
            readers_crew,
            writers_crew,
            clock,
            epoch: AtomicU64::new(0),
            organisations: organisation::Cache::default(),
            frames: frame::Cache::default(),
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

    /// Rises whenever this process changed what is remembered: rights, the organisation, themes and cycles.
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

    /// Has work done that only reads, when its turn comes: once per request, for all its statements.
    ///
    /// # Errors
    /// 503 when its turn does not come in time; whatever the work refuses.
    pub async fn to_read<T: Send + 'static>(&self, work: impl FnOnce(&Db) -> Result<T> + Send + 'static) -> Result<T> {
        let db = self.clone();
        self.0.readers_crew.work(move || work(&db)).await
    }

    /// Has work done that writes, when its turn comes: once per request, for all its statements.
    ///
    /// # Errors
    /// 503 when its turn does not come in time; whatever the work refuses.
    pub async fn to_write<T: Send + 'static>(&self, work: impl FnOnce(&Db) -> Result<T> + Send + 'static) -> Result<T> {
        let db = self.clone();
        self.0.writers_crew.work(move || work(&db)).await
    }

    /// One statement, which is a snapshot of its own: no transaction is begun. Where what is kept in memory has to be
    /// read again first, it is an ordinary [`Db::read`].
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn glance<T>(&self, author: &Author, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.conn(&self.0.readers, author)?;
        if !organisation::is_at_hand(&conn) {
            drop(conn);
            return self.read(author, work);
        }
        conn.statements_left = Some(1);
        let answer = work(&mut conn);
        conn.link.broken |= matches!(&answer, Err(Error::Disconnected(_)));
        answer
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
        let mut tx = Tx { conn, events: Vec::new(), refused: Vec::new(), last_sequence: 0, outdates: false };
        match work(&mut tx) {
            Ok((answer, true)) => {
                tx.conn.link.commit().inspect_err(|error| tx.conn.give_up(error))?;
                if tx.outdates {
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
            // Before the snapshot is taken: what is read in it and kept may be older than it is called, never newer.
            epoch: self.epoch(),
            snapshot: true,
            statements_left: None,
        })
    }

    fn link(&self, pool: &Pool<Manager>) -> Result<PooledConnection<Manager>> {
        pool.get().map_err(|error| match &self.0.url {
            DatabaseUrl::Sqlite(_) if pool.state().connections > 0 => Code::Busy.refuse().retry_after(1).into(),
            _ => Error::Disconnected(error.to_string()),
        })
    }
}

#[derive(Debug)]
struct LogUnreachable;

impl<E: std::fmt::Display> diesel::r2d2::HandleError<E> for LogUnreachable {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "the database cannot be reached");
    }
}
