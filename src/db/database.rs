//! The database: its pools, and how work gets to it - snapshots, transactions, retries, deadlines.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::r2d2::{Pool, PooledConnection};

use super::batch::Batch;
use super::cache::Caches;
use super::executor::{Executor, busy, in_time, moment};
use super::journal::{self, CommitSignal};
use super::link::{DatabaseUrl, Link, Manager};
use super::waiting;
use super::work::{Author, Conn, Tx};
use crate::clock::Clock;
use crate::error::{Code, Error, Result};

/// How large the pools are.
#[derive(Debug, Clone, Copy)]
pub struct PoolSizes {
    /// Connections of the PostgreSQL pool, or readers of the SQLite file.
    pub connections: u32,
    /// Seconds that a request is kept waiting by the database, all in all.
    pub wait_seconds: u64,
}

struct Inner {
    url: DatabaseUrl,
    manager: Manager,
    readers: Pool<Manager>,
    writers: Pool<Manager>,
    read_executor: Arc<Executor>,
    write_executor: Arc<Executor>,
    clock: Clock,
    generation: AtomicU64,
    caches: Arc<Caches>,
    commit_signal: CommitSignal,
}

/// The database, and until when it is waited for where somebody waits.
#[derive(Clone)]
pub struct Db(Arc<Inner>, Option<Instant>);

const ATTEMPTS: u32 = 6;

impl Db {
    /// Opens the pools without waiting for the database: it may come later. No statement takes longer than a request
    /// is kept waiting.
    pub fn open(url: DatabaseUrl, sizes: PoolSizes, clock: Clock) -> Self {
        Self::open_limited(url, sizes, clock, Some(Duration::from_secs(sizes.wait_seconds)))
    }

    /// The same for a command, whose statements may take as long as they need: nobody else waits for them.
    pub fn open_for_command(url: DatabaseUrl, sizes: PoolSizes, clock: Clock) -> Self {
        Self::open_limited(url, sizes, clock, None)
    }

