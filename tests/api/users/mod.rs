use serde_json::{Value, json};

use crate::support::{PASSWORD, Unit, World};

fn second_log_in(world: &World, email: &str) -> Value {
    json!({"person_id": world.person("læser"), "email": email})
}

/// The body of the log-in by which somebody chooses their password.
fn first(email: &str, code: &Value) -> Value {
    json!({"email": email, "password": code, "new_password": PASSWORD})
}

#[actix_web::test]
async fn an_administrator_makes_changes_and_deletes_a_log_in() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    let made = administrator.post("/api/v1/users", second_log_in(&world, "Laeser@Lilleby.example")).await;
    assert_eq!(made.status, 201);
    let path = made.header("location").to_owned();
    assert!(!made.text.contains("argon2"));
    assert_eq!(made.header("etag"), administrator.get(&path).await.header("etag"));
    let made = made.ok();
    assert_eq!((&made["name"], &made["email"]), (&json!("læser"), &json!("laeser@lilleby.example")));
    let log_in = |email: &str| world.log_in(json!({"email": email, "password": PASSWORD}));
    let session = world.log_in(first("laeser@lilleby.example", &made["one_time_code"])).await.ok();
    administrator.patch(&path, json!({"email": "ny@lilleby.example"})).await.ok();
    log_in("laeser@lilleby.example").await.refused(401, "invalid-credentials");
    log_in("NY@lilleby.example").await.ok();
    assert_eq!(administrator.delete(&path).await.status, 204);
    world.with_token(&session["access_token"]).get("/api/v1/me").await.refused(401, "invalid-token");
    log_in("ny@lilleby.example").await.refused(401, "invalid-credentials");
    let kinds = world.kinds_of(made["id"].as_str().expect("an id")).await;
    assert_eq!(kinds, ["user.created", "user.updated", "user.updated", "user.deleted"]);
}

#[actix_web::test]
async fn log_ins_are_listed_by_address_of_everybody_or_of_one_person() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    let page = administrator.get("/api/v1/users?limit=2&include=total").await.ok();
    assert_eq!((&page["total"], &page["items"][0]["email"]), (&json!(12), &json!("administrator@lilleby.example")));
    let cursor = page["next_cursor"].as_str().expect("another page");
    let rest = administrator.get(&format!("/api/v1/users?limit=200&cursor={cursor}")).await.ok();
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(10), &Value::Null));
    let own = administrator.get("/api/v1/users?person=me&include=total").await.ok();
    assert_eq!((&own["total"], &own["items"][0]["name"]), (&json!(1), &json!("administrator")));
    // A cursor of another making: "\u0000".
    administrator.get("/api/v1/users?cursor=Ilx1MDAwMCI").await.refused(422, "invalid-parameter");
    administrator.get("/api/v1/users?person=nobody").await.refused(422, "invalid-parameter");
    administrator.get("/api/v1/users?include=all").await.refused(422, "invalid-parameter");
}

#[actix_web::test]
async fn an_address_is_used_once_in_a_municipality_whatever_its_case() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let administrator = ours.as_person("administrator");
    administrator.post("/api/v1/users", second_log_in(&ours, "to@lilleby.example")).await.ok();
    administrator
        .post("/api/v1/users", second_log_in(&ours, "TO@lilleby.example"))
        .await
        .refused(409, "already-exists");
    let taken = json!({"email": "To@Lilleby.example"});
    administrator.patch(&ours.user_path("socialchef"), taken).await.refused(409, "already-exists");
    let there = theirs.as_person("administrator");
    there.post("/api/v1/users", second_log_in(&theirs, "to@lilleby.example")).await.ok();
    let problem = there
        .post("/api/v1/users", second_log_in(&ours, "tre@lilleby.example"))
        .await
        .refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/person_id");
}

#[actix_web::test]
async fn nobody_shuts_the_log_in_they_are_using() {
    let world = World::new().await;
    let (administrator, path) = (world.as_person("administrator"), world.user_path("administrator"));
    administrator.patch(&path, json!({"disabled": true})).await.refused(403, "own-log-in");
    administrator.delete(&path).await.refused(403, "own-log-in");
    let own = administrator.get(&path).await.ok();
    let reasons: Vec<&Value> = own["available_actions"]
        .as_array()
        .expect("actions")
        .iter()
        .filter(|action| action["allowed"] == false)
        .map(|action| &action["reasons"][0]["code"])
        .collect();
    assert_eq!(reasons, ["own-log-in", "own-log-in"]);
    administrator.patch(&path, json!({"email": "administrator@lilleby.example", "disabled": false})).await.ok();
    administrator.get("/api/v1/me").await.ok();
}

#[actix_web::test]
async fn only_administrators_see_log_ins_and_only_those_of_their_municipality() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let path = ours.user_path("læser");
    let before = ours.app.app.passwords.hashed();
    for somebody in [ours.as_person("koordinator"), ours.as_person("læser"), ours.as_hr()] {
        somebody.get("/api/v1/users").await.refused(403, "forbidden");
        somebody.get(&path).await.refused(403, "forbidden");
        somebody.post("/api/v1/users", second_log_in(&ours, "to@lilleby.example")).await.refused(403, "forbidden");
    }
    ours.as_person("koordinator").post(&format!("{path}/one-time-code"), json!({})).await.refused(403, "forbidden");
    assert_eq!(ours.app.app.passwords.hashed(), before, "no work is done for whoever may not");
    let stranger = theirs.as_person("administrator");
    stranger.get(&path).await.refused(404, "not-found");
    stranger.request("DELETE", &path).if_match("\"1.0\"").send().await.refused(404, "not-found");
    let patch = stranger.request("PATCH", &path).if_match("\"1.0\"").merge_patch(json!({"disabled": true}));
    patch.send().await.refused(404, "not-found");
    stranger.post(&format!("{path}/one-time-code"), json!({})).await.refused(404, "not-found");
    ours.log_in(ours.credentials("læser")).await.refused(401, "invalid-credentials");
}

