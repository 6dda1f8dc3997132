//! Writes that wait until they must be sent, and are then sent together: on PostgreSQL each statement is a journey to
//! the server and back, and what a transaction changes and records at its end needs no more than one.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt};
use diesel::{QueryResult, RunQueryDsl};

use super::journal::chained::Chained;
use crate::error::{Code, Error, Result};
use crate::types::Id;

/// What a statement writes: a table, and the row or the one above its rows. A statement must not change a row twice.
pub type Target = (&'static str, Id, String);

/// A statement that waits.
pub struct Write {
    /// What it writes.
    pub target: Target,
    /// The statement, which writes one row; otherwise somebody else wrote it in between (412). Its text is always the same.
    pub statement: Box<dyn QueryFragment<Pg> + Send>,
}

/// What waits, with the events that are to be numbered by the same statement.
#[derive(Default)]
pub struct Batch {
    writes: Vec<Write>,
    events: Option<Chained>,
}

/// More values than these statements have would be too many for one.
const MOST: usize = 500;

/// Batches of more than this many statements have too many texts to be worth keeping.
const KEPT: usize = 6;

impl Batch {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.events.is_none()
    }

    /// Whether it is time to send it.
    pub fn is_full(&self) -> bool {
        self.writes.len() >= MOST
    }

    /// Whether something that waits writes the same.
    pub fn writes(&self, target: &Target) -> bool {
        self.writes.iter().any(|one| one.target == *target)
    }

    /// Lets a statement wait.
    pub fn push(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Lets the events of the transaction be stored with what waits.
    pub fn record(&mut self, events: Chained) {
        self.events = Some(events);
    }

    /// Sends it; gives the number of the last event, where there are any.
    ///
    /// # Errors
    /// 412 where a statement did not write what it must; whatever the database refuses.
    pub fn send(self, conn: &mut diesel::PgConnection) -> Result<Option<i64>> {
        let has_events = self.events.is_some();
        let mut told: Vec<i64> = self.get_result(conn)?;
        let last = if has_events { told.pop() } else { None };
        if told.iter().any(|rows| *rows != 1) {
            return Err(Error::from(Code::StaleVersion));
        }
        Ok(last)
    }
}

impl QueryFragment<Pg> for Batch {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut before = "WITH ";
        for (number, one) in self.writes.iter().enumerate() {
            out.push_sql(&format!("{before}write_{number} AS ("));
            one.statement.walk_ast(out.reborrow())?;
            out.push_sql(" RETURNING 1)");
            before = ", ";
        }
        if let Some(events) = &self.events {
            out.push_sql(before);
            events.walk_ast(out.reborrow())?;
        }
        let mut before = " SELECT ARRAY[";
        for number in 0..self.writes.len() {
            out.push_sql(&format!("{before}(SELECT count(*) FROM write_{number})"));
            before = ", ";
        }
        if self.events.is_some() {
            out.push_sql(&format!("{before}(SELECT last_sequence FROM counted)"));
        }
        out.push_sql("]");
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(self.writes.len() <= KEPT)
    }
}

impl QueryId for Batch {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Batch {
    type SqlType = Array<BigInt>;
}

impl RunQueryDsl<diesel::PgConnection> for Batch {}

/// Writes one row that must be as it was seen: with what else waits on PostgreSQL, at once on SQLite. 412 where somebody
/// else wrote it in between. The statement owns what it writes.
#[macro_export]
macro_rules! later {
    ($tx:ident, $target:expr, $statement:expr) => {
        if $tx.is_postgres() {
            let statement = Box::new($statement);
            $tx.wait($crate::db::Write { target: $target, statement });
            Ok(())
        } else {
            match $tx.raw() {
                $crate::db::Raw::Pg(_) => Ok(()),
                $crate::db::Raw::Sqlite(conn) => match $crate::db::Counted($statement).load::<i32>(conn)?.len() {
                    1 => Ok(()),
                    _ => Err($crate::error::Error::from($crate::error::Code::StaleVersion)),
                },
            }
        }
    };
}
