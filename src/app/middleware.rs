//! What every request passes before it is handled: who asks, and how often.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};

use super::operations::{Operation, name_of};
use super::refusals::render_refusal;
use super::request::{Course, address_of, lang_of, request_id};
use super::shared::App;
use crate::access::table;
use crate::accounts::authenticate;
use crate::auth::rate::{Payer, Purpose};
use crate::error::{Code, Error, Result};

/// Passes on the requests that may go on, and answers the others.
///
/// # Errors
/// What no handler made an answer of.
pub async fn gate(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(course) = req.extensions().get::<Rc<Course>>().cloned() else {
        return Ok(req.error_response(Error::unexpected("a request without a course")));
    };
    let (lang, request_id) = (lang_of(req.request()), request_id(req.request()));
    let mut res = match admit(&req, &course).await {
        Ok(()) => next.call(req).await?.map_into_boxed_body(),
        Err(error) => req.error_response(error),
    };
    count_failure(&mut res);
    // Here already, or the answer would lose what it says to pages of other origins.
    render_refusal(&mut res, lang, &request_id, &course);
    Ok(res)
}

/// Whether a request may go on; what is left of the budget that it was taken from is noted.
async fn admit(req: &ServiceRequest, course: &Course) -> Result<()> {
    let app = req.app_data::<web::Data<App>>().ok_or_else(|| Error::unexpected("no application state"))?;
    if name_of(req.method()).is_none() {
        return Err(Code::MethodNotImplemented.into());
    }
    if req.method() == Method::GET && is_probe(req.path()) {
        return Ok(());
    }
    let operation = req.extensions().get::<&'static Operation>().copied();
    let allowance = app.limits.take(payer_of(app, req, operation).await?);
    course.allowance.set(Some(allowance));
    allowance.granted()
}

/// Whether an address is for those who watch the server. They are always answered, however many ask from there.
fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// Who asks; what is asked for stands in the request from here on.
async fn payer_of(app: &web::Data<App>, req: &ServiceRequest, operation: Option<&'static Operation>) -> Result<Payer> {
    let address = address_of(app, req.request());
    let Some(operation) = operation else { return Ok(Payer::Visitor(address)) };
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
fn count_failure(res: &mut ServiceResponse<BoxBody>) {
    let Some(app) = res.request().app_data::<web::Data<App>>().cloned() else { return };
    let address = address_of(&app, res.request());
    if res.status() == StatusCode::UNAUTHORIZED
        && let Err(refused) = app.limits.take(Payer::Refused(address)).granted()
    {
        *res.response_mut() = HttpResponse::from_error(refused);
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
    // The place of this fault becomes the header.
    Err(Code::MethodNotAllowed.refuse().with("allow", &allow).fault(crate::error::Fault::at(allow, "method")).into())
}
