//! The shapes: named as a person would name them, apart for what is sent and what is answered, open where they are
//! free, and closed where there is a list of values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, OneOfBuilder, OpenApi, Ref, RefOr, Schema};

use super::{values, walk};

/// All of it, in order.
pub(super) fn finish(api: &mut OpenApi) {
    name_pages(api);
    join_flattened(api);
    name_maps(api);
    each(api, &mut |schema| {
        open(schema);
        lift_description(schema);
    });
    close(api);
    part(api);
    each(api, &mut |schema| {
        if let RefOr::T(Schema::Object(object)) = schema {
            object.description.take_if(|said| said.is_empty());
        }
    });
}

/// A shape with the fields of another one and some of its own is one object, as it is sent: the generator writes that it
/// fits both. What nobody refers to then is a part and no shape.
fn join_flattened(api: &mut OpenApi) {
    let mut joined_in = BTreeSet::new();
    let schemas = &mut api.components.get_or_insert_default().schemas;
    let parts = schemas.clone();
    for schema in schemas.values_mut() {
        let RefOr::T(Schema::AllOf(all)) = schema else { continue };
        let mut joined = Object::with_type(Type::Object);
        joined.description = all.description.take();
        for part in &all.items {
            let part = match part {
                RefOr::Ref(reference) => {
                    joined_in.extend(walk::name_of(reference).map(str::to_owned));
                    walk::name_of(reference).and_then(|name| parts.get(name))
                }
                written_out @ RefOr::T(_) => Some(written_out),
            };
            if let Some(RefOr::T(Schema::Object(object))) = part {
                joined.properties.extend(object.properties.clone());
                joined.required.extend(object.required.clone());
            }
        }
        *schema = joined.into();
    }
    let (sent, answered) = directions(api);
    let schemas = &mut api.components.get_or_insert_default().schemas;
    schemas.retain(|name, _| !joined_in.contains(name) || sent.contains(name) || answered.contains(name));
}

/// Every schema of the components.
fn each(api: &mut OpenApi, change: &mut dyn FnMut(&mut RefOr<Schema>)) {
    let components = api.components.get_or_insert_default();
    components.schemas.values_mut().for_each(|schema| walk::schemas(schema, change));
}

/// Lets all that refers to a name refer to another one.
fn rename(api: &mut OpenApi, renamed: &dyn Fn(&str) -> Option<String>) {
    each(api, &mut |schema| walk::rename(schema, renamed));
    for (_, _, operation) in walk::operations(api) {
        walk::sent(operation)
            .filter_map(|(_, content)| content.schema.as_mut())
            .for_each(|one| walk::rename(one, renamed));
        let answers = walk::answered(operation).filter_map(|content| content.schema.as_mut());
        answers.for_each(|one| walk::rename(one, renamed));
    }
}

/// The generator writes a page's items out and names it `Page_Item`: a page refers to its items, and is named after
/// them.
fn name_pages(api: &mut OpenApi) {
    let schemas = &mut api.components.get_or_insert_default().schemas;
    let pages: Vec<String> = schemas.keys().filter(|name| name.starts_with("Page_")).cloned().collect();
    for page in pages {
        let Some(RefOr::T(Schema::Object(mut schema))) = schemas.remove(&page) else { continue };
        let item = page.trim_start_matches("Page_");
        if let Some(RefOr::T(Schema::Array(items))) = schema.properties.get_mut("items") {
            let reference = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(item))));
            if let ArrayItems::RefOrSchema(written_out) = std::mem::replace(&mut items.items, reference) {
                schemas.entry(item.to_owned()).or_insert(*written_out);
            }
            items.max_items = Some(200);
        }
        schemas.insert(format!("{item}Page"), schema.into());
    }
    rename(api, &|name| name.strip_prefix("Page_").map(|item| format!("{item}Page")));
}

/// Free maps that stand in several shapes, by the field that holds them: what they are called, what they are, and one
/// of them.
const MAPS: [(&str, &str, &str, [&str; 2]); 4] = [
    (
        "content",
        "FieldValues",
        "The values of a section's fields, by the keys of the fields.",
        ["plan", "Vi følger hvert kvartal, om borgerne klarer mere selv efter et forløb hos os."],
    ),
    ("detail", "EventDetail", "Ids and codes that tell more of an event, by their names.", ["revision", "1"]),
    ("extensions", "Extensions", "Whatever a source wants kept of its own, given back as it came.", ["team", "A7"]),
    ("external_keys", "ExternalKeys", "The keys of a unit in other systems, by the system.", ["kle", "27.00.00"]),
];

