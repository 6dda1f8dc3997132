use serde_json::{Value, json};

use crate::support::World;

fn archive() -> Value {
    json!({"client_key": "arkiv", "name": "Arkivet", "source": "arkiv", "scopes": ["events:read", "events:read"]})
}

#[actix_web::test]
async fn an_administrator_makes_changes_lists_and_deletes_clients() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    let made = administrator.post("/api/v1/clients", archive()).await;
    assert_eq!(made.status, 201);
    let path = made.header("location").to_owned();
    let made = made.ok();
    assert_eq!((&made["scopes"], &made["secrets"]), (&json!(["events:read"]), &json!([])));
    administrator.post("/api/v1/clients", archive()).await.refused(409, "already-exists");
    let first = administrator.get("/api/v1/clients?limit=1").await.ok();
    assert_eq!(first["items"][0]["client_key"], "arkiv");
    let cursor = first["next_cursor"].as_str().expect("another page");
    let second = administrator.get(&format!("/api/v1/clients?limit=1&cursor={cursor}")).await.ok();
    assert_eq!((&second["items"][0]["client_key"], &second["next_cursor"]), (&json!("hr"), &Value::Null));
    let changed = administrator.patch(&path, json!({"name": "Stadsarkivet"})).await.ok();
    assert_eq!(changed["name"], "Stadsarkivet");
    assert_eq!(administrator.delete(&path).await.status, 204);
    administrator.get(&path).await.refused(404, "not-found");
    let kinds = world.kinds_of(made["id"].as_str().expect("an id")).await;
    assert_eq!(kinds, ["client.created", "client.updated", "client.deleted"]);
}

#[actix_web::test]
async fn a_secret_is_told_once_and_stands_nowhere_else() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    let path = administrator.post("/api/v1/clients", archive()).await.header("location").to_owned();
    let made = administrator.post(&format!("{path}/secrets"), json!({})).await.ok();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert_eq!(made["client_key"], "arkiv");
    let (_, random) = secret.split_once('.').expect("two parts");
    let client = administrator.get(&path).await;
    assert!(!client.text.contains(random));
    assert_eq!(
        client.ok()["secrets"][0],
        json!({"id": made["id"], "created_at": made["created_at"], "expires_at": null})
    );
    assert!(!administrator.get("/api/v1/clients").await.text.contains(random));
    assert!(!format!("{:?}", world.recorded().await).contains(random));
    // A retry with the same key is another secret, since no answer with a secret is kept.
    let again = |body: Value| {
        administrator.request("POST", &format!("{path}/secrets")).header("idempotency-key", "k").json(body).send()
    };
    assert_ne!(again(json!({})).await.ok()["secret"], again(json!({})).await.ok()["secret"]);
    for _ in 0..7 {
        again(json!({})).await.ok();
    }
    again(json!({})).await.refused(409, "too-many-secrets");
}

#[actix_web::test]
async fn only_administrators_see_clients_and_only_those_of_their_municipality() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let path = ours.as_person("administrator").post("/api/v1/clients", archive()).await.header("location").to_owned();
    for somebody in [ours.as_person("koordinator"), ours.as_person("kommunaldirektør"), ours.as_hr()] {
        somebody.get("/api/v1/clients").await.refused(403, "forbidden");
        somebody.get(&path).await.refused(403, "forbidden");
        somebody.post(&format!("{path}/secrets"), json!({})).await.refused(403, "forbidden");
    }
    let stranger = theirs.as_person("administrator");
    stranger.get(&path).await.refused(404, "not-found");
    stranger.post(&format!("{path}/secrets"), json!({})).await.refused(404, "not-found");
    let delete = stranger.request("DELETE", &path).if_match("\"1.0\"").send().await;
    delete.refused(404, "not-found");
    let patch = stranger.request("PATCH", &path).if_match("\"1.0\"").merge_patch(json!({"disabled": true}));
    patch.send().await.refused(404, "not-found");
}

#[actix_web::test]
async fn no_client_may_write_what_people_manage() {
    let world = World::new().await;
    let mut local = archive();
    local["source"] = json!("local");
    let administrator = world.as_person("administrator");
    let problem = administrator.post("/api/v1/clients", local).await.refused(422, "invalid-body");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/source"), &json!("reserved-source"))
    );
    let path = administrator.post("/api/v1/clients", archive()).await.header("location").to_owned();
    administrator.patch(&path, json!({"source": "local"})).await.refused(422, "invalid-body");
    administrator.patch(&path, json!({"scopes": []})).await.refused(422, "invalid-body");
    administrator.patch(&path, json!({"client_key": "andet"})).await.refused(422, "invalid-body");
}

#[actix_web::test]
async fn a_secret_that_has_expired_already_is_refused() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    let path = administrator.post("/api/v1/clients", archive()).await.header("location").to_owned();
    let until =
        |at: &str| administrator.request("POST", &format!("{path}/secrets")).json(json!({"expires_at": at})).send();
    // It is eight o'clock on 10 November 2014.
    for passed in ["2014-11-10T08:00:00Z", "2014-11-10T08:59:59+01:00", "2001-01-01T00:00:00Z"] {
        let problem = until(passed).await.refused(422, "invalid-body");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("/expires_at"), &json!("not-ahead"))
        );
    }
    assert_eq!(administrator.get(&path).await.ok()["secrets"], json!([]));
    until("2014-11-10T08:00:01Z").await.ok();
}
