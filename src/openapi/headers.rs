//! The headers of answers, and what stands where.

use serde_json::json;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response};

const ALL: [(&str, &str, &str); 8] = [
    (
        "ETag",
        "The version of the resource and a digest of the answer: `\"<version>.<digest>\"`.",
        "\"3.9f86d081884c7d65\"",
    ),
    ("Location", "The address of the new resource.", "/api/v1/agreements/01931f2e-7c00-7000-8000-000000000001"),
    ("Link", "The address of the next page, `rel=\"next\"`.", "</api/v1/agreements?cursor=WyIyMDE1Il0>; rel=\"next\""),
    ("X-Request-Id", "The id under which the server's log holds the request.", "01931f2e-7c00-7000-8000-000000000001"),
    ("RateLimit", "What is left of the caller's budget.", "\"default\";r=598"),
    ("RateLimit-Policy", "The caller's budget.", "\"default\";q=600;w=60"),
    ("Retry-After", "Seconds after which trying again makes sense.", "1"),
    ("WWW-Authenticate", "How to authenticate.", "Bearer"),
];

/// All of them, by name.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Header>)> {
    ALL.into_iter().map(|(name, description, example)| {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(500));
        let header =
            HeaderBuilder::new().schema(Some(text)).description(Some(description)).example(Some(json!(example)));
        (name.to_owned(), RefOr::T(header.build()))
    })
}

/// Lets an answer refer to some of them.
pub(super) fn refer(response: &mut Response, names: &[&str]) {
    for name in names {
        response.headers.insert((*name).to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))));
    }
}