/// Gives free maps a name, so that generated clients need none of their own.
fn name_maps(api: &mut OpenApi) {
    let schemas = &mut api.components.get_or_insert_default().schemas;
    for schema in schemas.values_mut() {
        let RefOr::T(Schema::Object(owner)) = schema else { continue };
        for (property, name, ..) in MAPS {
            if let Some(place) = owner.properties.get_mut(property)
                && let RefOr::T(Schema::Object(map)) = place
                && is(map, &Type::Object)
                && map.properties.is_empty()
            {
                let mut reference = Ref::from_schema_name(name);
                let description = map.description.take().unwrap_or_default();
                *place = if is(map, &Type::Null) {
                    let null = ObjectBuilder::new().schema_type(Type::Null);
                    OneOfBuilder::new().description(Some(description)).item(reference).item(null).into()
                } else {
                    reference.description = description;
                    RefOr::Ref(reference)
                };
            }
        }
    }
    for (_, name, description, [key, value]) in MAPS {
        let map = ObjectBuilder::new()
            .description(Some(description))
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .examples([json!({ key: value })]);
        schemas.insert(name.to_owned(), map.into());
    }
}

/// An object whose fields are not named takes any: without a word on it, a generated client takes none.
fn open(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && is(object, &Type::Object)
        && object.properties.is_empty()
        && object.additional_properties.is_none()
    {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(true)));
    }
}

/// The generator writes what a field means beside the shape that it may have, where no reader of the field looks.
fn lift_description(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(either)) = schema else { return };
    for one in &mut either.items {
        if let RefOr::Ref(reference) = one
            && either.description.is_none()
            && !reference.description.is_empty()
        {
            either.description = Some(std::mem::take(&mut reference.description));
        }
    }
}

/// Whether a value that is there is of a type.
fn is(object: &Object, kind: &Type) -> bool {
    match &object.schema_type {
        SchemaType::Type(one) => one == kind,
        SchemaType::Array(all) => all.contains(kind),
        SchemaType::AnyValue => false,
    }
}

/// Lists the values of a text of which the server knows all, and refers to the list.
fn close(api: &mut OpenApi) {
    let schemas = &mut api.components.get_or_insert_default().schemas;
    for values in values::ALL {
        let list = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(values.description))
            .enum_values(Some((values.known)()))
            .examples([json!(values.example)]);
        schemas.insert(values.name.to_owned(), list.into());
        for (schema, property) in values.places {
            if let Some(RefOr::T(Schema::Object(object))) = schemas.get_mut(*schema)
                && let Some(place) = object.properties.get_mut(*property)
            {
                let mut reference = Ref::from_schema_name(values.name);
                reference.description = description_of(place).map(std::mem::take).unwrap_or_default();
                *place = RefOr::Ref(reference);
            }
        }
    }
}

/// A shape that is sent and answered stands twice where the two differ: an answer leaves nothing out, and a request
/// may leave out what may be null or has a default.
fn part(api: &mut OpenApi) {
    let (sent, answered) = directions(api);
    let schemas = &mut api.components.get_or_insert_default().schemas;
    let mut apart = BTreeSet::new();
    let both: Vec<String> = sent.intersection(&answered).cloned().collect();
    let mut requests = BTreeMap::new();
    for name in &sent {
        if let Some(schema) = schemas.get(name) {
            let mut request = schema.clone();
            walk::schemas(&mut request, &mut relax);
            requests.insert(name.clone(), request);
        }
    }
    for name in &both {
        if let Some(schema) = schemas.get_mut(name) {
            walk::schemas(schema, &mut complete);
            for (_, property) in ALWAYS_THERE.iter().filter(|(owner, _)| owner == name) {
                never_null(schema, property);
            }
            if requests.get(name) != Some(schema) {
                apart.insert(name.clone());
            }
        }
    }
    let refers = |name: &String, apart: &BTreeSet<String>| {
        schemas.get(name).is_some_and(|schema| !walk::names_in(schema).is_disjoint(apart))
    };
    while let Some(more) = both.iter().find(|name| !apart.contains(*name) && refers(name, &apart)) {
        apart.insert(more.clone());
    }
    let renamed = |name: &str| apart.contains(name).then(|| input(name));
    for (name, mut request) in requests {
        walk::rename(&mut request, &renamed);
        if apart.contains(&name) {
            schemas.insert(input(&name), request);
        } else if !both.contains(&name) {
            schemas.insert(name, request);
        }
    }
    for (_, _, operation) in walk::operations(api) {
        walk::sent(operation)
            .filter_map(|(_, content)| content.schema.as_mut())
            .for_each(|one| walk::rename(one, &renamed));
    }
}

/// What a shape is called where it is sent.
fn input(name: &str) -> String {
    match name {
        "DraftIndicator" => "NewIndicator".to_owned(),
        _ => format!("{name}Input"),
    }
}

