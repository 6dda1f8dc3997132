use serde_json::{Value, json};

use crate::support::strategy::{happened, published_template, template, themed_letter};
use crate::support::{Unit, World};

#[actix_web::test]
async fn a_template_begins_as_a_draft_that_the_directorate_may_see() {
    let world = World::new().await;
    let made = world.as_person("koordinator").post("/api/v1/templates", template("Aftale 2015")).await;
    let path = made.header("location").to_owned();
    let body = made.ok();
    assert_eq!((&body["number"], &body["state"], &body["based_on_id"]), (&json!(1), &json!("draft"), &json!(null)));
    assert_eq!((&body["resubmission"], &body["gaps"]), (&json!("restart"), &json!([])));
    world.as_person("socialdirektør").get(&path).await.ok();
    world.as_person("socialchef").get(&path).await.refused(404, "not-found");
    world.as_person("socialchef").get(&format!("{path}/schema")).await.refused(404, "not-found");
    world.as_person("socialchef").post("/api/v1/templates", template("Min egen")).await.refused(403, "forbidden");
    let nameless =
        world.as_person("koordinator").post("/api/v1/templates", json!({})).await.refused(422, "invalid-body");
    assert_eq!(nameless["errors"][0]["pointer"], "/name");
}

#[actix_web::test]
async fn the_next_version_is_made_from_a_published_one() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let first = published_template(&world, template("Aftale 2015")).await;
    let next = coordinator.post("/api/v1/templates", json!({"based_on_id": first, "resubmission": "continue"})).await;
    let path = next.header("location").to_owned();
    let (next, first_body) = (next.ok(), coordinator.get(&format!("/api/v1/templates/{first}")).await.ok());
    assert_eq!((&next["number"], &next["based_on_id"], &next["state"]), (&json!(2), &json!(first), &json!("draft")));
    for copied in ["name", "applies_to", "sections", "routes", "signatories"] {
        assert_eq!(next[copied], first_body[copied], "{copied}");
    }
    assert_eq!(next["resubmission"], "continue");
    let renamed = coordinator.patch(&path, json!({"name": "Aftale 2016"})).await.ok();
    assert_eq!((&renamed["name"], &renamed["sections"]), (&json!("Aftale 2016"), &first_body["sections"]));
    let unknown = json!({"based_on_id": "01931f2e-7c00-7000-8000-00000000ffff"});
    let problem = coordinator.post("/api/v1/templates", unknown).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/based_on_id");
}

#[actix_web::test]
async fn a_published_version_never_changes() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let path = format!("/api/v1/templates/{}", published_template(&world, template("Aftale 2015")).await);
    coordinator.patch(&path, json!({"sections": []})).await.refused(409, "illegal-move");
    coordinator.act(&path, "publish", json!({})).await.refused(409, "illegal-move");
    let etag = coordinator.get(&path).await.header("etag").to_owned();
    coordinator.request("DELETE", &path).if_match(&etag).send().await.refused(409, "illegal-move");
    world.as_person("læser").get(&path).await.ok();
}

#[actix_web::test]
async fn a_draft_is_thrown_away_unless_another_is_based_on_it() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let draft = coordinator.post("/api/v1/templates", template("Kladde")).await;
    let (path, etag) = (draft.header("location").to_owned(), draft.header("etag").to_owned());
    let next = coordinator.post("/api/v1/templates", json!({"based_on_id": draft.body["id"]})).await;
    let (next_path, next_etag) = (next.header("location").to_owned(), next.header("etag").to_owned());
    coordinator.request("DELETE", &path).if_match(&etag).send().await.refused(409, "in-use");
    assert_eq!(coordinator.request("DELETE", &next_path).if_match(&next_etag).send().await.status, 204);
    assert_eq!(coordinator.request("DELETE", &path).if_match(&etag).send().await.status, 204);
    coordinator.get(&path).await.refused(404, "not-found");
}

