//! Requests that wait for events.

use std::time::Duration;

use actix_web::rt::task::yield_now;
use actix_web::rt::time::timeout;
use aftalestyring::db::journal::{Event, EventKind};
use aftalestyring::db::{Author, Db, PoolSizes};
use aftalestyring::events::listener::Listener;
use aftalestyring::types::Id;
use futures_util::FutureExt;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::support::{Client, Unit, World};

/// Far longer than an answer takes, far shorter than these requests would wait.
const AT_ONCE: Duration = Duration::from_secs(15);

/// The cursor after all that has happened.
async fn end(client: &Client) -> String {
    client.get("/api/v1/events?limit=200").await.ok()["next"].as_str().expect("a cursor").to_owned()
}

/// Until so many requests wait, and none of them holds a connection: one of them looks at the counters now and then.
async fn until_waiting(world: &World, many: usize) {
    let db = &world.app.app.db;
    while db.commit_signal().waiting() < many || db.pools().iter().any(|(_, busy, _)| *busy > 0) {
        yield_now().await;
    }
}

/// Leaves an event through a database, as its process would.
async fn leave(db: &Db, world: &World, event: Event) {
    let (db, author) = (db.clone(), Author::system(world.scope, "test"));
    let write = move || {
        db.write(&author, |tx| {
            tx.record(event.clone());
            Ok(())
        })
    };
    aftalestyring::app::blocking(write).await.expect("an event");
}

fn types(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["type"].as_str().expect("a type")).collect()
}

#[actix_web::test]
async fn who_waits_is_answered_once_something_happens() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (hr, chief) = (world.as_hr(), world.as_person("socialchef"));
    let after = end(&hr).await;
    let writing = async {
        until_waiting(&world, 1).await;
        let section = format!("/api/v1/agreements/{id}/sections/effects");
        chief.patch(&section, json!({"content": {"plan": "P"}})).await.ok();
    };
    let address = format!("/api/v1/events?after={after}&wait=30");
    let (answer, ()) = timeout(AT_ONCE, join(hr.get(&address), writing)).await.expect("an answer at once");
    let page = answer.ok();
    assert_eq!(types(&page), ["dk.aftalestyring.section.edited.v1"]);
    assert_eq!(page["next"], json!(end(&hr).await));
    let there = hr.get(&address).await.ok();
    assert_eq!(there["items"], page["items"], "what is there already is not waited for");
}

#[actix_web::test]
async fn what_another_process_commits_is_told_as_well() {
    let world = World::new().await;
    let hr = world.as_hr();
    let after = end(&hr).await;
    let sizes = PoolSizes { connections: 1, wait_seconds: 10 };
    let other = Db::open(world.app.database.url(), sizes, world.app.clock.clone());
    let writing = async {
        until_waiting(&world, 1).await;
        leave(&other, &world, Event::of(EventKind::CommentCreated, Id::new())).await;
    };
    let address = format!("/api/v1/events?after={after}&wait=30");
    let (answer, ()) = timeout(AT_ONCE, join(hr.get(&address), writing)).await.expect("an answer soon");
    assert_eq!(types(&answer.ok()), ["dk.aftalestyring.comment.created.v1"]);
}

#[actix_web::test]
async fn when_the_time_is_over_the_answer_passes_what_did_not_fit() {
    let world = World::new().await;
    let hr = world.as_hr();
    let after = end(&hr).await;
    let writing = async {
        until_waiting(&world, 1).await;
        leave(&world.app.app.db, &world, Event::of(EventKind::CommentCreated, Id::new())).await;
        leave(&world.app.app.db, &world, Event::of(EventKind::SessionCreated, Id::new())).await;
    };
    let address = format!("/api/v1/events?after={after}&wait=1&type=dk.aftalestyring.section.approved.v1");
    let (answer, ()) = timeout(AT_ONCE, join(hr.get(&address), writing)).await.expect("an answer");
    let page = answer.ok();
    let passed = after.parse::<i64>().expect("a number") + 2;
    assert_eq!((&page["items"], &page["next"]), (&json!([]), &json!(passed.to_string())));
}

