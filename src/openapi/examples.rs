//! Examples of whole bodies, put together from the examples of their parts, so that the two never disagree.

use serde_json::{Map, Value, json};

use super::{METHODS, SUCCESSES};
use crate::error::Code;
use crate::text::{Lang, say_generally};

/// A refusal with a status, as it reads.
pub(super) fn problem(status: &str) -> Value {
    let Some(code) = Code::ALL.iter().find(|code| code.status().to_string() == status) else { return Value::Null };
    let (name, key) = (code.as_str(), format!("problem-{}", code.as_str()));
    json!({
        "type": format!("/problems/{name}"), "title": say_generally(Lang::Da, &key), "status": code.status(),
        "detail": say_generally(Lang::Da, &format!("{key}.detail")), "code": name, "errors": [],
        "request_id": "01931f2e-7c00-7000-8000-000000000001"
    })
}

/// The codes there are, by their statuses: for the description of a refusal's code.
pub(super) fn codes() -> String {
    let mut told = String::from("Stable, for programs; `/problems` tells of each.");
    let mut status = 0;
    for code in Code::ALL {
        let begins = code.status() != status;
        status = code.status();
        told += &if begins { format!("\n\n{status}: `{}`", code.as_str()) } else { format!(", `{}`", code.as_str()) };
    }
    told
}

/// Gives every request body, and every body of a success, an example of its own or one that it shares.
pub(super) fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let mut shared = Map::new();
    for item in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        for operation in item.as_object_mut().into_iter().flatten().filter(|(name, _)| METHODS.contains(&name.as_str()))
        {
            for body in bodies(operation.1) {
                describe(body, &schemas, &mut shared);
            }
        }
    }
    document["components"]["examples"] = Value::Object(shared);
}

fn bodies(operation: &mut Value) -> Vec<&mut Value> {
    let mut found = Vec::new();
    let Some(operation) = operation.as_object_mut() else { return found };
    for (name, part) in operation.iter_mut() {
        match name.as_str() {
            "requestBody" => found.extend(media_types(part)),
            "responses" => {
                let responses = part.as_object_mut().into_iter().flatten();
                let successes = responses.filter(|(status, _)| SUCCESSES.contains(&status.as_str()));
                found.extend(successes.flat_map(|(_, response)| media_types(response)));
            }
            _ => {}
        }
    }
    found
}

fn media_types(body: &mut Value) -> impl Iterator<Item = &mut Value> {
    body.get_mut("content").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
}

/// A body of a named shape refers to the example of that shape; a transition's answer may be one of two.
fn describe(body: &mut Value, schemas: &Value, shared: &mut Map<String, Value>) {
    let schema = body["schema"].clone();
    let names: Vec<&str> = match schema["oneOf"].as_array() {
        Some(either) => either.iter().filter_map(name_of).collect(),
        None => name_of(&schema).into_iter().collect(),
    };
    if names.is_empty() {
        body["example"] = example(&schema, schemas);
    }
    for name in names {
        shared.entry(name).or_insert_with(|| json!({ "value": example(&schemas[name], schemas) }));
        body["examples"][name] = json!({ "$ref": format!("#/components/examples/{name}") });
    }
}

fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// What a schema's own example says; else what its parts' do.
fn example(schema: &Value, schemas: &Value) -> Value {
    if let Some(example) = schema.get("example").or_else(|| schema.get("const")) {
        return example.clone();
    }
    if let Some(name) = name_of(schema) {
        return example(&schemas[name], schemas);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    if let Some(either) = schema["oneOf"].as_array() {
        let some = either.iter().find(|one| one["type"] != "null");
        return some.map_or(Value::Null, |one| example(one, schemas));
    }
    match type_of(schema) {
        "string" => match schema["format"].as_str() {
            Some("uuid") => json!("01931f2e-7c00-7000-8000-000000000001"),
            Some("date") => json!("2015-12-31"),
            Some("date-time") => json!("2014-11-10T08:00:00Z"),
            _ => json!("…"),
        },
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(false),
        "array" => json!([example(&schema["items"], schemas)]),
        "object" => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            properties.map(|(name, schema)| (name.clone(), example(schema, schemas))).collect()
        }
        _ => Value::Null,
    }
}

/// The type of a value that is there.
fn type_of(schema: &Value) -> &str {
    let either = schema["type"].as_array().into_iter().flatten();
    let some = either.filter_map(Value::as_str).find(|name| *name != "null");
    some.or(schema["type"].as_str()).unwrap_or_default()
}
