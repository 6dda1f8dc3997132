//! Which pages of other origins may call the API in a browser: those that are configured, and otherwise none.

use actix_cors::Cors;
use actix_web::http::header;
use actix_web::middleware::Condition;

use super::shared::App;

/// How long a browser may remember what it may do.
const REMEMBERED_SECONDS: usize = 3600;

/// Answers what browsers ask before a call, and tells them whether they may read the answer. No cookies are used, so
/// that nobody's log-in is sent along unasked.
pub fn other_origins(app: &App) -> Condition<Cors> {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH, header::IF_NONE_MATCH])
        .allowed_headers([header::ACCEPT, header::ACCEPT_LANGUAGE])
        .allowed_headers(["idempotency-key", "x-request-id"])
        .expose_headers([header::ETAG, header::LOCATION, header::LINK, header::RETRY_AFTER, header::CONTENT_LANGUAGE])
        .expose_headers(["ratelimit", "ratelimit-policy", "x-request-id"])
        .max_age(REMEMBERED_SECONDS);
    let cors = app.allowed_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin));
    Condition::new(!app.allowed_origins.is_empty(), cors)
}
