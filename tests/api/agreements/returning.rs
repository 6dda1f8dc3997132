use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Unit, World, notified};

fn path(id: Id) -> String {
    format!("/api/v1/agreements/{id}")
}

fn section(id: Id, key: &str) -> String {
    format!("/api/v1/agreements/{id}/sections/{key}")
}

/// The care home's agreement, submitted to the centre's chief.
async fn submitted() -> (World, Id) {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    let leader = world.as_person("plejehjemsleder");
    for key in ["effects", "cross-cutting"] {
        leader.patch(&section(id, key), json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    }
    leader.act(&path(id), "submit", json!({})).await.ok();
    (world, id)
}

fn returning() -> Value {
    json!({"reason": "To ting mangler.", "comments": [
        {"pointer": "/content/plan", "kind": "question", "must_answer": true, "body": "Hvordan måler I?"},
        {"kind": "learning", "body": "Se Lindehusets plan."}
    ]})
}

#[actix_web::test]
async fn a_section_is_returned_with_comments_in_one_act() {
    let (world, id) = submitted().await;
    let (leader, chief) = (world.as_person("plejehjemsleder"), world.as_person("socialchef"));
    let returned = chief.act(&section(id, "effects"), "return", returning()).await.ok();
    assert_eq!((&returned["state"], &returned["open_comments"]), (&json!("returned"), &json!(2)));
    let page = leader.get(&format!("{}/comments", path(id))).await.ok();
    let made = page["items"].as_array().expect("comments");
    assert_eq!(made.len(), 2);
    assert_eq!((&made[0]["body"], &made[0]["pointer"]), (&json!("Hvordan måler I?"), &json!("/content/plan")));
    assert_eq!((&made[0]["must_answer"], &made[0]["author_name"]), (&json!(true), &json!("socialchef")));
    assert_eq!((&made[1]["kind"], &made[1]["must_answer"]), (&json!("learning"), &json!(false)));
    let kinds = world.happened(id).await;
    let tail = ["section.returned", "agreement.returned", "comment.created", "comment.created"];
    assert_eq!(kinds[kinds.len() - 4..], tail);
    leader.patch(&section(id, "effects"), json!({"content": {"plan": "Hvert kvartal."}})).await.ok();
    leader.act(&path(id), "submit", json!({})).await.ok();
    chief.act(&section(id, "effects"), "approve", json!({})).await.refused(409, "unanswered-comment");
    let reply = json!({"section_key": "effects", "body": "Hvert kvartal.", "reply_to_id": made[0]["id"]});
    leader.post(&format!("{}/comments", path(id)), reply).await.ok();
    assert_eq!(chief.act(&section(id, "effects"), "approve", json!({})).await.ok()["state"], "approved");
}

#[actix_web::test]
async fn who_decides_in_the_place_of_somebody_who_left_may_demand_an_answer_too() {
    let (world, id) = submitted().await;
    world.end_appointment("socialchef").await;
    let next = json!({"person_id": world.person("medarbejder"), "org_unit_id": world.unit(Unit::Social), "role": "leader", "from": "2014-11-10"});
    world.appoint(next).await;
    let chief = world.as_person("medarbejder");
    assert_eq!(chief.act(&section(id, "effects"), "return", returning()).await.ok()["open_comments"], 2);
    assert_eq!(world.section(id, "effects").await.must_answer, 1);
}

#[actix_web::test]
async fn a_return_that_is_refused_leaves_no_comment() {
    let (world, id) = submitted().await;
    let (stranger, chief) = (world.as_person("koordinator"), world.as_person("socialchef"));
    stranger.act(&section(id, "effects"), "return", returning()).await.refused(403, "not-your-step");
    let address = format!("{}/return", section(id, "effects"));
    chief.request("POST", &address).if_match("\"1.0\"").json(returning()).send().await.refused(412, "stale-version");
    let mut wrong = returning();
    (wrong["comments"][0]["pointer"], wrong["comments"][1]["body"]) = (json!("plan"), json!(" "));
    let problem = chief.act(&section(id, "effects"), "return", wrong).await.refused(422, "invalid-body");
    let places: Vec<&Value> = problem["errors"].as_array().expect("errors").iter().map(|one| &one["pointer"]).collect();
    assert_eq!(places, ["/comments/0/pointer", "/comments/1/body"]);
    let many = json!({"reason": "Nej", "comments": vec![json!({"body": "Hvorfor?"}); 51]});
    let problem = chief.act(&section(id, "effects"), "return", many).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["pointer"], "/comments");
    let reply = json!({"reason": "Nej", "comments": [{"body": "Hvorfor?", "reply_to_id": Id::new()}]});
    let problem = chief.act(&section(id, "effects"), "return", reply).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "unknown-field");
    assert_eq!(chief.get(&format!("{}/comments", path(id))).await.ok()["items"], json!([]));
    assert_eq!(chief.get(&section(id, "effects")).await.ok()["state"], "submitted");
}

#[actix_web::test]
async fn a_dry_run_of_a_return_tells_of_its_comments_and_a_retry_makes_them_once() {
    let (world, id) = submitted().await;
    let chief = world.as_person("socialchef");
    let address = format!("{}/return", section(id, "effects"));
    let told = chief.request("POST", &format!("{address}?dry_run=true")).json(returning()).send().await.ok();
    let kinds: Vec<&Value> = told["changes"].as_array().expect("changes").iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["section.returned", "agreement.returned", "comment.created", "comment.created"]);
    assert!(notified(&told).contains(&json!(world.person("plejehjemsleder"))));
    let etag = chief.get(&section(id, "effects")).await.header("etag").to_owned();
    for _ in 0..2 {
        let retry = chief.request("POST", &address).if_match(&etag).header("idempotency-key", "retur-1");
        assert_eq!(retry.json(returning()).send().await.ok()["open_comments"], 2);
    }
    let page = chief.get(&format!("{}/comments", path(id))).await.ok();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
}
