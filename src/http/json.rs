//! A JSON body: size, media type, depth, syntax, shape and rules, each refused with the place that is wrong.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::rt::time::timeout;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use validator::Validate;

use super::numbers::with_plain_integers;
use super::rules::faults_of;
use super::search::all_faults;
use super::shape::{pointer_of, shape_fault};
use super::strict::Strict;
use crate::error::{Code, Error, Fault, Result};

/// Bytes of the largest body.
pub const MAX_BODY: usize = 1024 * 1024;

const MAX_DEPTH: usize = 32;

/// How long a body may take: 1 MiB at the pace of a poor mobile connection.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// The SHA-256 of the body that was read, for the idempotency key.
pub struct BodyDigest(pub [u8; 32]);

/// A body that was read, understood and found to follow its rules.
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            check_media_type(&req)?;
            let body = body_of(&req, &mut payload).await?;
            req.extensions_mut().insert(BodyDigest(Sha256::digest(&body).into()));
            read_json(&body).map(Json)
        })
    }
}

/// A body that may be left out: then it is what it is by default.
pub struct JsonOrNothing<T>(pub T);

impl<T> Deref for JsonOrNothing<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate + Default + 'static> FromRequest for JsonOrNothing<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            if req.headers().contains_key(CONTENT_TYPE) {
                check_media_type(&req)?;
            }
            let body = body_of(&req, &mut payload).await?;
            if body.is_empty() {
                return Ok(JsonOrNothing(T::default()));
            }
            check_media_type(&req)?;
            req.extensions_mut().insert(BodyDigest(Sha256::digest(&body).into()));
            read_json(&body).map(JsonOrNothing)
        })
    }
}

fn check_media_type(req: &HttpRequest) -> Result<()> {
    let sent = req.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let patch = req.method() == actix_web::http::Method::PATCH;
    let expected = if patch { "application/merge-patch+json" } else { "application/json" };
    if essence == expected {
        return Ok(());
    }
    Err(Code::UnsupportedMediaType.refuse().with("expected", expected).into())
}

/// The body as it was written. One that is coded would need as much memory as its sender likes.
///
/// # Errors
/// 415 for every coding but `identity`; 408, 413 as said.
pub async fn body_of(req: &HttpRequest, payload: &mut Payload) -> Result<BytesMut> {
    body_up_to(req, payload, MAX_BODY).await
}

/// The same, of a body of another size.
///
/// # Errors
/// As said.
pub async fn body_up_to(req: &HttpRequest, payload: &mut Payload, most: usize) -> Result<BytesMut> {
    let lines = req.headers().get_all(CONTENT_ENCODING).map(|line| line.to_str().unwrap_or("unknown"));
    let mut codings = lines.flat_map(|line| line.split(',')).map(str::trim);
    if codings.any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")) {
        return Err(Code::UnsupportedContentCoding.into());
    }
    collect(payload, most, BODY_WITHIN).await
}

/// Reads the body to its end: a sender that trickles it would hold its place among the connections for good.
async fn collect(payload: &mut Payload, most: usize, within: Duration) -> Result<BytesMut> {
    let whole = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Code::MalformedRequest.refuse())?;
            if body.len() + chunk.len() > most {
                return Err(Code::TooLarge.refuse().with("limit", most).into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    timeout(within, whole).await.map_err(|_| Code::RequestTimeout.refuse())?
}

/// Reads a value from JSON text: depth, syntax, shape, rules.
///
/// # Errors
/// 400 when it is not JSON, 422 with each place that is wrong otherwise, in its shape or by a rule.
pub fn read_json<T: DeserializeOwned + Validate>(body: &[u8]) -> Result<T> {
    let text = std::str::from_utf8(body).map_err(|_| Code::MalformedJson.refuse().fault(Fault::at("", "not-utf8")))?;
    check_text(text)?;
    let text = with_plain_integers(text);
    let mut reader = serde_json::Deserializer::from_str(&text);
    let value: T =
        serde_path_to_error::deserialize(Strict(&mut reader)).map_err(|error| shape_error::<T>(&error, &text))?;
    reader.end().map_err(|error| syntax_error(&error))?;
    value.validate().map_err(|errors| Code::InvalidBody.refuse().faults(faults_of(&errors)))?;
    Ok(value)
}

/// Neither deeper than permitted, nor with the one character that PostgreSQL cannot keep.
fn check_text(text: &str) -> Result<()> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'u' if escaped && text.get(at + 1..at + 5) == Some("0000") => {
                return Err(Code::InvalidBody.refuse().fault(Fault::at("", "control-character")).into());
            }
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Code::InvalidBody.refuse().fault(Fault::at("", "too-deep").with("max", MAX_DEPTH)).into());
        }
    }
    Ok(())
}

fn syntax_error(error: &serde_json::Error) -> Error {
    let place = Fault::at("", "json-syntax").with("line", error.line()).with("column", error.column());
    Code::MalformedJson.refuse().fault(place).into()
}

