use aftalestyring::agreements::sections::store::{self as sections, SectionRow};
use aftalestyring::db::{Author, never_waiting};
use aftalestyring::each;
use aftalestyring::schema::{org_units, people};
use aftalestyring::types::Id;
use diesel::prelude::*;

use crate::support::statements::{moves, unscoped};
use crate::support::{Unit, World};

#[test]
fn a_statement_that_reads_all_municipalities_at_once_is_recognised() {
    for (statement, table) in [
        (r#"SELECT "people"."municipality_id", "people"."name" FROM "people" WHERE ("people"."id" = $1)"#, "people"),
        ("UPDATE `people` SET `municipality_id` = ? WHERE (`people`.`id` = ?)", "people"),
        ("DELETE FROM `sessions`", "sessions"),
        (
            r#"SELECT 1 FROM "people" INNER JOIN "users" ON "users"."person_id" = "people"."id" WHERE "people"."municipality_id" = $1"#,
            "users",
        ),
        (r#"SELECT 1 FROM "goals" AS "g" WHERE "goals"."municipality_id" = $1 OR "g"."id" = $2"#, "goals"),
        (r#"SELECT 1 FROM "municipalities" WHERE EXISTS (SELECT 1 FROM "events" WHERE "events"."id" = $1)"#, "events"),
        (r#"SELECT 1 FROM "people" WHERE "people"."id" = $1 -- binds: ["people.municipality_id"]"#, "people"),
    ] {
        assert_eq!(unscoped(statement).as_deref(), Some(table), "{statement}");
    }
}

#[test]
fn a_statement_that_says_its_municipality_passes() {
    for statement in [
        r#"SELECT "people"."name" FROM "people" WHERE (("people"."municipality_id" = $1) AND ("people"."id" = $2))"#,
        "UPDATE `people` SET `name` = ? WHERE (`people`.`municipality_id` = ?)",
        "SELECT 1 FROM `goals` AS `g` WHERE (`g`.`municipality_id` = ?)",
        r#"SELECT "municipalities"."name" FROM "municipalities" ORDER BY "municipalities"."name""#,
        r#"INSERT INTO "people" ("id") VALUES ($1)"#,
        "SELECT 1",
    ] {
        assert_eq!(unscoped(statement), None, "{statement}");
    }
}

#[test]
fn a_statement_that_assigns_the_municipality_is_recognised() {
    for statement in [
        r#"UPDATE "people" SET "municipality_id" = $1, "name" = $2 WHERE ("people"."municipality_id" = $3)"#,
        "UPDATE `people` SET `name` = ?, `municipality_id` = ? WHERE (`people`.`municipality_id` = ?)",
        r#"INSERT INTO "people" ("municipality_id") VALUES ($1) ON CONFLICT ("municipality_id") DO UPDATE SET "municipality_id" = $2"#,
    ] {
        assert!(moves(statement), "{statement}");
    }
    for statement in [
        r#"UPDATE "people" SET "name" = $1 WHERE (("people"."municipality_id" = $2) AND ("people"."id" = $3))"#,
        r#"INSERT INTO "people" ("municipality_id") VALUES ($1) ON CONFLICT ("municipality_id") DO UPDATE SET "name" = $2"#,
    ] {
        assert!(!moves(statement), "{statement}");
    }
}

#[actix_web::test]
async fn a_transaction_that_leaves_its_municipality_is_noticed() {
    let (world, other) = (World::new().await, Id::new());
    let (db, author) = (world.app.app.db.clone(), Author::system(world.scope, "test"));
    let read = move |second: Id| {
        let (db, author) = (db.clone(), author.clone());
        std::thread::spawn(move || {
            db.read(&author, |conn| {
                for scope in [conn.scope(), second] {
                    let own = people::table.filter(people::municipality_id.eq(scope).and(people::name.ne("a, \"b\"")));
                    each!(conn => own.count().get_result::<i64>(conn))?;
                }
                Ok(())
            })
        })
        .join()
    };
    assert!(read(world.scope.municipality()).is_ok());
    assert!(read(other).is_err(), "nobody noticed");
}

#[actix_web::test]
async fn every_statement_of_these_tests_is_read() {
    let world = World::new().await;
    let (db, author) = (world.app.app.db.clone(), Author::system(world.scope, "test"));
    let read = |all: bool| {
        let (db, author) = (db.clone(), author.clone());
        std::thread::spawn(move || {
            db.read(&author, |conn| {
                let scope = conn.scope();
                if all {
                    return Ok(each!(conn => people::table.count().get_result::<i64>(conn))?);
                }
                let own = org_units::table.filter(org_units::municipality_id.eq(scope));
                Ok(each!(conn => own.count().get_result::<i64>(conn))?)
            })
        })
        .join()
    };
    assert_eq!(read(false).expect("no fault").expect("a number"), 5);
    assert!(read(true).is_err(), "a count of all municipalities' people was not noticed");
}

#[actix_web::test]
async fn a_request_that_asks_the_database_on_its_own_thread_is_noticed() {
    let world = World::new().await;
    let (db, author) = (world.app.app.db.clone(), Author::system(world.scope, "test"));
    let asking = std::thread::spawn(move || {
        let asks = std::pin::pin!(never_waiting(async { db.read(&author, |_| Ok(())) }));
        let polled = asks.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
        assert!(polled.is_ready());
    });
    assert!(asking.join().is_err(), "nobody noticed");
}

#[actix_web::test]
async fn more_sections_than_one_statement_has_room_for_are_kept() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let first = world.section(agreement, "effects").await;
    let made = world.arrange(move |tx| {
        let rows: Vec<SectionRow> = (100..3_100)
            .map(|position| SectionRow { key: format!("s{position}"), id: Id::new(), position, ..first.clone() })
            .collect();
        sections::insert(tx, &rows)?;
        Ok(sections::of_agreement(tx, agreement)?.len())
    });
    assert!(made.await > 3_000);
}
