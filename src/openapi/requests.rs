//! What a request may leave out: whatever may be null. Shapes that are sent and answered alike would say otherwise,
//! since an answer leaves nothing out.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::METHODS;

/// Demands of requests only what the server demands.
pub(super) fn relax(document: &mut Value) {
    let mut sent = BTreeSet::new();
    for item in document["paths"].as_object().into_iter().flat_map(Map::values) {
        for method in METHODS {
            refer(&item[method]["requestBody"], &document["components"]["schemas"], &mut sent);
        }
    }
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| sent.contains(*name)) {
        let properties = schema["properties"].clone();
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| !name.as_str().is_some_and(|name| is_nullable(&properties[name])));
        }
    }
}

/// The named shapes that a value refers to, and those that they refer to.
fn refer(value: &Value, schemas: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = value["$ref"].as_str().and_then(|place| place.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| found.insert((*name).to_owned())) {
                refer(&schemas[name], schemas, found);
            }
            fields.values().for_each(|inner| refer(inner, schemas, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| refer(inner, schemas, found)),
        _ => {}
    }
}

fn is_nullable(schema: &Value) -> bool {
    let is_null = |schema: &Value| schema["type"] == "null";
    let among =
        |name: &str| schema[name].as_array().is_some_and(|some| some.iter().any(|one| one == "null" || is_null(one)));
    among("type") || among("oneOf") || among("anyOf")
}
