use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::statements::selects;
use crate::support::strategy::{cycle, published_template, template};
use crate::support::{Client, Unit, World};

fn path(id: Id) -> String {
    format!("/api/v1/agreements/{id}")
}

fn offer(body: &Value, action: &str) -> Value {
    let offers = body["available_actions"].as_array().unwrap_or_else(|| panic!("no actions: {body}"));
    offers.iter().find(|offer| offer["action"] == action).expect("an offer").clone()
}

async fn submit_of(client: &Client, id: Id) -> Value {
    let offered = offer(&client.get(&path(id)).await.ok(), "submit");
    let listed = client.get("/api/v1/agreements?include=actions").await.ok();
    let row = listed["items"].as_array().expect("items").iter().find(|row| row["id"] == json!(id)).expect("a row");
    assert_eq!(offer(row, "submit"), offered, "a list offers what a look offers");
    let rehearsed = client.post(&format!("{}/submit?dry_run=true", path(id)), json!({})).await.ok();
    assert_eq!(rehearsed["would_succeed"], offered["allowed"], "what is offered is what happens");
    assert_eq!(rehearsed["problems"][0]["code"], offered["reasons"][0]["code"], "for the same reason");
    offered
}

#[actix_web::test]
async fn submitting_is_offered_when_nothing_lacks_and_until_then_the_gaps_are_counted() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let message = "Der er 2 mangler, som skal rettes først";
    let lacking = json!([{"code": "not-ready", "message": message, "count": 2}]);
    let offered = submit_of(&chief, id).await;
    assert_eq!((&offered["allowed"], &offered["reasons"]), (&json!(false), &lacking));
    let section = |key: &str| format!("{}/sections/{key}", path(id));
    chief.patch(&section("effects"), json!({"content": {"plan": "Vi måler."}})).await.ok();
    let offered = submit_of(&chief.in_english(), id).await;
    let lacking = json!([{"code": "not-ready", "message": "There is one gap to be mended first", "count": 1}]);
    assert_eq!(offered["reasons"], lacking);
    chief.patch(&section("cross-cutting"), json!({"content": {"plan": "Vi samarbejder."}})).await.ok();
    let offered = submit_of(&chief, id).await;
    assert_eq!((&offered["allowed"], &offered["reasons"]), (&json!(true), &json!([])));
}

#[actix_web::test]
async fn submitting_is_not_offered_while_nobody_could_approve() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    for key in ["effects", "cross-cutting"] {
        chief.patch(&format!("{}/sections/{key}", path(id)), json!({"content": {"plan": "Plan"}})).await.ok();
    }
    for gone in ["socialdirektør", "skoledirektør", "kommunaldirektør", "stedfortræder"] {
        world.end_appointment(gone).await;
    }
    assert_eq!(submit_of(&chief, id).await["reasons"][0]["code"], "no-approver");
}

#[actix_web::test]
async fn what_is_offered_in_a_list_costs_no_statement_for_each_row() {
    let world = World::new().await;
    world.agreement(Unit::Social).await;
    let coordinator = world.as_person("koordinator");
    let asked = "/api/v1/agreements?include=actions";
    coordinator.get(asked).await.ok();
    let before = selects(&world.app.database);
    coordinator.get(asked).await.ok();
    let few = selects(&world.app.database) - before;
    for unit in [Unit::School, Unit::CareHome, Unit::Nursery] {
        world.agreement(unit).await;
    }
    coordinator.get(asked).await.ok();
    let before = selects(&world.app.database);
    assert_eq!(coordinator.get(asked).await.ok()["items"].as_array().map(Vec::len), Some(4));
    assert_eq!(selects(&world.app.database) - before, few);
}

#[actix_web::test]
async fn opening_a_cycle_is_offered_when_it_could_be_opened() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let made = coordinator.post("/api/v1/cycles", cycle(&[])).await;
    let address = made.header("location").to_owned();
    let offered = offer(&made.ok(), "open");
    let reasons = (offered["reasons"][0]["code"].clone(), offered["reasons"][0]["count"].clone());
    assert_eq!((&offered["allowed"], reasons), (&json!(false), (json!("not-ready"), json!(1))));
    let listed = coordinator.get("/api/v1/cycles").await.ok();
    assert_eq!(offer(&listed["items"][0], "open"), offered);
    let template = published_template(&world, template("Aftale 2015")).await;
    let changed = coordinator.patch(&address, json!({"template_ids": [template]})).await.ok();
    assert_eq!(offer(&changed, "open")["allowed"], true);
    let seen = world.as_person("kommunaldirektør").get(&address).await.ok();
    assert_eq!(offer(&seen, "open")["reasons"][0]["code"], "forbidden");
}
