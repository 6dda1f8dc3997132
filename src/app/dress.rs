//! The one place that dresses every answer: refusals, pages, pre-flights and panics alike get an id, what they may be
//! kept for and what a browser may do with them, and each is measured.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError, web};
use futures_util::FutureExt;

use super::operations::{Operation, name_of};
use super::refusals::{problem, render_refusal};
use super::request::{Course, RequestId};
use super::shared::App;
use crate::db::never_waiting;
use crate::error::Code;
use crate::metrics::Measured;
use crate::text::Lang;

/// What a request is answered as.
struct Dress {
    request_id: String,
    lang: Lang,
    is_api: bool,
    course: Rc<Course>,
}

/// Passes a request on, and dresses its answer.
///
/// # Errors
/// Only when a handler panicked; the error is then an answer in full dress.
pub async fn dress(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let app = req.app_data::<web::Data<App>>().cloned();
    let operation = app.and_then(|app| app.operations.find(req.method(), req.match_info().as_str()));
    let dress = Dress {
        request_id: request_id_of(&req),
        lang: Lang::negotiate(header_of(&req, header::ACCEPT_LANGUAGE)),
        is_api: operation.is_some(),
        course: Rc::default(),
    };
    let measured = Measured::begin(name_of(req.method()), operation.map(|op| op.path));
    tell(&req, &dress, operation);
    // Nothing may hold on to the request from here on: routing writes into it.
    match AssertUnwindSafe(never_waiting(next.call(req))).catch_unwind().await {
        Ok(Ok(answer)) => {
            let mut answer = answer.map_into_boxed_body();
            render_refusal(&mut answer, dress.lang, &dress.request_id, &dress.course);
            dress.put_on(answer.headers_mut());
            measured.end(answer.status().as_u16(), &dress.request_id, dress.course.refusal.get());
            Ok(answer)
        }
        failed => {
            let why = match failed {
                Ok(Err(error)) => error.to_string(),
                _ => "a handler panicked".to_owned(),
            };
            tracing::error!(request_id = %dress.request_id, error = why, "a request failed");
            measured.end(500, &dress.request_id, Some(Code::Internal));
            Err(Failed(dress).into())
        }
    }
}

fn tell(req: &ServiceRequest, dress: &Dress, operation: Option<&'static Operation>) {
    let mut extensions = req.extensions_mut();
    extensions.insert(RequestId(dress.request_id.clone()));
    extensions.insert(dress.lang);
    extensions.insert(dress.course.clone());
    if let Some(operation) = operation {
        extensions.insert(operation);
    }
}

/// A fault that left no request to answer to.
struct Failed(Dress);

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request {} failed", self.0.request_id)
    }
}

impl ResponseError for Failed {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn error_response(&self) -> HttpResponse {
        let Failed(dress) = self;
        let mut answer = problem(&Code::Internal.refuse(), dress.lang, &dress.request_id);
        dress.put_on(answer.headers_mut());
        answer
    }
}

const KEPT: HeaderValue = HeaderValue::from_static("private, no-cache");

/// What is no page needs nothing; pages say what they are made of.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

impl Dress {
    fn put_on(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.request_id) {
            headers.insert(HeaderName::from_static("x-request-id"), value);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        if self.is_api {
            headers.append(header::VARY, HeaderValue::from_static("Authorization, Accept-Language, Accept"));
        }
        for (name, usual) in [(header::CACHE_CONTROL, KEPT), (header::CONTENT_SECURITY_POLICY, NOTHING)] {
            if !headers.contains_key(&name) {
                headers.insert(name, usual);
            }
        }
        if let Some(allowance) = self.course.allowance.get() {
            allowance.write(headers);
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
