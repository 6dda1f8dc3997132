//! Units of work: whose they are, for whom they are done, and what they read and write through.

use std::any::TypeId;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::r2d2::PooledConnection;

use super::batch::{Batch, Write};
use super::cache::{Cached, Caches};
use super::journal::chained::Chained;
use super::journal::event::Event;
use super::link::{Manager, Raw};
use crate::each;
use crate::error::{Error, Refusal, Result};
use crate::text::Lang;
use crate::types::{Id, Ts};

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

    /// The person or the machine client; none for the system itself.
    pub fn id(&self) -> Option<Id> {
        self.person.or(self.client)
    }
}

/// What every new row begins with.
#[derive(Debug, Clone, Copy)]
pub struct NewRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Who makes it.
    pub changed_by: Option<Id>,
    /// When.
    pub at: Ts,
}

/// A connection in a snapshot, for one unit of work of one municipality.
pub struct Conn {
    pub(super) link: PooledConnection<Manager>,
    pub(super) caches: Arc<Caches>,
    pub(super) manager: Manager,
    pub(super) author: Author,
    pub(super) now: Ts,
    pub(super) generation: u64,
    pub(super) snapshot: bool,
    /// How its transaction begins, while nothing has been asked in it.
    pub(super) due: Option<&'static str>,
    /// What it writes before anything else is asked, or at the commit.
    pub(super) batch: Batch,
    /// The first of what failed without being noticed: nothing is committed then.
    pub(super) failed: Option<Error>,
    /// What its transaction has changed of what is kept in memory, and what is to be done about it before the commit.
    pub(super) invalidated: Vec<Invalidated>,
}

impl Conn {
    /// Whether it only reads, and so sees committed rows alone.
    pub fn is_snapshot(&self) -> bool {
        self.snapshot
    }

    /// The native connection, for [`each!`](crate::each). What waits is sent before; where that fails, the commit does.
    pub fn raw(&mut self) -> &mut Raw {
        self.settle();
        &mut self.link.raw
    }

    /// Whether the database is a server, to which every statement is a journey.
    pub fn is_postgres(&self) -> bool {
        matches!(self.link.raw, Raw::Pg(_))
    }

    /// The municipality: every query filters by it.
    pub fn scope(&self) -> Id {
        self.author.scope.0
    }

    /// What a row begins with that is made now.
    pub fn new_row(&self) -> NewRow {
        NewRow { municipality_id: self.scope(), changed_by: self.author.id(), at: self.now }
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

    /// The [`Db::generation`](super::Db::generation) in which the unit of work began.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// What is kept in memory.
    pub(super) fn caches(&self) -> Arc<Caches> {
        self.caches.clone()
    }

    /// Whether its own transaction has changed what such values are made of.
    pub(super) fn has_invalidated<T: Cached>(&self) -> bool {
        self.invalidated.iter().any(|one| one.kind == TypeId::of::<T>())
    }
}

/// A kind of value that a transaction has made wrong.
pub(super) struct Invalidated {
    kind: TypeId,
    before_commit: fn(&mut Tx) -> Result<()>,
}

/// A transaction that writes. What it records is numbered, chained and stored just before the commit.
pub struct Tx {
    pub(super) conn: Conn,
    pub(super) events: Vec<Event>,
    pub(super) refused: Vec<Refusal>,
    pub(super) last_sequence: i64,
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

    /// Says that a part of what was asked was refused, while the rest was done.
    pub fn refuse_part(&mut self, refusal: Refusal) {
        self.refused.push(refusal);
    }

    /// The parts that were refused.
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// Says which number the last of the events has.
    pub(crate) fn number(&mut self, last_sequence: i64) {
        self.last_sequence = last_sequence;
    }

    /// Says that it changed what such values are made of, so that they are read again.
    pub fn invalidate<T: Cached>(&mut self) {
        self.invalidate_and::<T>(|_| Ok(()));
    }

    /// The same, with something to be done once before the commit, however often it is said.
    pub fn invalidate_and<T: Cached>(&mut self, before_commit: fn(&mut Tx) -> Result<()>) {
        if !self.conn.has_invalidated::<T>() {
            self.conn.invalidated.push(Invalidated { kind: TypeId::of::<T>(), before_commit });
        }
    }

    /// Locks rows until the commit, in the order of their ids; what is read afterwards is what others have committed
    /// before. Where nothing has been asked yet, the transaction begins with it. SQLite has one writer at a time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lock(&mut self, table: &'static str, ids: &[Id]) -> Result<()> {
        if !self.is_postgres() || ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
        let statement = format!(
            "SELECT 1 FROM {table} WHERE municipality_id = '{}' AND id IN ({}) ORDER BY id FOR NO KEY UPDATE",
            self.scope(),
            ids.join(", ")
        );
        match self.conn.due.take() {
            Some(begin) => self.conn.link.begin_with(begin, &statement),
            None => {
                let tx = &mut *self;
                Ok(each!(tx => tx.batch_execute(&statement))?)
            }
        }
    }

    /// Lets a statement wait until something else is asked, or for the commit: what waits is sent together.
    pub fn wait(&mut self, write: Write) {
        if self.conn.batch.is_full() || self.conn.batch.writes(&write.target) {
            self.conn.settle();
        }
        self.conn.batch.push(write);
    }

    /// Sends what waits, and with it the events.
    pub(super) fn send_with(&mut self, events: Chained) -> Result<()> {
        self.conn.batch.record(events);
        if let Some(last) = self.conn.send()? {
            self.number(last);
        }
        Ok(())
    }

    /// Goes on when nothing has failed so far, also of what was noticed by nobody.
    pub(super) fn check(&mut self) -> Result<()> {
        self.conn.failed.take().map_or(Ok(()), Err)
    }

    /// Sends what waits.
    pub(super) fn finish(&mut self) -> Result<()> {
        if !self.conn.batch.is_empty() {
            self.conn.settle();
        }
        self.check()
    }

    /// Does what is due for what it invalidated.
    pub(super) fn before_commit(&mut self) -> Result<()> {
        let due: Vec<fn(&mut Tx) -> Result<()>> = self.conn.invalidated.iter().map(|one| one.before_commit).collect();
        due.into_iter().try_for_each(|each| each(self))
    }
}

impl Conn {
    /// Begins what has not begun, and sends what waits.
    pub(super) fn settle(&mut self) {
        if self.failed.is_none() {
            self.failed = self.send().err();
        }
    }

    /// The same, where what fails is noticed; gives the number of the last event that was sent with it.
    fn send(&mut self) -> Result<Option<i64>> {
        if let Some(begin) = self.due.take() {
            self.link.begin(begin, begin)?;
        }
        match &mut self.link.raw {
            Raw::Pg(conn) if !self.batch.is_empty() => std::mem::take(&mut self.batch).send(conn),
            _ => Ok(None),
        }
    }

    /// Takes everything back, where anything has been asked.
    pub(super) fn rollback(&mut self) {
        if self.due.is_none() {
            self.link.rollback();
        }
    }

    /// Rolls back; a connection that is lost is not used again.
    pub(super) fn give_up(&mut self, error: &Error) {
        self.rollback();
        self.manager.judge(&mut self.link, error);
    }
}
