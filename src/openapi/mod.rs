//! The OpenAPI document: generated from the handlers, completed here with what all operations share.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value answers null or makes a place, and never panics")]

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use crate::access::table;
use crate::agreements::commitments::input::{AwaitedAnswer, CommitmentDirection};
use crate::app::DocumentedOperation;
use crate::app::dry_run::DryRun;
use crate::error::Problem;
use crate::routes::routes;

mod examples;
mod requests;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "aftalestyring",
        description = "Agreement management for municipalities: the directorate publishes a yearly strategy letter; \
            every centre and institution writes a management agreement; its sections are approved one by one; it is \
            signed, and its history is kept.\n\nTexts for people are Danish or English by `Accept-Language`. A change \
            of a resource demands its ETag in `If-Match`; only `PUT` of units, people and appointments does not, by which \
            a source says how they are. Repeating a write with the same `Idempotency-Key` gives the \
            first answer again. Every refusal is an RFC 9457 problem with a stable `code`.",
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
        (name = "agreements", description = "Agreements, their sections, goals and commitments."),
        (name = "workflow", description = "Submitting, deciding, signing."),
        (name = "events", description = "What happened: the change feed and the audit log."),
    )
)]
struct Head;

/// The whole document.
pub fn document() -> Value {
    let (_, raw) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Head::openapi())
        .configure(|config| routes(config))
        .split_for_parts();
    let mut document = serde_json::to_value(&raw).unwrap_or_default();
    name_pages(&mut document);
    complete(&mut document);
    document["components"]["schemas"]["Problem"]["properties"]["code"]["description"] = json!(examples::codes());
    requests::relax(&mut document);
    examples::add(&mut document);
    document
}

/// Requests or answers that hold a secret: neither they nor a hash of them is kept for an idempotency key.
const WITH_SECRETS: [&str; 4] = ["create_user", "create_one_time_code", "change_password", "create_client_secret"];

/// Operations whose 201 tells something once, and has no address where it could be read again.
const MAKE_NO_RESOURCE: [&str; 4] =
    ["create_session", "refresh_session", "create_client_secret", "create_one_time_code"];

/// The generator writes a page's items out and names it `Page_Item`: a page refers to its items, and is named after
/// them.
fn name_pages(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let pages: Vec<String> = schemas.keys().filter(|name| name.starts_with("Page_")).cloned().collect();
    for page in &pages {
        let Some(mut schema) = schemas.remove(page) else { continue };
        let item = page.trim_start_matches("Page_");
        let written_out = schema["properties"]["items"]["items"].take();
        schema["properties"]["items"]["items"] = json!({ "$ref": format!("#/components/schemas/{item}") });
        schema["properties"]["items"]["maxItems"] = json!(200);
        schemas.entry(item).or_insert(written_out);
        schemas.insert(format!("{item}Page"), schema);
    }
    let mut text = document.to_string();
    for page in &pages {
        let item = page.trim_start_matches("Page_");
        text =
            text.replace(&format!("\"#/components/schemas/{page}\""), &format!("\"#/components/schemas/{item}Page\""));
    }
    if let Ok(named) = serde_json::from_str(&text) {
        *document = named;
    }
}

/// The answers of a success that have a body.
const SUCCESSES: [&str; 2] = ["200", "201"];

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// Every operation of a document.
pub fn operations(document: &Value) -> Vec<DocumentedOperation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let operation = &item[method];
            let Some(id) = operation["operationId"].as_str() else { continue };
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            found.push(DocumentedOperation {
                path: path.clone(),
                method: method.to_owned(),
                id: id.to_owned(),
                query_parameters: parameters
                    .filter(|parameter| parameter["in"] == "query")
                    .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                    .collect(),
            });
        }
    }
    found
}

/// Adds what all operations share: security, headers, and the refusals that their shape makes possible.
fn complete(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "An access token from `POST /api/v1/sessions` (people) or `POST /oauth/token` (machine clients)."
        }
    });
    document["components"]["headers"] = headers();
    document["servers"] = json!([{ "url": "/", "description": "The server that serves this document." }]);
    for path in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.iter_mut()) {
        let (path, item) = path;
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                complete_operation(path, method, operation);
            }
        }
    }
}

fn headers() -> Value {
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string", "maxLength": 500 }, "example": example });
    json!({
        "ETag": text("The version of the resource and a digest of the answer: `\"<version>.<digest>\"`.", "\"3.9f86d081884c7d65\""),
        "Location": text("The address of the new resource.", "/api/v1/agreements/01931f2e-7c00-7000-8000-000000000001"),
        "Link": text("The address of the next page, `rel=\"next\"`.", "</api/v1/agreements?cursor=WyIyMDE1Il0>; rel=\"next\""),
        "X-Request-Id": text("The id under which the server's log holds the request.", "01931f2e-7c00-7000-8000-000000000001"),
        "RateLimit": text("What is left of the caller's budget.", "\"default\";r=598"),
        "RateLimit-Policy": text("The caller's budget.", "\"default\";q=600;w=60"),
        "Retry-After": text("Seconds after which trying again makes sense.", "1"),
        "WWW-Authenticate": text("How to authenticate.", "Bearer"),
    })
}

