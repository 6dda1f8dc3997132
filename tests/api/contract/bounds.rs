//! The bounds that the document names are those that the server keeps: the last value inside is taken, the first one
//! outside is refused at its place.

use aftalestyring::access::table::is_anonymous;
use aftalestyring::app::DocumentedOperation;
use aftalestyring::openapi::{document, operations};
use aftalestyring::types::MAX_KEY;
use serde_json::{Map, Value, json};

use super::authorization::filled;
use crate::support::{Client, Response, World};

/// What a value that is too long, too short, too large or too small is told.
const OF_BOUNDS: [&str; 5] = ["length", "too-long", "too-short", "out-of-range", "not-a-limit"];

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return resolved(document, &document["components"]["schemas"][name]);
    }
    let either = schema["oneOf"].as_array().into_iter().flatten();
    match either.into_iter().find(|one| one["type"] != "null") {
        Some(one) => resolved(document, one),
        None => schema,
    }
}

fn is(schema: &Value, name: &str) -> bool {
    schema["type"] == name || schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == name))
}

/// A text of a length, of letters that its pattern or format takes.
fn text(schema: &Value, length: usize) -> String {
    if schema["format"] == "email" && length > 9 {
        // No name of a host has a part of more than 63 letters.
        let name = length - 9;
        let (local, host) = (name.min(60), name.saturating_sub(60));
        let parts: Vec<u8> = (0..host).map(|at| if at % 50 == 1 { b'.' } else { b'a' }).collect();
        let host = String::from_utf8(parts).expect("letters");
        return format!("{}@{host}a.aa.aaa", "a".repeat(local));
    }
    let digits = schema["pattern"].as_str().is_some_and(|pattern| pattern.starts_with("^[0-9]"));
    if digits { "1" } else { "a" }.repeat(length)
}

/// A small value of a schema.
fn sample(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    match schema["format"].as_str() {
        Some("uuid") => return json!("01931f2e-7c00-7000-8000-000000000001"),
        Some("date") => return json!("2014-11-10"),
        Some("date-time") => return json!("2014-11-10T08:00:00Z"),
        Some("email") => return json!("nogen@lilleby.example"),
        _ => {}
    }
    let least = |name: &str| schema[name].as_u64().unwrap_or(1).max(1);
    if is(schema, "string") {
        return json!(text(schema, usize::try_from(least("minLength")).expect("a length")));
    }
    if is(schema, "array") {
        let items = schema["minItems"].as_u64().unwrap_or_default();
        return (0..items).map(|_| sample(document, &schema["items"])).collect();
    }
    if is(schema, "integer") || is(schema, "number") {
        return json!(least("minimum"));
    }
    if is(schema, "boolean") { json!(false) } else { whole(document, schema, &[], Value::Null) }
}

/// An object with what it must have, and a value at a place.
fn whole(document: &Value, schema: &Value, place: &[String], value: Value) -> Value {
    let schema = resolved(document, schema);
    let Some((first, rest)) = place.split_first() else {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let fields = required.map(|name| (name.to_owned(), sample(document, &schema["properties"][name])));
        return Value::Object(fields.collect::<Map<String, Value>>());
    };
    let inside =
        |schema: &Value| if rest.is_empty() { value.clone() } else { whole(document, schema, rest, value.clone()) };
    if first == "0" {
        return json!([inside(&schema["items"])]);
    }
    let mut object = whole(document, schema, &[], Value::Null);
    object[first] = inside(&schema["properties"][first]);
    object
}

/// A place with a bound: the values that are just inside, and those that are just outside.
struct Bound {
    place: Vec<String>,
    inside: Vec<Value>,
    outside: Vec<Value>,
}

fn bounds_of(document: &Value, schema: &Value, place: &[String], found: &mut Vec<Bound>) {
    let schema = resolved(document, schema);
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    // Decimal numbers have whole bounds, too.
    let limit = |name: &str| schema[name].as_f64().map(|limit| limit as i64);
    let list = |length: i64| (0..length).map(|_| sample(document, &schema["items"])).collect::<Value>();
    let of_length = |length: i64| json!(text(schema, usize::try_from(length).expect("a length")));
    let number = |number: i64| json!(number);
    let is_number = is(schema, "integer") || is(schema, "number");
    let (names, value): ([&str; 2], &dyn Fn(i64) -> Value) = match () {
        () if is(schema, "string") && schema["enum"].is_null() => (["minLength", "maxLength"], &of_length),
        () if is(schema, "array") => (["minItems", "maxItems"], &list),
        () => (["minimum", "maximum"], &number),
    };
    let [from, to] = names.map(limit);
    for (limit, next) in [(from, from.map(|from| from - 1)), (to, to.map(|to| to + 1))] {
        inside.extend(limit.map(value));
        outside.extend(next.filter(|next| is_number || *next >= 0).map(value));
    }
    if !place.is_empty() {
        found.push(Bound { place: place.to_vec(), inside, outside });
    }
    let below = |name: &str| [place, &[name.to_owned()]].concat();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        bounds_of(document, property, &below(name), found);
    }
    if schema["items"].is_object() {
        bounds_of(document, &schema["items"], &below("0"), found);
    }
}

