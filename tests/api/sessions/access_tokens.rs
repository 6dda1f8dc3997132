use aftalestyring::auth::keys::{self, SealingKey};
use aftalestyring::types::Id;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::support::{Response, World, beginning};

/// What a token of ours says: header and claims.
fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| {
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&bytes).unwrap_or_default()
    });
    (parts.next().expect("a header"), parts.next().expect("claims"))
}

fn header(world: &World) -> Header {
    let kid = Some(world.app.app.tokens.keys().signing_kid.clone());
    Header { typ: Some("at+jwt".to_owned()), kid, ..Header::new(Algorithm::ES256) }
}

/// The claims of a token that is accepted, with some of them changed.
fn claims(world: &World, changes: Value) -> Value {
    let (_, mut claims) = parts(world.as_person("læser").token());
    for (name, value) in changes.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

/// Signed with our own key, as only we can.
fn signed(world: &World, header: &Header, claims: &Value) -> String {
    encode(header, claims, &world.app.app.tokens.keys().signing).expect("a token")
}

async fn show(world: &World, token: &str) -> Response {
    world.with_token(&json!(token)).get("/api/v1/me").await
}

async fn assert_refused(world: &World, token: &str) {
    show(world, token).await.refused(401, "invalid-token");
}

fn foreign_key() -> EncodingKey {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    EncodingKey::from_ec_der(pair.to_pkcs8v1().expect("a document").as_ref())
}

#[actix_web::test]
async fn a_token_that_says_what_ours_say_and_has_our_signature_is_accepted() {
    let world = World::new().await;
    let token = signed(&world, &header(&world), &claims(&world, json!({})));
    show(&world, &token).await.ok();
}

#[actix_web::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    let world = World::new().await;
    let keys = world.app.anonymous().get("/.well-known/jwks.json").await.ok();
    let key = &keys["keys"][0];
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().expect("text")).expect("base64url");
    let point = [coordinate("x"), coordinate("y")].concat();
    let secrets = [point.clone(), [vec![4], point].concat(), serde_json::to_vec(key).expect("JSON")];
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        for secret in &secrets {
            let header = Header { alg: algorithm, ..header(&world) };
            let token = encode(&header, &claims(&world, json!({})), &EncodingKey::from_secret(secret));
            assert_refused(&world, &token.expect("a token")).await;
        }
    }
}

#[actix_web::test]
async fn a_token_without_a_signature_is_refused() {
    let world = World::new().await;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).expect("JSON"));
    let body = part(&claims(&world, json!({})));
    let kid = world.app.app.tokens.keys().signing_kid.clone();
    for algorithm in ["none", "None", "ES256", ""] {
        let head = part(&json!({"alg": algorithm, "typ": "at+jwt", "kid": kid}));
        for token in [format!("{head}.{body}."), format!("{head}.{body}")] {
            assert_refused(&world, &token).await;
        }
    }
}

#[actix_web::test]
async fn a_token_of_a_foreign_or_unknown_key_is_refused() {
    let world = World::new().await;
    let (ours, key) = (header(&world), foreign_key());
    let body = claims(&world, json!({}));
    assert_refused(&world, &encode(&ours, &body, &key).expect("a token")).await;
    let unknown = Header { kid: Some("01931f2e-7c00-7000-8000-00000000ffff".to_owned()), ..ours.clone() };
    assert_refused(&world, &encode(&unknown, &body, &key).expect("a token")).await;
    assert_refused(&world, &signed(&world, &unknown, &body)).await;
    assert_refused(&world, &signed(&world, &Header { kid: None, ..ours.clone() }, &body)).await;
    let (_, public) = (0, world.app.app.tokens.keys().published.keys[0].clone());
    let own_key = Header { jwk: Some(public), kid: unknown.kid, ..ours };
    assert_refused(&world, &encode(&own_key, &body, &key).expect("a token")).await;
}

#[actix_web::test]
async fn a_token_that_was_changed_after_signing_is_refused() {
    let world = World::new().await;
    let token = world.as_person("læser").token().to_owned();
    let other = claims(&world, json!({"sid": parts(world.as_person("administrator").token()).1["sid"]}));
    let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&other).expect("JSON"));
    let pieces: Vec<&str> = token.split('.').collect();
    assert_refused(&world, &format!("{}.{body}.{}", pieces[0], pieces[2])).await;
}

#[actix_web::test]
async fn a_token_counts_from_its_first_second_to_before_its_last() {
    let world = World::new().await;
    let now = beginning().timestamp();
    let token = |changes: Value| signed(&world, &header(&world), &claims(&world, changes));
    assert_refused(&world, &token(json!({"exp": now}))).await;
    assert_refused(&world, &token(json!({"exp": now - 1, "nbf": now - 900}))).await;
    assert_refused(&world, &token(json!({"nbf": now + 1}))).await;
    let last = token(json!({"nbf": now, "exp": now + 1}));
    show(&world, &last).await.ok();
    world.app.clock.advance(Duration::seconds(1));
    assert_refused(&world, &last).await;
}