fn complete_operation(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let anonymous = table::is_anonymous(&id);
    operation.insert("security".to_owned(), if anonymous { json!([]) } else { json!([{ "bearer": [] }]) });
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if method != "get" && !anonymous && !WITH_SECRETS.contains(&id.as_str()) {
        add_idempotency_key(parameters);
    }
    let demands =
        parameters.as_array().into_iter().flatten().any(|one| one["name"] == "If-Match" && one["required"] == true);
    describe_etags(parameters);
    let named = |place: &str, name: &str| {
        parameters.as_array().into_iter().flatten().any(|one| one["in"] == place && one["name"] == name)
    };
    let (if_match, dry_run, paged) = (named("header", "If-Match"), named("query", "dry_run"), named("query", "cursor"));
    let shape = Shape {
        is_anonymous: anonymous,
        writes: method != "get",
        has_path: path.contains('{'),
        has_body: operation.contains_key("requestBody"),
        compares: if_match,
        demands,
    };
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        let made = status == "201" && !MAKE_NO_RESOURCE.contains(&id.as_str());
        let resource = matches!(status.as_str(), "200" | "201") && if_match || made;
        let mut known = vec!["X-Request-Id", "RateLimit", "RateLimit-Policy"];
        let tagged = method == "get" && !response["headers"].is_null();
        if resource || tagged {
            known.push("ETag");
        }
        if made {
            known.push("Location");
        }
        if status == "401" {
            known.push("WWW-Authenticate");
        }
        if status == "200" && paged {
            known.push("Link");
        }
        add_headers(response, &known);
    }
    if method == "get" && responses["200"]["headers"]["ETag"].is_object() {
        responses["304"] = json!({ "description": "Unchanged since the ETag in `If-None-Match`." });
        add_headers(&mut responses["304"], &["ETag", "X-Request-Id", "RateLimit", "RateLimit-Policy"]);
    }
    if dry_run {
        offer_dry_run(responses);
    }
    for (status, description) in refusals(&shape) {
        if responses.get(status).is_none() {
            responses[status] = refusal(status, description);
        }
    }
}

/// A transition answers a dry run with 200 and another body.
fn offer_dry_run(responses: &mut Value) {
    let schema = json!({ "$ref": "#/components/schemas/DryRun" });
    let done = responses["200"]["content"]["application/json"]["schema"].take();
    let either = if done.is_null() { schema } else { json!({ "oneOf": [done, schema] }) };
    if responses["200"]["description"].is_null() {
        responses["200"]["description"] = json!("What would happen (dry run).");
    }
    responses["200"]["content"]["application/json"]["schema"] = either;
}

/// `If-Match` carries an ETag of ours; a bulk item's does too.
fn describe_etags(parameters: &mut Value) {
    let rehearses = parameters.as_array().into_iter().flatten().any(|one| one["name"] == "dry_run");
    let headers = parameters.as_array_mut().into_iter().flatten();
    for header in headers.filter(|one| one["in"] == "header" && one["name"] == "If-Match") {
        header["schema"] = json!({
            "type": "string", "pattern": "^(W/)?\"[0-9]{1,15}\\.[0-9a-f]{1,16}\"$", "example": "\"3.9f86d081884c7d65\""
        });
        // A transition demands it too, unless it is only asked what would happen.
        if rehearses {
            header["required"] = json!(false);
        }
    }
}

fn add_idempotency_key(parameters: &mut Value) {
    if let Some(all) = parameters.as_array_mut() {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Makes a retry safe: the same key, body and `If-Match` give the committed first answer again for 24 hours.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 }
        }));
    }
}

/// What of an operation's shape makes refusals possible.
struct Shape {
    is_anonymous: bool,
    writes: bool,
    has_path: bool,
    has_body: bool,
    /// Compares `If-Match` where it is sent.
    compares: bool,
    /// Refuses to go on without it.
    demands: bool,
}

fn refusals(shape: &Shape) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        ("429", "Too many requests."),
        ("500", "A fault of the server; its log holds the `request_id`."),
        ("503", "The server or its database has too much to do, or does not answer."),
        ("422", "The request breaks a rule; `errors` lists each place."),
        ("400", "The request cannot be parsed."),
    ];
    if !shape.is_anonymous {
        all.push(("401", "No token, or one that is expired, forged or withdrawn."));
        all.push(("403", "The caller may not; `code` says why."));
    }
    if shape.has_path {
        all.push(("404", "There is no such resource, or the caller may not know of it."));
    }
    if shape.has_body {
        all.push(("408", "The body came too slowly."));
        all.push(("413", "The body is larger than 1 MiB."));
        all.push(("415", "The media type of the body is another than documented."));
    }
    if shape.writes {
        all.push(("409", "The state of the resource does not permit it; `code` says why."));
    }
    if shape.compares {
        all.push(("412", "The resource was changed since it was read; `current` says by whom and when."));
    }
    if shape.demands {
        all.push(("428", "`If-Match` is missing."));
    }
    all
}

fn refusal(status: &str, description: &str) -> Value {
    let mut response = json!({
        "description": description,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" }, "example": examples::problem(status)
        } }
    });
    let headers: &[&str] = match status {
        "429" => &["X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"],
        "401" => &["X-Request-Id", "WWW-Authenticate"],
        // The budget itself may be what could not be looked up.
        "503" => &["X-Request-Id", "Retry-After"],
        _ => &["X-Request-Id", "RateLimit", "RateLimit-Policy"],
    };
    add_headers(&mut response, headers);
    response
}

fn add_headers(response: &mut Value, names: &[&str]) {
    for name in names {
        response["headers"][*name] = json!({ "$ref": format!("#/components/headers/{name}") });
    }
}