#[actix_web::test]
async fn nobody_chooses_anothers_password_and_an_address_is_one() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    for (field, value, code) in [
        ("password", json!(PASSWORD), "unknown-field"),
        ("email", json!("uden snabel-a"), "not-an-email"),
        ("email", Value::Null, "wrong-type"),
    ] {
        let mut body = second_log_in(&world, "to@lilleby.example");
        body[field] = value;
        let problem = administrator.post("/api/v1/users", body).await.refused(422, "invalid-body");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(format!("/{field}")), &json!(code))
        );
    }
}

#[actix_web::test]
async fn a_code_in_place_of_a_password_ends_the_sessions_and_serves_once_to_choose_an_own_one() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let session = world.log_in(body.clone()).await.ok();
    let (administrator, path) = (world.as_person("administrator"), world.user_path("læser"));
    assert_eq!(administrator.get(&path).await.ok()["code_expires_at"], json!(null));
    let made = administrator.post(&format!("{path}/one-time-code"), json!({})).await;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"));
    let made = made.ok();
    assert_eq!(administrator.get(&path).await.ok()["code_expires_at"], made["code_expires_at"]);
    world.with_token(&session["access_token"]).get("/api/v1/me").await.refused(401, "invalid-token");
    world.log_in(body.clone()).await.refused(401, "invalid-credentials");

    let with = |new: Value| {
        let mut body = body.clone();
        body["password"] = made["one_time_code"].clone();
        body["new_password"] = new;
        world.log_in(body)
    };
    with(json!(null)).await.refused(403, "own-password-required");
    let refused = [(json!("for kort"), "weak-password"), (made["one_time_code"].clone(), "same-as-code")];
    for (new, code) in refused {
        let problem = with(new).await.refused(422, "invalid-body");
        let fault = &problem["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/new_password"), &json!(code)));
    }
    let session = with(json!("hæfteklamme i blåt")).await.ok();
    let reader = world.with_token(&session["access_token"]);
    assert_eq!(reader.get("/api/v1/me").await.ok()["person"]["name"], "læser");
    assert_eq!(administrator.get(&path).await.ok()["code_expires_at"], json!(null));
    with(json!("hæfteklamme i gult")).await.refused(401, "invalid-credentials");
    let mut own = body.clone();
    own["password"] = json!("hæfteklamme i blåt");
    world.log_in(own.clone()).await.ok();
    own["new_password"] = json!("hæfteklamme i gult");
    let problem = world.log_in(own).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "has-password");
    let all = world.recorded().await;
    let changes = all.iter().filter(|event| event.kind == "user.updated").map(|event| event.changed.text());
    assert_eq!(changes.collect::<Vec<_>>(), [r#"["password"]"#; 2]);
    let code = made["one_time_code"].as_str().expect("a code");
    assert!(!format!("{all:?}").contains(code));
}

#[actix_web::test]
async fn a_code_that_nobody_used_is_good_for_nothing_after_fourteen_days() {
    let world = World::new().await;
    let path = format!("{}/one-time-code", world.user_path("læser"));
    let made = world.as_person("administrator").post(&path, json!({})).await.ok();
    assert_eq!(made["code_expires_at"], "2014-11-24T08:00:00Z");
    let mut body = world.credentials("læser");
    body["password"] = made["one_time_code"].clone();
    world.log_in(body.clone()).await.refused(403, "own-password-required");
    world.app.clock.advance(chrono::Duration::days(14));
    world.log_in(body.clone()).await.refused(401, "invalid-credentials");
    body["new_password"] = json!(PASSWORD);
    world.log_in(body).await.refused(401, "invalid-credentials");
}

#[actix_web::test]
async fn somebody_new_gets_person_appointment_and_log_in_at_once() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    let newcomer = json!({"name": "Nina Ny", "org_unit_id": world.unit(Unit::School), "role": "leader"});
    let body = json!({"email": "Ny@Lilleby.example", "newcomer": newcomer});
    let made = administrator.post("/api/v1/users", body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.ok();
    assert_eq!((&made["name"], &made["email"]), (&json!("Nina Ny"), &json!("ny@lilleby.example")));
    let session = world.log_in(first("ny@lilleby.example", &made["one_time_code"])).await.ok();
    let me = world.with_token(&session["access_token"]).get("/api/v1/me").await.ok();
    let held = &me["roles"][0];
    assert_eq!((&held["role"], &held["org_unit"]["id"]), (&json!("leader"), &json!(world.unit(Unit::School))), "{me}");
    let person = made["person_id"].as_str().expect("an id");
    assert_eq!(world.kinds_of(person).await, ["person.created"]);
    // A second time nothing of it is made.
    let people = || async { administrator.get("/api/v1/people?q=Nina").await.ok()["items"].as_array().map(Vec::len) };
    administrator.post("/api/v1/users", body.clone()).await.refused(409, "already-exists");
    assert_eq!(people().await, Some(1));
    for wrong in [json!({"person_id": world.person("læser")}), json!({"newcomer": null})] {
        let mut body = body.clone();
        for (name, value) in wrong.as_object().expect("fields") {
            body[name] = value.clone();
        }
        let problem = administrator.post("/api/v1/users", body).await.refused(422, "invalid-body");
        assert_eq!(problem["errors"][0]["code"], "one-of-two");
    }
    world.as_person("koordinator").post("/api/v1/users", body).await.refused(403, "forbidden");
}
