//! What is sent twice under one idempotency key.

use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Change, Client, Response, Unit, World, at_once, change};

/// What is sent again as it was sent first.
struct Sent {
    method: &'static str,
    address: String,
    etag: String,
    body: Option<Value>,
}

impl Sent {
    async fn by(&self, client: &Client) -> Response {
        let request = client.request(self.method, &self.address).header("idempotency-key", "k1");
        let request = if self.etag.is_empty() { request } else { request.if_match(&self.etag) };
        let request = match &self.body {
            Some(body) if self.method == "PATCH" => request.merge_patch(body.clone()),
            Some(body) => request.json(body.clone()),
            None => request,
        };
        request.send().await
    }
}

async fn etag(client: &Client, address: &str) -> String {
    client.get(address).await.header("etag").to_owned()
}

fn effects(agreement: Id) -> String {
    format!("/api/v1/agreements/{agreement}/sections/effects")
}

async fn submitted(world: &World, unit: Unit, holder: &str) -> Id {
    let agreement = world.agreement(unit).await;
    let (holder, path) = (world.as_person(holder), format!("/api/v1/agreements/{agreement}"));
    for key in ["effects", "cross-cutting"] {
        holder.patch(&format!("{path}/sections/{key}"), json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    }
    holder.act(&path, "submit", json!({})).await.ok();
    agreement
}

#[actix_web::test]
async fn the_same_key_twice_at_once_is_done_once_and_both_are_told_so() {
    let world = World::new().await;
    let (administrator, unit) =
        (world.as_person("administrator"), format!("/api/v1/org-units/{}", world.unit(Unit::School)));
    for (round, key) in ["a", "b", "c", "d", "e", "f"].into_iter().enumerate() {
        let patch = async || Change {
            key: Some(key),
            ..change(administrator.clone(), &unit, ("PATCH", unit.clone()), json!({"holds_agreement": round % 2 == 1}))
                .await
        };
        let answers = at_once(vec![patch().await, patch().await]);
        assert_eq!((answers[0].0, answers[1].0), (200, 200), "{key}: {answers:?}");
        assert_eq!(answers[0].1, answers[1].1, "{key}");
        let client = json!({"client_key": format!("arkiv-{key}"), "name": "Arkivet", "source": "arkiv", "scopes": ["events:read"]});
        let post = || Change {
            client: administrator.clone(),
            method: "POST",
            address: "/api/v1/clients".to_owned(),
            etag: String::new(),
            key: Some(key),
            body: client.clone(),
        };
        let answers = at_once(vec![post(), post(), post()]);
        assert!(answers.iter().all(|answer| answer.0 == 201 && answer.1 == answers[0].1), "{key}: {answers:?}");
    }
    let made = world.recorded().await.into_iter().filter(|event| event.kind == "client.created").count();
    assert_eq!(made, 6);
}

#[actix_web::test]
async fn a_key_whose_first_use_was_refused_is_free_again_and_one_of_yesterday_too() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    let client = |name: &str| Sent {
        method: "POST",
        address: "/api/v1/clients".to_owned(),
        etag: String::new(),
        body: Some(json!({"client_key": name, "name": "Arkivet", "source": "arkiv", "scopes": ["events:read"]})),
    };
    client("hr").by(&administrator).await.refused(409, "already-exists");
    let first = client("arkiv").by(&administrator).await.ok();
    assert_eq!(client("arkiv").by(&administrator).await.ok(), first);
    client("anden").by(&administrator).await.refused(422, "idempotency-key-reused");
    world.app.clock.advance(chrono::Duration::hours(25));
    let administrator = world.as_person("administrator");
    assert_ne!(client("anden").by(&administrator).await.ok()["id"], first["id"]);
}

#[actix_web::test]
async fn whoever_may_no_longer_see_or_do_it_is_not_told_what_they_did() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let (writer, section) = (world.as_person("medarbejder"), effects(agreement));
    let path = format!("/api/v1/agreements/{agreement}");
    let written = Sent {
        method: "PATCH",
        address: section.clone(),
        etag: etag(&writer, &section).await,
        body: Some(json!({"content": {"plan": "Fortroligt udkast"}})),
    };
    let goal = Sent {
        method: "POST",
        address: format!("{path}/goals"),
        etag: String::new(),
        body: Some(json!({"section_key": "effects", "title": "Fortroligt mål"})),
    };
    for sent in [&written, &goal] {
        let first = sent.by(&writer).await.ok();
        assert_eq!(sent.by(&writer).await.ok(), first);
    }
    world.end_appointment("medarbejder").await;
    let elsewhere =
        json!({"person_id": world.person("medarbejder"), "org_unit_id": world.unit(Unit::School), "role": "reader"});
    world.appoint(elsewhere).await;
    for sent in [&written, &goal] {
        let refused = sent.by(&writer).await.refused(404, "not-found");
        assert!(!refused.to_string().contains("Fortroligt"), "{refused}");
    }
    world.end_appointment("medarbejder").await;
    for sent in [&written, &goal] {
        sent.by(&writer).await.refused(403, "not-appointed");
    }
}

#[actix_web::test]
async fn whoever_ended_their_own_say_by_what_they_did_is_told_it_again() {
    let world = World::new().await;
    let agreement = submitted(&world, Unit::Social, "socialchef").await;
    let section = effects(agreement);
    // The chief executive decides in the place of the director who has left.
    world.end_appointment("socialdirektør").await;
    let executive = world.as_person("kommunaldirektør");
    for (action, body) in [("approve", json!({})), ("reopen", json!({"reason": "Vi har set noget"}))] {
        let sent = Sent {
            method: "POST",
            address: format!("{section}/{action}"),
            etag: etag(&executive, &section).await,
            body: Some(body),
        };
        let first = sent.by(&executive).await.ok();
        assert_eq!(sent.by(&executive).await.ok(), first, "{action}");
    }
}

#[actix_web::test]
async fn what_is_gone_is_gone_the_second_time_too() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let goal = json!({"section_key": "effects", "title": "Et mål"});
    let made = chief.post(&format!("/api/v1/agreements/{agreement}/goals"), goal).await;
    let address = made.header("location").to_owned();
    made.ok();
    let gone = Sent { method: "DELETE", address: address.clone(), etag: etag(&chief, &address).await, body: None };
    assert_eq!(gone.by(&chief).await.status, 204);
    assert_eq!(gone.by(&chief).await.status, 204);
}
