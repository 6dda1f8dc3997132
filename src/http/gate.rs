//! What every request passes: its id, its language, who asks, how often, how long it took, and how a refusal reads.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;

use super::anonymous::address_of;
use super::query::query_fault;
use crate::app::App;
use crate::auth::rate::{Allowance, Payer};
use crate::auth::{self, table};
use crate::error::{Code, Error, Result};
use crate::metrics::Measured;
use crate::pages;
use crate::text::Lang;

/// An operation of the API, as the OpenAPI document describes it.
#[derive(Debug)]
pub struct Operation {
    /// Its id, which the authorization table names.
    pub id: &'static str,
    /// The path template.
    pub path: &'static str,
    method: Method,
    parameters: Vec<String>,
}

impl Operation {
    /// Refuses query parameters that are not documented.
    pub(super) fn refuse_unknown_parameters(&self, query: &str) -> Result<()> {
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let name = part.split('=').next().unwrap_or_default();
            if !self.parameters.iter().any(|known| known == name) {
                return Err(query_fault(name, "unknown-parameter"));
            }
            if name == "dry_run" && !matches!(part, "dry_run=true" | "dry_run=false") {
                return Err(query_fault(name, "not-a-boolean"));
            }
        }
        Ok(())
    }
}

/// All operations, found by method and path template.
pub struct Operations {
    by_path: HashMap<&'static str, Vec<&'static Operation>>,
}

impl Operations {
    /// Reads them off the document; they live as long as the process.
    pub fn of(document: &serde_json::Value) -> Self {
        let mut by_path: HashMap<&'static str, Vec<&'static Operation>> = HashMap::new();
        for found in crate::openapi::operations(document) {
            let path = leak(found.path);
            by_path.entry(path).or_default().push(Box::leak(Box::new(Operation {
                id: leak(found.id),
                path,
                method: Method::from_bytes(found.method.to_uppercase().as_bytes()).unwrap_or(Method::GET),
                parameters: found.query_parameters,
            })));
        }
        Operations { by_path }
    }

    fn find(&self, method: &Method, pattern: &str) -> Option<&'static Operation> {
        self.by_path.get(pattern)?.iter().find(|op| op.method == *method).copied()
    }

    /// The methods that an address has.
    fn methods(&self, path: &str) -> Vec<&'static str> {
        let matches = |template: &str| {
            template.split('/').count() == path.split('/').count()
                && template.split('/').zip(path.split('/')).all(|(a, b)| a.starts_with('{') || a == b)
        };
        let found = self.by_path.iter().filter(|(template, _)| matches(template)).flat_map(|(_, found)| found);
        let mut methods: Vec<&'static str> = found.filter_map(|op| name_of(&op.method)).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_unstable();
        methods
    }
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// The methods that are known, though not all of them are offered: those of RFC 9110 §9 and of RFC 5789.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

fn name_of(method: &Method) -> Option<&'static str> {
    METHODS.into_iter().find(|known| *known == method.as_str())
}

/// The id of a request.
pub(super) struct RequestId(pub String);

/// Passes a request on, and dresses its answer.
///
/// # Errors
/// Only when a handler panicked; a refusal is an answer.
pub async fn gate(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(app) = req.app_data::<web::Data<App>>().cloned() else {
        return Ok(req.into_response(HttpResponse::InternalServerError().finish()));
    };
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let request_id = request_id_of(&req);
    let lang = Lang::negotiate(header_of(&req, header::ACCEPT_LANGUAGE));
    let operation = req.match_pattern().and_then(|pattern| app.operations.find(req.method(), &pattern));
    let measured = Measured::begin(name_of(req.method()), operation.map(|op| op.path));
    req.extensions_mut().insert(RequestId(request_id.clone()));
    req.extensions_mut().insert(lang);
    let (allowance, admitted) = admit(&app, &req, operation).await;
    let mut res = match admitted {
        Ok(()) => pass_on(req, next).await?,
        Err(error) => req.error_response(error),
    };
    let refusal = render_refusal(&mut res, lang, &request_id);
    dress(&mut res, &request_id, operation.is_some());
    if let Some(allowance) = allowance {
        allowance.write(res.headers_mut());
    }
    measured.end(&res, &request_id, refusal);
    Ok(res)
}

