//! How a refusal reads: a problem (RFC 9457) in the reader's language.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};

use super::request::Course;
use crate::error::{Code, Error, Refusal};
use crate::text::Lang;

/// Writes a refusal as a problem in the reader's language, and notes its code.
pub(super) fn render_refusal(res: &mut ServiceResponse<BoxBody>, lang: Lang, request_id: &str, course: &Course) {
    let Some(error) = res.response().error() else { return };
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
    course.refusal.set(Some(refusal.code));
    *res.response_mut() = problem(&refusal, lang, request_id);
}

/// A refusal as an answer.
pub(super) fn problem(refusal: &Refusal, lang: Lang, request_id: &str) -> HttpResponse {
    let code = refusal.code;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    answer.content_type("application/problem+json").insert_header((header::CONTENT_LANGUAGE, lang.tag()));
    if let Some(seconds) = refusal.retry_after {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
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
        let allow = problem.errors.drain(..).next().map(|fault| fault.pointer);
        answer.insert_header((header::ALLOW, allow.unwrap_or_default()));
    }
    answer.json(problem)
}
