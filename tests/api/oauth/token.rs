use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use crate::support::{Response, World};

const UNIT: &str = "/api/v1/org-units/01931f2e-7c00-7000-8000-00000000abcd";

/// Makes a client that may read and write the organisation; its address and a secret.
async fn make_client(world: &World) -> (String, String) {
    let administrator = world.as_person("administrator");
    let scopes = json!(["organisation:write", "organisation:read"]);
    let client = json!({"client_key": "løn".replace('ø', "o"), "name": "Løn", "source": "lon", "scopes": scopes});
    let made = administrator.post("/api/v1/clients", client).await.ok();
    let path = format!("/api/v1/clients/{}", made["id"].as_str().expect("an id"));
    let secret = make_secret(world, &path, json!({})).await;
    (path, secret)
}

async fn make_secret(world: &World, path: &str, body: Value) -> String {
    let answer = world.as_person("administrator").post(&format!("{path}/secrets"), body).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.ok()["secret"].as_str().expect("a secret").to_owned()
}

async fn ask(world: &World, secret: &str, more: &[(&str, &str)]) -> Response {
    let fields = [("grant_type", "client_credentials"), ("client_id", "lon"), ("client_secret", secret)];
    world.app.anonymous().form("/oauth/token", &[&fields, more].concat()).await
}

#[track_caller]
fn assert_refused(answer: Response, status: u16, error: &str) {
    let code = if status == 401 { "invalid-credentials" } else { "invalid-token-request" };
    let challenge = answer.header("www-authenticate").to_owned();
    assert_eq!(answer.refused(status, code)["error"], error);
    assert_eq!(challenge, if status == 401 { "Basic realm=\"aftalestyring\"" } else { "" });
}

fn unit() -> Value {
    json!({"validities": [{"from": "2014-01-01", "name": "Solsikken", "kind": "institution"}]})
}