#[actix_web::test]
async fn a_token_for_another_audience_of_another_issuer_or_of_another_type_is_refused() {
    let world = World::new().await;
    let (head, own) = (header(&world), claims(&world, json!({})));
    for changes in [
        json!({"aud": "another"}),
        json!({"aud": []}),
        json!({"aud": null}),
        json!({"iss": "http://aftalestyring.test.example"}),
        json!({"iss": null}),
        json!({"sub": null}),
        json!({"exp": null}),
        json!({"nbf": null}),
        json!({"sid": null}),
        json!({"client_id": own["sid"]}),
    ] {
        let mut body = claims(&world, changes);
        assert_refused(&world, &signed(&world, &head, &body)).await;
        body.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        assert_refused(&world, &signed(&world, &head, &body)).await;
    }
    for typ in [None, Some("JWT"), Some("id+jwt"), Some("")] {
        let head = Header { typ: typ.map(str::to_owned), ..head.clone() };
        assert_refused(&world, &signed(&world, &head, &own)).await;
    }
}

#[actix_web::test]
async fn a_token_that_demands_to_be_understood_is_refused() {
    let world = World::new().await;
    let (head, body) = (header(&world), claims(&world, json!({})));
    let plain = serde_json::to_value(&head).expect("JSON");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).expect("JSON"));
    let of = |head: &Value| {
        let message = format!("{}.{}", part(head), part(&body));
        let keys = world.app.app.tokens.keys();
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &keys.signing, Algorithm::ES256);
        format!("{message}.{}", signature.expect("a signature"))
    };
    show(&world, &of(&plain)).await.ok();
    for demanded in [json!(["exp"]), json!(["b64"]), json!([]), json!(null), json!("exp"), json!({})] {
        let mut head = plain.clone();
        head["crit"] = demanded;
        assert_refused(&world, &of(&head)).await;
    }
}

#[actix_web::test]
async fn a_token_that_names_another_than_its_session_has_is_refused() {
    let world = World::new().await;
    let (_, administrator) = parts(world.as_person("administrator").token());
    let (_, hr) = parts(world.as_hr().token());
    let own = claims(&world, json!({}));
    for other in [&administrator["sub"], &own["sid"], &hr["sub"], &json!(Id::new())] {
        let mixed = claims(&world, json!({"sub": other}));
        assert_refused(&world, &signed(&world, &header(&world), &mixed)).await;
    }
    // Also where the rights are remembered, and of a client.
    show(&world, &signed(&world, &header(&world), &own)).await.ok();
    let mixed = claims(&world, json!({"sub": administrator["sub"]}));
    assert_refused(&world, &signed(&world, &header(&world), &mixed)).await;
    let mut client = hr.clone();
    show(&world, &signed(&world, &header(&world), &client)).await.ok();
    client["sub"] = own["sub"].clone();
    assert_refused(&world, &signed(&world, &header(&world), &client)).await;
    // A client's id is no session, nor a session's a client.
    let mut crossed = own.clone();
    (crossed["sid"], crossed["sub"]) = (hr["sub"].clone(), hr["sub"].clone());
    assert_refused(&world, &signed(&world, &header(&world), &crossed)).await;
}

#[actix_web::test]
async fn a_session_of_another_municipality_is_not_found_under_ours() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let (_, foreign) = parts(theirs.as_person("læser").token());
    let mixed = claims(&ours, json!({"sid": foreign["sid"]}));
    assert_refused(&ours, &signed(&ours, &header(&ours), &mixed)).await;
}

#[actix_web::test]
async fn after_a_rotation_new_tokens_have_the_new_key_and_old_ones_still_count() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let old = world.log_in(body.clone()).await.ok();
    world.app.clock.advance(Duration::seconds(1));
    let db = world.app.app.db.clone();
    let sealing = SealingKey::parse(&"5e".repeat(32)).expect("a key");
    let kid = aftalestyring::app::blocking(move || keys::rotate(&db, &sealing)).await.expect("a new key");
    world.app.clock.advance(Duration::seconds(61));
    let new = world.log_in(body).await.ok();
    let kid_of = |session: &Value| parts(session["access_token"].as_str().expect("a token")).0["kid"].clone();
    assert_eq!(kid_of(&new), kid);
    assert_ne!(kid_of(&old), kid);
    for session in [&old, &new] {
        world.with_token(&session["access_token"]).get("/api/v1/me").await.ok();
    }
    let published = world.app.anonymous().get("/.well-known/jwks.json").await.ok();
    let kids: Vec<&Value> = published["keys"].as_array().expect("keys").iter().map(|key| &key["kid"]).collect();
    assert_eq!(kids, [&kid_of(&new), &kid_of(&old)]);
    world.app.clock.advance(Duration::hours(1));
    let published = world.app.anonymous().get("/.well-known/jwks.json").await.ok();
    assert_eq!(published["keys"].as_array().map(Vec::len), Some(1));
}
