//! Statements that a connection keeps, although diesel would not.

use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// An `UPDATE` whose text is always the same. Diesel plans every update anew, since a change set may leave columns
/// out; ours write every column of a row or name them, so that the number of texts is that of the places in the code.
///
/// It must return something and be loaded: what is executed reaches the connection by reference, and diesel asks the
/// reference instead of this whether to keep it.
pub struct Prepared<T>(pub T);

impl<T> QueryId for Prepared<T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Prepared<T> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<T: Query> Query for Prepared<T> {
    type SqlType = T::SqlType;
}

impl<T, Conn> RunQueryDsl<Conn> for Prepared<T> {}

/// Two statements as one, on PostgreSQL: the first one's rows are nobody's business, the second one returns.
pub struct Both<First, Second>(pub First, pub Second);

impl<First, Second> QueryId for Both<First, Second> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<First: QueryFragment<Pg>, Second: QueryFragment<Pg>> QueryFragment<Pg> for Both<First, Second> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH first AS (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") ");
        self.1.walk_ast(out)
    }
}

impl<First, Second: Query> Query for Both<First, Second> {
    type SqlType = Second::SqlType;
}