fn shape_error<T>(error: &serde_path_to_error::Error<serde_json::Error>, text: &str) -> Error
where
    T: DeserializeOwned + Validate,
{
    let inner = error.inner();
    if inner.is_syntax() || inner.is_eof() || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return syntax_error(inner);
    }
    let first = shape_fault(&inner.to_string(), &pointer_of(error.path()));
    Code::InvalidBody.refuse().faults(all_faults::<T>(first, text)).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::text_enum;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[validate(length(min = 1, max = 3))]
        name: String,
        #[serde(default)]
        #[validate(nested)]
        parts: Vec<Part>,
    }

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Part {
        #[validate(range(min = 1, max = 9))]
        size: u8,
    }

    text_enum! {
        /// A word.
        pub enum Colour {
            /// Like the sky.
            Blue = "blue",
        }
    }

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Painted {
        #[serde(default)]
        colour: Option<Colour>,
        #[serde(default, deserialize_with = "crate::http::patch::nullable")]
        part: Option<Option<Part>>,
        #[serde(default)]
        named: BTreeMap<String, Part>,
    }

    fn refused(body: &str) -> (u16, String, &'static str) {
        let refusal = read_json::<Sample>(body.as_bytes()).expect_err("it is refused").refusal();
        let fault = refusal.faults.first().expect("a place").clone();
        (refusal.code.status(), fault.pointer, fault.code)
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        assert_eq!(refused("{"), (400, String::new(), "json-syntax"));
        assert_eq!(refused("{} {}").0, 400);
        assert_eq!(refused(r#"{"name":"a"} x"#), (400, String::new(), "json-syntax"));
        assert_eq!(refused("{}"), (422, "/name".into(), "required"));
        assert_eq!(refused(r#"{"name":1}"#), (422, "/name".into(), "wrong-type"));
        assert_eq!(refused(r#"{"name":"abcd"}"#), (422, "/name".into(), "length"));
        assert_eq!(refused(r#"{"name":"a","title":1}"#), (422, "/title".into(), "unknown-field"));
        assert_eq!(
            refused(r#"{"name":"a","parts":[{"size":1},{"size":0}]}"#),
            (422, "/parts/1/size".into(), "out-of-range")
        );
        assert_eq!(refused(r#"{"name":"a","parts":[{"sise":1}]}"#), (422, "/parts/0/sise".into(), "unknown-field"));
        assert_eq!(refused(&format!("{}{}", "[".repeat(40), "]".repeat(40))), (422, String::new(), "too-deep"));
    }

    #[test]
    fn an_array_is_no_object_and_an_object_is_no_word_however_deep() {
        let wrong = |pointer: &str| (422, pointer.to_owned(), "wrong-type");
        assert_eq!(refused(r#"["a",[]]"#), wrong(""));
        assert_eq!(refused(r#"{"name":"a","parts":[[1]]}"#), wrong("/parts/0"));
        let painted = |body: &str| {
            let refusal = read_json::<Painted>(body.as_bytes()).expect_err("it is refused").refusal();
            let fault = refusal.faults.first().expect("a place").clone();
            (refusal.code.status(), fault.pointer, fault.code)
        };
        assert_eq!(painted("[]"), wrong(""));
        assert_eq!(painted(r#"{"part":[1]}"#), wrong("/part"));
        assert_eq!(painted(r#"{"named":{"a":[1]}}"#), wrong("/named/a"));
        assert_eq!(painted(r#"{"colour":{"blue":null}}"#), (422, "/colour".into(), "unknown-value"));
        assert_eq!(painted(r#"{"colour":"red"}"#), (422, "/colour".into(), "unknown-value"));
        let read: Painted =
            read_json(br#"{"colour":"blue","part":null,"named":{"a":{"size":1}}}"#).expect("it is taken");
        assert_eq!((read.colour, read.part.map(|part| part.is_none())), (Some(Colour::Blue), Some(true)));
        assert_eq!(read.named.get("a").map(|part| part.size), Some(1));
    }

    #[test]
    fn a_text_that_no_database_can_keep_is_refused() {
        assert_eq!(refused(r#"{"name":"\u0000"}"#), (422, String::new(), "control-character"));
        assert!(check_text(r#""\\u0000""#).is_ok(), "a backslash before a u is no escape");
    }

    #[test]
    fn brackets_inside_a_text_are_no_depth() {
        let name = format!(r#"{{"name":"{}"}}"#, "[".repeat(100));
        assert_eq!(refused(&name), (422, "/name".into(), "length"));
    }

    #[actix_web::test]
    async fn a_body_that_never_ends_is_given_up() {
        let never = futures_util::stream::pending::<Result<actix_web::web::Bytes, actix_web::error::PayloadError>>();
        let mut payload: Payload = Payload::Stream { payload: Box::pin(never) };
        let refused = collect(&mut payload, MAX_BODY, Duration::from_millis(1)).await.expect_err("it is given up");
        assert_eq!(refused.code(), Code::RequestTimeout);
    }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod shape_tests;
