//! Files that are sent as a body: larger than other bodies, and of more than one kind.

use std::future::Future;
use std::pin::Pin;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use sha2::{Digest, Sha256};

use super::json::{BodyDigest, body_up_to};
use crate::error::{Code, Error, Result};

/// Bytes of the largest file.
pub const MAX_UPLOAD: usize = 32 * 1024 * 1024;

/// The kind of a file with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsKind {
    /// An object with a list of rows.
    Json,
    /// One JSON object on each line.
    Ndjson,
    /// A table, one row on each line.
    Csv,
}

/// Newline-delimited JSON.
pub const NDJSON: &str = "application/x-ndjson";

/// A table of text (RFC 4180).
pub const CSV: &str = "text/csv";

/// A file with rows, as it was sent.
pub struct Upload {
    /// Its kind.
    pub kind: RowsKind,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let kind = kind_of(&req)?;
            let bytes = body_up_to(&req, &mut payload, MAX_UPLOAD).await?;
            req.extensions_mut().insert(BodyDigest(Sha256::digest(&bytes).into()));
            Ok(Upload { kind, bytes: bytes.into() })
        })
    }
}

fn kind_of(req: &HttpRequest) -> Result<RowsKind> {
    let sent = req.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let charset = sent.split(';').skip(1).find_map(|part| part.trim().strip_prefix("charset="));
    let is_utf8 = charset.is_none_or(|name| {
        ["utf-8", "us-ascii"].iter().any(|known| name.trim_matches('"').eq_ignore_ascii_case(known))
    });
    if !is_utf8 {
        return Err(Code::UnsupportedMediaType.refuse().with("expected", "charset=utf-8").into());
    }
    match sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(RowsKind::Json),
        NDJSON => Ok(RowsKind::Ndjson),
        CSV => Ok(RowsKind::Csv),
        _ => {
            let expected = format!("application/json, {NDJSON}, {CSV}");
            Err(Code::UnsupportedMediaType.refuse().with("expected", expected).into())
        }
    }
}
