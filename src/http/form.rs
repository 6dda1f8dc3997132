//! The form of a token request (RFC 6749 appendix B): unknown fields are ignored, doubled ones refused.

use std::future::Future;
use std::pin::Pin;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use validator::Validate;

use super::json::body_of;
use super::rules::faults_of;
use super::shape::shape_fault;
use crate::error::{Code, Error, Fault, Result, TokenError};

const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// A form that was read and found to follow its rules.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let sent = req.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(MEDIA_TYPE) {
                return Err(Code::UnsupportedMediaType.refuse().with("expected", MEDIA_TYPE).into());
            }
            read(&body_of(&req, &mut payload).await?).map(Form)
        })
    }
}

fn read<T: DeserializeOwned + Validate>(body: &[u8]) -> Result<T> {
    let refuse = || Code::InvalidTokenRequest.refuse().token_error(TokenError::InvalidRequest);
    // PostgreSQL has no such character.
    if body.contains(&0) || body.windows(3).any(|three| three == b"%00") {
        return Err(refuse().fault(Fault::at("", "control-character")).into());
    }
    let value: T =
        serde_urlencoded::from_bytes(body).map_err(|error| refuse().fault(shape_fault(&error.to_string(), "")))?;
    value.validate().map_err(|errors| refuse().faults(faults_of(&errors)))?;
    Ok(value)
}
