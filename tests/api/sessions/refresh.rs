use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Response, World};

async fn refresh(world: &World, session: &Value) -> Response {
    let body = json!({"refresh_token": session["refresh_token"]});
    world.app.anonymous().post("/api/v1/sessions/refresh", body).await
}

#[actix_web::test]
async fn a_refresh_token_gives_the_next_ones() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let first = world.log_in(body).await.ok();
    world.app.clock.advance(Duration::minutes(20));
    let answer = refresh(&world, &first).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let second = answer.ok();
    assert_eq!(second["session_id"], first["session_id"]);
    assert_eq!(second["refresh_expires_at"], "2014-11-11T08:20:00Z");
    world.with_token(&first["access_token"]).get("/api/v1/me").await.refused(401, "invalid-token");
    world.with_token(&second["access_token"]).get("/api/v1/me").await.ok();
    refresh(&world, &second).await.ok();
}

#[actix_web::test]
async fn a_refresh_token_that_comes_again_ends_the_whole_session() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let (stolen, other) = (world.log_in(body.clone()).await.ok(), world.log_in(body).await.ok());
    let thief = refresh(&world, &stolen).await.ok();
    let thief = refresh(&world, &thief).await.ok();
    world.with_token(&thief["access_token"]).get("/api/v1/me").await.ok();
    refresh(&world, &stolen).await.refused(401, "invalid-credentials");
    refresh(&world, &thief).await.refused(401, "invalid-credentials");
    for session in [&stolen, &thief] {
        world.with_token(&session["access_token"]).get("/api/v1/me").await.refused(401, "invalid-token");
    }
    let kinds = world.kinds_of(stolen["session_id"].as_str().expect("an id")).await;
    assert_eq!(kinds, ["session.created", "session.ended", "session.reuse-detected"]);
    world.with_token(&other["access_token"]).get("/api/v1/me").await.ok();
    refresh(&world, &other).await.ok();
}

#[actix_web::test]
async fn a_refresh_that_is_sent_again_is_answered_for_half_a_minute() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let session = world.log_in(body).await.ok();
    let lost = refresh(&world, &session).await.ok();
    world.app.clock.advance(Duration::seconds(30));
    let again = refresh(&world, &session).await.ok();
    for answer in [&lost, &again] {
        world.with_token(&answer["access_token"]).get("/api/v1/me").await.ok();
    }
    refresh(&world, &again).await.ok();
    let kinds = world.kinds_of(session["session_id"].as_str().expect("an id")).await;
    assert_eq!(kinds, ["session.created"]);
}

#[actix_web::test]
async fn a_refresh_that_is_sent_again_later_ends_the_session() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let session = world.log_in(body).await.ok();
    let next = refresh(&world, &session).await.ok();
    world.app.clock.advance(Duration::seconds(31));
    refresh(&world, &session).await.refused(401, "invalid-credentials");
    refresh(&world, &next).await.refused(401, "invalid-credentials");
    world.with_token(&next["access_token"]).get("/api/v1/me").await.refused(401, "invalid-token");
}

#[actix_web::test]
async fn a_retry_does_not_prolong_the_time_in_which_it_is_one() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let session = world.log_in(body).await.ok();
    refresh(&world, &session).await.ok();
    world.app.clock.advance(Duration::seconds(20));
    refresh(&world, &session).await.ok();
    world.app.clock.advance(Duration::seconds(20));
    refresh(&world, &session).await.refused(401, "invalid-credentials");
}

#[actix_web::test]
async fn two_tabs_that_refresh_at_once_are_both_answered_and_one_of_them_goes_on() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let session = world.log_in(body).await.ok();
    let (one, other) = futures_util::future::join(refresh(&world, &session), refresh(&world, &session)).await;
    let (one, other) = (one.ok(), other.ok());
    world.app.clock.advance(Duration::minutes(10));
    let next = refresh(&world, &one).await.ok();
    world.app.clock.advance(Duration::minutes(1));
    refresh(&world, &other).await.refused(401, "invalid-credentials");
    refresh(&world, &next).await.refused(401, "invalid-credentials");
}

#[actix_web::test]
async fn a_session_is_over_a_day_after_its_last_refresh_and_a_month_after_the_log_in() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let idle = world.log_in(body.clone()).await.ok();
    let mut busy = world.log_in(body).await.ok();
    for _ in 0..31 {
        world.app.clock.advance(Duration::hours(23));
        busy = refresh(&world, &busy).await.ok();
    }
    refresh(&world, &idle).await.refused(401, "invalid-credentials");
    assert_eq!(busy["refresh_expires_at"], "2014-12-10T08:00:00Z");
    world.app.clock.advance(Duration::hours(7));
    refresh(&world, &busy).await.refused(401, "invalid-credentials");
}

#[actix_web::test]
async fn a_refresh_token_that_was_never_given_is_refused() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let body = ours.give_password("læser").await;
    let session = ours.log_in(body).await.ok();
    let token = session["refresh_token"].as_str().expect("a token").to_owned();
    let (_, random) = token.split_once('.').expect("two parts");
    let elsewhere = format!("{}.{random}", theirs.scope.municipality().0.simple());
    for wrong in ["x", &token[1..], &elsewhere, &format!("{}A", &token[..token.len() - 1]), &token.replace('.', "")] {
        if wrong != token {
            refresh(&ours, &json!({"refresh_token": wrong})).await.refused(401, "invalid-credentials");
        }
    }
    refresh(&ours, &session).await.ok();
}
