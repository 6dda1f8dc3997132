//! Where something stands in what is sent, found by walking the document.

use std::collections::BTreeSet;

use aftalestyring::app::DocumentedOperation;
use aftalestyring::openapi::{document, operations};
use serde_json::{Value, json};

use super::authorization::filled;
use crate::support::{Client, Response};

/// Every place in a body of the document whose schema is of a sort: its operation, and a pointer with `*` for each
/// item of a list.
pub fn in_bodies(document: &Value, wanted: impl Fn(&Value) -> bool) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for operation in operations(document) {
        let body = &document["paths"][operation.path.as_str()][operation.method.as_str()]["requestBody"]["content"];
        for media_type in body.as_object().into_iter().flat_map(|types| types.values()) {
            collect(document, &media_type["schema"], String::new(), &wanted, &mut |place| {
                found.insert((operation.id.clone(), place));
            });
        }
    }
    found
}

fn collect(
    document: &Value,
    schema: &Value,
    at: String,
    wanted: &impl Fn(&Value) -> bool,
    found: &mut impl FnMut(String),
) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        return collect(document, &document["components"]["schemas"][name], at, wanted, found);
    }
    if wanted(schema) {
        found(at);
        return;
    }
    for either in schema["oneOf"].as_array().into_iter().flatten() {
        collect(document, either, at.clone(), wanted, found);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect(document, property, format!("{at}/{name}"), wanted, found);
    }
    if schema["items"].is_object() {
        collect(document, &schema["items"], format!("{at}/*"), wanted, found);
    }
}

/// A place in the first item of each list on its way.
pub fn in_first(place: &str) -> String {
    place.replace('*', "0")
}

/// A body with a value put at a place, and what is missing on the way there.
pub fn with(mut body: Value, place: &str, value: Value) -> Value {
    let mut at = &mut body;
    for part in place.split('/').skip(1) {
        at = match part {
            "*" => {
                if at.as_array().is_none_or(Vec::is_empty) {
                    *at = json!([null]);
                }
                &mut at[0]
            }
            name => {
                if !at.is_object() {
                    *at = json!({});
                }
                &mut at[name]
            }
        };
    }
    *at = value;
    body
}

/// An operation of the document by its id.
pub fn operation(id: &str) -> DocumentedOperation {
    operations(&document()).into_iter().find(|one| one.id == id).expect("an operation")
}

/// Sends a body to an address where there is nothing: it is read before anything is looked for.
pub async fn sent(client: &Client, operation: &DocumentedOperation, body: Value) -> Response {
    let request = client.request(&operation.method.to_uppercase(), &filled(&operation.path)).if_match("\"1.0\"");
    if operation.method == "patch" { request.merge_patch(body).send().await } else { request.json(body).send().await }
}

/// The code of the fault at a place; none when there is none.
pub fn fault<'a>(answer: &'a Response, pointer: &str) -> Option<&'a str> {
    let faults = answer.body["errors"].as_array().into_iter().flatten();
    faults.filter(|fault| fault["pointer"] == pointer).find_map(|fault| fault["code"].as_str())
}
