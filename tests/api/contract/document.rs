//! The document itself: every request has bounds, every body an example, and an example is what the server accepts.

use aftalestyring::app::DocumentedOperation;
use aftalestyring::openapi::{document, operations, resolved};
use serde_json::Value;
use std::collections::BTreeMap;

use super::authorization::filled;
use crate::support::{World, written_out};

fn operation<'a>(document: &'a Value, found: &DocumentedOperation) -> &'a Value {
    &document["paths"][found.path.as_str()][found.method.as_str()]
}

/// The example of an operation's request body; none when it has no body.
pub fn example_of(document: &Value, found: &DocumentedOperation) -> Option<Value> {
    let content = operation(document, found)["requestBody"]["content"].as_object()?;
    let example = content.values().next().and_then(|media_type| media_type.get("example").cloned());
    Some(example.unwrap_or_else(|| panic!("{} has no example of its body", found.id)))
}

/// The places in what is sent that have no bound.
fn unbounded(document: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolved(document, schema);
    let types = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    let is = |name: &str| types.iter().any(|one| one == name);
    let has = |name: &str| schema.get(name).is_some();
    let ends = |pattern: &str| pattern.ends_with('$') && !pattern.contains(['*', '+']);
    let own_bound = has("enum")
        || schema["pattern"].as_str().is_some_and(ends)
        || matches!(schema["format"].as_str(), Some("uuid" | "date" | "date-time"));
    if is("string") && !own_bound && !has("maxLength") {
        found.push(format!("{at}: a text without maxLength"));
    }
    if (is("integer") || is("number")) && !(has("minimum") && has("maximum")) {
        found.push(format!("{at}: a number without minimum and maximum"));
    }
    if is("array") && !has("maxItems") {
        found.push(format!("{at}: a list without maxItems"));
    }
    if is("object") && schema["properties"].is_object() && schema["additionalProperties"] != Value::Bool(false) {
        found.push(format!("{at}: an object that takes unknown fields"));
    }
    for part in schema["oneOf"].as_array().into_iter().flatten().chain(schema.get("items")) {
        unbounded(document, part, at, found);
    }
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        unbounded(document, part, &format!("{at}/{name}"), found);
    }
}

#[test]
fn everything_that_is_sent_has_a_bound() {
    let document = written_out();
    let mut found = Vec::new();
    for one in operations(&document) {
        let operation = operation(&document, &one);
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let at = format!("{} {}", one.id, parameter["name"].as_str().unwrap_or_default());
            unbounded(&document, &parameter["schema"], &at, &mut found);
        }
        for media_type in operation["requestBody"]["content"].as_object().into_iter().flat_map(|all| all.values()) {
            unbounded(&document, &media_type["schema"], &one.id, &mut found);
        }
    }
    // The fields of a token request are those of RFC 6749, which has unknown ones ignored.
    found.retain(|place| !place.starts_with("create_token:"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_body_of_a_request_has_an_example() {
    let document = written_out();
    for one in operations(&document) {
        example_of(&document, &one);
    }
}

#[actix_web::test]
async fn what_an_example_shows_can_be_sent_and_a_key_is_honoured_where_it_is_documented() {
    let (world, document) = (World::new().await, written_out());
    let hr = world.as_hr();
    for one in operations(&document) {
        let Some(example) = example_of(&document, &one) else { continue };
        if one.id == "create_token" {
            continue;
        }
        let operation = operation(&document, &one);
        let honoured =
            operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "Idempotency-Key");
        let own = ["administrator", "koordinator", "socialchef"].map(|name| world.as_person(name));
        let mut answers = Vec::new();
        for caller in own.iter().chain([&hr, &world.app.anonymous()]) {
            let request = caller.request(&one.method.to_uppercase(), &filled(&one.path)).if_match("\"1.0\"");
            let request = request.header("idempotency-key", &"x".repeat(256));
            let body = example.clone();
            let request = if one.method == "patch" { request.merge_patch(body) } else { request.json(body) };
            answers.push(request.send().await);
        }
        let shape = answers.iter().find(|answer| answer.body["code"] == "invalid-body");
        let shape = shape.filter(|_| one.id != "change_password");
        assert!(shape.is_none(), "{}: {}", one.id, shape.map(|answer| answer.text.as_str()).unwrap_or_default());
        assert!(answers.iter().all(|answer| answer.status != 400), "{}", one.id);
        let keyed = answers.iter().any(|answer| answer.body["errors"][0]["pointer"] == "Idempotency-Key");
        assert_eq!(keyed, honoured, "{}: {:?}", one.id, answers.iter().map(|answer| &answer.text).collect::<Vec<_>>());
    }
}

#[test]
fn what_may_be_null_may_be_left_out_of_a_request() {
    let document = written_out();
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        let sent = name.starts_with("New") || name.ends_with("Patch");
        for field in schema["required"].as_array().into_iter().flatten().filter(|_| sent) {
            let property = &schema["properties"][field.as_str().expect("a name")];
            let nullable = property.to_string().contains("\"null\"") && property["$ref"].is_null();
            assert!(!nullable, "{name} demands {field}, which may be null");
        }
    }
}

