//! An id tells nobody who it was: beside the id of a person or a machine client an answer has the name.

use std::collections::BTreeSet;

use aftalestyring::openapi::{document, operations};
use serde_json::{Value, json};

use crate::support::{Unit, World};

/// What an answer calls a person or a machine client.
const WHO: [&str; 13] = [
    "acting_for_id",
    "answered_by",
    "author_id",
    "changed_by",
    "client_id",
    "last_resort_id",
    "on_behalf_of",
    "on_behalf_of_id",
    "owner_id",
    "person_id",
    "signed_by",
    "standing_deputy_id",
    "submitted_by",
];

/// The change feed is thin on purpose: it leaves the house, and names nobody.
const THIN: [&str; 2] = ["Event", "EventData"];

/// The schemas that a value refers to, and those that they refer to.
fn collect(document: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let named = fields.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
            if let Some(name) = named.filter(|name| found.insert((*name).to_owned())) {
                collect(document, &document["components"]["schemas"][name], found);
            }
            fields.values().for_each(|inner| collect(document, inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(document, inner, found)),
        _ => {}
    }
}

#[test]
fn beside_the_id_of_somebody_stands_the_name() {
    let (document, mut answers) = (document(), BTreeSet::new());
    for operation in operations(&document) {
        collect(&document, &document["paths"][&operation.path][&operation.method]["responses"], &mut answers);
    }
    assert!(answers.contains("AuditEntry") && answers.contains("Problem"), "{answers:?}");
    let mut nameless = Vec::new();
    for name in answers.iter().filter(|name| !THIN.contains(&name.as_str())) {
        let Some(fields) = document["components"]["schemas"][name]["properties"].as_object() else { continue };
        for who in WHO.iter().filter(|who| fields.contains_key(**who)) {
            let stem = who.trim_end_matches("_id");
            let own = *who == "person_id" || *who == "client_id";
            let named = fields.contains_key(&format!("{stem}_name")) || own && fields.contains_key("name");
            if !named {
                nameless.push(format!("{name}.{who}"));
            }
        }
    }
    assert!(nameless.is_empty(), "{nameless:?}");
}

#[actix_web::test]
async fn a_stale_version_says_by_name_who_wrote_the_newest() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let unit = format!("/api/v1/org-units/{}", world.unit(Unit::School));
    coordinator.patch(&unit, json!({"holds_agreement": false})).await.ok();
    let change = json!({"holds_agreement": true});
    let stale = coordinator.request("PATCH", &unit).if_match("\"1.0\"").merge_patch(change).send().await;
    assert_eq!(stale.refused(412, "stale-version")["current"]["changed_by_name"], "koordinator");
}

#[actix_web::test]
async fn what_a_machine_client_wrote_names_it_however_often_it_wrote() {
    let world = World::new().await;
    let (hr, person) = (world.as_hr(), "/api/v1/people/01931f2e-7c00-7000-8000-00000000beef");
    let post = "/api/v1/appointments/01931f2e-7c00-7000-8000-00000000cafe";
    let unit = "/api/v1/org-units/01931f2e-7c00-7000-8000-00000000f00d";
    let who = hr.get("/api/v1/me").await.ok()["client_id"].clone();
    let days = |to: &str| json!({"from": "2014-11-01", "to": to, "name": "Enhed", "kind": "institution", "parent_id": world.unit(Unit::School)});
    let held = |to: &str| json!({"person_id": world.person("læser"), "org_unit_id": world.unit(Unit::Nursery), "role": "leader", "from": "2014-11-01", "to": to});
    let written = [
        (person, json!({"name": "Ny"}), json!({"name": "Nyere"}), json!({"name": "Nyest"})),
        (post, held("2015-01-01"), held("2015-02-01"), held("2015-03-01")),
        (
            unit,
            json!({"validities": [days("2030-01-01")]}),
            json!({"validities": [days("2031-01-01")]}),
            json!({"validities": [days("2032-01-01")]}),
        ),
    ];
    for (address, first, second, third) in written {
        hr.put(address, first).await.ok();
        let seen = hr.get(address).await.header("etag").to_owned();
        hr.put(address, second).await.ok();
        let stale = hr.request("PUT", address).if_match(&seen).json(third).send().await;
        let current = stale.refused(412, "stale-version")["current"].clone();
        assert_eq!((&current["changed_by"], &current["changed_by_name"]), (&who, &json!("HR")), "{address}");
    }
}

#[actix_web::test]
async fn a_stale_section_of_a_page_and_a_stale_item_of_a_bulk_say_it_too() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, draft) = (world.as_person("socialchef"), format!("/api/v1/agreements/{id}/draft"));
    let page = json!({"sections": [{"key": "effects", "version": 1, "content": {"plan": "A"}}]});
    world.as_person("medarbejder").put(&draft, page.clone()).await.ok();
    let stale = chief.put(&draft, page).await.refused(412, "stale-version");
    assert_eq!(stale["errors"][0]["current"]["changed_by_name"], "medarbejder");
    let rest = json!({"sections": [{"key": "cross-cutting", "version": 1, "content": {"plan": "B"}}]});
    chief.put(&draft, rest).await.ok();
    chief.act(&format!("/api/v1/agreements/{id}"), "submit", json!({})).await.ok();
    let item = json!({"agreement_id": id, "section_key": "effects", "etag": "\"1.0\"", "outcome": "approved"});
    let decided = world.as_person("socialdirektør").post("/api/v1/decisions", json!({"items": [item]})).await.ok();
    assert_eq!(decided["items"][0]["problem"]["current"]["changed_by_name"], "socialchef");
}

#[actix_web::test]
async fn the_audit_log_names_people_and_machine_clients() {
    let world = World::new().await;
    let (coordinator, person) = (world.as_person("koordinator"), "/api/v1/people/01931f2e-7c00-7000-8000-00000000beef");
    world.as_hr().put(person, json!({"name": "Ny leder"})).await.ok();
    let unit = format!("/api/v1/org-units/{}", world.unit(Unit::School));
    coordinator.patch(&unit, json!({"holds_agreement": false})).await.ok();
    let log = coordinator.get("/api/v1/audit?limit=2").await.ok();
    let told = |at: usize| (log["items"][at]["person_name"].clone(), log["items"][at]["client_name"].clone());
    assert_eq!(told(0), (json!("koordinator"), json!(null)));
    assert_eq!(told(1), (json!(null), json!("HR")));
}

#[actix_web::test]
async fn an_appointment_names_its_person_its_unit_and_the_deputy() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let address = "/api/v1/appointments/01931f2e-7c00-7000-8000-00000000cafe";
    let body = json!({"person_id": world.person("medarbejder"), "org_unit_id": world.unit(Unit::Nursery), "role": "leader",
        "from": "2014-11-01", "standing_deputy_id": world.person("børnehusleder"), "responsible_for": [world.unit(Unit::Social)]});
    let made = coordinator.put(address, body).await.ok();
    let listed = coordinator.get(&format!("/api/v1/appointments?person={}", world.person("medarbejder"))).await.ok();
    let listed = listed["items"].as_array().expect("items").iter().find(|one| one["id"] == made["id"]).expect("it");
    for seen in [&made, listed] {
        assert_eq!((&seen["person_name"], &seen["org_unit_name"]), (&json!("medarbejder"), &json!("Børnehuset Ærten")));
        let others = (&seen["standing_deputy_name"], &seen["responsible_for_names"]);
        assert_eq!(others, (&json!("børnehusleder"), &json!(["Socialcentret"])));
    }
}
