//! Spreading the tables over machines: the list is complete and in order, and can be run again. Citus itself is played
//! by three tables and functions of its names, since it is not to be had where the tests run.

use std::collections::BTreeMap;

use aftalestyring::db::{Link, Raw, distribute};
use diesel::connection::SimpleConnection;

use crate::support::Database;
use crate::support::schema::{declared, made};
use crate::support::statements::GLOBAL;

const PLAYED: &str = "
    SET allow_system_table_mods = on;
    INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        VALUES (99999, 'citus', 10, 2200, false, '13.0');
    CREATE SCHEMA played;
    CREATE TABLE played.pg_dist_partition (logicalrelid regclass PRIMARY KEY);
    SET search_path = public, played;
    CREATE FUNCTION played.create_reference_table(name text) RETURNS void LANGUAGE sql AS
        $$ INSERT INTO played.pg_dist_partition VALUES (name::regclass) $$;
    CREATE FUNCTION played.create_distributed_table(name text, by text, colocate_with text) RETURNS void LANGUAGE sql AS
        $$ INSERT INTO played.pg_dist_partition VALUES (name::regclass) $$;
";

/// The connection to a PostgreSQL; none on SQLite, which is told so.
fn postgres(database: &Database) -> Option<Link> {
    let mut link = database.unwatched();
    match database {
        Database::Postgres { .. } => Some(link),
        Database::Sqlite(_) => {
            let refused = distribute::due(&mut link).expect_err("only PostgreSQL is spread").to_string();
            assert!(refused.contains("only PostgreSQL"), "{refused}");
            None
        }
    }
}

fn table(statement: &str) -> &str {
    statement.split('\'').nth(1).expect("a table's name")
}

#[test]
fn every_table_is_spread_once_and_after_what_it_refers_to() {
    let database = Database::new();
    let Some(mut link) = postgres(&database) else { return };
    let due = distribute::due(&mut link).expect("statements");
    let mut named: Vec<&str> = due.iter().map(|statement| table(statement)).collect();
    let places: BTreeMap<&str, usize> = named.iter().zip(0..).map(|(name, place)| (*name, place)).collect();
    for made in made("postgres") {
        let references = made.texts.iter().filter_map(|text| text.split("REFERENCES ").nth(1));
        for parent in references.filter_map(|text| text.split_whitespace().next()).filter(|one| *one != made.name) {
            assert!(places[parent] < places[made.name.as_str()], "{} stands before {parent}", made.name);
        }
    }
    for statement in &due {
        let is_global = table(statement) == "signing_keys";
        assert!(GLOBAL.contains(&"signing_keys"));
        assert_eq!(statement.contains("create_reference_table"), is_global, "{statement}");
        assert_eq!(statement.contains("'municipality_id'"), !is_global, "{statement}");
    }
    named.sort_unstable();
    assert_eq!(named, declared().into_keys().collect::<Vec<_>>());
}

#[test]
fn without_citus_it_is_refused_and_nothing_is_done() {
    let database = Database::new();
    let Some(mut link) = postgres(&database) else { return };
    let due = distribute::due(&mut link).expect("statements");
    let refused = distribute::run(&mut link, &due[0]).expect_err("there is no Citus").to_string();
    assert!(refused.contains("CREATE EXTENSION citus"), "{refused}");
    assert_eq!(distribute::due(&mut link).expect("statements"), due);
}

#[test]
fn what_was_interrupted_goes_on_where_it_stopped_and_a_repetition_does_nothing() {
    let database = Database::new();
    let Some(mut link) = postgres(&database) else { return };
    if let Raw::Pg(conn) = link.raw() {
        conn.batch_execute(PLAYED).expect("a Citus that is played");
    }
    let due = distribute::due(&mut link).expect("statements");
    for statement in &due[..5] {
        distribute::run(&mut link, statement).expect("a table");
    }
    let left = distribute::due(&mut link).expect("statements");
    assert_eq!(
        left.iter().map(|one| table(one)).collect::<Vec<_>>(),
        due[5..].iter().map(|one| table(one)).collect::<Vec<_>>()
    );
    for statement in &left {
        distribute::run(&mut link, statement).expect("a table");
    }
    assert!(distribute::due(&mut link).expect("statements").is_empty());
}