#[actix_web::test]
async fn what_cannot_fit_wakes_nobody() {
    let (world, neighbour) = World::beside(World::new().await, "Naboby").await;
    let db = &world.app.app.db;
    let approved = || Event::of(EventKind::SectionApproved, Id::new());
    let fits = |event: &Event| event.kind == EventKind::SectionApproved;
    leave(db, &world, approved()).await;
    let (mut listener, mut stranger) = (Listener::of(db, world.scope), Listener::of(db, neighbour.scope));
    // What happened before anybody listened is not known here, so the first news may be of anything.
    leave(db, &world, Event::of(EventKind::CommentCreated, Id::new())).await;
    assert_eq!(listener.wait(fits).now_or_never(), Some(true));
    leave(db, &world, Event::of(EventKind::CommentCreated, Id::new())).await;
    assert_eq!(listener.wait(fits).now_or_never(), None);
    leave(db, &world, approved()).await;
    assert_eq!(listener.wait(fits).now_or_never(), Some(true));
    assert_eq!(stranger.wait(|_| true).now_or_never(), None, "another municipality's news");
    // Something of another process came in between.
    let other = Db::open(world.app.database.url(), PoolSizes { connections: 1, wait_seconds: 10 }, db.clock().clone());
    leave(&other, &world, approved()).await;
    leave(db, &world, Event::of(EventKind::CommentCreated, Id::new())).await;
    assert_eq!(listener.wait(fits).now_or_never(), Some(true));
    db.commit_signal().close();
    assert_eq!(listener.wait(fits).now_or_never(), Some(false));
    assert_eq!(Listener::of(db, world.scope).wait(fits).now_or_never(), Some(false));
}

#[actix_web::test]
async fn hundreds_wait_beside_each_other_and_hold_nothing() {
    let world = World::new().await;
    let hr = world.as_hr();
    let after = end(&hr).await;
    let address = format!("/api/v1/events?after={after}&wait=30");
    let waiting = join_all((0..300).map(|_| hr.get(&address)));
    let writing = async {
        until_waiting(&world, 300).await;
        hr.get("/api/v1/org-units").await.ok();
        leave(&world.app.app.db, &world, Event::of(EventKind::CommentCreated, Id::new())).await;
    };
    let (answers, ()) = timeout(4 * AT_ONCE, join(waiting, writing)).await.expect("answers");
    for answer in answers {
        assert_eq!(types(&answer.ok()), ["dk.aftalestyring.comment.created.v1"]);
    }
    assert_eq!(world.app.app.db.commit_signal().waiting(), 0);
}

#[actix_web::test]
async fn who_loses_the_right_while_waiting_is_refused() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let after = end(&coordinator).await;
    let ending = async {
        until_waiting(&world, 1).await;
        world.end_appointment("koordinator").await;
    };
    let address = format!("/api/v1/events?after={after}&wait=30");
    let (answer, ()) = timeout(AT_ONCE, join(coordinator.get(&address), ending)).await.expect("an answer at once");
    answer.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_server_that_stops_lets_nobody_wait() {
    let world = World::new().await;
    let hr = world.as_hr();
    let after = end(&hr).await;
    let stopping = async {
        until_waiting(&world, 1).await;
        world.app.app.db.commit_signal().close();
    };
    let address = format!("/api/v1/events?after={after}&wait=30");
    let (answer, ()) = timeout(AT_ONCE, join(hr.get(&address), stopping)).await.expect("an answer at once");
    assert_eq!(answer.ok(), json!({"items": [], "next": after}));
}

#[actix_web::test]
async fn waiting_is_bounded_and_for_those_who_may() {
    let world = World::new().await;
    let (hr, chief) = (world.as_hr(), world.as_person("socialchef"));
    for wait in ["31", "-1", "1.5", "ti"] {
        let problem = hr.get(&format!("/api/v1/events?wait={wait}")).await.refused(422, "invalid-parameter");
        assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
    }
    chief.get("/api/v1/events?wait=30").await.refused(403, "forbidden");
    hr.get("/api/v1/events?after=999999&wait=30").await.refused(422, "invalid-parameter");
    let page = hr.get(&format!("/api/v1/events?after={}&wait=0", end(&hr).await)).await.ok();
    assert_eq!(page["items"], json!([]));
}
