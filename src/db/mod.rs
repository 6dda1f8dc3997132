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
use crate::db::journal::signal::CommitSignal;
use crate::error::{Code, Error, Result};

pub mod backup;
pub mod cache;
pub mod catalogue;
pub mod executor;
pub mod journal;
mod link;
pub mod migrate;
mod prepared;
mod work;

use self::cache::Caches;
use self::executor::Executor;
use self::link::Manager;
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
    read_executor: Arc<Executor>,
    write_executor: Arc<Executor>,
    clock: Clock,
    generation: AtomicU64,
    caches: Arc<Caches>,
    commit_signal: CommitSignal,
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
        let executor = |name, size| Arc::new(Executor::new(name, size, Duration::from_secs(sizes.wait_seconds)));
        let read_executor = executor("database", sizes.connections);
        let (writers, write_executor) = match &url {
            DatabaseUrl::Postgres(_) => (readers.clone(), read_executor.clone()),
            DatabaseUrl::Sqlite(_) => (pool(1), executor("writer", 1)),
        };
        Db(Arc::new(Inner {
            url,
            readers,
            writers,
            read_executor,
            write_executor,
            clock,
            generation: AtomicU64::new(0),
            caches: Arc::default(),
            commit_signal: CommitSignal::default(),
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
    pub fn commit_signal(&self) -> &CommitSignal {
        &self.0.commit_signal
    }

    /// Rises whenever this process changed what is kept in memory: rights, the organisation, themes and cycles.
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    /// What is kept in memory.
    pub fn caches(&self) -> &Caches {
        &self.0.caches
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
        self.0.read_executor.work(move || work(&db)).await
    }

    /// Has work done that writes, when its turn comes: once per request, for all its statements.
    ///
    /// # Errors
    /// 503 when its turn does not come in time; whatever the work refuses.
    pub async fn to_write<T: Send + 'static>(&self, work: impl FnOnce(&Db) -> Result<T> + Send + 'static) -> Result<T> {
        let db = self.clone();
        self.0.write_executor.work(move || work(&db)).await
    }

    /// One statement, which is a snapshot of its own: no transaction is begun. Where what it needs is not in memory and
    /// has to be read first, it is an ordinary [`Db::read`].
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn read_one<T>(
        &self,
        author: &Author,
        is_enough: impl FnOnce(&Conn) -> bool,
        work: impl FnOnce(&mut Conn) -> Result<T>,
    ) -> Result<T> {
        let mut conn = self.conn(&self.0.readers, author)?;
        if !is_enough(&conn) {
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
            tx.before_commit()?;
            journal::append(tx)?;
            Ok((answer, true))
        })
    }

    /// Does everything that [`Db::write`] would do, and takes it back.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn dry_run<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<T>) -> Result<T> {
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
        let mut tx = Tx { conn, events: Vec::new(), refused: Vec::new(), last_sequence: 0 };
        match work(&mut tx) {
            Ok((answer, true)) => {
                tx.conn.link.commit().inspect_err(|error| tx.conn.give_up(error))?;
                if !tx.conn.invalidated.is_empty() {
                    self.0.generation.fetch_add(1, Ordering::SeqCst);
                }
                if !tx.events.is_empty() {
                    self.0.commit_signal.publish(author.scope, tx.last_sequence, tx.events);
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
            generation: self.generation(),
            snapshot: true,
            statements_left: None,
            invalidated: Vec::new(),
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