async fn send(client: &Client, operation: &DocumentedOperation, body: Value) -> Response {
    let request = client.request(&operation.method.to_uppercase(), &filled(&operation.path)).if_match("\"1.0\"");
    if operation.method == "patch" { request.merge_patch(body).send().await } else { request.json(body).send().await }
}

fn codes_at<'a>(answer: &'a Response, pointer: &str) -> Vec<&'a str> {
    let faults = answer.body["errors"].as_array().into_iter().flatten();
    faults.filter(|fault| fault["pointer"] == pointer).filter_map(|fault| fault["code"].as_str()).collect()
}

/// The operations with a body that somebody known sends, and its schema.
fn bodies(document: &Value) -> Vec<(DocumentedOperation, &Value)> {
    let known = operations(document).into_iter().filter(|operation| !is_anonymous(&operation.id));
    let with_schema = known.filter_map(|operation| {
        let content = &document["paths"][operation.path.as_str()][operation.method.as_str()]["requestBody"]["content"];
        let schema = &content.as_object()?.values().next()?["schema"];
        Some((operation, schema))
    });
    with_schema.collect()
}

#[actix_web::test]
async fn every_bound_of_a_body_is_kept_as_it_is_documented() {
    let world = World::new().await;
    let (reader, document, mut wrong) = (world.as_person("læser"), document(), Vec::new());
    for (operation, schema) in bodies(&document) {
        let mut bounds = Vec::new();
        bounds_of(&document, schema, &[], &mut bounds);
        for Bound { place, inside, outside } in bounds {
            let pointer = format!("/{}", place.join("/"));
            for value in inside {
                let answer = send(&reader, &operation, whole(&document, schema, &place, value)).await;
                if codes_at(&answer, &pointer).iter().any(|code| OF_BOUNDS.contains(code)) {
                    wrong.push(format!("{} {pointer} inside: {}", operation.id, answer.text));
                }
            }
            for value in outside {
                let answer = send(&reader, &operation, whole(&document, schema, &place, value)).await;
                if codes_at(&answer, &pointer).is_empty() {
                    wrong.push(format!("{} {pointer} outside: {} {}", operation.id, answer.status, answer.text));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A title of blanks would be approved, signed and never found again.
#[actix_web::test]
async fn a_title_a_name_and_a_reason_are_more_than_blanks() {
    const SAYING: [&str; 4] = ["title", "name", "external_name", "reason"];
    let world = World::new().await;
    let (reader, document, mut asked) = (world.as_person("læser"), document(), 0);
    for (operation, schema) in bodies(&document) {
        let mut bounds = Vec::new();
        bounds_of(&document, schema, &[], &mut bounds);
        let says = |bound: &Bound| bound.place.last().is_some_and(|name| SAYING.contains(&name.as_str()));
        for Bound { place, .. } in bounds.into_iter().filter(|one| says(one) && one.outside.contains(&json!(""))) {
            let answer = send(&reader, &operation, whole(&document, schema, &place, json!("   "))).await;
            let codes = codes_at(&answer, &format!("/{}", place.join("/"))).contains(&"blank");
            assert!(codes, "{} {place:?}: {}", operation.id, answer.text);
            asked += 1;
        }
    }
    assert!(asked > 20, "{asked}");
}

#[actix_web::test]
async fn every_bound_of_a_parameter_is_kept_as_it_is_documented() {
    let world = World::new().await;
    let (reader, document, mut wrong) = (world.as_person("læser"), document(), Vec::new());
    for operation in operations(&document).into_iter().filter(|operation| !is_anonymous(&operation.id)) {
        let parameters = &document["paths"][operation.path.as_str()][operation.method.as_str()]["parameters"];
        let queries = parameters.as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query");
        for parameter in queries {
            let name = parameter["name"].as_str().expect("a name");
            let mut bounds = Vec::new();
            bounds_of(&document, &parameter["schema"], &[name.to_owned()], &mut bounds);
            for value in bounds.into_iter().flat_map(|bound| bound.outside) {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let answer = reader.get(&format!("{}?{name}={value}", filled(&operation.path))).await;
                if operation.method == "get" && codes_at(&answer, &format!("?{name}")).is_empty() {
                    wrong.push(format!("{} ?{name}={value}: {}", operation.id, answer.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The keys that people choose, in bodies and in addresses, are of one length.
#[test]
fn every_key_has_the_length_of_its_type() {
    fn keys(schema: &Value, name: &str, found: &mut Vec<Value>) {
        if ["key", "section_key", "heading_key", "theme_key"].contains(&name) {
            found.extend(Some(schema["maxLength"].clone()).filter(|length| !length.is_null()));
        }
        for (name, part) in schema.as_object().into_iter().flatten() {
            keys(part, name, found);
        }
        for part in schema.as_array().into_iter().flatten() {
            let name = part["name"].as_str().unwrap_or_default();
            keys(if part["in"] == "path" { &part["schema"] } else { part }, name, found);
        }
    }
    let mut found = Vec::new();
    keys(&document(), "", &mut found);
    assert!(found.len() > 10, "{found:?}");
    assert!(found.iter().all(|length| length == MAX_KEY), "{found:?}");
}
