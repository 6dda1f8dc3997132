//! The ways through the document: its operations, the bodies of an operation, and the schemas inside a schema.

use std::collections::BTreeSet;

use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Schema};

/// Every operation with its path and its method in lower case.
pub(super) fn operations(api: &mut OpenApi) -> impl Iterator<Item = (&str, &'static str, &mut Operation)> {
    api.paths.paths.iter_mut().flat_map(|(path, item)| {
        let all = [
            ("get", item.get.as_mut()),
            ("put", item.put.as_mut()),
            ("post", item.post.as_mut()),
            ("patch", item.patch.as_mut()),
            ("delete", item.delete.as_mut()),
        ];
        all.into_iter().filter_map(move |(method, operation)| Some((path.as_str(), method, operation?)))
    })
}

/// The parameters of an operation that are written out.
pub(super) fn parameters(operation: &mut Operation) -> impl Iterator<Item = &mut Parameter> {
    operation.parameters.iter_mut().flatten().filter_map(written_out)
}

/// What an operation is sent, by media type.
pub(super) fn sent(operation: &mut Operation) -> impl Iterator<Item = (&str, &mut Content)> {
    let body = operation.request_body.as_mut().and_then(written_out);
    let all = body.into_iter().flat_map(|body| body.content.iter_mut());
    all.filter_map(|(media_type, content)| Some((media_type.as_str(), written_out(content)?)))
}

/// What an operation answers.
pub(super) fn answered(operation: &mut Operation) -> impl Iterator<Item = &mut Content> {
    let responses = operation.responses.responses.values_mut().filter_map(written_out);
    responses.flat_map(|response| response.content.values_mut().filter_map(written_out))
}

/// What is written out here, and not referred to.
pub(super) fn written_out<T>(part: &mut RefOr<T>) -> Option<&mut T> {
    match part {
        RefOr::Ref(_) => None,
        RefOr::T(part) => Some(part),
    }
}

/// Visits a schema and every schema inside it; a reference is visited, and not followed.
pub(super) fn schemas(schema: &mut RefOr<Schema>, visit: &mut dyn FnMut(&mut RefOr<Schema>)) {
    visit(schema);
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.properties.values_mut().for_each(|property| schemas(property, visit));
            if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
                schemas(values, visit);
            }
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                schemas(items, visit);
            }
        }
        RefOr::T(Schema::OneOf(either)) => either.items.iter_mut().for_each(|one| schemas(one, visit)),
        RefOr::T(Schema::AnyOf(either)) => either.items.iter_mut().for_each(|one| schemas(one, visit)),
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(|one| schemas(one, visit)),
        _ => {}
    }
}

/// The address of a schema of a name.
pub(super) fn address(name: &str) -> String {
    format!("{SCHEMAS}{name}")
}

/// The name of the schema that is referred to.
pub(super) fn name_of(reference: &Ref) -> Option<&str> {
    reference.ref_location.strip_prefix(SCHEMAS)
}

const SCHEMAS: &str = "#/components/schemas/";

/// The names that a schema refers to, itself and inside.
pub(super) fn names_in(schema: &RefOr<Schema>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    schemas(&mut schema.clone(), &mut |inner| {
        if let RefOr::Ref(reference) = inner {
            found.extend(name_of(reference).map(str::to_owned));
        }
    });
    found
}

/// Lets a schema refer to other names.
pub(super) fn rename(schema: &mut RefOr<Schema>, renamed: &dyn Fn(&str) -> Option<String>) {
    schemas(schema, &mut |inner| {
        if let RefOr::Ref(reference) = inner
            && let Some(name) = name_of(reference).and_then(renamed)
        {
            reference.ref_location = address(&name);
        }
    });
}
