use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{PASSWORD, World};

#[actix_web::test]
async fn a_person_logs_in_reads_who_they_are_and_logs_out() {
    let world = World::new().await;
    world.give_password("socialchef").await;
    let body = json!({"email": "SocialChef@Lilleby.example", "password": PASSWORD});
    let answer = world.log_in(body).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    let session = answer.ok();
    assert_eq!((&session["token_type"], &session["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(session["refresh_expires_at"], "2014-11-11T08:00:00Z");
    let chief = world.with_token(&session["access_token"]);
    let me = chief.get("/api/v1/me").await.ok();
    assert_eq!((&me["person"]["name"], &me["session_id"]), (&json!("socialchef"), &session["session_id"]));
    assert_eq!(chief.request("DELETE", "/api/v1/sessions/current").send().await.status, 204);
    chief.get("/api/v1/me").await.refused(401, "invalid-token");
    let refresh = json!({"refresh_token": session["refresh_token"]});
    world.app.anonymous().post("/api/v1/sessions/refresh", refresh).await.refused(401, "invalid-credentials");
    let kinds = world.kinds_of(session["session_id"].as_str().expect("an id")).await;
    assert_eq!(kinds, ["session.created", "session.ended"]);
}

#[actix_web::test]
async fn why_a_log_in_failed_cannot_be_told_and_each_costs_one_hash() {
    let world = World::new().await;
    let right = world.give_password("læser").await;
    world.give_password("socialchef").await;
    let administrator = world.as_person("administrator");
    administrator.patch(&world.user_path("socialchef"), json!({"disabled": true})).await.ok();
    let but = |field: &str, value: Value| {
        let mut body = right.clone();
        body[field] = value;
        body
    };
    let attempts = [
        but("password", json!("en anden adgangskode")),
        but("email", json!("ingen@lilleby.example")),
        but("email", json!("socialchef@lilleby.example")),
        but("municipality", json!(Id::new())),
    ];
    let mut problems = Vec::new();
    for body in attempts {
        let before = world.app.app.passwords.hashed();
        let mut problem = world.log_in(body).await.refused(401, "invalid-credentials");
        assert_eq!(world.app.app.passwords.hashed(), before + 1);
        problem["request_id"].take();
        problems.push(problem);
    }
    assert!(problems.iter().all(|problem| *problem == problems[0]), "{problems:?}");
    let failures: Vec<(Id, String)> = world
        .recorded()
        .await
        .into_iter()
        .filter(|event| event.kind == "user.log-in-failed")
        .map(|event| (event.subject_id, event.detail.text().replace(' ', "")))
        .collect();
    let expected = [
        (world.user("læser"), r#"{"reason":"wrong-password"}"#.to_owned()),
        (world.user("socialchef"), r#"{"reason":"disabled"}"#.to_owned()),
    ];
    assert_eq!(failures, expected);
}

#[actix_web::test]
async fn the_municipality_is_named_where_there_are_two() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let body = ours.give_password("læser").await;
    let mut unnamed = body.clone();
    unnamed.as_object_mut().expect("an object").remove("municipality");
    let problem = ours.log_in(unnamed).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["pointer"], "/municipality");
    let session = ours.log_in(body).await.ok();
    let me = ours.with_token(&session["access_token"]).get("/api/v1/me").await.ok();
    assert_eq!(me["municipality"]["name"], "Lilleby");
    // The same address there has no password yet.
    theirs.log_in(theirs.credentials("læser")).await.refused(401, "invalid-credentials");
    let methods = ours.app.anonymous().get("/api/v1/auth-methods").await.ok();
    assert_eq!(methods["methods"], json!([{"kind": "password"}]));
    let names = [&methods["municipalities"][0]["name"], &methods["municipalities"][1]["name"]];
    assert_eq!(names, ["Lilleby", "Naboby"]);
}

#[actix_web::test]
async fn a_full_queue_of_passwords_asks_to_come_again() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let app = world.app.app.clone();
    let places: Vec<_> = (0..17).map(|_| app.passwords.queue().expect("a place")).collect();
    for _ in 0..10 {
        let refused = world.log_in(body.clone()).await;
        assert_eq!(refused.header("retry-after"), "2");
        refused.refused(503, "busy");
    }
    drop(places);
    world.log_in(body).await.ok();
}

#[actix_web::test]
async fn a_log_in_that_is_shut_is_refused_at_once_with_all_its_tokens() {
    let world = World::new().await;
    let body = world.give_password("socialchef").await;
    let session = world.log_in(body.clone()).await.ok();
    let chief = world.with_token(&session["access_token"]);
    chief.get("/api/v1/me").await.ok();
    let administrator = world.as_person("administrator");
    administrator.patch(&world.user_path("socialchef"), json!({"disabled": true})).await.ok();
    chief.get("/api/v1/me").await.refused(401, "invalid-token");
    let refresh = json!({"refresh_token": session["refresh_token"]});
    world.app.anonymous().post("/api/v1/sessions/refresh", refresh).await.refused(401, "invalid-credentials");
    administrator.patch(&world.user_path("socialchef"), json!({"disabled": false})).await.ok();
    chief.get("/api/v1/me").await.refused(401, "invalid-token");
    world.log_in(body).await.ok();
}

#[actix_web::test]
async fn what_is_sent_wrongly_is_refused_with_its_place() {
    let world = World::new().await;
    let anonymous = world.app.anonymous();
    let problem = anonymous.post("/api/v1/sessions?next=1", json!({})).await.refused(422, "invalid-parameter");
    assert_eq!(problem["errors"][0]["pointer"], "?next");
    let problem = world.log_in(json!({"email": "a", "password": "b", "remember": true})).await;
    assert_eq!(problem.refused(422, "invalid-body")["errors"][0]["pointer"], "/remember");
    world.log_in(json!({"email": "a", "password": "b".repeat(201)})).await.refused(422, "invalid-body");
    world.log_in(json!({"email": "a\u{0}", "password": "b"})).await.refused(422, "invalid-body");
    let client = world.as_hr().request("DELETE", "/api/v1/sessions/current").send().await;
    client.refused(403, "forbidden");
}

#[actix_web::test]
async fn no_password_and_no_token_stands_in_any_event_or_kept_answer() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let session = world.log_in(body.clone()).await.ok();
    let mut wrong = body.clone();
    wrong["password"] = json!("forkert hest batteri");
    world.log_in(wrong).await.refused(401, "invalid-credentials");
    let reader = world.with_token(&session["access_token"]);
    let change = json!({"current_password": PASSWORD, "new_password": "hæfteklamme i blåt"});
    let keyed = reader.request("PUT", "/api/v1/me/password").header("idempotency-key", "k").json(change);
    assert_eq!(keyed.send().await.status, 204);
    let refreshed = json!({"refresh_token": session["refresh_token"]});
    let next = world.app.anonymous().post("/api/v1/sessions/refresh", refreshed).await.ok();
    let rows = format!("{:?}", world.recorded().await);
    let tokens = [&session["access_token"], &session["refresh_token"], &next["access_token"], &next["refresh_token"]];
    let secrets = tokens.map(|token| token.as_str().expect("a token").to_owned());
    let random = secrets.iter().map(|token| token.rsplit('.').next().expect("a part").to_owned());
    for secret in random.chain(["hest batteri", "hæfteklamme", "argon2", "læser@"].map(str::to_owned)) {
        assert!(!rows.contains(&secret), "{secret} stands in an event");
    }
    assert_eq!(kept_answers(&world).await, 0);
}

async fn kept_answers(world: &World) -> i64 {
    use aftalestyring::schema::idempotency_keys::dsl::{idempotency_keys, municipality_id};
    use diesel::prelude::*;
    let (db, scope) = (world.app.app.db.clone(), world.scope);
    let author = aftalestyring::db::Author::system(scope, "test");
    let read = move || {
        db.read(&author, |conn| {
            let kept = idempotency_keys.filter(municipality_id.eq(scope.municipality())).count();
            Ok(aftalestyring::each!(conn => kept.get_result(conn))?)
        })
    };
    aftalestyring::app::blocking(read).await.expect("a number")
}
