//! The refusals: each stands once in the document, and an operation refers to those that it can answer.

use serde_json::{Value, json};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use super::headers;
use crate::error::Code;
use crate::text::{Args, Lang, say};

/// What of an operation's shape makes refusals possible.
pub(super) struct Shape {
    /// Whoever asks is known.
    pub has_caller: bool,
    /// Some callers may not ask at all, or not about every row.
    pub has_rights: bool,
    /// Changes something.
    pub writes: bool,
    /// Is about one thing, named in its path.
    pub has_path: bool,
    /// Takes a body.
    pub has_body: bool,
    /// Takes a query or a header that may be wrong.
    pub has_parameters: bool,
    /// Compares `If-Match` where it is sent.
    pub compares: bool,
    /// Refuses to go on without it.
    pub demands: bool,
}

/// A refusal that operations share.
struct Refusal {
    status: &'static str,
    name: &'static str,
    description: &'static str,
    /// The code of its example.
    code: Code,
    can_happen: fn(&Shape) -> bool,
}

const ALL: &[Refusal] = &[
    Refusal {
        status: "400",
        name: "Malformed",
        description: "The request cannot be read: its body is no JSON, or a header is not of its form.",
        code: Code::MalformedJson,
        can_happen: |shape| shape.has_body || shape.compares,
    },
    Refusal {
        status: "401",
        name: "NotAuthenticated",
        description: "There is no token, or one that is expired, forged or withdrawn. Log in again.",
        code: Code::InvalidToken,
        can_happen: |shape| shape.has_caller,
    },
    Refusal {
        status: "403",
        name: "NotPermitted",
        description: "The caller may not do this; `code` says why.",
        code: Code::Forbidden,
        can_happen: |shape| shape.has_rights,
    },
    Refusal {
        status: "404",
        name: "NotFound",
        description: "There is no such resource, or the caller may not know of it.",
        code: Code::NotFound,
        can_happen: |shape| shape.has_path,
    },
    Refusal {
        status: "408",
        name: "TooSlow",
        description: "The body came too slowly.",
        code: Code::RequestTimeout,
        can_happen: |shape| shape.has_body,
    },
    Refusal {
        status: "409",
        name: "Conflict",
        description: "The state of the resource does not permit it; `code` says why, `errors` lists every place.",
        code: Code::NotReady,
        can_happen: |shape| shape.writes && shape.has_caller && (shape.has_path || shape.has_body),
    },
    Refusal {
        status: "412",
        name: "Stale",
        description: "The resource was changed since it was read; `current` says by whom and when.",
        code: Code::StaleVersion,
        can_happen: |shape| shape.compares,
    },
    Refusal {
        status: "413",
        name: "TooLarge",
        description: "The body is larger than 1 MiB.",
        code: Code::TooLarge,
        can_happen: |shape| shape.has_body,
    },
    Refusal {
        status: "415",
        name: "UnsupportedMediaType",
        description: "The media type of the body is another than documented.",
        code: Code::UnsupportedMediaType,
        can_happen: |shape| shape.has_body,
    },
    Refusal {
        status: "422",
        name: "Invalid",
        description: "The request breaks a rule; `errors` lists every place.",
        code: Code::InvalidBody,
        can_happen: |shape| shape.has_body || shape.has_parameters,
    },
    Refusal {
        status: "428",
        name: "PreconditionRequired",
        description: "`If-Match` is missing.",
        code: Code::PreconditionRequired,
        can_happen: |shape| shape.demands,
    },
    Refusal {
        status: "429",
        name: "TooManyRequests",
        description: "The caller's budget is used up; `Retry-After` says when it is not.",
        code: Code::TooManyRequests,
        can_happen: |_| true,
    },
    Refusal {
        status: "500",
        name: "ServerFault",
        description: "A fault of the server; its log holds the `request_id`.",
        code: Code::Internal,
        can_happen: |_| true,
    },
    Refusal {
        status: "503",
        name: "Unavailable",
        description: "The server or its database has too much to do, or does not answer. Try again after `Retry-After`.",
        code: Code::DatabaseUnavailable,
        can_happen: |_| true,
    },
];

/// The refusals that an operation of a shape can answer: their statuses, and where they stand.
pub(super) fn of(shape: &Shape) -> impl Iterator<Item = (String, RefOr<Response>)> {
    let possible = ALL.iter().filter(|refusal| (refusal.can_happen)(shape));
    possible.map(|refusal| (refusal.status.to_owned(), RefOr::Ref(Ref::from_response_name(refusal.name))))
}

/// All of them, by name.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Response>)> {
    ALL.iter().map(|refusal| (refusal.name.to_owned(), RefOr::T(written_out(refusal))))
}

fn written_out(refusal: &Refusal) -> Response {
    let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
    content.example = Some(example(refusal.code));
    let response = ResponseBuilder::new()
        .description(format!("{} Codes: {}.", refusal.description, codes(refusal.status)))
        .content("application/problem+json", content);
    let known: &[&str] = match refusal.status {
        // The budget itself may be what could not be looked up.
        "429" | "503" => &["X-Request-Id", "Retry-After"],
        "401" => &["X-Request-Id", "WWW-Authenticate"],
        _ => &["X-Request-Id", "RateLimit", "RateLimit-Policy"],
    };
    let mut response = response.build();
    headers::refer(&mut response, known);
    response
}

/// The codes that are answered with a status.
fn codes(status: &str) -> String {
    let those = Code::ALL.iter().filter(|code| code.status().to_string() == status);
    those.map(|code| format!("`{}`", code.as_str())).collect::<Vec<_>>().join(", ")
}

/// A refusal as it reads in the demonstration.
fn example(code: Code) -> Value {
    let (name, key) = (code.as_str(), format!("problem-{}", code.as_str()));
    let mut args = Args::default();
    args.set("limit", 1_048_576);
    args.set("expected", "application/json");
    args.set("seconds", 20);
    let (errors, current) = match code {
        Code::NotReady => (json!([missing()]), None),
        Code::InvalidBody => (json!([too_long()]), None),
        Code::StaleVersion => (
            json!([]),
            Some(json!({
                "version": 4, "changed_by": "01931f2e-7c00-7000-8000-000000000001", "changed_at": "2014-11-10T08:00:00Z"
            })),
        ),
        _ => (json!([]), None),
    };
    let mut problem = json!({
        "type": format!("/problems/{name}"), "title": say(Lang::Da, &key, &args), "status": code.status(),
        "detail": say(Lang::Da, &format!("{key}.detail"), &args), "code": name, "errors": errors,
        "request_id": "01931f2e-7c00-7000-8000-000000000001"
    });
    if let (Some(members), Some(current)) = (problem.as_object_mut(), current) {
        members.insert("current".to_owned(), current);
    }
    problem
}

fn missing() -> Value {
    let mut args = Args::default();
    args.set("field", "Plan");
    args.set("section", "Borger- og brugereffekter");
    json!({
        "pointer": "/sections/effects/content/plan", "code": "field-missing",
        "message": say(Lang::Da, "fault-field-missing", &args)
    })
}

fn too_long() -> Value {
    let message = say(Lang::Da, "fault-too-long", &Args::one("max", 500));
    json!({ "pointer": "/title", "code": "too-long", "message": message })
}
