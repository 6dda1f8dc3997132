//! How often an operation waits for the database: on a server each time is a journey there and back, and under a lock
//! everybody behind it waits, too. SQLite has no journeys; there the same statements are sent one by one.

use aftalestyring::types::Id;
use serde_json::{Value, json};

use super::workflow::{path, section, submitted};
use crate::support::{Client, Database, Unit, World};

/// The most that a request may ask; nothing on SQLite.
#[track_caller]
fn at_most(world: &World, most: usize, took: usize, what: &str) {
    if matches!(world.app.database, Database::Postgres { .. }) {
        assert!(took <= most, "{what}: {took} round trips, of at most {most}");
    }
}

/// Sends a request; what is kept in memory has been read before.
async fn counted(client: &Client, request: (&str, &str), etag: &str, body: Value) -> (Value, usize) {
    client.get("/api/v1/me").await.ok();
    let (method, address) = request;
    let request = client.request(method, address).if_match(etag);
    let request = if method == "PATCH" { request.merge_patch(body) } else { request.json(body) };
    let answer = request.send().await;
    let took = answer.round_trips;
    (answer.ok(), took)
}

async fn etag(client: &Client, address: &str) -> String {
    client.get(address).await.ok()["etag"].as_str().expect("an ETag").to_owned()
}

#[actix_web::test]
async fn a_changed_section_takes_five() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, address) = (world.as_person("socialchef"), section(id, "effects"));
    chief.post(&format!("{}/goals", path(id)), json!({"section_key": "effects", "title": "Mål"})).await.ok();
    let etag = etag(&chief, &address).await;
    let change = json!({"content": {"plan": "Vi måler hvert kvartal."}});
    let (answer, took) = counted(&chief, ("PATCH", &address), &etag, change).await;
    assert_eq!(answer["goals"][0]["title"], "Mål");
    at_most(&world, 5, took, "PATCH of a section");
}

#[actix_web::test]
async fn an_approval_takes_six_the_last_one_too() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    for (director, key) in [("socialdirektør", "effects"), ("skoledirektør", "cross-cutting")] {
        let (director, address) = (world.as_person(director), section(id, key));
        let etag = etag(&director, &address).await;
        let (answer, took) = counted(&director, ("POST", &format!("{address}/approve")), &etag, json!({})).await;
        assert_eq!(answer["state"], "approved");
        at_most(&world, 6, took, "an approval");
    }
    assert_eq!(world.as_person("socialchef").get(&path(id)).await.ok()["state"], "approved");
}

fn goal(title: &str) -> Value {
    json!({"title": title, "assessment": "I december.", "indicators": [{"name": "Andel", "unit": "%"}, {"name": "Antal"}]})
}

/// A page with so many goals and commitments.
fn page(world: &World, versions: [i64; 2], goals: usize, plan: &str) -> Value {
    let goals: Vec<Value> = (0..goals).map(|number| goal(&format!("Mål {number}"))).collect();
    let promised = json!({"title": "Fælles indgang", "promise": "En mentor", "partners": [
        {"org_unit_id": world.unit(Unit::School), "promise": "Praktik"}]});
    json!({"sections": [
        {"key": "effects", "version": versions[0], "content": {"plan": plan}, "goals": goals},
        {"key": "cross-cutting", "version": versions[1], "content": {"plan": plan}, "commitments": [promised]}
    ]})
}

/// What a change of everything in a page of so many goals takes.
async fn changed_all(goals: usize) -> (World, Id, Value, usize) {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, address) = (world.as_person("socialchef"), format!("{}/draft", path(id)));
    let mut saved = chief.put(&address, page(&world, [1, 1], goals, "Først")).await.ok();
    for goal in saved["sections"][0]["goals"].as_array_mut().expect("goals") {
        goal["title"] = json!(format!("{} igen", goal["title"].as_str().expect("a title")));
        goal["indicators"][0]["name"] = json!("Andel igen");
        goal["indicators"][1] = json!({"name": "Noget nyt"});
    }
    for section in saved["sections"].as_array_mut().expect("sections") {
        section["content"]["plan"] = json!("Siden");
    }
    let etag = saved["etag"].as_str().expect("an ETag").to_owned();
    let (saved, took) = counted(&chief, ("PUT", &address), &etag, saved).await;
    assert_eq!(saved["sections"][0]["goals"].as_array().map(Vec::len), Some(goals));
    (world, id, saved, took)
}

#[actix_web::test]
async fn a_draft_takes_the_same_for_any_number_of_goals_and_four_when_nothing_differs() {
    let (world, id, saved, few) = changed_all(1).await;
    let (_, _, _, many) = changed_all(12).await;
    at_most(&world, few, many, "a draft with more goals");
    let (chief, address) = (world.as_person("socialchef"), format!("{}/draft", path(id)));
    let etag = saved["etag"].as_str().expect("an ETag").to_owned();
    let (again, took) = counted(&chief, ("PUT", &address), &etag, saved.clone()).await;
    assert_eq!(again, saved);
    at_most(&world, 4, took, "a draft in which nothing differs");
}

#[actix_web::test]
async fn many_decisions_take_three_each() {
    let world = World::new().await;
    let units = [(Unit::Social, "socialchef"), (Unit::School, "skolechef")];
    let director = world.as_person("socialdirektør");
    let mut items = Vec::new();
    for (unit, leader) in units {
        let id = submitted(&world, unit, leader).await;
        let etag = etag(&director, &section(id, "effects")).await;
        items.push(json!({"agreement_id": id, "section_key": "effects", "etag": etag, "outcome": "approved"}));
    }
    let count = items.len();
    let (answer, took) = counted(&director, ("POST", "/api/v1/decisions"), "\"1.0\"", json!({"items": items})).await;
    assert!(answer["items"].as_array().expect("items").iter().all(|one| one["decided"] == true), "{answer}");
    at_most(&world, 3 * count, took, "decisions");
}

#[actix_web::test]
async fn who_has_an_agreement_already_is_told_so_without_its_sections() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let (chief, director) = (world.as_person("socialchef"), world.as_person("socialdirektør"));
    let address = format!("{}?expand=sections.content,sections.goals,comments", path(id));
    let seen = chief.get(&address).await.header("etag").to_owned();
    let again = chief.request("GET", &address).header("if-none-match", &seen).send().await;
    assert_eq!((again.status, again.header("etag"), again.text.as_str()), (304, seen.as_str(), ""));
    at_most(&world, 3, again.round_trips, "an agreement that has not changed");

    // A comment raises no version, and is seen all the same; so is another reader, language or part.
    let comment = json!({"section_key": "effects", "body": "Hvordan måles det?"});
    director.post(&format!("{}/comments", path(id)), comment).await.ok();
    let answer = chief.request("GET", &address).header("if-none-match", &seen).send().await;
    assert_eq!(answer.status, 200);
    let now = answer.header("etag").to_owned();
    let english = chief.in_english();
    let others = [director.request("GET", &address), english.request("GET", &address), chief.request("GET", &path(id))];
    for other in others {
        assert_eq!(other.header("if-none-match", &now).send().await.status, 200);
    }
}