#[actix_web::test]
async fn a_client_gets_a_token_by_form_or_header_and_works_with_it() {
    let world = World::new().await;
    let (_, secret) = make_client(&world).await;
    let answer = ask(&world, &secret, &[("resource", "is ignored"), ("scope", "")]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    let token = answer.ok();
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(token["scope"], "organisation:read organisation:write");
    let client = world.with_token(&token["access_token"]);
    assert_eq!(client.put(UNIT, unit()).await.ok()["managed_by"], "lon");
    let basic = format!("Basic {}", STANDARD.encode(format!("lon:{secret}")));
    let request = world.app.anonymous();
    let request = request.request("POST", "/oauth/token").header("authorization", &basic);
    let answer = request.raw("application/x-www-form-urlencoded", "grant_type=client_credentials").send().await.ok();
    let me = world.with_token(&answer["access_token"]).get("/api/v1/me").await.ok();
    assert_eq!((&me["source"], &me["person"], &me["roles"]), (&json!("lon"), &Value::Null, &json!([])));
    assert_eq!(me["scopes"], json!(["organisation:read", "organisation:write"]));
}

#[actix_web::test]
async fn a_token_for_less_is_for_less_whatever_else_the_client_holds() {
    let world = World::new().await;
    let (path, secret) = make_client(&world).await;
    let whole = ask(&world, &secret, &[]).await.ok();
    let narrow = ask(&world, &secret, &[("scope", "organisation:read")]).await.ok();
    assert_eq!(narrow["scope"], "organisation:read");
    let (whole, narrow) = (world.with_token(&whole["access_token"]), world.with_token(&narrow["access_token"]));
    for _ in 0..2 {
        narrow.put(UNIT, unit()).await.refused(403, "forbidden");
        whole.put(UNIT, unit()).await.ok();
        narrow.get(UNIT).await.ok();
    }
    assert_refused(ask(&world, &secret, &[("scope", "events:read")]).await, 400, "invalid_scope");
    assert_refused(ask(&world, &secret, &[("scope", "organisation:read all")]).await, 400, "invalid_scope");
    // What the client loses, its tokens lose.
    let change = json!({"scopes": ["organisation:write"]});
    world.as_person("administrator").patch(&path, change).await.ok();
    narrow.get(UNIT).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_refusal_says_what_rfc_6749_calls_it() {
    let (world, theirs) = World::beside(World::new().await, "Naboby").await;
    let (_, secret) = make_client(&world).await;
    let (_, foreign) = make_client(&theirs).await;
    let anonymous = world.app.anonymous();
    assert_refused(anonymous.form("/oauth/token", &[("grant_type", "password")]).await, 400, "unsupported_grant_type");
    assert_refused(anonymous.form("/oauth/token", &[]).await, 400, "invalid_request");
    assert_refused(ask(&world, &secret, &[("client_id", "lon")]).await, 400, "invalid_request");
    let nobody = [("grant_type", "client_credentials")];
    assert_refused(anonymous.form("/oauth/token", &nobody).await, 401, "invalid_client");
    for wrong in ["", "x", &secret[1..], &secret.to_uppercase()] {
        assert_refused(ask(&world, wrong, &[]).await, 401, "invalid_client");
    }
    // A secret is looked for in the municipality that it names, so this one belongs to their client, not to ours.
    let token = ask(&world, &foreign, &[]).await.ok();
    let me = world.with_token(&token["access_token"]).get("/api/v1/me").await.ok();
    assert_eq!(me["municipality"]["name"], "Naboby");
    let other = [("grant_type", "client_credentials"), ("client_id", "hr"), ("client_secret", secret.as_str())];
    assert_refused(anonymous.form("/oauth/token", &other).await, 401, "invalid_client");
    anonymous.post("/oauth/token", json!({})).await.refused(415, "unsupported-media-type");
    anonymous.form("/oauth/token?scope=x", &nobody).await.refused(422, "invalid-parameter");
    let null = [("grant_type", "client_credentials"), ("client_id", "a\0"), ("client_secret", secret.as_str())];
    assert_refused(anonymous.form("/oauth/token", &null).await, 400, "invalid_request");
}

#[actix_web::test]
async fn secrets_are_replaced_without_a_pause_and_end_when_they_are_told_to() {
    let world = World::new().await;
    let (path, old) = make_client(&world).await;
    let new = make_secret(&world, &path, json!({})).await;
    let brief = make_secret(&world, &path, json!({"expires_at": "2014-11-10T08:10:00Z"})).await;
    for secret in [&old, &new, &brief] {
        ask(&world, secret, &[]).await.ok();
    }
    world.app.clock.advance(Duration::minutes(10));
    assert_refused(ask(&world, &brief, &[]).await, 401, "invalid_client");
    let administrator = world.as_person("administrator");
    let client = administrator.get(&path).await.ok();
    let first = client["secrets"][0]["id"].as_str().expect("an id");
    let secret_path = format!("{path}/secrets/{first}");
    administrator.request("DELETE", &secret_path).send().await.refused(428, "precondition-required");
    let etag = client["etag"].as_str().expect("an etag");
    assert_eq!(administrator.request("DELETE", &secret_path).if_match(etag).send().await.status, 204);
    administrator.request("DELETE", &secret_path).if_match(etag).send().await.refused(404, "not-found");
    assert_refused(ask(&world, &old, &[]).await, 401, "invalid_client");
    ask(&world, &new, &[]).await.ok();
}

#[actix_web::test]
async fn a_client_that_is_shut_out_or_deleted_is_refused_at_once() {
    let world = World::new().await;
    let (path, secret) = make_client(&world).await;
    let token = ask(&world, &secret, &[]).await.ok();
    let client = world.with_token(&token["access_token"]);
    client.get("/api/v1/me").await.ok();
    let administrator = world.as_person("administrator");
    administrator.patch(&path, json!({"disabled": true})).await.ok();
    client.get("/api/v1/me").await.refused(401, "invalid-token");
    assert_refused(ask(&world, &secret, &[]).await, 401, "invalid_client");
    administrator.patch(&path, json!({"disabled": false})).await.ok();
    client.get("/api/v1/me").await.ok();
    assert_eq!(administrator.delete(&path).await.status, 204);
    client.get("/api/v1/me").await.refused(401, "invalid-token");
    assert_refused(ask(&world, &secret, &[]).await, 401, "invalid_client");
}

#[actix_web::test]
async fn anybody_can_check_a_token_with_what_is_published() {
    let world = World::new().await;
    let (_, secret) = make_client(&world).await;
    let token = ask(&world, &secret, &[("scope", "organisation:read")]).await.ok();
    let anonymous = world.app.anonymous();
    let server = anonymous.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(server.header("cache-control"), "public, max-age=60");
    let server = server.ok();
    assert_eq!(server["token_endpoint"], "http://aftalestyring.test/oauth/token");
    let published = anonymous.get("/.well-known/jwks.json").await.ok();
    assert!(published.to_string().find("\"d\"").is_none(), "a private key is published");
    let keys: JwkSet = serde_json::from_value(published).expect("a key set");
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&["aftalestyring"]);
    validation.set_issuer(&[server["issuer"].as_str().expect("an issuer")]);
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(&keys.keys[0]).expect("a key");
    let text = token["access_token"].as_str().expect("a token");
    let claims = decode::<Value>(text, &key, &validation).expect("a valid token").claims;
    assert_eq!(claims["scope"], "organisation:read");
}

#[actix_web::test]
async fn a_form_that_is_compressed_is_refused() {
    let world = World::new().await;
    let client = world.app.anonymous();
    let request = client.request("POST", "/oauth/token").header("content-encoding", "gzip");
    let answer = request.raw("application/x-www-form-urlencoded", vec![0x1f, 0x8b, 8]).send().await;
    assert_eq!(answer.header("accept-encoding"), "identity");
    answer.refused(415, "unsupported-content-coding");
}

#[actix_web::test]
async fn who_guesses_a_secret_leaves_an_event_and_waits_longer_and_longer() {
    let world = World::new().await;
    let (path, secret) = make_client(&world).await;
    let (scope, wrong) = (world.scope.municipality().0.simple(), "A".repeat(43));
    let guess = format!("{scope}.{wrong}");
    for _ in 0..5 {
        assert_refused(ask(&world, &guess, &[]).await, 401, "invalid_client");
    }
    let refused = ask(&world, &guess, &[]).await;
    assert_eq!(refused.header("retry-after"), "10");
    refused.refused(429, "too-many-requests");
    ask(&world, &secret, &[]).await.refused(429, "too-many-requests");
    let id = path.rsplit('/').next().expect("an id");
    let kinds = world.kinds_of(id).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "client.token-refused").count(), 5, "{kinds:?}");
    // At another address nobody notices.
    let elsewhere = world.app.anonymous().at("192.0.2.7:4711");
    let form = [("grant_type", "client_credentials"), ("client_id", "lon"), ("client_secret", secret.as_str())];
    elsewhere.form("/oauth/token", &form).await.ok();
    world.app.clock.advance(Duration::seconds(10));
    ask(&world, &secret, &[]).await.ok();
}

#[actix_web::test]
async fn an_address_that_tries_many_clients_is_stopped_and_an_unknown_client_is_refused_alike() {
    let world = World::new().await;
    let stranger = world.app.anonymous().at("203.0.113.9:4711");
    let secret = format!("{}.{}", world.scope.municipality().0.simple(), "A".repeat(43));
    for number in 0..100 {
        let key = format!("client-{number}");
        let form = [("grant_type", "client_credentials"), ("client_id", key.as_str()), ("client_secret", &secret)];
        assert_refused(stranger.form("/oauth/token", &form).await, 401, "invalid_client");
    }
    let form = [("grant_type", "client_credentials"), ("client_id", "hr"), ("client_secret", &secret)];
    stranger.form("/oauth/token", &form).await.refused(429, "too-many-requests");
}
