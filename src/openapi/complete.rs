//! What the shape of an operation says of it: security, headers, preconditions, dry runs, and its refusals.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response};

use super::refusals::{self, Shape};
use super::{headers, walk};
use crate::access::table;
use crate::app::dry_run;

/// Requests or answers that hold a secret: neither they nor a hash of them is kept for an idempotency key.
const WITH_SECRETS: [&str; 4] = ["create_user", "create_one_time_code", "change_password", "create_client_secret"];

/// Operations whose 201 tells something once, and has no address where it could be read again.
const MAKE_NO_RESOURCE: [&str; 4] =
    ["create_session", "refresh_session", "create_client_secret", "create_one_time_code"];

/// The answer to whoever has it already.
pub(super) const NOT_MODIFIED: &str = "NotModified";

/// Completes every operation; a token is demanded of all that do not say otherwise.
pub(super) fn operations(api: &mut OpenApi) {
    api.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
    for (path, method, operation) in walk::operations(api) {
        let id = operation.operation_id.clone().unwrap_or_default();
        let anonymous = table::is_anonymous(&id);
        operation.security = anonymous.then(Vec::new);
        if method != "get" && !anonymous && !WITH_SECRETS.contains(&id.as_str()) {
            operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
        }
        walk::parameters(operation).for_each(describe);
        let shape = shape(&id, path, method, operation);
        describe_answers(&id, method, operation);
        for (status, refusal) in refusals::of(&shape) {
            operation.responses.responses.entry(status).or_insert(refusal);
        }
    }
}

fn shape(id: &str, path: &str, method: &str, operation: &mut Operation) -> Shape {
    let has_body = operation.request_body.is_some();
    let if_match = walk::parameters(operation).find(|one| one.name == "If-Match").map(|one| one.required.clone());
    Shape {
        has_caller: !table::is_anonymous(id),
        // Whoever logs in by a one-time code must choose a password.
        has_rights: table::may_refuse(id) || id == "create_session",
        writes: method != "get",
        has_path: path.contains('{'),
        has_body,
        has_parameters: walk::parameters(operation)
            .any(|one| one.parameter_in != ParameterIn::Path || one.name == "number"),
        compares: if_match.is_some(),
        demands: if_match == Some(Required::True),
    }
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Makes a retry safe: the same key, body and `If-Match` give the committed first answer again for 24 hours.",
        ))
        .schema(Some(text))
        .build()
}

/// One text for what means the same everywhere.
fn describe(parameter: &mut Parameter) {
    match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Header, "If-Match") => {
            let text =
                ObjectBuilder::new().schema_type(Type::String).pattern(Some("^(W/)?\"[0-9]{1,15}\\.[0-9a-f]{1,16}\"$"));
            parameter.schema = Some(text.into());
            let demanded = parameter.required == Required::True;
            parameter.description = Some(if demanded { DEMANDED } else { COMPARED }.to_owned());
        }
        (ParameterIn::Query, "dry_run") => parameter.description = Some(DRY_RUN.to_owned()),
        _ => {}
    }
}

const DEMANDED: &str = "The ETag of what is changed, as it was read: whoever read an older version gets 412. A dry run \
    may leave it out.";
const COMPARED: &str = "The ETag of what is replaced; compared when it is sent, and 412 when it is stale.";
const DRY_RUN: &str = "With `true` nothing is changed: the answer is a `DryRun`, which tells what would happen, in the \
    media type of dry runs.";

/// The headers of each success, the answer to whoever has it already, and that to a dry run.
fn describe_answers(id: &str, method: &str, operation: &mut Operation) {
    let has = |operation: &mut Operation, name: &str| walk::parameters(operation).any(|one| one.name == name);
    let (paged, dry_run) = (has(operation, "cursor"), has(operation, "dry_run"));
    let compares = has(operation, "If-Match");
    let mut tagged = false;
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let made = status == "201" && !MAKE_NO_RESOURCE.contains(&id);
        let resource = matches!(status.as_str(), "200" | "201") && compares || made;
        let mut known = Vec::new();
        if resource || method == "get" && !response.headers.is_empty() {
            known.push("ETag");
            tagged |= method == "get";
        }
        for (name, stands) in
            [("Location", made), ("WWW-Authenticate", status == "401"), ("Link", status == "200" && paged)]
        {
            known.extend(stands.then_some(name));
        }
        headers::refer(response, &known);
        if dry_run && status == "200" {
            let answer = Content::new(Some(Ref::from_schema_name("DryRun")));
            response.content.insert(dry_run::MEDIA_TYPE.to_owned(), answer.into());
        }
    }
    if tagged {
        let unchanged = RefOr::Ref(Ref::from_response_name(NOT_MODIFIED));
        operation.responses.responses.insert("304".to_owned(), unchanged);
    }
}

/// The answer to whoever has it already.
pub(super) fn not_modified() -> Response {
    let mut response = Response::new("Unchanged since the ETag in `If-None-Match`.");
    headers::refer(&mut response, &["ETag"]);
    response
}
