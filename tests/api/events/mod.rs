//! The change feed and the audit log.

mod chain;
mod waiting;

use serde_json::json;

use crate::support::{Unit, World};

#[actix_web::test]
async fn a_system_follows_along_in_the_order_of_the_commits() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (hr, chief) = (world.as_hr(), world.as_person("socialchef"));
    let before = hr.get("/api/v1/events?limit=200").await.ok()["next"].as_str().expect("a cursor").to_owned();
    let section = format!("/api/v1/agreements/{id}/sections/effects");
    chief.patch(&section, json!({"content": {"plan": "Et hemmeligt ord"}})).await.ok();
    let page = hr.get(&format!("/api/v1/events?after={before}")).await;
    assert!(!page.text.contains("hemmeligt"), "{}", page.text);
    let page = page.ok();
    let event = &page["items"][0];
    assert_eq!((&event["type"], &event["specversion"]), (&json!("dk.aftalestyring.section.edited.v1"), &json!("1.0")));
    assert_eq!((&event["data"]["href"], &event["data"]["changed"]), (&json!(section), &json!(["content"])));
    let next = page["next"].as_str().expect("a cursor");
    let rest = hr.get(&format!("/api/v1/events?after={next}")).await.ok();
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next"]), (Some(0), &json!(next)));
    let none = hr.get("/api/v1/events?type=dk.aftalestyring.section.approved.v1").await.ok();
    assert_eq!((none["items"].as_array().map(Vec::len), &none["next"]), (Some(0), &json!(next)));
    hr.get("/api/v1/events?after=999999").await.refused(422, "invalid-parameter");
    chief.get("/api/v1/events").await.refused(403, "forbidden");
}

#[actix_web::test]
async fn the_audit_log_says_who_did_what() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let section = format!("/api/v1/agreements/{id}/sections/effects");
    world.as_person("medarbejder").patch(&section, json!({"content": {"plan": "P"}})).await.ok();
    let administrator = world.as_person("administrator");
    let log = administrator.get(&format!("/api/v1/audit?actor={}", world.person("medarbejder"))).await.ok();
    assert_eq!((&log["items"][0]["kind"], &log["items"][0]["agreement_id"]), (&json!("section.edited"), &json!(id)));
    assert_eq!(administrator.get("/api/v1/audit?resource=goal").await.ok()["items"], json!([]));
    world.as_person("socialchef").get("/api/v1/audit").await.refused(403, "forbidden");
}
