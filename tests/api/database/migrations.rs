use std::collections::{BTreeMap, BTreeSet};

use aftalestyring::db::{catalogue, migrate};

use crate::support::schema::{Made, Tables, declared, made, migrations};
use crate::support::{Database, World};

/// Tables that belong to no municipality, with the reason.
const GLOBAL: &[(&str, &str)] = &[("signing_keys", "the keys of the installation sign for all municipalities")];

/// The types that mean the same on both sides.
fn same_type(sqlite: &str, postgres: &str) -> bool {
    let bare = |text: &str| {
        let kind = text.split(" CHECK").next().unwrap_or_default();
        let kind = kind.split(" DEFAULT").next().unwrap_or_default();
        kind.replace(" NOT NULL", "").replace(" COLLATE \"C\"", "")
    };
    let nullable = |text: &str| !text.contains("NOT NULL");
    // What was made as `jsonb` is `json` since the ninth migration; a value read from the other kind would not be JSON.
    let types = match bare(sqlite).as_str() {
        "INTEGER" if sqlite.contains("IN (0, 1)") => vec!["boolean"],
        "INTEGER" => vec!["bigint"],
        "TEXT" => vec!["text", "uuid", "jsonb", "json", "timestamptz", "date"],
        _ => Vec::new(),
    };
    types.contains(&bare(postgres).as_str()) && nullable(sqlite) == nullable(postgres)
}

/// The values that a column may have; a boolean needs no list on PostgreSQL.
fn check_of(text: &str) -> Option<&str> {
    text.split_once("CHECK").map(|(_, check)| check.trim()).filter(|check| !check.contains("(0, 1)"))
}

fn by_name(all: &[Made]) -> BTreeMap<&str, &Made> {
    all.iter().map(|made| (made.name.as_str(), made)).collect()
}

#[test]
fn both_databases_have_the_same_migrations_forward_and_back() {
    let names = |database: &str| -> Vec<String> {
        let folders = migrations(database);
        for folder in &folders {
            for file in ["up.sql", "down.sql"] {
                assert!(folder.join(file).is_file(), "{} has no {file}", folder.display());
            }
        }
        folders.iter().map(|folder| folder.file_name().expect("a name").to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert_eq!(names("sqlite"), migrate::all());
}

#[test]
fn both_databases_have_the_same_tables_columns_keys_and_indexes() {
    let (sqlite, postgres) = (made("sqlite"), made("postgres"));
    let (sqlite, postgres) = (by_name(&sqlite), by_name(&postgres));
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    for (name, one) in sqlite {
        let other = postgres[name];
        assert_eq!((&one.keys, &one.texts), (&other.keys, &other.texts), "{name}");
        assert_eq!(one.columns.len(), other.columns.len(), "{name}");
        for ((column, sqlite), (other, postgres)) in one.columns.iter().zip(&other.columns) {
            assert_eq!(column, other, "{name}");
            assert!(same_type(sqlite, postgres), "{name}.{column} is {sqlite} and {postgres}");
            assert_eq!(check_of(sqlite), check_of(postgres), "{name}.{column}");
        }
    }
}

#[test]
fn every_key_and_index_begins_with_the_municipality() {
    for database in ["sqlite", "postgres"] {
        for made in made(database).iter().filter(|made| !GLOBAL.iter().any(|(name, _)| *name == made.name)) {
            assert!(!made.keys.is_empty(), "{} has no primary key", made.name);
            for (key, columns) in &made.keys {
                assert_eq!(columns[0], "municipality_id", "{key} of {} on {database}", made.name);
            }
        }
    }
}

#[test]
fn a_reference_is_indexed_and_never_set_to_null() {
    let all = made("postgres");
    let begins = |columns: &[String], with: &[String]| columns.starts_with(with);
    for table in all.iter().filter(|made| !made.columns.is_empty()) {
        let indexes =
            all.iter().filter(|made| made.texts.iter().any(|text| text.contains(&format!(" ON {} ", table.name))));
        let own = table.keys.iter().filter(|(key, _)| key == "PRIMARY KEY" || key == "UNIQUE");
        let found: Vec<&Vec<String>> =
            indexes.flat_map(|made| &made.keys).chain(own).map(|(_, columns)| columns).collect();
        for (_, columns) in table.keys.iter().filter(|(key, _)| key == "FOREIGN KEY") {
            assert!(found.iter().any(|index| begins(index, columns)), "{} has no index for {columns:?}", table.name);
        }
        for text in table.texts.iter().filter(|text| text.contains("REFERENCES")) {
            let deletes = text.ends_with("ON DELETE RESTRICT") || text.ends_with("ON DELETE CASCADE");
            assert!(deletes, "{}: {text}", table.name);
        }
    }
}

fn in_database(database: &Database) -> Tables {
    let mut link = database.url().connect().expect("the database");
    let tables = catalogue::tables(&mut link).expect("its catalogue");
    let names = |table: &catalogue::Table| table.columns.iter().map(|column| column.name.clone()).collect();
    tables.iter().map(|table| (table.name.clone(), names(table))).collect()
}

#[test]
fn the_program_knows_every_table_and_column_of_the_database() {
    assert_eq!(declared(), in_database(&Database::new()));
}

#[actix_web::test]
async fn all_migrations_go_back_and_forward_again_around_what_stays() {
    let world = World::new().await;
    let database = &world.app.database;
    let before = in_database(database);
    let mut link = database.url().connect().expect("the database");
    let count = migrate::all().len();
    // The newest ones first, one by one and each back again, so that rows of the older ones stay.
    for back in 1..=count {
        for _ in 0..back {
            migrate::down(&mut link).expect("back");
        }
        let missing = migrate::pending(&mut link).expect("a list");
        assert_eq!(missing, migrate::all()[count - back..]);
        let left: BTreeSet<String> =
            catalogue::tables(&mut link).expect("tables").into_iter().map(|table| table.name).collect();
        assert_eq!(left.is_empty(), back == count, "{left:?}");
        migrate::up(&mut link).expect("forward");
        assert_eq!(in_database(database), before);
    }
    assert!(migrate::up(&mut link).expect("nothing to do").is_empty());
}
