//! Units of work: whose they are, for whom they are done, and what they read and write through.

use std::any::TypeId;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use diesel::r2d2::PooledConnection;

use super::cache::{Cached, Caches};
use super::journal::event::Event;
use super::link::{Manager, Raw};
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
    /// What its transaction has changed of what is kept in memory, and what is to be done about it before the commit.
    pub(super) invalidated: Vec<Invalidated>,
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

    /// Does what is due for what it invalidated.
    pub(super) fn before_commit(&mut self) -> Result<()> {
        let due: Vec<fn(&mut Tx) -> Result<()>> = self.conn.invalidated.iter().map(|one| one.before_commit).collect();
        due.into_iter().try_for_each(|each| each(self))
    }
}

impl Conn {
    /// Rolls back; a connection that is lost is not used again.
    pub(super) fn give_up(&mut self, error: &Error) {
        self.link.rollback();
        self.manager.judge(&mut self.link, error);
    }
}
