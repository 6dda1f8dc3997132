//! Optimistic concurrency: `If-Match` against the version a resource has now.

use std::future::{Ready, ready};

use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::error::{Code, Current, Error, Fault, Result};
use crate::types::{Id, Ts};

/// A stored thing whose changes are counted.
pub trait Versioned {
    /// How often it was written.
    fn version(&self) -> i64;
    /// Who wrote it last.
    fn changed_by(&self) -> Option<Id>;
    /// When it was written last.
    fn changed_at(&self) -> Ts;
}

/// Implements [`Versioned`] for a row with the usual columns.
#[macro_export]
macro_rules! versioned {
    ($($row:ty),+) => { $(
        impl $crate::http::Versioned for $row {
            fn version(&self) -> i64 { self.version }
            fn changed_by(&self) -> Option<$crate::types::Id> { self.changed_by }
            fn changed_at(&self) -> $crate::types::Ts { self.updated_at }
        }
    )+ };
}

/// The version the caller has seen. Demanded (428), except in a dry run.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(Option<i64>);

impl IfMatch {
    /// A precondition on a version, as an item of a bulk request carries it.
    ///
    /// # Errors
    /// 400 when the text is no ETag of ours.
    pub fn of_etag(etag: &str) -> Result<Self> {
        Ok(IfMatch(Some(version_of(etag)?)))
    }

    /// Goes on when the caller has seen the newest version.
    ///
    /// # Errors
    /// 412 with what is stored now.
    pub fn accepts(self, stored: &impl Versioned) -> Result<()> {
        match self.0 {
            Some(seen) if seen != stored.version() => {
                let refusal = Code::StaleVersion.refuse().with("version", stored.version());
                Err(refusal.current(current_of(stored)).into())
            }
            _ => Ok(()),
        }
    }
}

/// What is stored now, as it is told to whoever has seen another version.
pub fn current_of(stored: &impl Versioned) -> Current {
    Current {
        version: stored.version(),
        changed_by: stored.changed_by(),
        changed_by_name: None,
        changed_at: stored.changed_at(),
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = req.headers().get(IF_MATCH).is_some_and(|value| !value.is_empty());
        ready(if given || is_dry_run(req) { sent(req).map(IfMatch) } else { Err(Code::PreconditionRequired.into()) })
    }
}

/// The version the caller has seen, where they say so.
#[derive(Debug, Clone, Copy)]
pub struct OptionalIfMatch(pub IfMatch);

impl FromRequest for OptionalIfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(sent(req).map(|seen| OptionalIfMatch(IfMatch(seen))))
    }
}

/// An empty one is no ETag: who sends it wanted something compared.
fn sent(req: &HttpRequest) -> Result<Option<i64>> {
    req.headers().get(IF_MATCH).map(|value| version_of(value.to_str().unwrap_or_default())).transpose()
}

/// The version in `"<version>.<digest>"`; only it is compared.
fn version_of(etag: &str) -> Result<i64> {
    let inner = etag.trim().trim_start_matches("W/").strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let version = inner.and_then(|inner| inner.split_once('.')).and_then(|(version, digest)| {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let ours = (1..=15).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_digit());
        (ours && (1..=16).contains(&digest.len()) && digest.bytes().all(hex)).then(|| version.parse().ok()).flatten()
    });
    version.ok_or_else(|| Code::MalformedRequest.refuse().fault(Fault::at("If-Match", "not-an-etag")).into())
}

/// Whether the caller only asks what would happen.
pub fn is_dry_run(req: &HttpRequest) -> bool {
    req.query_string().split('&').any(|part| part == "dry_run=true")
}