    fn open_limited(url: DatabaseUrl, sizes: PoolSizes, clock: Clock, limit: Option<Duration>) -> Self {
        let manager = Manager::new(url.clone(), limit);
        let pool = |size: u32| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(sizes.wait_seconds))
                .error_handler(Box::new(LogUnreachable))
                .build_unchecked(manager.clone())
        };
        let readers = pool(sizes.connections);
        let executor = |name, size| Arc::new(Executor::new(name, size, Duration::from_secs(sizes.wait_seconds)));
        let read_executor = executor("database", sizes.connections);
        let (writers, write_executor) = match &url {
            DatabaseUrl::Postgres(_) => (readers.clone(), read_executor.clone()),
            DatabaseUrl::Sqlite(_) => (pool(1), executor("writer", 1)),
        };
        let inner = Inner {
            url,
            manager,
            readers,
            writers,
            read_executor,
            write_executor,
            clock,
            generation: AtomicU64::new(0),
            caches: Arc::default(),
            commit_signal: CommitSignal::default(),
        };
        Db(Arc::new(inner), None)
    }

    fn until(&self, until: Instant) -> Db {
        Db(self.0.clone(), Some(until))
    }

    /// Until when it is waited for: as long as is configured, where nobody has begun to wait.
    fn given_up(&self) -> Instant {
        self.1.unwrap_or_else(|| moment() + self.0.readers.connection_timeout())
    }

    /// Waits for something that asks the database, no longer than is configured.
    ///
    /// # Errors
    /// 503 when it does not come in time; whatever it refuses.
    pub async fn in_time<T>(&self, coming: impl Future<Output = Result<T>>) -> Result<T> {
        in_time(self.0.readers.connection_timeout(), coming).await.unwrap_or_else(|| Err(busy()))
    }

    /// The URL it was opened with.
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    /// The clock every unit of work reads once.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What those are told who wait for events.
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
    /// 503 when it is not done in time; whatever the work refuses.
    pub async fn to_read<T: Send + 'static>(&self, work: impl FnOnce(&Db) -> Result<T> + Send + 'static) -> Result<T> {
        let db = self.clone();
        self.0.read_executor.work(move |until| work(&db.until(until))).await
    }

    /// Has work done that writes, when its turn comes: once per request, for all its statements.
    ///
    /// # Errors
    /// 503 when it is not done in time, and then nothing is committed any more unless that had begun; whatever the work
    /// refuses.
    pub async fn to_write<T: Send + 'static>(&self, work: impl FnOnce(&Db) -> Result<T> + Send + 'static) -> Result<T> {
        let db = self.clone();
        self.0.write_executor.work(move |until| work(&db.until(until))).await
    }

    /// Several statements in one snapshot. It is begun again on another connection where one was lost.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn read<T>(&self, author: &Author, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn =
            self.begun(&self.0.readers, author, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN")?;
        let answer = work(&mut conn);
        let answer = answer.and_then(|answer| conn.link.commit().map(|()| answer));
        answer.inspect_err(|error| conn.give_up(error))
    }

    /// A transaction that writes: all of it, or nothing. Repeated when the database asks for it.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn write<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<T>) -> Result<T> {
        self.attempt(author, |tx| {
            let answer = work(tx)?;
            tx.before_commit()?;
            tx.check()?;
            journal::append(tx)?;
            tx.finish()?;
            Ok((answer, true))
        })
    }

    /// Does everything that [`Db::write`] would do, and takes it back.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn dry_run<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<T>) -> Result<T> {
        self.attempt(author, |tx| {
            let answer = work(tx)?;
            tx.finish()?;
            Ok((answer, false))
        })
    }

    fn attempt<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<(T, bool)>) -> Result<T> {
        let (mut attempt, until) = (1, self.given_up());
        loop {
            match self.once(author, &work) {
                Err(Error::Retry(_)) if attempt < ATTEMPTS && moment() < until => {
                    #[expect(clippy::disallowed_methods, reason = "between transactions, never inside one")]
                    std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
                    attempt += 1;
                }
                // Who was faster with the same key is seen now, and the rules say what follows from that: a unit that
                // comes from two sides is made by the one and found as it is by the other.
                Err(error) if attempt == 1 && error.code() == Code::AlreadyExists => attempt += 1,
                answer => return answer,
            }
        }
    }

    /// Runs a transaction; once more, too, where its connection was lost before anything can have been committed.
    fn once<T>(&self, author: &Author, work: impl Fn(&mut Tx) -> Result<(T, bool)>) -> Result<T> {
        self.twice_where_lost(|| {
            let mut conn = self.begin_write(author).map_err(Failed::ForGood)?;
            conn.snapshot = false;
            let mut tx = Tx { conn, events: Vec::new(), refused: Vec::new(), last_sequence: 0 };
            match work(&mut tx) {
                Ok((answer, true)) => self.commit(author, tx).map(|()| answer).map_err(Failed::ForGood),
                Ok((answer, false)) => {
                    tx.conn.rollback();
                    Ok(answer)
                }
                Err(error) => {
                    // What failed first and was not noticed is why all else failed.
                    let error = tx.conn.failed.take().unwrap_or(error);
                    tx.conn.rollback();
                    Err(self.judged(&mut tx.conn.link, error))
                }
            }
        })
    }

    fn commit(&self, author: &Author, mut tx: Tx) -> Result<()> {
        if self.1.is_some_and(|until| moment() > until) {
            // Whoever asked is told that it was not done.
            tx.conn.rollback();
            return Err(busy());
        }
        if tx.conn.due.is_none() {
            tx.conn.link.commit().inspect_err(|error| tx.conn.give_up(error))?;
        }
        if !tx.conn.invalidated.is_empty() {
            self.0.generation.fetch_add(1, Ordering::SeqCst);
        }
        if !tx.events.is_empty() {
            self.0.commit_signal.publish(author.scope, tx.last_sequence, tx.events);
        }
        Ok(())
    }

    /// A read of the tables that belong to no municipality: which there are, and the signing keys. It is asked again
    /// on another connection where one was lost.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn global<T>(&self, work: impl Fn(&mut Link) -> Result<T>) -> Result<T> {
        self.twice_where_lost(|| {
            let mut link = self.link(&self.0.readers).map_err(Failed::ForGood)?;
            work(&mut link).map_err(|error| self.judged(&mut link, error))
        })
    }

    /// A transaction on the tables that belong to no municipality.
    ///
    /// # Errors
    /// Whatever the closure refuses, or the database.
    pub fn write_global<T>(&self, work: impl Fn(&mut Link) -> Result<T>) -> Result<T> {
        self.twice_where_lost(|| {
            let mut link = self.link(&self.0.writers).map_err(Failed::ForGood)?;
            let answer = link.begin("BEGIN", "BEGIN IMMEDIATE").and_then(|()| work(&mut link));
            match answer {
                Ok(answer) => {
                    let done = link.commit().inspect_err(|error| self.0.manager.judge(&mut link, error));
                    done.map(|()| answer).map_err(Failed::ForGood)
                }
                Err(error) => {
                    link.rollback();
                    Err(self.judged(&mut link, error))
                }
            }
        })
    }

    /// Runs what can be run again; a second time when its connection turned out to be lost.
    fn twice_where_lost<T>(&self, work: impl Fn() -> Result<T, Failed>) -> Result<T> {
        match work() {
            Err(Failed::Lost(_)) => work().map_err(Failed::into_error),
            answer => answer.map_err(Failed::into_error),
        }
    }

    fn judged(&self, link: &mut Link, error: Error) -> Failed {
        self.0.manager.judge(link, &error);
        if matches!(error, Error::Disconnected(_)) { Failed::Lost(error) } else { Failed::ForGood(error) }
    }

    /// On a server a transaction begins with what is asked first.
    fn begin_write(&self, author: &Author) -> Result<Conn> {
        match &self.0.url {
            DatabaseUrl::Postgres(_) => Ok(Conn { due: Some("BEGIN"), ..self.conn(&self.0.writers, author)? }),
            DatabaseUrl::Sqlite(_) => self.begun(&self.0.writers, author, "BEGIN", "BEGIN IMMEDIATE"),
        }
    }

    fn begun(&self, pool: &Pool<Manager>, author: &Author, pg: &str, sqlite: &str) -> Result<Conn> {
        self.twice_where_lost(|| {
            let mut conn = self.conn(pool, author).map_err(Failed::ForGood)?;
            let begun = conn.link.begin(pg, sqlite);
            begun.map_err(|error| self.judged(&mut conn.link, error))?;
            Ok(conn)
        })
    }

    fn conn(&self, pool: &Pool<Manager>, author: &Author) -> Result<Conn> {
        Ok(Conn {
            link: self.link(pool)?,
            caches: self.0.caches.clone(),
            manager: self.0.manager.clone(),
            author: author.clone(),
            now: self.0.clock.now(),
            // Before the snapshot is taken: what is read in it and kept may be older than it is called, never newer.
            generation: self.generation(),
            snapshot: true,
            due: None,
            batch: Batch::default(),
            failed: None,
            invalidated: Vec::new(),
        })
    }

    fn link(&self, pool: &Pool<Manager>) -> Result<PooledConnection<Manager>> {
        debug_assert!(!waiting::is_forbidden(), "the database is asked on a thread that serves other requests too");
        let until = self.given_up();
        loop {
            let left = until.saturating_duration_since(moment());
            let mut link = pool.get_timeout(left).map_err(|error| match &self.0.url {
                DatabaseUrl::Sqlite(_) if pool.state().connections > 0 => busy(),
                _ => Error::Disconnected(error.to_string()),
            })?;
            if self.0.manager.trusts(&mut link) {
                return Ok(link);
            }
        }
    }
}

/// Why a unit of work failed, and whether another connection may help.
enum Failed {
    /// The connection was lost, and nothing can have been committed.
    Lost(Error),
    /// Anything else.
    ForGood(Error),
}

impl Failed {
    fn into_error(self) -> Error {
        match self {
            Failed::Lost(error) | Failed::ForGood(error) => error,
        }
    }
}

#[derive(Debug)]
struct LogUnreachable;

impl<E: std::fmt::Display> diesel::r2d2::HandleError<E> for LogUnreachable {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "the database cannot be reached");
    }
}
