//! The OpenAPI document: generated from the handlers, completed here with what all operations share.

use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, RefOr, ServerBuilder};
use utoipa_actix_web::AppExt;

use crate::agreements::commitments::input::{AwaitedAnswer, CommitmentDirection};
use crate::app::DocumentedOperation;
use crate::app::dry_run::DryRun;
use crate::error::Problem;
use crate::routes::routes;

mod complete;
mod examples;
mod headers;
mod parameters;
mod print;
mod refusals;
mod schemas;
mod values;
mod walk;

pub use print::readable;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "aftalestyring",
        description = "Agreement management for municipalities: the directorate publishes a yearly strategy letter; \
            every centre and institution writes a management agreement; its sections are approved one by one; it is \
            signed, and its history is kept.\n\nTexts for people are Danish or English by `Accept-Language`. A change \
            of a resource demands its ETag in `If-Match`; only `PUT` of units, people and appointments does not, by which \
            a source says how they are. Repeating a write with the same `Idempotency-Key` gives the \
            first answer again. With `?dry_run=true` an action is only tried: the answer is a `DryRun`, in a media \
            type of its own. Every refusal is an RFC 9457 problem with a stable `code`. Every \
            answer carries an `X-Request-Id`, and the caller's budget in `RateLimit` and `RateLimit-Policy`.\n\nThe examples are those of \
            the demonstration (`serve --demo`), where they can be sent as they stand.",
        license(name = "MIT", identifier = "MIT"),
        version = "0.1.0"
    ),
    components(schemas(Problem, DryRun, CommitmentDirection, AwaitedAnswer)),
    tags(
        (name = "sessions", description = "Logging in and out, and tokens for machine clients."),
        (name = "me", description = "The reader: roles, rights and tasks."),
        (name = "organisation", description = "Units, people and appointments."),
        (name = "administration", description = "The municipality, its log-ins and its machine clients."),
        (name = "strategy", description = "Strategy letters, templates and cycles."),
        (name = "effects", description = "What was seen of the effects of goals, and how they go."),
        (name = "agreements", description = "Agreements, their sections, goals and commitments."),
        (name = "workflow", description = "Submitting, deciding, signing."),
        (name = "events", description = "What happened: the change feed and the audit log."),
    )
)]
struct Head;

/// The whole document. What operations share stands once, under its components.
pub fn document() -> Value {
    serde_json::to_value(described()).unwrap_or_default()
}

fn described() -> Document {
    let (_, mut api) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Head::openapi())
        .configure(|config| routes(config))
        .split_for_parts();
    complete::operations(&mut api);
    schemas::finish(&mut api);
    add_components(&mut api);
    examples::add(&mut api);
    parameters::share(&mut api);
    let server = ServerBuilder::new().url("/").description(Some("The server that serves this document."));
    api.servers = Some(vec![server.build()]);
    api
}

/// What operations share.
fn add_components(api: &mut Document) {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(
        "An access token from `POST /api/v1/sessions` (people) or `POST /oauth/token` (machine clients).",
    ));
    let components = api.components.get_or_insert_default();
    components.security_schemes.insert("bearer".to_owned(), RefOr::T(SecurityScheme::Http(bearer.build())));
    components.headers.extend(headers::components());
    components.responses.extend(refusals::components());
    components.responses.insert(complete::NOT_MODIFIED.to_owned(), RefOr::T(complete::not_modified()));
}

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// Every operation of a document.
pub fn operations(document: &Value) -> Vec<DocumentedOperation> {
    let mut found = Vec::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let Some(id) = operation.get("operationId").and_then(Value::as_str) else { continue };
            let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
            let parameters = parameters.map(|parameter| resolved(document, parameter));
            let in_query = parameters.filter(|parameter| parameter.get("in") == Some(&json!("query")));
            found.push(DocumentedOperation {
                path: path.clone(),
                method: method.to_owned(),
                id: id.to_owned(),
                query_parameters: in_query
                    .filter_map(|parameter| parameter.get("name")?.as_str().map(str::to_owned))
                    .collect(),
            });
        }
    }
    found
}

/// A part of the document, or what it refers to.
pub fn resolved<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    let place = part.get("$ref").and_then(Value::as_str).and_then(|address| address.strip_prefix('#'));
    place.and_then(|place| document.pointer(place)).map_or(part, |there| resolved(document, there))
}
