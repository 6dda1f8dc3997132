//! Answers: a body with its ETag, honest 304s, and the form in which an idempotency key remembers them.

use std::hash::{DefaultHasher, Hash, Hasher};

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::outcome::Outcome;
use crate::error::Result;

/// The place of a resource's ETag in its view; filled in when the view is tagged.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
#[schema(value_type = String, example = "\"3.9f86d081884c7d65\"", max_length = 60)]
pub struct Etag(());

impl Etag {
    /// Always: the value is known only when all else is written.
    pub const fn unset(&self) -> bool {
        true
    }
}

/// The ETags that a reader has already, by `If-None-Match`; none when they are not told.
#[derive(Debug, Clone)]
pub struct Known(Option<String>);

impl Known {
    /// What a request tells.
    pub fn of(req: &HttpRequest) -> Self {
        let sent = req.headers().get(IF_NONE_MATCH).filter(|_| req.method().is_safe());
        Known(sent.and_then(|value| value.to_str().ok()).map(str::to_owned))
    }

    /// Whether they tell of any.
    pub fn is_told(&self) -> bool {
        self.0.is_some()
    }

    /// Whether an ETag is among them (RFC 9110, 13.1.2: compared weakly, and `*` is any).
    pub fn includes(&self, etag: &str) -> bool {
        let tags = self.0.iter().flat_map(|told| told.split(','));
        tags.map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
    }
}

/// A digest of what a view of a resource is made from, besides the resource: views of one version that were made from
/// the same are the same, so that an ETag can be told without the view. A release may show things in another way.
pub fn digest_of(made_from: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), made_from).hash(&mut hasher);
    hasher.finish()
}

/// A resource as JSON that carries its ETag: `"<version>.<digest>"`, the digest over all else that the reader sees, or
/// over what that is made from.
#[derive(Debug, Clone)]
pub struct Tagged {
    /// The ETag, with its quotes.
    pub etag: String,
    json: Box<RawValue>,
}

impl Tagged {
    /// Writes a view, which must be a JSON object, and puts its ETag in front.
    ///
    /// # Errors
    /// When the view cannot be written: a fault of ours.
    pub fn of<T: Serialize>(version: i64, view: &T) -> Result<Self> {
        let body = serde_json::to_string(view)?;
        let digest = digest_of_body(&body);
        let json = RawValue::from_string(with_etag(version, digest, &body))?;
        Ok(Tagged { etag: etag_of(version, digest), json })
    }
}

