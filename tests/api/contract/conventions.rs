//! What every operation has in common, walked over the OpenAPI document.

use super::authorization::filled;
use crate::support::{Unit, World, written_out};
use aftalestyring::access::table::is_anonymous;
use aftalestyring::openapi::operations;
use serde_json::{Value, json};

fn operation<'a>(document: &'a Value, path: &str, method: &str) -> &'a Value {
    &document["paths"][path][method]
}

#[test]
fn every_operation_says_what_it_does_and_how_it_is_answered() {
    let document = written_out();
    for found in operations(&document) {
        let operation = operation(&document, &found.path, &found.method);
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{} has no summary", found.id);
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{} has not one tag", found.id);
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{} never succeeds", found.id);
        for (status, response) in responses {
            let body = &response["content"];
            assert!(matches!(status.as_str(), "204" | "304") || body.is_object(), "{} {status} has no body", found.id);
        }
        assert!(found.id.contains('_') && found.id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", found.id);
    }
}

#[actix_web::test]
async fn what_is_not_documented_is_refused_everywhere() {
    let world = World::new().await;
    let (coordinator, document) = (world.as_person("koordinator"), written_out());
    for found in operations(&document).into_iter().filter(|found| !is_anonymous(&found.id)) {
        let (method, path) = (found.method.to_uppercase(), filled(&found.path));
        let unknown = coordinator.request(&method, &format!("{path}?colour=red")).if_match("\"1.0\"").send().await;
        assert_eq!(unknown.body["errors"][0]["pointer"], "?colour", "{}: {}", found.id, unknown.text);
        let documented = operation(&document, &found.path, &found.method);
        let demands = documented["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|one| one["name"] == "If-Match" && one["required"] == true);
        if demands {
            let bare = coordinator.request(&method, &path).raw("text/plain", "x").send().await;
            assert_eq!(bare.body["code"], "precondition-required", "{}: {}", found.id, bare.text);
        }
        if documented["requestBody"].is_object() {
            let wrong = coordinator.request(&method, &path).if_match("\"1.0\"").raw("text/plain", "x").send().await;
            assert_eq!(wrong.status, 415, "{}: {}", found.id, wrong.text);
            let media = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            for coding in ["gzip", "br", "identity, gzip", "x-ours"] {
                let coded = coordinator.request(&method, &path).if_match("\"1.0\"").header("content-encoding", coding);
                let coded = coded.raw(media, vec![0x1f, 0x8b, 8]).send().await;
                assert_eq!(coded.header("accept-encoding"), "identity", "{} {coding}: {}", found.id, coded.text);
                coded.refused(415, "unsupported-content-coding");
            }
            let plain = coordinator.request(&method, &path).if_match("\"1.0\"").header("content-encoding", "Identity");
            assert_eq!(plain.raw(media, "{").send().await.status, 400, "{}", found.id);
            let broken = coordinator.request(&method, &path).if_match("\"1.0\"").raw(media, "{").send().await;
            assert_eq!(broken.status, 400, "{}: {}", found.id, broken.text);
            let array = coordinator.request(&method, &path).if_match("\"1.0\"").raw(media, "[]").send().await;
            let fault = (&array.body["errors"][0]["pointer"], &array.body["errors"][0]["code"]);
            assert_eq!(
                (array.status, fault),
                (422, (&json!(""), &json!("wrong-type"))),
                "{}: {}",
                found.id,
                array.text
            );
        }
    }
}

#[actix_web::test]
async fn everything_that_is_wrong_with_a_body_is_told_at_once_with_what_would_do() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef").in_english();
    let goal = json!({
        "section_key": 7, "title": "", "colour": "red", "theme_id": "mine", "indicators": [
            {"name": "Andel", "baseline": 0.1234567, "target": "58,5", "direction": "sideways"}, {"unit": 5}
        ]
    });
    let problem = chief.post(&format!("/api/v1/agreements/{id}/goals"), goal).await.refused(422, "invalid-body");
    let told = |fault: &Value| {
        let text = |name: &str| fault[name].as_str().expect("a text").to_owned();
        (text("pointer"), text("code"), text("message"))
    };
    let faults: Vec<_> = problem["errors"].as_array().expect("faults").iter().map(told).collect();
    let wanted = [
        ("/colour", "unknown-field", "colour"),
        ("/indicators/0/baseline", "invalid-value", "a number such as 58.5, with at most 6 decimals and 15 digits"),
        ("/indicators/0/direction", "unknown-value", "up, down"),
        ("/indicators/0/target", "wrong-type", "a number such as 58.5"),
        ("/indicators/1/name", "required", "must be filled in"),
        ("/indicators/1/unit", "wrong-type", "a text"),
        ("/section_key", "wrong-type", "a text"),
        ("/theme_id", "invalid-value", "an id (UUID)"),
        ("/title", "length", "between 1 and 500"),
    ];
    assert_eq!(faults.len(), wanted.len(), "{faults:#?}");
    for ((pointer, code, message), (place, wanted, words)) in faults.iter().zip(wanted) {
        assert_eq!((pointer.as_str(), code.as_str()), (place, wanted), "{faults:#?}");
        assert!(message.contains(words), "{message}");
    }
}

#[actix_web::test]
async fn everything_that_is_wrong_with_a_query_is_told_at_once_with_what_would_do() {
    let world = World::new().await;
    let query = "year=abc&state=foo&holder=you&late=perhaps&under=here&q=";
    let reader = world.as_person("læser").in_english();
    let problem = reader.get(&format!("/api/v1/agreements?{query}")).await.refused(422, "invalid-parameter");
    let faults = problem["errors"].as_array().expect("faults");
    for (pointer, words) in [
        ("?year", "a whole number"),
        ("?state", "draft"),
        ("?holder", "or me"),
        ("?late", "true or false"),
        ("?under", "an id (UUID)"),
        ("?q", "between 1 and"),
    ] {
        let fault = faults.iter().find(|fault| fault["pointer"] == pointer);
        let message = fault.and_then(|fault| fault["message"].as_str()).unwrap_or_default();
        assert!(message.contains(words), "{pointer}: {faults:#?}");
    }
    let problem = reader.get("/api/v1/appointments?valid_at=tomorrow").await.refused(422, "invalid-parameter");
    let message = problem["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains("A date is written as 2015-12-31"), "{message}");
    let problem = reader.get("/api/v1/agreements?include=all").await.refused(422, "invalid-parameter");
    assert!(problem["errors"][0]["message"].as_str().expect("a message").contains("total, actions"), "{problem}");
}
