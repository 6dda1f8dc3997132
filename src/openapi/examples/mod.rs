//! Examples: what is sent is written by hand and can be sent to the demonstration ([`story`]); what is answered is
//! put together from the examples of its parts, so that the two never disagree.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::example::Example;
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Schema};

use super::walk;

mod requests;
mod story;

pub(super) use story::of_path;

/// The answers of a success that have a body.
const SUCCESSES: [&str; 2] = ["200", "201"];

/// Gives every request body an example of its own, and every answer of a success one that it shares.
pub(super) fn add(api: &mut OpenApi) {
    let schemas = schemas(api);
    let mut shared = BTreeMap::new();
    for (_, _, operation) in walk::operations(api) {
        let id = operation.operation_id.clone().unwrap_or_default();
        for body in walk::sent(operation) {
            body.example = requests::of(&id);
        }
        for (_, answer) in walk::answered(operation).filter(|(status, _)| SUCCESSES.contains(status)) {
            describe(answer, &schemas, &mut shared);
        }
    }
    let components = api.components.get_or_insert_default();
    components.examples = shared;
    if let Some(RefOr::T(Schema::Object(id))) = components.schemas.get_mut("Id") {
        // The documentation page would fill every filter in with it.
        id.example = None;
    }
}

/// The schemas as values, to be read.
fn schemas(api: &OpenApi) -> Value {
    let components = api.components.as_ref().map(|components| &components.schemas);
    components.and_then(|schemas| serde_json::to_value(schemas).ok()).unwrap_or_default()
}

/// A body of a named shape refers to the example of that shape.
fn describe(body: &mut Content, schemas: &Value, shared: &mut BTreeMap<String, RefOr<Example>>) {
    match &body.schema {
        Some(RefOr::Ref(reference)) => {
            let Some(name) = walk::name_of(reference) else { return };
            shared.entry(name.to_owned()).or_insert_with(|| {
                let mut example = Example::new();
                example.value = schemas.get(name).map(|schema| of_named(name, schema, schemas));
                RefOr::T(example)
            });
            let reference = Ref::new(format!("#/components/examples/{name}"));
            body.examples.insert(name.to_owned(), RefOr::Ref(reference));
        }
        Some(schema) => body.example = serde_json::to_value(schema).ok().map(|schema| of_schema(&schema, schemas)),
        None => {}
    }
}

/// What a schema's own example says; else what its parts' do.
fn of_schema(schema: &Value, schemas: &Value) -> Value {
    let first = schema.get("examples").and_then(|examples| examples.get(0));
    if let Some(example) = schema.get("example").or(first).or_else(|| schema.get("const")) {
        return example.clone();
    }
    if let Some((name, schema)) = name_of(schema).and_then(|name| Some((name, schemas.get(name)?))) {
        return of_named(name, schema, schemas);
    }
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    if let Some(either) = schema.get("oneOf").and_then(Value::as_array) {
        let some = either.iter().find(|one| one.get("type") != Some(&json!("null")));
        return some.map_or(Value::Null, |one| of_schema(one, schemas));
    }
    match type_of(schema) {
        "string" => match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => json!(story::SOMETHING),
            Some("date") => json!("2015-12-31"),
            Some("date-time") => json!("2014-11-10T08:00:00Z"),
            _ => json!("…"),
        },
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(false),
        "array" => json!([schema.get("items").map(|items| of_schema(items, schemas))]),
        "object" => of_object("", schema, schemas),
        _ => Value::Null,
    }
}

/// A named shape: an object, whose ids are those of the demonstration, or something simple.
fn of_named(name: &str, schema: &Value, schemas: &Value) -> Value {
    if let Some(value) = story::of_shape(name) {
        return value;
    }
    if schema.get("example").is_none() && schema.get("examples").is_none() && type_of(schema) == "object" {
        return of_object(name, schema, schemas);
    }
    of_schema(schema, schemas)
}

fn of_object(owner: &str, schema: &Value, schemas: &Value) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let told = properties.map(|(name, schema)| {
        let known = if is_id(schema) { story::of_property(owner, name) } else { None };
        (name.clone(), known.unwrap_or_else(|| of_schema(schema, schemas)))
    });
    Value::Object(told.collect())
}

/// Whether a value is an id, or nothing.
fn is_id(schema: &Value) -> bool {
    let either = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    std::iter::once(schema).chain(either).any(|one| name_of(one) == Some("Id"))
}

fn name_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// The type of a value that is there.
fn type_of(schema: &Value) -> &str {
    let Some(kind) = schema.get("type") else { return "" };
    let either = kind.as_array().into_iter().flatten();
    let some = either.filter_map(Value::as_str).find(|name| *name != "null");
    some.or(kind.as_str()).unwrap_or_default()
}
