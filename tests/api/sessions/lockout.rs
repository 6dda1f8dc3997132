use chrono::Duration;
use serde_json::json;

use crate::support::{Client, Response, TestApp, World};

const STRANGER: &str = "203.0.113.9:5000";

async fn guess(client: &Client, world: &World, password: &str) -> Response {
    let mut body = world.credentials("socialchef");
    body["password"] = json!(password);
    client.post("/api/v1/sessions", body).await
}

#[actix_web::test]
async fn whoever_guesses_waits_longer_and_longer_and_locks_nobody_out() {
    let world = World::new().await;
    let right = world.give_password("socialchef").await;
    let stranger = world.app.anonymous().at(STRANGER);
    for _ in 0..5 {
        guess(&stranger, &world, "gæt").await.refused(401, "invalid-credentials");
    }
    let before = world.app.app.passwords.hashed();
    let refused = guess(&stranger, &world, "gæt").await;
    assert_eq!(refused.header("retry-after"), "10");
    assert!(refused.refused(429, "too-many-requests")["detail"].as_str().is_some_and(|text| text.contains("10")));
    stranger.post("/api/v1/sessions", right.clone()).await.refused(429, "too-many-requests");
    assert_eq!(world.app.app.passwords.hashed(), before, "nothing is hashed for whoever has to wait");
    // The chief, at another address, notices nothing.
    world.log_in(right.clone()).await.ok();
    world.app.clock.advance(Duration::seconds(10));
    guess(&stranger, &world, "gæt").await.refused(401, "invalid-credentials");
    assert_eq!(guess(&stranger, &world, "gæt").await.header("retry-after"), "20");
    world.app.clock.advance(Duration::seconds(20));
    stranger.post("/api/v1/sessions", right).await.ok();
}

#[actix_web::test]
async fn an_address_that_tries_many_accounts_is_stopped_too() {
    let world = World::new().await;
    let right = world.give_password("socialchef").await;
    let stranger = world.app.anonymous().at(STRANGER);
    for guess in 0..100 {
        let body = json!({"email": format!("{guess}@lilleby.example"), "password": "gæt"});
        stranger.post("/api/v1/sessions", body).await.refused(401, "invalid-credentials");
    }
    let refused = stranger.post("/api/v1/sessions", right.clone()).await;
    assert_eq!(refused.header("retry-after"), "900");
    refused.refused(429, "too-many-requests");
    world.log_in(right).await.ok();
}

#[actix_web::test]
async fn who_guesses_behind_a_proxy_locks_nobody_out_who_is_behind_it_too() {
    let world = World::on(TestApp::behind("10.0.0.1/32", 1_000_000), "Lilleby").await;
    let right = world.give_password("socialchef").await;
    let proxy = world.app.anonymous().at("10.0.0.1:4711");
    let by = |address: &'static str, body: serde_json::Value| {
        proxy.request("POST", "/api/v1/sessions").header("x-forwarded-for", address).json(body).send()
    };
    for guess in 0..100 {
        let body = json!({"email": format!("{guess}@lilleby.example"), "password": "gæt"});
        by("203.0.113.9", body).await.refused(401, "invalid-credentials");
    }
    by("203.0.113.9", right.clone()).await.refused(429, "too-many-requests");
    by("192.0.2.1, 203.0.113.9", right.clone()).await.refused(429, "too-many-requests");
    by("192.0.2.1", right).await.ok();
}

#[actix_web::test]
async fn guessing_ones_current_password_is_slowed_down_alike() {
    let world = World::new().await;
    world.give_password("socialchef").await;
    let chief = world.as_person("læser");
    let change = json!({"current_password": "gæt", "new_password": "hæfteklamme i blåt"});
    for _ in 0..5 {
        let problem = chief.put("/api/v1/me/password", change.clone()).await.refused(422, "invalid-body");
        assert_eq!(problem["errors"][0]["code"], "wrong-password");
    }
    chief.put("/api/v1/me/password", change).await.refused(429, "too-many-requests");
}