#[actix_web::test]
async fn templates_are_listed_by_state_and_letter() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let letter = themed_letter(&world, 2015).await.rsplit('/').next().expect("an id").to_owned();
    let mut of_letter = template("Med brev");
    of_letter["letter_id"] = json!(letter);
    of_letter["sections"][0]["theme_key"] = json!("effekter");
    published_template(&world, of_letter).await;
    coordinator.post("/api/v1/templates", template("Kladde")).await.ok();
    let names = |body: Value| -> Vec<Value> {
        body["items"].as_array().expect("items").iter().map(|item| item["name"].clone()).collect()
    };
    assert_eq!(names(coordinator.get("/api/v1/templates").await.ok()), ["Kladde", "Med brev"]);
    assert_eq!(names(coordinator.get("/api/v1/templates?state=draft").await.ok()), ["Kladde"]);
    assert_eq!(names(coordinator.get(&format!("/api/v1/templates?letter={letter}")).await.ok()), ["Med brev"]);
    assert_eq!(names(world.as_hr().get("/api/v1/templates").await.ok()), ["Med brev"]);
    assert!(names(world.as_person("læser").get("/api/v1/templates?state=draft").await.ok()).is_empty());
    let first = coordinator.get("/api/v1/templates?limit=1").await.ok();
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    assert_eq!(names(coordinator.get(&format!("/api/v1/templates?limit=1&cursor={cursor}")).await.ok()), ["Med brev"]);
}

#[actix_web::test]
async fn which_units_a_template_is_for_is_changed_list_by_list() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let mut body = template("Aftale 2015");
    body["applies_to"] = json!({"kinds": ["centre"], "under": [world.unit(Unit::Social)]});
    let path = coordinator.post("/api/v1/templates", body).await.header("location").to_owned();
    let changed = coordinator.patch(&path, json!({"applies_to": {"kinds": ["institution"]}})).await.ok();
    assert_eq!(changed["applies_to"], json!({"kinds": ["institution"], "under": [world.unit(Unit::Social)]}));
    let unknown = json!({"applies_to": {"under": ["01931f2e-7c00-7000-8000-00000000ffff"]}});
    let problem = coordinator.patch(&path, unknown).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/applies_to/under/0");
    let letter = json!({"letter_id": "01931f2e-7c00-7000-8000-00000000ffff"});
    coordinator.patch(&path, letter).await.refused(422, "unknown-reference");
}

#[actix_web::test]
async fn every_change_of_a_template_leaves_an_event() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let path = coordinator.post("/api/v1/templates", template("Aftale 2015")).await.header("location").to_owned();
    coordinator.patch(&path, json!({"name": "Aftale 2015", "resubmission": "continue"})).await.ok();
    coordinator.act(&path, "publish", json!({})).await.ok();
    let spare = coordinator.post("/api/v1/templates", template("Kladde")).await;
    coordinator.request("DELETE", spare.header("location")).if_match(spare.header("etag")).send().await.ok();
    let event = |kind: &str, changed: &[&str]| (kind.to_owned(), json!(changed));
    assert_eq!(
        happened(&world),
        [
            event("template.created", &[]),
            event("template.updated", &["resubmission"]),
            event("template.published", &[]),
            event("template.created", &[]),
            event("template.deleted", &[]),
        ]
    );
}

#[actix_web::test]
async fn a_list_of_templates_leaves_out_what_they_prescribe() {
    let world = World::new().await;
    let id = published_template(&world, template("Aftale 2015")).await;
    let reader = world.as_person("socialchef");
    let (listed, whole) =
        (reader.get("/api/v1/templates").await.ok(), reader.get(&format!("/api/v1/templates/{id}")).await.ok());
    let row = &listed["items"][0];
    for field in ["id", "name", "number", "state", "applies_to", "available_actions"] {
        assert_eq!(row[field], whole[field], "{field}");
    }
    assert_eq!(row["section_count"], 2);
    for left_out in ["sections", "routes", "signatories"] {
        assert_eq!((&row[left_out], whole[left_out].is_array()), (&json!(null), true), "{left_out}");
    }
}
