//! Units of work: whose they are, for whom they are done, and what they read and write through.

use std::ops::{Deref, DerefMut};

use diesel::r2d2::PooledConnection;

use super::link::Manager;
use super::types::{Id, Ts};
use super::{Db, Raw};
use crate::error::{Error, Refusal};
use crate::events::Event;
use crate::organisation;
use crate::templates;
use crate::text::Lang;
use crate::workflow::frame;

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
    pub(super) link: PooledConnection<Manager>,
    pub(super) db: Db,
    pub(super) author: Author,
    pub(super) now: Ts,
    pub(super) epoch: u64,
    pub(super) snapshot: bool,
    /// How many more may be asked, outside a transaction.
    pub(super) statements_left: Option<u32>,
}

impl Conn {
    /// Whether it only reads, and so sees committed rows alone.
    pub fn is_snapshot(&self) -> bool {
        self.snapshot
    }

    /// The native connection, for [`each!`].
    pub fn raw(&mut self) -> &mut Raw {
        if let Some(left) = &mut self.statements_left {
            debug_assert!(*left > 0, "a glance is one statement: more would not be of one snapshot");
            *left = left.saturating_sub(1);
        }
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

    /// The [`Db::epoch`] in which the unit of work began.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The templates kept in memory.
    pub fn templates(&self) -> &templates::cache::Cache {
        &self.db.0.templates
    }

    /// The organisations kept in memory.
    pub fn organisations(&self) -> &organisation::Cache {
        &self.db.0.organisations
    }

    /// What of letters and cycles is kept in memory.
    pub fn frames(&self) -> &frame::Cache {
        &self.db.0.frames
    }
}

/// A transaction that writes. What it records is numbered, chained and stored just before the commit.
pub struct Tx {
    pub(super) conn: Conn,
    pub(super) events: Vec<Event>,
    pub(super) refused: Vec<Refusal>,
    pub(super) last_sequence: i64,
    pub(super) outdates: bool,
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

    /// Says that something changed that is remembered (see [`Db::epoch`]), so that it is read again.
    pub fn outdate(&mut self) {
        self.outdates = true;
    }
}

impl Conn {
    /// Rolls back; a connection that is lost is not used again.
    pub(super) fn give_up(&mut self, error: &Error) {
        self.link.rollback();
        self.db.0.manager.judge(&mut self.link, error);
    }
}