/// Whether a request may go on, and what is left of the budget that it was taken from.
async fn admit(
    app: &web::Data<App>,
    req: &ServiceRequest,
    operation: Option<&'static Operation>,
) -> (Option<Allowance>, Result<()>) {
    if name_of(req.method()).is_none() {
        return (None, Err(Code::MethodNotImplemented.into()));
    }
    if req.method() == Method::GET && pages::is_probe(req.path()) {
        return (None, Ok(()));
    }
    match payer_of(app, req, operation).await {
        Ok(payer) => {
            let allowance = app.limits.take(payer);
            let granted = allowance.granted();
            (Some(allowance), granted)
        }
        Err(error) => (None, Err(error)),
    }
}

/// Who asks; what is asked for stands in the request from here on.
async fn payer_of(app: &web::Data<App>, req: &ServiceRequest, operation: Option<&'static Operation>) -> Result<Payer> {
    let Some(operation) = operation else { return Ok(Payer::Visitor(address_of(req.request()))) };
    req.extensions_mut().insert(operation);
    if table::is_anonymous(operation.id) {
        return Ok(Payer::Anonymous(address_of(req.request())));
    }
    let authorization = header_of(req, header::AUTHORIZATION).to_owned();
    let actor = auth::authenticate(app, &authorization).await?;
    let payer = Payer::Known(actor.id());
    req.extensions_mut().insert(Arc::new(actor));
    Ok(payer)
}

/// Nothing may hold on to the request here: routing writes into it.
async fn pass_on(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match AssertUnwindSafe(next.call(req)).catch_unwind().await {
        Ok(answer) => answer.map(ServiceResponse::map_into_boxed_body),
        Err(_) => {
            let error = Error::unexpected("a handler panicked");
            tracing::error!(%error, "a request failed");
            Err(error.into())
        }
    }
}

/// Writes a refusal as a problem in the reader's language, and gives its code.
fn render_refusal(res: &mut ServiceResponse<BoxBody>, lang: Lang, request_id: &str) -> Option<Code> {
    let error = res.response().error()?;
    let refusal = match error.as_error::<Error>() {
        Some(error) => {
            if let Error::Unexpected(_) | Error::Disconnected(_) = error {
                tracing::error!(%request_id, %error, "a request failed");
            }
            error.refusal()
        }
        None => match res.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge.refuse().with("limit", super::MAX_BODY),
            status if status.is_client_error() => Code::MalformedRequest.refuse(),
            _ => {
                tracing::error!(%request_id, %error, "a request failed");
                Code::Internal.refuse()
            }
        },
    };
    let code = refusal.code;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    answer.content_type("application/problem+json").insert_header((header::CONTENT_LANGUAGE, lang.tag()));
    if let Some(seconds) = refusal.retry_after {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if code == Code::MethodNotAllowed {
        let allow = refusal.problem(lang, request_id).errors.first().map(|fault| fault.pointer.clone());
        answer.insert_header((header::ALLOW, allow.unwrap_or_default()));
    }
    if status == StatusCode::UNAUTHORIZED {
        let scheme = if refusal.token_error.is_some() { "Basic realm=\"aftalestyring\"" } else { "Bearer" };
        answer.insert_header((header::WWW_AUTHENTICATE, scheme));
    }
    let mut problem = refusal.problem(lang, request_id);
    if code == Code::MethodNotAllowed {
        problem.errors.clear();
    }
    *res.response_mut() = answer.json(problem);
    Some(code)
}

const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");
const VARY: HeaderValue = HeaderValue::from_static("Authorization, Accept-Language");

fn dress(res: &mut ServiceResponse<BoxBody>, request_id: &str, is_api: bool) {
    let headers = res.headers_mut();
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    if is_api {
        headers.insert(header::VARY, VARY);
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, PRIVATE);
        }
    }
}

fn request_id_of(req: &ServiceRequest) -> String {
    let given = req.headers().get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if (1..=100).contains(&given.len()) && given.chars().all(plain) {
        given.to_owned()
    } else {
        uuid::Uuid::now_v7().to_string()
    }
}

fn header_of(req: &ServiceRequest, name: HeaderName) -> &str {
    req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What no route answers: 405 with `Allow` where the address exists, 404 elsewhere.
///
/// # Errors
/// Always.
pub async fn unknown_path(req: HttpRequest, app: web::Data<App>) -> Result<HttpResponse> {
    let mut methods = app.operations.methods(req.path());
    if methods.is_empty() {
        // Pages are no operations, and are read.
        req.match_pattern().ok_or(Code::UnknownPath)?;
        methods = vec!["GET", "HEAD"];
    }
    let allow = methods.join(", ");
    // The gate turns the place of this fault into the header.
    Err(Code::MethodNotAllowed.refuse().with("allow", &allow).fault(crate::error::Fault::at(allow, "method")).into())
}
