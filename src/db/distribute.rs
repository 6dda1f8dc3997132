//! Spreading the tables over several machines with Citus: each municipality's rows stand together on one of them.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::catalogue;
use super::link::{Link, Raw};
use crate::error::{Error, Result};

/// The column that tells which machine a row stands on: every key and every condition has it.
const BY: &str = "municipality_id";

/// The statements that spread what is not spread yet, in the order in which they must be run: what others refer to
/// comes first.
///
/// # Errors
/// When the database is no PostgreSQL, or cannot be read.
pub fn due(link: &mut Link) -> Result<Vec<String>> {
    let tables = catalogue::tables(link)?;
    let Raw::Pg(conn) = link.raw() else {
        return Err(Error::unexpected("only PostgreSQL can be spread over several machines"));
    };
    let done = if has_citus(conn)? { spread(conn)? } else { BTreeSet::new() };
    let references: Vec<Reference> = diesel::sql_query(REFERENCES).load(conn)?;
    let (own, global): (Vec<_>, Vec<_>) =
        tables.iter().partition(|table| table.columns.iter().any(|column| column.name == BY));
    let own: Vec<&str> = own.iter().map(|table| table.name.as_str()).collect();
    let ordered = parents_first(&own, &references);
    let first = ordered.first().copied().unwrap_or_default();
    let everywhere = global.iter().map(|table| table.name.as_str());
    let everywhere = everywhere.map(|name| (name, format!("SELECT create_reference_table('{name}')")));
    let apart = ordered.iter().map(|name| {
        let with = if *name == first { "none" } else { first };
        (*name, format!("SELECT create_distributed_table('{name}', '{BY}', colocate_with => '{with}')"))
    });
    Ok(everywhere.chain(apart).filter(|(name, _)| !done.contains(*name)).map(|(_, statement)| statement).collect())
}

/// Runs one of them, in a transaction of its own: what was done stays when a later one is interrupted.
///
/// # Errors
/// When Citus is not there, or refuses.
pub fn run(link: &mut Link, statement: &str) -> Result<()> {
    let Raw::Pg(conn) = link.raw() else {
        return Err(Error::unexpected("only PostgreSQL can be spread over several machines"));
    };
    if !has_citus(conn)? {
        return Err(Error::unexpected(
            "the database lacks the extension citus: run CREATE EXTENSION citus in it first",
        ));
    }
    Ok(conn.batch_execute(statement)?)
}

/// Which tables refer to which.
const REFERENCES: &str = "SELECT DISTINCT child.relname::text AS child, parent.relname::text AS parent \
    FROM pg_constraint AS c JOIN pg_class AS child ON child.oid = c.conrelid \
    JOIN pg_class AS parent ON parent.oid = c.confrelid \
    WHERE c.contype = 'f' AND child.relnamespace = current_schema()::regnamespace AND child.oid <> parent.oid";

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

fn has_citus(conn: &mut PgConnection) -> Result<bool> {
    let found = diesel::sql_query("SELECT extname::text AS name FROM pg_extension WHERE extname = 'citus'");
    Ok(!found.load::<Named>(conn)?.is_empty())
}

/// The tables that Citus has spread already.
fn spread(conn: &mut PgConnection) -> Result<BTreeSet<String>> {
    let found = diesel::sql_query(
        "SELECT c.relname::text AS name FROM pg_dist_partition AS p JOIN pg_class AS c ON c.oid = p.logicalrelid",
    );
    Ok(found.load::<Named>(conn)?.into_iter().map(|one| one.name).collect())
}

/// Tables so that each stands after all that it refers to; those that refer to each other stand last, by name.
fn parents_first<'a>(tables: &[&'a str], references: &[Reference]) -> Vec<&'a str> {
    let (mut left, mut ordered): (Vec<&str>, Vec<&str>) = (tables.to_vec(), Vec::new());
    loop {
        let waits = |name: &str| {
            references.iter().any(|one| one.child == name && left.iter().any(|other| *other == one.parent))
        };
        let (next, rest): (Vec<&str>, Vec<&str>) = left.iter().copied().partition(|name| !waits(name));
        if next.is_empty() {
            ordered.extend(rest);
            return ordered;
        }
        ordered.extend(next);
        left = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refers(child: &str, parent: &str) -> Reference {
        Reference { child: child.to_owned(), parent: parent.to_owned() }
    }

    #[test]
    fn what_others_refer_to_comes_first_and_circles_come_last() {
        let references = [refers("a", "b"), refers("b", "c"), refers("x", "y"), refers("y", "x")];
        assert_eq!(parents_first(&["a", "b", "c", "x", "y"], &references), ["c", "b", "a", "x", "y"]);
        assert!(parents_first(&[], &references).is_empty());
    }
}