/// The names of what is sent, and of what is answered.
fn directions(api: &mut OpenApi) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut sent, mut answered) = (BTreeSet::new(), BTreeSet::from(["Problem".to_owned(), "DryRun".to_owned()]));
    for (_, _, operation) in walk::operations(api) {
        walk::sent(operation)
            .filter_map(|(_, body)| body.schema.as_ref())
            .for_each(|one| sent.extend(walk::names_in(one)));
        let answers = walk::answered(operation).filter_map(|content| content.schema.as_ref());
        answers.for_each(|one| answered.extend(walk::names_in(one)));
    }
    let schemas = &api.components.get_or_insert_default().schemas;
    let spread = |from: BTreeSet<String>| {
        let (mut all, mut new): (BTreeSet<String>, Vec<String>) = (from.clone(), from.into_iter().collect());
        while let Some(name) = new.pop() {
            let inside = schemas.get(&name).map(walk::names_in).unwrap_or_default();
            new.extend(inside.into_iter().filter(|name| all.insert(name.clone())));
        }
        all
    };
    (spread(sent), spread(answered))
}

/// What a request may leave out as null, which says that it stays as it is, and an answer always tells.
const ALWAYS_THERE: [(&str, &str); 3] =
    [("DraftSection", "content"), ("DraftSection", "goals"), ("DraftSection", "commitments")];

fn never_null(schema: &mut RefOr<Schema>, property: &str) {
    let RefOr::T(Schema::Object(owner)) = schema else { return };
    let Some(place) = owner.properties.get_mut(property) else { return };
    match place {
        RefOr::T(Schema::Array(array)) => array.schema_type = SchemaType::Type(Type::Array),
        RefOr::T(Schema::OneOf(either)) => {
            let description = either.description.take().unwrap_or_default();
            let some =
                either.items.iter().find_map(|one| if let RefOr::Ref(one) = one { Some(one.clone()) } else { None });
            if let Some(mut reference) = some {
                reference.description = description;
                *place = RefOr::Ref(reference);
            }
        }
        _ => {}
    }
}

/// An answer holds every field.
fn complete(schema: &mut RefOr<Schema>) {
    drop_default(schema);
    if let RefOr::T(Schema::Object(object)) = schema {
        object.required = object.properties.keys().cloned().collect();
    }
}

/// A request holds what the server demands. A default is told in words: generated clients take a field with a
/// `default` for one that is always there.
fn relax(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema {
        let may_be_left_out = |name: &String| object.properties.get(name).is_some_and(may_be_null);
        let mut required: Vec<String> = object.required.clone();
        required.retain(|name| !may_be_left_out(name));
        required.sort();
        object.required = required;
    }
    let default = drop_default(schema).filter(|value| !value.is_null() && !value.is_object());
    let told = default.filter(|value| value.as_array().is_none_or(|items| !items.is_empty()));
    if let (Some(default), Some(description)) = (told, description_of(schema)) {
        let text = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
        let sentence = format!("`{text}` when it is left out.");
        *description = [std::mem::take(description), sentence].join(" ").trim().to_owned();
    }
}

fn description_of(schema: &mut RefOr<Schema>) -> Option<&mut String> {
    match schema {
        RefOr::Ref(reference) => Some(&mut reference.description),
        RefOr::T(Schema::Object(object)) => Some(object.description.get_or_insert_default()),
        RefOr::T(Schema::Array(array)) => Some(array.description.get_or_insert_default()),
        RefOr::T(Schema::OneOf(either)) => Some(either.description.get_or_insert_default()),
        RefOr::T(_) => None,
    }
}

fn drop_default(schema: &mut RefOr<Schema>) -> Option<Value> {
    match schema {
        RefOr::Ref(reference) => reference.default.take(),
        RefOr::T(Schema::Object(object)) => object.default.take(),
        RefOr::T(Schema::Array(array)) => array.default.take(),
        RefOr::T(Schema::OneOf(either)) => either.default.take(),
        RefOr::T(Schema::AnyOf(either)) => either.default.take(),
        RefOr::T(Schema::AllOf(all)) => all.default.take(),
        RefOr::T(_) => None,
    }
}

fn may_be_null(schema: &RefOr<Schema>) -> bool {
    let is_null = |one: &RefOr<Schema>| matches!(one, RefOr::T(Schema::Object(object)) if is(object, &Type::Null));
    match schema {
        RefOr::T(Schema::OneOf(either)) => either.items.iter().any(is_null),
        RefOr::T(Schema::AnyOf(either)) => either.items.iter().any(is_null),
        RefOr::T(Schema::Array(array)) => {
            matches!(&array.schema_type, SchemaType::Array(all) if all.contains(&Type::Null))
        }
        other => is_null(other),
    }
}
