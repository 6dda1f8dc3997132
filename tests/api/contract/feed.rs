//! The change feed after everything has happened once: where each event points to, and what a unit is told.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::events::everything_happens;
use crate::support::{Client, Unit, World};

/// The whole change feed, oldest first.
async fn feed(client: &Client, filter: &str) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let page = client.get(&format!("/api/v1/events?limit=200&after={after}{filter}")).await.ok();
        let next = page["next"].as_str().expect("a cursor").to_owned();
        found.extend(page["items"].as_array().expect("items").iter().cloned());
        if next == after {
            return found;
        }
        after = next;
    }
}

/// `href` is there for every kind, and is an address of this API: what it names is there, or is gone.
#[actix_web::test]
async fn every_event_that_is_fed_says_where_to_look() {
    let world = World::new().await;
    everything_happens(&world).await;
    let hr = world.as_hr();
    let readers = [world.as_person("koordinator"), world.as_person("administrator")];
    let mut without = BTreeSet::new();
    for event in feed(&hr, "").await {
        let kind = event["type"].as_str().expect("a type").to_owned();
        let Some(href) = event["data"]["href"].as_str() else {
            without.insert(kind);
            continue;
        };
        let mut codes = Vec::new();
        for reader in &readers {
            let answer = reader.get(href).await;
            codes.push(if answer.status == 200 { "found".to_owned() } else { answer.body["code"].to_string() });
        }
        let gone = kind.ends_with(".deleted.v1") && codes.iter().any(|code| code.contains("not-found"));
        let there = codes.iter().any(|code| code == "found");
        // The feed tells of what was deleted later, too.
        let deleted_later = codes.iter().all(|code| code.contains("not-found"));
        assert!(there || gone || deleted_later, "{kind} points to {href}: {codes:?}");
    }
    assert_eq!(without, BTreeSet::new());
}

/// `under=` gives everything that belongs to an agreement of the unit, deletions included, and nothing of others.
#[actix_web::test]
async fn the_feed_of_a_unit_holds_everything_of_its_agreements() {
    let world = World::new().await;
    let all = everything_happens(&world).await;
    let hr = world.as_hr();
    let social = feed(&hr, &format!("&under={}", world.unit(Unit::Social))).await;
    let school = feed(&hr, &format!("&under={}", world.unit(Unit::School))).await;
    let top = feed(&hr, &format!("&under={}", world.unit(Unit::Directorate))).await;
    let has = |events: &[Value], event: &Value| events.iter().any(|one| one["sequence"] == event["sequence"]);
    let mut left_out = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for event in feed(&hr, "").await.iter().filter(|event| event["data"]["agreement_id"] == json!(all.id("agreements")))
    {
        let kind = event["type"].as_str().expect("a type").to_owned();
        // The partner's unit is told of the commitments that it is asked for.
        assert!(kind.contains(".commitment.") || !has(&school, event), "{kind} of another centre");
        if !has(&social, event) || !has(&top, event) {
            left_out.insert(kind.clone());
        }
        kinds.insert(kind);
    }
    assert_eq!(left_out, BTreeSet::new());
    let wanted = [
        "agreement.submitted",
        "section.approved",
        "agreement.signed",
        "goal.deleted",
        "indicator.deleted",
        "comment.resolved",
        "commitment.withdrawn",
    ];
    for kind in wanted.map(|kind| format!("dk.aftalestyring.{kind}.v1")) {
        assert!(kinds.contains(&kind), "{kind} did not happen: {kinds:?}");
    }
}
