//! Who has not seen the newest version is told that before anything that may be wrong with what they send, by every
//! operation and in every state.

use std::collections::BTreeSet;

use aftalestyring::app::DocumentedOperation;
use aftalestyring::openapi::{document, operations};
use serde_json::{Value, json};

use super::document::example_of;
use super::events::open_the_next_year;
use super::foreign::two;
use super::references::references;
use crate::support::{Client, Everything, Response, Unit, World};

/// People who between them may call every operation that demands a version.
const CALLERS: [&str; 6] = ["administrator", "koordinator", "socialchef", "socialdirektør", "skolechef", "alt"];

fn compares(document: &Value, operation: &DocumentedOperation) -> bool {
    let documented = &document["paths"][operation.path.as_str()][operation.method.as_str()]["parameters"];
    documented.as_array().into_iter().flatten().any(|parameter| parameter["name"] == "If-Match")
}

/// What is sent to an operation: whatever is wrong with it, and at least the document's example.
fn bodies(document: &Value, operation: &DocumentedOperation, wrong: &[(&str, Value)]) -> Vec<Option<Value>> {
    let wrong = wrong.iter().filter(|(id, _)| *id == operation.id).map(|(_, body)| Some(body.clone()));
    wrong.chain([example_of(document, operation)]).collect()
}

async fn send(client: &Client, operation: &DocumentedOperation, address: &str, body: Option<Value>) -> Response {
    let request = client.request(&operation.method.to_uppercase(), address).if_match("\"99.0\"");
    match body {
        Some(body) if operation.method == "patch" => request.merge_patch(body).send().await,
        Some(body) => request.json(body).send().await,
        None => request.send().await,
    }
}

/// Sends everything with an old version, and gives the operations that compared it.
async fn ask(ours: &World, own: &Everything, wrong: &[(&str, Value)]) -> BTreeSet<String> {
    let (document, mut compared) = (document(), BTreeSet::new());
    for operation in operations(&document).into_iter().filter(|operation| compares(&document, operation)) {
        for who in CALLERS {
            for body in bodies(&document, &operation, wrong) {
                let answer = send(&ours.as_person(who), &operation, &own.address(&operation.path), body).await;
                match answer.status {
                    412 => compared.insert(operation.id.clone()),
                    403 | 404 => false,
                    status => panic!("{who} {}: {status} {}", operation.id, answer.text),
                };
            }
        }
    }
    compared
}

async fn submit(ours: &World, own: &Everything) {
    let (chief, path) = (ours.as_person("socialchef"), own.address("/api/v1/agreements/{id}"));
    for key in ["effects", "cross-cutting"] {
        chief.patch(&format!("{path}/sections/{key}"), json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    }
    chief.act(&path, "submit", json!({})).await.ok();
}

async fn decide_and_sign(ours: &World, own: &Everything) {
    let path = own.address("/api/v1/agreements/{id}");
    for (who, key) in [("socialdirektør", "effects"), ("skoledirektør", "cross-cutting")] {
        ours.as_person(who).act(&format!("{path}/sections/{key}"), "approve", json!({})).await.ok();
    }
    for who in ["socialchef", "kommunaldirektør"] {
        ours.as_person(who).act(&path, "sign", json!({})).await.ok();
    }
}

#[actix_web::test]
async fn an_old_version_is_refused_before_anything_else_by_every_operation() {
    let (ours, _, own, foreign) = two().await;
    let mut wrong: Vec<(&str, Value)> =
        references(&ours, &own, &foreign).into_iter().map(|one| (one.operation, one.body)).collect();
    let unknown = json!({"sections": [{"key": "nowhere", "version": 1}]});
    let twice = json!({"sections": [{"key": "effects", "version": 99}, {"key": "effects", "version": 99}]});
    wrong.extend([("put_draft", unknown), ("put_draft", twice)]);
    let mut compared = ask(&ours, &own, &wrong).await;
    submit(&ours, &own).await;
    compared.extend(ask(&ours, &own, &wrong).await);
    decide_and_sign(&ours, &own).await;
    open_the_next_year(&ours, &own).await;
    compared.extend(ask(&ours, &own, &wrong).await);
    let document = document();
    let demanding = operations(&document).into_iter().filter(|operation| compares(&document, operation));
    let demanding: BTreeSet<String> = demanding.map(|operation| operation.id).collect();
    assert_eq!(demanding.difference(&compared).collect::<Vec<_>>(), Vec::<&String>::new());
}

const UNIT: &str = "/api/v1/org-units/01931f2e-7c00-7000-8000-00000000abcd";

#[actix_web::test]
async fn a_list_of_versions_is_taken_when_one_of_them_is_the_newest() {
    let world = World::new().await;
    let (coordinator, path) =
        (world.as_person("koordinator"), format!("/api/v1/org-units/{}", world.unit(Unit::School)));
    let etag = coordinator.get(&path).await.header("etag").to_owned();
    let change = |etag: &str| {
        let request = coordinator.request("PATCH", &path).if_match(etag);
        request.merge_patch(json!({"holds_agreement": true}))
    };
    for stale in ["\"99.0\", \"98.0\"", "\"another-servers\"", "W/\"99.0\""] {
        change(stale).send().await.refused(412, "stale-version");
    }
    let listed = format!("\"99.0\", {etag}");
    for newest in [listed.as_str(), etag.as_str(), &format!("W/{etag}")] {
        change(newest).send().await.ok();
    }
    // Two lines are one list.
    change("\"99.0\"").header("if-match", &etag).send().await.ok();
    for wrong in ["1.0", "\"1.0", "\"1.0\" \"2.0\"", "*, \"1.0\""] {
        change(wrong).send().await.refused(400, "malformed-request");
    }
}

#[actix_web::test]
async fn a_star_stands_for_what_is_there_and_is_no_version_where_one_is_demanded() {
    let world = World::new().await;
    let (hr, coordinator) = (world.as_hr(), world.as_person("koordinator"));
    let unit = json!({"validities": [{"from": "2014-01-01", "name": "Solsikken", "kind": "institution"}]});
    let put = |etag: &str| hr.request("PUT", UNIT).if_match(etag).json(unit.clone());
    for nothing in ["*", "\"1.0\""] {
        put(nothing).send().await.refused(412, "stale-version");
    }
    hr.get(UNIT).await.refused(404, "not-found");
    hr.put(UNIT, unit.clone()).await.ok();
    put("*").send().await.ok();
    let change = coordinator.request("PATCH", UNIT).if_match("*").merge_patch(json!({"holds_agreement": true}));
    let problem = change.send().await.refused(428, "precondition-required");
    assert_eq!(problem["errors"][0]["code"], "names-no-version");
}
