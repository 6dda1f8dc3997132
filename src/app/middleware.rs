//! What every request passes: its id, its language, who asks, how often, how long it took, and how a refusal reads.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;

use super::operations::{Operation, name_of};
use super::request::{RequestId, address_of};
use super::shared::App;
use crate::access::table;
use crate::accounts::authenticate;
use crate::auth::rate::{Allowance, Payer, Purpose};
use crate::db::never_waiting;
use crate::error::{Code, Error, Result};
use crate::metrics::Measured;
use crate::text::Lang;

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
    let address = address_of(&app, req.request());
    let answer = async {
        let (allowance, admitted) = admit(&app, &req, operation).await;
        let res = match admitted {
            Ok(()) => pass_on(req, next).await,
            Err(error) => Ok(req.error_response(error)),
        };
        res.map(|res| (allowance, res))
    };
    let (allowance, mut res) = never_waiting(answer).await?;
    count_failure(&app, address, &mut res);
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
    if req.method() == Method::GET && is_probe(req.path()) {
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

/// Whether an address is for those who watch the server. They are always answered, however many ask from there.
fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// Who asks; what is asked for stands in the request from here on.
async fn payer_of(app: &web::Data<App>, req: &ServiceRequest, operation: Option<&'static Operation>) -> Result<Payer> {
    let address = address_of(app, req.request());
    let Some(operation) = operation else { return Ok(Payer::Visitor(address)) };
    req.extensions_mut().insert(operation);
    if table::is_anonymous(operation.id) {
        return Ok(Payer::Anonymous(purpose_of(operation), address));
    }
    let authorization = header_of(req, header::AUTHORIZATION).to_owned();
    let actor = authenticate(&app.db, &app.tokens, &authorization).await?;
    let payer = Payer::Known(actor.id());
    req.extensions_mut().insert(Arc::new(actor));
    Ok(payer)
}

/// What an operation that needs no token is called for.
fn purpose_of(operation: &Operation) -> Purpose {
    match operation.id {
        "create_session" => Purpose::LogIn,
        "refresh_session" => Purpose::Refresh,
        "create_token" => Purpose::Token,
        _ => Purpose::Read,
    }
}

/// Who is refused too often for not being known is told to wait instead. Whoever is known is never counted.
fn count_failure(app: &App, address: IpAddr, res: &mut ServiceResponse<BoxBody>) {
    if res.status() == StatusCode::UNAUTHORIZED
        && let Err(refused) = app.limits.take(Payer::Refused(address)).granted()
    {
        *res.response_mut() = HttpResponse::from_error(refused);
    }
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
            StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge.refuse().with("limit", crate::http::MAX_BODY),
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
    if code == Code::UnsupportedContentCoding {
        answer.insert_header((header::ACCEPT_ENCODING, "identity"));
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
