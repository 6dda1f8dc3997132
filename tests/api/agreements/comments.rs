use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Client, Unit, World};

fn comments(agreement: Id) -> String {
    format!("/api/v1/agreements/{agreement}/comments")
}

async fn said(client: &Client, agreement: Id, body: Value) -> (String, Value) {
    let made = client.post(&comments(agreement), body).await;
    let address = made.header("location").to_owned();
    (address, made.ok())
}

fn comment(body: &str) -> Value {
    json!({"section_key": "effects", "body": body})
}

/// The centre's agreement, with its effects before the social director.
async fn submitted() -> (World, Id) {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    world.put_section(agreement, "effects", SectionState::Submitted, "socialdirektør").await;
    (world, agreement)
}

async fn counts(world: &World, agreement: Id) -> (i64, i64, i64) {
    let section = world.section(agreement, "effects").await;
    (section.open_comments, section.must_answer, section.version)
}

#[actix_web::test]
async fn whoever_sees_an_agreement_comments_on_it_and_nothing_else_changes() {
    let (world, agreement) = submitted().await;
    let mut body = comment("Hvordan måler I det?");
    body["pointer"] = json!("/content/plan");
    let (address, made) = said(&world.as_person("socialdirektør"), agreement, body).await;
    assert_eq!((&made["kind"], &made["author_name"]), (&json!("question"), &json!("socialdirektør")));
    let read = world.as_person("medarbejder").get(&address).await.ok();
    assert_eq!((&read["body"], &read["pointer"]), (&json!("Hvordan måler I det?"), &json!("/content/plan")));
    assert_eq!(counts(&world, agreement).await, (1, 0, 2));
    world.as_person("skolechef").post(&comments(agreement), comment("?")).await.refused(404, "not-found");
    world.as_hr().get(&comments(agreement)).await.refused(403, "forbidden");
    assert_eq!(world.happened(agreement).await, ["comment.created"]);
}

#[actix_web::test]
async fn a_writers_reply_answers_what_an_approver_demands() {
    let (world, agreement) = submitted().await;
    let (director, chief) = (world.as_person("socialdirektør"), world.as_person("socialchef"));
    let mut body = comment("Hvordan måler I det?");
    body["must_answer"] = json!(true);
    chief.post(&comments(agreement), body.clone()).await.refused(403, "forbidden");
    let (address, asked) = said(&director, agreement, body).await;
    assert_eq!(counts(&world, agreement).await, (1, 1, 2));
    let mut reply = comment("Det gør vi i december.");
    reply["reply_to_id"] = asked["id"].clone();
    said(&world.as_person("koordinator"), agreement, reply.clone()).await;
    assert_eq!(counts(&world, agreement).await, (1, 1, 2), "the coordinator does not answer for the unit");
    chief.patch(&address, json!({"resolved": true})).await.refused(409, "unanswered-comment");
    let (below, made) = said(&chief, agreement, reply).await;
    assert_eq!(made["reply_to_id"], asked["id"]);
    assert_eq!(counts(&world, agreement).await, (1, 0, 2));
    assert_eq!(director.get(&address).await.ok()["answered"], true);
    chief.patch(&below, json!({"resolved": true})).await.refused(422, "invalid-body");
    chief.patch(&address, json!({"resolved": true})).await.ok();
    assert_eq!(counts(&world, agreement).await, (0, 0, 2));
    assert_eq!(world.happened(agreement).await.last().map(String::as_str), Some("comment.resolved"));
}

#[actix_web::test]
async fn a_reply_to_a_reply_joins_the_thread() {
    let (world, agreement) = submitted().await;
    let chief = world.as_person("socialchef");
    let (_, first) = said(&chief, agreement, comment("Første")).await;
    let mut reply = comment("Anden");
    reply["reply_to_id"] = first["id"].clone();
    let (_, second) = said(&chief, agreement, reply.clone()).await;
    reply["reply_to_id"] = second["id"].clone();
    let (_, third) = said(&chief, agreement, reply.clone()).await;
    assert_eq!(third["reply_to_id"], first["id"]);
    assert_eq!(counts(&world, agreement).await.0, 1);
    reply["section_key"] = json!("cross-cutting");
    let problem = chief.post(&comments(agreement), reply.clone()).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/reply_to_id");
    reply["must_answer"] = json!(true);
    chief.post(&comments(agreement), reply).await.refused(422, "invalid-body");
}

#[actix_web::test]
async fn its_author_changes_the_words_until_somebody_has_replied_and_nobody_erases_them() {
    let (world, agreement) = submitted().await;
    let (director, chief) = (world.as_person("socialdirektør"), world.as_person("socialchef"));
    let (address, asked) = said(&director, agreement, comment("Hvordan måler I det?")).await;
    chief.patch(&address, json!({"body": "Noget andet"})).await.refused(403, "forbidden");
    let changed = director.patch(&address, json!({"body": "Hvornår måler I det?"})).await.ok();
    assert_eq!(changed["body"], "Hvornår måler I det?");
    let mut reply = comment("I december.");
    reply["reply_to_id"] = asked["id"].clone();
    said(&chief, agreement, reply).await;
    director.patch(&address, json!({"body": "Glem det"})).await.refused(409, "comment-answered");
    director.request("DELETE", &address).if_match("\"1.0\"").send().await.refused(405, "method-not-allowed");
    director
        .request("PATCH", &address)
        .if_match("\"1.0\"")
        .merge_patch(json!({"resolved": true}))
        .send()
        .await
        .refused(412, "stale-version");
}

#[actix_web::test]
async fn comments_are_listed_as_they_were_made_and_by_section() {
    let (world, agreement) = submitted().await;
    let chief = world.as_person("socialchef");
    for body in ["a", "b", "c"] {
        said(&chief, agreement, comment(body)).await;
    }
    said(&chief, agreement, json!({"section_key": "service", "body": "d", "kind": "learning"})).await;
    let first = chief.get(&format!("{}?limit=3", comments(agreement))).await.ok();
    let bodies = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|one| one["body"].as_str().expect("words").to_owned())
            .collect()
    };
    assert_eq!(bodies(&first), ["a", "b", "c"]);
    let next = format!("{}?limit=3&cursor={}", comments(agreement), first["next_cursor"].as_str().expect("a cursor"));
    assert_eq!(bodies(&chief.get(&next).await.ok()), ["d"]);
    assert_eq!(bodies(&chief.get(&format!("{}?section=service", comments(agreement))).await.ok()), ["d"]);
    chief.post(&comments(agreement), comment("  ")).await.refused(422, "invalid-body");
    let mut nowhere = comment("e");
    nowhere["pointer"] = json!("plan");
    let problem = chief.post(&comments(agreement), nowhere).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "not-a-pointer");
}

#[actix_web::test]
async fn an_approval_past_an_open_question_is_neither_offered_nor_made() {
    let (world, agreement) = submitted().await;
    let director = world.as_person("socialdirektør");
    let mut body = comment("Hvordan måler I det?");
    body["must_answer"] = json!(true);
    said(&director, agreement, body).await;
    let section = format!("/api/v1/agreements/{agreement}/sections/effects");
    let offered = director.get(&section).await.ok()["available_actions"].clone();
    let offer = |action: &str| {
        let offers = offered.as_array().expect("actions");
        offers.iter().find(|one| one["action"] == action).expect("an offer").clone()
    };
    assert_eq!(offer("approve")["reasons"][0]["code"], "unanswered-comment");
    assert_eq!(offer("return")["allowed"], true);
    director.act(&section, "approve", json!({})).await.refused(409, "unanswered-comment");
}
