use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Client, Unit, World};

fn history(id: Id) -> String {
    format!("/api/v1/agreements/{id}/history")
}

async fn write(client: &Client, id: Id, key: &str, text: &str) {
    let section = format!("/api/v1/agreements/{id}/sections/{key}");
    client.patch(&section, json!({"content": {"plan": text}})).await.ok();
}

/// Who did what in which section, and how often, newest first.
async fn told(client: &Client, address: &str) -> Vec<(String, String, String, i64)> {
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
    let items = client.get(address).await.ok()["items"].as_array().expect("entries").clone();
    let entries = items.iter().filter(|entry| entry["kind"] != "agreement.created");
    entries
        .map(|entry| {
            let times = entry["times"].as_i64().expect("a number");
            (text(entry, "name"), text(entry, "kind"), text(entry, "section_key"), times)
        })
        .collect()
}

fn entry(name: &str, kind: &str, key: &str, times: i64) -> (String, String, String, i64) {
    (name.to_owned(), kind.to_owned(), key.to_owned(), times)
}

#[actix_web::test]
async fn what_one_person_saved_again_and_again_is_told_once() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, other) = (world.as_person("socialchef"), world.as_person("medarbejder"));
    for text in ["a", "ab", "abc"] {
        write(&chief, id, "effects", text).await;
        write(&chief, id, "cross-cutting", text).await;
        world.app.clock.advance(chrono::Duration::seconds(10));
    }
    write(&other, id, "effects", "abcd").await;
    write(&chief, id, "effects", "abcde").await;
    let folded = [
        entry("socialchef", "section.edited", "effects", 1),
        entry("medarbejder", "section.edited", "effects", 1),
        entry("socialchef", "section.edited", "cross-cutting", 3),
        entry("socialchef", "section.edited", "effects", 3),
    ];
    assert_eq!(told(&chief, &history(id)).await, folded);
    assert_eq!(told(&chief, &format!("{}?fold=false", history(id))).await.len(), 8);
    let entries = chief.get(&history(id)).await.ok();
    let run = &entries["items"][3];
    let sentence = "socialchef skrev i afsnittet »Borger- og brugereffekter«. Det skete 3 gange i træk.";
    assert_eq!(run["sentence"], sentence);
    assert_eq!((&run["since"], &run["occurred_at"]), (&json!("2014-11-10T08:00:00Z"), &json!("2014-11-10T08:00:20Z")));
}

#[actix_web::test]
async fn a_step_of_the_workflow_ends_a_run_and_is_always_told() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    for key in ["effects", "cross-cutting"] {
        write(&chief, id, key, "Plan").await;
    }
    let agreement = format!("/api/v1/agreements/{id}");
    for _ in 0..2 {
        chief.act(&agreement, "submit", json!({})).await.ok();
        chief.act(&agreement, "recall", json!({})).await.ok();
    }
    let kinds: Vec<String> = told(&chief, &history(id)).await.into_iter().map(|(_, kind, ..)| kind).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "agreement.submitted").count(), 2, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| *kind == "section.edited").count(), 2, "{kinds:?}");
}

#[actix_web::test]
async fn a_folded_history_is_read_page_by_page_and_nothing_is_told_twice() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, other) = (world.as_person("socialchef"), world.as_person("medarbejder"));
    for text in ["a", "ab", "abc"] {
        for key in ["effects", "cross-cutting", "service"] {
            write(&chief, id, key, text).await;
        }
        write(&other, id, "effects", &format!("{text}!")).await;
    }
    for (fold, limit) in [("", 1), ("", 2), ("", 5), ("&fold=false", 1), ("&fold=false", 5)] {
        let whole = chief.get(&format!("{}?limit=200{fold}", history(id))).await.ok()["items"].clone();
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = chief.get(&format!("{}?limit={limit}{fold}{cursor}", history(id))).await.ok();
            let items = page["items"].as_array().expect("entries").clone();
            assert!(items.len() <= limit, "a page of {} for {limit}", items.len());
            found.extend(items);
            // Somebody who goes on writing changes nothing of what is being read.
            write(&chief, id, "effects", &format!("{limit}{fold} {}", found.len())).await;
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(json!(found), whole, "limit {limit}{fold}");
    }
}
