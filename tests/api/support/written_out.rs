//! The document with every parameter, answer and header in its place, and schemas as they are referred to.

use aftalestyring::openapi::{document, resolved};
use serde_json::Value;

/// What a client that follows every reference reads.
pub fn written_out() -> Value {
    let document = document();
    let mut out = document.clone();
    let operations = out["paths"].as_object_mut().expect("paths").values_mut().flat_map(Value::as_object_mut);
    for operation in operations.flat_map(|item| item.values_mut()).filter(|one| one["operationId"].is_string()) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            *parameter = resolved(&document, parameter).clone();
        }
        for response in operation["responses"].as_object_mut().expect("responses").values_mut() {
            *response = resolved(&document, response).clone();
            for header in
                response.get_mut("headers").and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut())
            {
                *header = resolved(&document, header).clone();
            }
        }
    }
    out
}

/// Where a value is not what a schema says: a field that is missing or unknown, or a value outside a list.
pub fn misfits(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolved(document, schema);
    if let Some(either) = schema["oneOf"].as_array() {
        if !either.iter().any(|one| misfits(document, one, value).is_empty()) {
            let some = either.iter().find(|one| one["type"] != "null").unwrap_or(schema);
            check(document, some, value, at, found);
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    let fits = |one: &Value| one == kind || one.is_null() || (one == "number" && kind == "integer");
    if !types.iter().any(fits) {
        found.push(format!("{at}: {kind} where {types:?} is documented"));
    }
    if let Some(known) = schema["enum"].as_array()
        && !known.contains(value)
    {
        found.push(format!("{at}: {value} is not in the list"));
    }
    for item in value.as_array().into_iter().flatten() {
        check(document, &schema["items"], item, &format!("{at}/*"), found);
    }
    let Some(fields) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            found.push(format!("{at}/{name} is missing"));
        }
    }
    for (name, value) in fields {
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(property), _) => check(document, property, value, &format!("{at}/{name}"), found),
            (None, Value::Object(_) | Value::Bool(true)) => {}
            (None, _) => found.push(format!("{at}/{name} is not documented")),
        }
    }
}
