use serde_json::{Value, json};

use crate::support::strategy::{letter, themed_letter};
use crate::support::{World, notified};

fn action<'a>(body: &'a Value, name: &str) -> &'a Value {
    let actions = body["available_actions"].as_array().expect("actions");
    actions.iter().find(|action| action["action"] == name).expect("the action")
}

#[actix_web::test]
async fn a_coordinator_writes_a_letter_and_publishes_it_to_the_leaders() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let made = coordinator.post("/api/v1/strategy-letters", letter(2015)).await;
    let path = made.header("location").to_owned();
    let body = made.ok();
    assert_eq!(
        (&body["state"], &body["themes"], &body["issued_on"]),
        (&json!("draft"), &json!([]), &json!("2014-11-03"))
    );
    world.as_person("socialchef").get(&path).await.refused(404, "not-found");
    let theme = json!({"key": "servicekultur", "heading_key": "borgerne", "title": "En styrket servicekultur"});
    coordinator.post(&format!("{path}/themes"), theme).await.ok();
    let published = coordinator.act(&path, "publish", json!({})).await.ok();
    assert_eq!(
        (&published["state"], &published["published_at"]),
        (&json!("published"), &json!("2014-11-10T08:00:00Z"))
    );
    for reader in [world.as_person("socialchef"), world.as_person("læser"), world.as_hr()] {
        let read = reader.get(&path).await.ok();
        assert_eq!(read["themes"][0]["title"], "En styrket servicekultur");
        assert_eq!(read["source_text"], "Direktionens strategibrev er ingen facitliste!");
        assert_eq!(action(&read, "update")["allowed"], false);
    }
}

#[actix_web::test]
async fn a_draft_is_seen_by_the_coordinator_and_the_directorate_alone() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let draft = coordinator.post("/api/v1/strategy-letters", letter(2016)).await.header("location").to_owned();
    themed_letter(&world, 2015).await;
    let count = |body: Value| body["items"].as_array().map(Vec::len);
    for (name, sees) in [
        ("koordinator", true),
        ("socialdirektør", true),
        ("kommunaldirektør", true),
        ("socialchef", false),
        ("administrator", false),
        ("læser", false),
    ] {
        let reader = world.as_person(name);
        assert_eq!(reader.get(&draft).await.status, if sees { 200 } else { 404 }, "{name}");
        let listed = reader.get("/api/v1/strategy-letters").await.ok();
        assert_eq!(count(listed), Some(if sees { 2 } else { 0 }), "{name}");
    }
}

#[actix_web::test]
async fn a_letter_that_lacks_something_is_not_published_and_all_of_it_is_told() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let made = coordinator.post("/api/v1/strategy-letters", json!({"year": 2015})).await;
    let path = made.header("location").to_owned();
    let gaps = json!([
        {"code": "blank", "pointer": "/title", "message": "Teksten er tom."},
        {"code": "no-heading", "pointer": "/headings", "message": "Brevet mangler en overskrift."},
        {"code": "no-theme", "pointer": "/themes", "message": "Brevet mangler et tema."},
    ]);
    let body = made.ok();
    assert_eq!(body["gaps"], gaps);
    assert_eq!(action(&body, "publish")["reasons"][0]["code"], "not-ready");
    let problem = coordinator.act(&path, "publish", json!({})).await.refused(409, "not-ready");
    assert_eq!(problem["errors"], gaps);
    let rehearsed = coordinator.post(&format!("{path}/publish?dry_run=true"), json!({})).await.ok();
    assert_eq!((&rehearsed["would_succeed"], &rehearsed["problems"][0]["errors"]), (&json!(false), &gaps));
}

#[actix_web::test]
async fn a_dry_run_of_the_publishing_names_the_leaders_and_changes_nothing() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let rehearsed = coordinator.post(&format!("{path}/publish?dry_run=true"), json!({})).await.ok();
    assert_eq!(rehearsed["would_succeed"], true);
    assert_eq!(rehearsed["changes"][0]["kind"], "strategy_letter.published");
    let notified = notified(&rehearsed);
    assert!(
        notified.contains(&json!(world.person("socialchef")))
            && notified.contains(&json!(world.person("børnehusleder")))
    );
    assert_eq!(coordinator.get(&path).await.ok()["state"], "draft");
}

#[actix_web::test]
async fn a_published_letter_stays_as_it_is() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    coordinator.act(&path, "publish", json!({})).await.ok();
    coordinator.patch(&path, json!({"title": "Et andet brev"})).await.refused(409, "illegal-move");
    coordinator.act(&path, "publish", json!({})).await.refused(409, "illegal-move");
    let before = coordinator.get(&path).await;
    let same = coordinator.patch(&path, json!({"title": before.body["title"]})).await;
    assert_eq!(same.header("etag"), before.header("etag"), "what changes nothing is no change");
}