fn digest_of_body(body: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(body.as_bytes()).into();
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// An object with its ETag in front.
fn with_etag(version: i64, digest: u64, object: &str) -> String {
    let rest = object.strip_prefix('{').unwrap_or_default();
    let comma = if rest == "}" { "" } else { "," };
    format!(r#"{{"etag":"\"{version}.{digest:016x}\""{comma}{rest}"#)
}

fn etag_of(version: i64, digest: u64) -> String {
    format!("\"{version}.{digest:016x}\"")
}

impl Serialize for Tagged {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

/// An answer, complete before it leaves the transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    etag: Option<String>,
    location: Option<String>,
    link: Option<String>,
    #[serde(default)]
    cache_control: Option<String>,
    #[serde(skip)]
    media_type: Option<&'static str>,
    #[serde(skip)]
    body: String,
    #[serde(skip)]
    outcomes: Vec<Outcome>,
}

impl Reply {
    fn with(status: StatusCode, body: String) -> Self {
        Reply {
            status: status.as_u16(),
            etag: None,
            location: None,
            link: None,
            cache_control: None,
            media_type: None,
            body,
            outcomes: Vec::new(),
        }
    }

    /// 200 with a resource.
    ///
    /// # Errors
    /// When the view cannot be written: a fault of ours.
    pub fn item<T: Serialize>(version: i64, view: &T) -> Result<Self> {
        let body = serde_json::to_string(view)?;
        Ok(Reply::tagged(version, digest_of_body(&body), &body))
    }

    /// 200 with a resource whose digest is that of what its view is made from ([`digest_of`]).
    ///
    /// # Errors
    /// When the view cannot be written: a fault of ours.
    pub fn item_of<T: Serialize>(version: i64, digest: u64, view: &T) -> Result<Self> {
        Ok(Reply::tagged(version, digest, &serde_json::to_string(view)?))
    }

    fn tagged(version: i64, digest: u64, body: &str) -> Self {
        let etag = Some(etag_of(version, digest));
        Reply { etag, ..Reply::with(StatusCode::OK, with_etag(version, digest, body)) }
    }

    /// 304, when the reader has the resource already.
    pub fn unchanged(known: &Known, version: i64, digest: u64) -> Option<Self> {
        let etag = etag_of(version, digest);
        known.includes(&etag).then(|| Reply { etag: Some(etag), ..Reply::with(StatusCode::OK, String::new()) })
    }

    /// 201 with the resource and its address.
    ///
    /// # Errors
    /// When the view cannot be written: a fault of ours.
    pub fn created<T: Serialize>(location: String, version: i64, view: &T) -> Result<Self> {
        let item = Reply::item(version, view)?;
        Ok(Reply { status: StatusCode::CREATED.as_u16(), location: Some(location), ..item })
    }

    /// 200 with something that has no version.
    ///
    /// # Errors
    /// When the value cannot be written: a fault of ours.
    pub fn json<T: Serialize>(value: &T) -> Result<Self> {
        Ok(Reply::with(StatusCode::OK, serde_json::to_string(value)?))
    }

    /// The answer is of another media type than a resource.
    #[must_use]
    pub fn of_type(mut self, media_type: &'static str) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// 200 with something of another media type than JSON.
    pub fn text(media_type: &'static str, text: String) -> Self {
        Reply::with(StatusCode::OK, text).of_type(media_type)
    }

    /// 201 with something that has no version.
    ///
    /// # Errors
    /// When the value cannot be written: a fault of ours.
    pub fn created_json<T: Serialize>(value: &T) -> Result<Self> {
        Ok(Reply::with(StatusCode::CREATED, serde_json::to_string(value)?))
    }

    /// 204.
    pub fn no_content() -> Self {
        Reply::with(StatusCode::NO_CONTENT, String::new())
    }

    /// Adds the address of the next page.
    #[must_use]
    pub fn next(mut self, address: Option<String>) -> Self {
        self.link = address.map(|address| format!("<{address}>; rel=\"next\""));
        self
    }

    /// Adds to a resource what is told beside it, below a name; the ETag stays that of the resource.
    ///
    /// # Errors
    /// When it cannot be written: a fault of ours.
    pub fn beside<T: Serialize>(mut self, name: &str, value: &T) -> Result<Self> {
        let resource = self.body.strip_suffix('}').unwrap_or(&self.body);
        self.body = format!("{resource},\"{name}\":{}}}", serde_json::to_string(value)?);
        Ok(self)
    }

    /// Adds to a resource what the action came to, below a name.
    ///
    /// # Errors
    /// When it cannot be written: a fault of ours.
    pub fn with_outcomes(self, name: &str, outcomes: Vec<Outcome>) -> Result<Self> {
        Ok(Reply { outcomes: outcomes.clone(), ..self.beside(name, &outcomes)? })
    }

    /// What the action came to.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The answer holds a secret: nothing on its way may keep it.
    #[must_use]
    pub fn no_store(mut self) -> Self {
        self.cache_control = Some("no-store".to_owned());
        self
    }

    /// The answer is the same for everybody, for so many seconds.
    #[must_use]
    pub fn public(mut self, seconds: u32) -> Self {
        self.cache_control = Some(format!("public, max-age={seconds}"));
        self
    }

    /// The status, the headers and the body, as an idempotency key keeps them.
    pub fn parts(&self) -> (u16, &Self, &str) {
        (self.status, self, &self.body)
    }

    /// The answer again, from what was kept.
    pub fn kept(headers: Self, body: String) -> Self {
        Reply { body, ..headers }
    }

    fn unchanged_for(&self, req: &HttpRequest) -> bool {
        self.status == 200 && self.etag.as_ref().is_some_and(|etag| Known::of(req).includes(etag))
    }
}

impl Responder for Reply {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let unchanged = self.unchanged_for(req);
        let status = if unchanged { 304 } else { self.status };
        let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        for (name, value) in [(ETAG, self.etag), (LOCATION, self.location), (CACHE_CONTROL, self.cache_control)] {
            if let Some(value) = value {
                answer.insert_header((name, value));
            }
        }
        if let Some(link) = self.link {
            answer.insert_header((actix_web::http::header::LINK, link));
        }
        if unchanged || self.body.is_empty() {
            return answer.finish();
        }
        answer.insert_header((CONTENT_TYPE, self.media_type.unwrap_or("application/json"))).body(self.body)
    }
}
