//! What every operation has in common, walked over the OpenAPI document.

use aftalestyring::auth::table::is_anonymous;
use aftalestyring::openapi::operations;
use serde_json::Value;

use super::authorization::filled;
use crate::support::{World, written_out};

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
            let broken = coordinator.request(&method, &path).if_match("\"1.0\"").raw(media, "{").send().await;
            assert_eq!(broken.status, 400, "{}: {}", found.id, broken.text);
        }
    }
}
