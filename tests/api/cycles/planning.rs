use serde_json::{Value, json};

use crate::support::strategy::{cycle, published_template, template};
use crate::support::{Unit, World};

async fn planned(world: &World) -> String {
    let template = published_template(world, template("Aftale 2015")).await;
    let made = world.as_person("koordinator").post("/api/v1/cycles", cycle(&[&template])).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.header("location").to_owned()
}

#[actix_web::test]
async fn a_planned_cycle_is_seen_by_the_coordinator_and_the_directorate_alone() {
    let world = World::new().await;
    let path = planned(&world).await;
    for (name, sees) in [
        ("koordinator", true),
        ("skoledirektør", true),
        ("kommunaldirektør", true),
        ("socialchef", false),
        ("administrator", false),
    ] {
        let reader = world.as_person(name);
        assert_eq!(reader.get(&path).await.status, if sees { 200 } else { 404 }, "{name}");
        let listed = reader.get("/api/v1/cycles").await.ok();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(usize::from(sees)), "{name}");
    }
    let read = world.as_person("koordinator").get(&path).await.ok();
    assert_eq!(
        (&read["state"], &read["scope"]),
        (&json!("planned"), &json!({"kinds": [], "under": [], "exceptions": []}))
    );
    world.as_person("kommunaldirektør").post("/api/v1/cycles", cycle(&[])).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_change_of_one_deadline_leaves_the_others() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), planned(&world).await);
    let changed = coordinator.patch(&path, json!({"deadlines": {"submit": "2014-12-20", "sign": null}})).await.ok();
    assert_eq!(changed["deadlines"], json!({"submit": "2014-12-20", "approve": "2015-01-15", "sign": null}));
    let changed = coordinator.patch(&path, json!({"period": {"to": "2016-12-31"}})).await.ok();
    assert_eq!(changed["period"], json!({"from": "2015-01-01", "to": "2016-12-31"}));
    let spared = json!({"scope": {"exceptions": [world.unit(Unit::Nursery)]}});
    let changed = coordinator.patch(&path, spared).await.ok();
    assert_eq!(changed["scope"]["exceptions"], json!([world.unit(Unit::Nursery)]));
}

#[actix_web::test]
async fn days_out_of_order_are_refused_also_beside_those_that_stay() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), planned(&world).await);
    let place = |problem: Value| (problem["errors"][0]["pointer"].clone(), problem["errors"][0]["code"].clone());
    let late =
        coordinator.patch(&path, json!({"deadlines": {"submit": "2015-01-16"}})).await.refused(422, "invalid-body");
    assert_eq!(place(late), (json!("/deadlines"), json!("deadlines-out-of-order")));
    let over = coordinator.patch(&path, json!({"period": {"to": "2014-12-31"}})).await.refused(422, "invalid-body");
    assert_eq!(place(over), (json!("/period"), json!("period-backwards")));
    let mut body = cycle(&[]);
    body["deadlines"] = json!({"approve": "2015-02-01", "sign": "2015-01-31"});
    let new = coordinator.post("/api/v1/cycles", body).await.refused(422, "invalid-body");
    assert_eq!(place(new), (json!("/deadlines"), json!("deadlines-out-of-order")));
    let mut body = cycle(&[]);
    body["period"] = json!({"from": "2015-12-31", "to": "2015-01-01"});
    let new = coordinator.post("/api/v1/cycles", body).await.refused(422, "invalid-body");
    assert_eq!(place(new), (json!("/period"), json!("period-backwards")));
    let eleven = json!({"from": "2015-01-01", "to": "2025-01-01"});
    let over = coordinator.patch(&path, json!({"period": eleven})).await.refused(422, "invalid-body");
    assert_eq!(place(over), (json!("/period"), json!("period-too-long")));
    let mut body = cycle(&[]);
    body["period"] = eleven;
    let new = coordinator.post("/api/v1/cycles", body).await.refused(422, "invalid-body");
    assert_eq!(place(new), (json!("/period"), json!("period-too-long")));
    let ten = json!({"from": "2015-01-01", "to": "2024-12-31"});
    assert_eq!(coordinator.patch(&path, json!({"period": ten})).await.ok()["period"], ten);
    let mut body = cycle(&[]);
    body["follow_ups"][0]["due_on"] = json!("2015-05-31");
    let new = coordinator.post("/api/v1/cycles", body).await.refused(422, "invalid-body");
    assert_eq!(place(new), (json!("/follow_ups/0"), json!("period-backwards")));
}

#[actix_web::test]
async fn what_a_cycle_refers_to_must_exist_and_all_that_does_not_is_told() {
    let world = World::new().await;
    let nothing = "01931f2e-7c00-7000-8000-00000000ffff";
    let mut body = cycle(&[nothing]);
    body["letter_id"] = json!(nothing);
    body["scope"] = json!({"under": [world.unit(Unit::Social), nothing], "exceptions": [nothing]});
    let problem = world.as_person("koordinator").post("/api/v1/cycles", body).await.refused(422, "unknown-reference");
    let pointers: Vec<&Value> =
        problem["errors"].as_array().expect("errors").iter().map(|one| &one["pointer"]).collect();
    assert_eq!(pointers, ["/letter_id", "/template_ids/0", "/scope/under/1", "/scope/exceptions/0"]);
}

#[actix_web::test]
async fn a_change_demands_the_newest_version() {
    let world = World::new().await;
    let (coordinator, path) = (world.as_person("koordinator"), planned(&world).await);
    let etag = coordinator.get(&path).await.header("etag").to_owned();
    coordinator
        .request("PATCH", &path)
        .merge_patch(json!({"name": "A"}))
        .send()
        .await
        .refused(428, "precondition-required");
    coordinator.request("PATCH", &path).if_match(&etag).merge_patch(json!({"name": "A"})).send().await.ok();
    coordinator
        .request("PATCH", &path)
        .if_match(&etag)
        .merge_patch(json!({"name": "B"}))
        .send()
        .await
        .refused(412, "stale-version");
    coordinator.request("POST", &format!("{path}/open")).if_match(&etag).send().await.refused(412, "stale-version");
}

#[actix_web::test]
async fn cycles_are_listed_by_year_and_state() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let path = planned(&world).await;
    let mut next = cycle(&[]);
    next["year"] = json!(2016);
    coordinator.post("/api/v1/cycles", next).await.ok();
    coordinator.act(&path, "open", json!({})).await.ok();
    let years = async |query: &str| -> Vec<i64> {
        let body = coordinator.get(&format!("/api/v1/cycles{query}")).await.ok();
        body["items"].as_array().expect("items").iter().map(|item| item["year"].as_i64().expect("a year")).collect()
    };
    assert_eq!(years("").await, [2016, 2015]);
    assert_eq!(years("?year=2016").await, [2016]);
    assert_eq!(years("?state=open").await, [2015]);
    assert_eq!(years("?state=closed").await, [0; 0]);
    let first = coordinator.get("/api/v1/cycles?limit=1").await.ok();
    assert_eq!(years(&format!("?limit=1&cursor={}", first["next_cursor"].as_str().expect("a cursor"))).await, [2015]);
}
