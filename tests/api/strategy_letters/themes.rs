use serde_json::{Value, json};

use crate::support::World;
use crate::support::strategy::{happened, letter, themed_letter};

fn theme(key: &str) -> Value {
    json!({"key": key, "heading_key": "borgerne", "title": "Implementering i bund", "text": "Vores indsatser skal følges til dørs."})
}

#[actix_web::test]
async fn themes_stand_in_their_letter_in_their_order() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let path = coordinator.post("/api/v1/strategy-letters", letter(2015)).await.header("location").to_owned();
    for (key, position) in [("b", json!(null)), ("c", json!(null)), ("a", json!(0))] {
        let mut body = theme(key);
        body["position"] = position;
        coordinator.post(&format!("{path}/themes"), body).await.ok();
    }
    let read = coordinator.get(&path).await.ok();
    let keys: Vec<&Value> = read["themes"].as_array().expect("themes").iter().map(|theme| &theme["key"]).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    let first = &read["themes"][0];
    let alone = coordinator.get(&format!("{path}/themes/{}", first["id"].as_str().expect("an id"))).await;
    assert_eq!((&alone.body, alone.header("etag")), (first, first["etag"].as_str().expect("an etag")));
}

#[actix_web::test]
async fn a_change_of_a_theme_raises_the_letters_version() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let before = coordinator.get(&path).await;
    let id = before.body["themes"][0]["id"].as_str().expect("an id").to_owned();
    let changed = coordinator.patch(&format!("{path}/themes/{id}"), json!({"title": "Effekter"})).await.ok();
    assert_eq!((&changed["title"], &changed["key"]), (&json!("Effekter"), &json!("effekter")));
    let stale = coordinator.request("POST", &format!("{path}/publish")).if_match(before.header("etag")).send().await;
    let problem = stale.refused(412, "stale-version");
    assert_eq!(problem["current"]["changed_by"], json!(world.person("koordinator")));
}

#[actix_web::test]
async fn a_theme_needs_a_heading_of_the_letter_an_owner_who_exists_and_a_key_of_its_own() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let mut body = theme("ny");
    body["heading_key"] = json!("ukendt");
    body["owner_id"] = json!("01931f2e-7c00-7000-8000-00000000ffff");
    let problem = coordinator.post(&format!("{path}/themes"), body.clone()).await.refused(422, "unknown-reference");
    let found: Vec<(&Value, &Value)> =
        problem["errors"].as_array().expect("errors").iter().map(|one| (&one["pointer"], &one["code"])).collect();
    assert_eq!(
        found,
        [(&json!("/heading_key"), &json!("unknown-heading")), (&json!("/owner_id"), &json!("unknown-id"))]
    );
    let taken = coordinator.post(&format!("{path}/themes"), theme("effekter")).await.refused(409, "already-exists");
    assert_eq!(taken["errors"][0]["pointer"], "/key");
    coordinator.post(&format!("{path}/themes"), theme("Ikke en nøgle")).await.refused(422, "invalid-body");
}

#[actix_web::test]
async fn of_a_published_letters_theme_only_the_owner_changes() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let published = coordinator.act(&path, "publish", json!({})).await.ok();
    assert_eq!(published["advice"][0]["code"], "theme-without-owner");
    let message = published["advice"][0]["message"].as_str().expect("words");
    assert!(message.contains("»Borger- og brugereffekter«"), "{message}");
    let id = published["themes"][0]["id"].as_str().expect("an id").to_owned();
    let theme_path = format!("{path}/themes/{id}");
    let owner = world.person("socialdirektør");
    let owned = coordinator.patch(&theme_path, json!({"owner_id": owner})).await.ok();
    assert_eq!((&owned["owner_id"], &owned["owner_name"]), (&json!(owner), &json!("socialdirektør")));
    assert_eq!(coordinator.get(&path).await.ok()["advice"], json!([]));
    coordinator
        .patch(&theme_path, json!({"owner_id": null, "title": "Et andet tema"}))
        .await
        .refused(409, "illegal-move");
    coordinator.post(&format!("{path}/themes"), theme("ny")).await.refused(409, "illegal-move");
    let etag = coordinator.get(&theme_path).await.header("etag").to_owned();
    coordinator.request("DELETE", &theme_path).if_match(&etag).send().await.refused(409, "illegal-move");
}

#[actix_web::test]
async fn a_theme_of_a_draft_can_be_taken_out() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let theme = coordinator.get(&path).await.ok()["themes"][0].clone();
    let theme_path = format!("{path}/themes/{}", theme["id"].as_str().expect("an id"));
    coordinator.request("DELETE", &theme_path).send().await.refused(428, "precondition-required");
    let etag = theme["etag"].as_str().expect("an etag");
    let gone = coordinator.request("DELETE", &theme_path).if_match(etag).send().await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    coordinator.get(&theme_path).await.refused(404, "not-found");
    assert_eq!(coordinator.get(&path).await.ok()["themes"], json!([]));
}

#[actix_web::test]
async fn a_theme_is_found_in_its_own_letter_alone_and_a_drafts_is_hidden() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let (path, other) = (themed_letter(&world, 2015).await, themed_letter(&world, 2016).await);
    let theme = coordinator.get(&path).await.ok()["themes"][0]["id"].as_str().expect("an id").to_owned();
    coordinator.get(&format!("{other}/themes/{theme}")).await.refused(404, "not-found");
    world.as_person("læser").get(&format!("{path}/themes/{theme}")).await.refused(404, "not-found");
    coordinator.act(&path, "publish", json!({})).await.ok();
    world.as_person("læser").get(&format!("{path}/themes/{theme}")).await.ok();
}

#[actix_web::test]
async fn every_change_of_a_letter_and_its_themes_leaves_an_event() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    coordinator.patch(&path, json!({"title": "Strategibrev", "issued_on": null})).await.ok();
    let spare = coordinator.post(&format!("{path}/themes"), theme("spare")).await;
    coordinator.request("DELETE", spare.header("location")).if_match(spare.header("etag")).send().await.ok();
    let id = coordinator.get(&path).await.ok()["themes"][0]["id"].as_str().expect("an id").to_owned();
    let owner = json!({"owner_id": world.person("socialdirektør"), "title": "Borger- og brugereffekter"});
    coordinator.patch(&format!("{path}/themes/{id}"), owner).await.ok();
    coordinator.act(&path, "publish", json!({})).await.ok();
    let event = |kind: &str, changed: &[&str]| (kind.to_owned(), json!(changed));
    assert_eq!(
        happened(&world),
        [
            event("strategy_letter.created", &[]),
            event("theme.created", &[]),
            event("strategy_letter.updated", &["title", "issued_on"]),
            event("theme.created", &[]),
            event("theme.deleted", &[]),
            event("theme.updated", &["owner_id"]),
            event("strategy_letter.published", &[]),
        ]
    );
}
