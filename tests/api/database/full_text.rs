use aftalestyring::agreements::search::find::{Drafts, Words};
use aftalestyring::agreements::search::texts::keep_up;
use aftalestyring::db::{Author, Conn, Db, PoolSizes, Raw, Scope, backup, migrate};
use aftalestyring::each;
use aftalestyring::error::Result;
use aftalestyring::schema::agreements;
use aftalestyring::types::{Id, Ts, sql as types};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use serde_json::json;

use crate::support::{Database, Unit, World, beginning};

/// A municipality with an agreement that was submitted, and that agreement.
async fn submitted() -> (World, Id) {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    let (leader, path) = (world.as_person("plejehjemsleder"), format!("/api/v1/agreements/{id}"));
    for (key, plan) in [("effects", "Vi følger hverdagen."), ("cross-cutting", "Skolehaven er fælles.")] {
        leader.patch(&format!("{path}/sections/{key}"), json!({"content": {"plan": plan}})).await.ok();
    }
    let goal = json!({"section_key": "effects", "title": "Færre fald", "effect": "Tryghed"});
    leader.post(&format!("{path}/goals"), goal).await.ok();
    leader.act(&path, "submit", json!({})).await.ok();
    (world, id)
}

/// What is found in a database without looking at any draft.
async fn found(database: &Database, scope: Scope, words: &'static str) -> Vec<Id> {
    let url = database.url();
    let read = move || {
        let clock = aftalestyring::clock::Clock::fixed(beginning());
        let db = Db::open(url, PoolSizes { connections: 1, wait_seconds: 10 }, clock);
        let author = Author::system(scope, "test");
        keep_up(&db, &author)?;
        db.read(&author, |conn| found_in(conn, &Words::of(conn, words, Drafts::Of(Vec::new()))))
    };
    aftalestyring::app::blocking(read).await.expect("a search")
}

fn found_in(conn: &mut Conn, words: &Words) -> Result<Vec<Id>> {
    let (scope, told) = (conn.scope(), &words.told);
    let found = sql::<Bool>(told.before)
        .bind::<types::Id, _>(scope)
        .sql(told.between)
        .bind::<Text, _>(told.words.clone())
        .sql(told.after);
    Ok(each!(conn => agreements::table
        .filter(agreements::municipality_id.eq(scope)).filter(found).select(agreements::id).load(conn))?)
}

const WORDS: &str = "hverdagen skolehaven fald tryghed";

#[actix_web::test]
async fn a_migration_back_and_forward_finds_the_words_of_what_is_there() {
    let (world, id) = submitted().await;
    let database = &world.app.database;
    assert_eq!(found(database, world.scope, WORDS).await, [id]);
    let mut link = database.url().connect().expect("the database");
    while migrate::down(&mut link).expect("back") != "00000000000004" {}
    migrate::up(&mut link).expect("forward");
    assert_eq!(found(database, world.scope, WORDS).await, [id]);
    assert!(found(database, world.scope, "sommerfest").await.is_empty());
}

#[actix_web::test]
async fn a_database_that_is_vacuumed_finds_what_it_found_before() {
    let (world, id) = submitted().await;
    let (database, other) = (&world.app.database, world.agreement(Unit::Nursery).await);
    let leader = world.as_person("børnehusleder");
    for key in ["effects", "cross-cutting"] {
        let section = format!("/api/v1/agreements/{other}/sections/{key}");
        leader.patch(&section, json!({"content": {"plan": "Legepladsen"}})).await.ok();
    }
    let mut link = database.url().connect().expect("the database");
    match link.raw() {
        Raw::Pg(conn) => conn.batch_execute("VACUUM FULL"),
        Raw::Sqlite(conn) => conn.batch_execute("VACUUM"),
    }
    .expect("a vacuum");
    leader.act(&format!("/api/v1/agreements/{other}"), "submit", json!({})).await.ok();
    assert_eq!(found(database, world.scope, WORDS).await, [id]);
    assert_eq!(found(database, world.scope, "legepladsen").await, [other]);
}

/// Carries everything into another database, which is empty.
fn carry(from: &Database, to: &Database) {
    let (mut from, mut to) = (from.unwatched(), to.unwatched());
    let mut copy = Vec::new();
    let written = backup::write(&mut from, Ts::of(beginning()), &mut copy).expect("a copy");
    let restored = backup::restore(&mut to, copy.as_slice()).expect("what was copied");
    assert_eq!(written, restored);
    assert!(written.rows.keys().all(|table| !table.contains("text")), "the index is no part of a copy: {written:?}");
}

#[actix_web::test]
async fn a_copy_is_searched_wherever_it_is_restored() {
    let (world, id) = submitted().await;
    let (same, file) = (Database::new(), std::env::temp_dir().join(format!("aftalestyring-test-{}.sqlite", Id::new())));
    let sqlite = Database::Sqlite(file);
    migrate::up(&mut sqlite.url().connect().expect("a new file")).expect("migrations");
    carry(&world.app.database, &same);
    carry(&world.app.database, &sqlite);
    let back = Database::new();
    carry(&sqlite, &back);
    for database in [&same, &sqlite, &back] {
        assert_eq!(found(database, world.scope, WORDS).await, [id]);
        assert!(found(database, world.scope, "sommerfest").await.is_empty());
    }
}