/// Refusals with a meaning of their own: what a log-in or a token request is answered.
const OWN_REFUSALS: [&str; 4] = ["create_session 401", "refresh_session 401", "create_token 400", "create_token 401"];

#[test]
fn what_operations_share_stands_once_and_is_referred_to() {
    let document = document();
    let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut pasted = Vec::new();
    for one in operations(&document) {
        let operation = operation(&document, &one);
        for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|one| one["$ref"].is_null()) {
            parameters.entry(parameter.to_string()).or_default().push(one.id.clone());
        }
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let place = format!("{} {status}", one.id);
            let own = status.starts_with('2') || OWN_REFUSALS.contains(&place.as_str());
            if !own && response["$ref"].is_null() {
                pasted.push(place);
            }
        }
    }
    parameters.retain(|_, users| users.len() > 1);
    assert!(pasted.is_empty(), "{pasted:?} are written out");
    assert!(parameters.is_empty(), "{parameters:?} are written out");
}

#[test]
fn a_refusal_is_documented_only_where_it_can_happen() {
    let document = document();
    let statuses = |path: &str, method: &str| -> Vec<String> {
        let responses = document["paths"][path][method]["responses"].as_object().expect("responses");
        responses.keys().cloned().collect()
    };
    assert_eq!(statuses("/.well-known/jwks.json", "get"), ["200", "429", "500", "503"]);
    assert_eq!(statuses("/api/v1/me", "get"), ["200", "401", "429", "500", "503"]);
    let submit = statuses("/api/v1/agreements/{id}/submit", "post");
    assert!(submit.contains(&"428".to_owned()) && !submit.contains(&"415".to_owned()), "{submit:?}");
}

#[test]
fn everything_says_in_more_than_two_words_what_it_is_and_no_word_is_of_the_house() {
    let document = document();
    let mut short = Vec::new();
    for one in operations(&document) {
        let operation = operation(&document, &one);
        for (part, least) in [("summary", 2), ("description", 3)] {
            if words(&operation[part]) < least {
                short.push(format!("{} {part}", one.id));
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if words(&resolved(&document, parameter)["description"]) < 2 {
                short.push(format!("{} {}", one.id, parameter["name"]));
            }
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        if words(&schema["description"]) < 3 {
            short.push(name.clone());
        }
        for (property, shape) in schema["properties"].as_object().into_iter().flatten() {
            let told = [&shape["description"], &resolved(&document, shape)["description"]];
            if told.into_iter().all(|text| words(text) < 3) {
                short.push(format!("{name}.{property}"));
            }
        }
    }
    assert!(short.is_empty(), "{}", short.join("\n"));
    let text = document.to_string();
    for word in ["domain rule", "Not read."] {
        assert!(!text.contains(word), "the document says {word:?}");
    }
}

fn words(text: &Value) -> usize {
    text.as_str().unwrap_or_default().split_whitespace().count()
}

#[test]
fn a_free_map_says_so_and_an_answer_leaves_nothing_out() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let text = document["components"]["schemas"].to_string();
    assert!(!text.contains("\"default\""), "a default makes a generated client take a field for one that is there");
    let content = resolved(&document, &schemas["Section"]["properties"]["content"]);
    assert_eq!(content["additionalProperties"], true, "{content}");
    let fields = |name: &str| schemas[name]["properties"].as_object().expect("fields").len();
    for name in ["SectionDefinition", "DraftGoal", "DraftSection", "Demands", "Field", "Deadlines"] {
        let required = schemas[name]["required"].as_array().map_or(0, Vec::len);
        assert_eq!(required, fields(name), "{name}");
        let demanded = schemas[&format!("{name}Input")]["required"].as_array().map_or(0, Vec::len);
        assert!(demanded < fields(name), "{name}Input demands everything");
    }
}