#[actix_web::test]
async fn a_change_demands_the_version_it_is_made_to_and_the_coordinator() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let etag = coordinator.get(&path).await.header("etag").to_owned();
    let change = json!({"source_text": "I år har Direktionen valgt at arbejde med strategibrevet på en ny måde."});
    coordinator.request("PATCH", &path).merge_patch(change.clone()).send().await.refused(428, "precondition-required");
    let changed = coordinator.request("PATCH", &path).if_match(&etag).merge_patch(change.clone()).send().await.ok();
    assert_eq!(changed["source_text"], change["source_text"]);
    assert_eq!((&changed["title"], &changed["year"]), (&json!("Direktionens strategibrev 2015"), &json!(2015)));
    coordinator
        .request("PATCH", &path)
        .if_match(&etag)
        .merge_patch(change.clone())
        .send()
        .await
        .refused(412, "stale-version");
    coordinator.request("POST", &format!("{path}/publish")).if_match(&etag).send().await.refused(412, "stale-version");
    for name in ["kommunaldirektør", "socialdirektør", "socialchef", "administrator"] {
        let other = world.as_person(name);
        let refused = other.request("PATCH", &path).if_match(&etag).merge_patch(change.clone()).send().await;
        refused.refused(403, "forbidden");
        other.post("/api/v1/strategy-letters", letter(2015)).await.refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_heading_with_themes_cannot_be_left_out() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let problem = coordinator
        .patch(&path, json!({"headings": [{"key": "tvaers", "title": "Ledelse på tværs"}]}))
        .await
        .refused(409, "in-use");
    assert_eq!(
        problem["errors"][0]["message"],
        "Der står temaer under overskriften borgerne. Flyt eller slet dem først."
    );
    let twice = json!({"headings": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]});
    let problem = coordinator.patch(&path, twice).await.refused(422, "invalid-body");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/headings"), &json!("duplicate-key"))
    );
}

#[actix_web::test]
async fn letters_are_listed_by_year_and_page_by_page() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    for year in [2014, 2016, 2015, 2016] {
        coordinator.post("/api/v1/strategy-letters", letter(year)).await.ok();
    }
    let years = |body: &Value| -> Vec<i64> {
        body["items"].as_array().expect("items").iter().map(|item| item["year"].as_i64().expect("a year")).collect()
    };
    let first = coordinator.get("/api/v1/strategy-letters?limit=3").await;
    let next = first.header("link").split(['<', '>']).nth(1).expect("a next page").to_owned();
    assert_eq!(years(&first.ok()), [2016, 2016, 2015]);
    assert_eq!(years(&coordinator.get(&next).await.ok()), [2014]);
    assert_eq!(years(&coordinator.get("/api/v1/strategy-letters?year=2016").await.ok()), [2016, 2016]);
    coordinator.get("/api/v1/strategy-letters?year=16").await.refused(422, "invalid-parameter");
}

#[actix_web::test]
async fn a_letter_of_200_000_characters_is_kept_and_a_longer_one_refused() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let mut body = letter(2015);
    body["source_text"] = json!("å".repeat(200_000));
    let kept = coordinator.post("/api/v1/strategy-letters", body.clone()).await.ok();
    assert_eq!(kept["source_text"].as_str().map(|text| text.chars().count()), Some(200_000));
    body["source_text"] = json!("å".repeat(200_001));
    coordinator.post("/api/v1/strategy-letters", body).await.refused(422, "invalid-body");
}

#[actix_web::test]
async fn another_municipalitys_letters_are_not_to_be_seen() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let path = themed_letter(&theirs, 2015).await;
    theirs.as_person("koordinator").act(&path, "publish", json!({})).await.ok();
    ours.as_person("koordinator").get(&path).await.refused(404, "not-found");
    assert_eq!(ours.as_person("koordinator").get("/api/v1/strategy-letters").await.ok()["items"], json!([]));
}

#[actix_web::test]
async fn a_list_of_letters_tells_them_apart_and_leaves_out_what_they_say() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), themed_letter(&world, 2015).await);
    let listed = coordinator.get("/api/v1/strategy-letters").await;
    assert!(!listed.text.contains("ingen facitliste"), "{}", listed.text);
    let (row, whole) = (listed.ok()["items"][0].clone(), coordinator.get(&path).await.ok());
    assert_eq!(whole["source_text"], "Direktionens strategibrev er ingen facitliste!");
    for field in ["id", "year", "title", "issued_on", "state", "published_at", "available_actions", "updated_at"] {
        assert_eq!(row[field], whole[field], "{field}");
    }
    assert_eq!(row["theme_count"], 1);
}
