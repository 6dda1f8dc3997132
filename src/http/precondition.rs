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

/// What the caller has seen: the versions in `If-Match`. Demanded (428), except in a dry run.
#[derive(Debug, Clone)]
pub struct IfMatch(Seen);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    /// They don't say.
    Unsaid,
    /// `*`: whatever there is.
    Anything,
    /// One of some versions. An entity tag that is none of ours is the version of nothing.
    Versions(Vec<i64>),
}

impl IfMatch {
    /// A precondition on a version, as an item of a bulk request carries it.
    ///
    /// # Errors
    /// 400 when the text is no entity tag.
    pub fn of_etag(etag: &str) -> Result<Self> {
        let version = tag(etag.trim()).filter(|(_, rest)| rest.is_empty()).map(|(inner, _)| version_of(inner));
        let version = version.ok_or_else(|| malformed("/etag"))?;
        Ok(IfMatch(Seen::Versions(version.into_iter().collect())))
    }

    /// Goes on when the caller has seen the newest version.
    ///
    /// # Errors
    /// 412 with what is stored now.
    pub fn accepts(&self, stored: &impl Versioned) -> Result<()> {
        match &self.0 {
            Seen::Versions(seen) if !seen.contains(&stored.version()) => {
                let refusal = Code::StaleVersion.refuse().with("version", stored.version());
                Err(refusal.current(current_of(stored)).into())
            }
            _ => Ok(()),
        }
    }

    /// Goes on when the caller does not say that they have seen something.
    ///
    /// # Errors
    /// 412, for there is nothing.
    pub fn accepts_nothing(&self) -> Result<()> {
        if self.0 == Seen::Unsaid { Ok(()) } else { Err(Code::StaleVersion.into()) }
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
        let rehearses = is_dry_run(req);
        if !rehearses && if_match_of(req).is_none_or(|list| list.trim().is_empty()) {
            return ready(Err(Code::PreconditionRequired.into()));
        }
        ready(sent(req).and_then(|seen| match seen {
            // Who would change whatever there is has seen nothing.
            Seen::Anything if !rehearses => {
                Err(Code::PreconditionRequired.refuse().fault(Fault::at("If-Match", "names-no-version")).into())
            }
            seen => Ok(IfMatch(seen)),
        }))
    }
}

/// What the caller has seen, where they say so. `*` stands for whatever there is, and refuses to make something new.
#[derive(Debug, Clone)]
pub struct OptionalIfMatch(pub IfMatch);

impl FromRequest for OptionalIfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(sent(req).map(|seen| OptionalIfMatch(IfMatch(seen))))
    }
}

/// All lines of a header as one list (RFC 9110 §5.3); none when it is not sent.
pub fn if_match_of(req: &HttpRequest) -> Option<String> {
    let lines: Vec<String> =
        req.headers().get_all(IF_MATCH).map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned()).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// `If-Match` as RFC 9110 §13.1.1 writes it: `*`, or entity tags with commas between them. An empty one is refused:
/// who sends it wanted something compared.
fn sent(req: &HttpRequest) -> Result<Seen> {
    match if_match_of(req) {
        None => Ok(Seen::Unsaid),
        Some(text) if text.len() > LONGEST => Err(malformed("If-Match")),
        Some(text) => seen(&text).ok_or_else(|| malformed("If-Match")),
    }
}

/// Bytes of the longest list.
const LONGEST: usize = 4000;

fn malformed(place: &str) -> Error {
    Code::MalformedRequest.refuse().fault(Fault::at(place, "not-an-etag")).into()
}

fn seen(list: &str) -> Option<Seen> {
    let mut rest = list.trim();
    if rest == "*" {
        return Some(Seen::Anything);
    }
    let mut versions = Vec::new();
    loop {
        let (inner, after) = tag(rest)?;
        versions.extend(version_of(inner));
        // Empty members of a list are passed over (RFC 9110 §5.6.1).
        let after = after.trim_start();
        match after.strip_prefix(',') {
            None if after.is_empty() => return Some(Seen::Versions(versions)),
            None => return None,
            Some(more) => rest = more.trim_start_matches([',', ' ', '\t']),
        }
        if rest.is_empty() {
            return Some(Seen::Versions(versions));
        }
    }
}

/// What stands between the quotes of the entity tag with which a text begins, and what follows it. A weak one is taken
/// too: servers that compress on the way weaken the tags they pass on, and what is compared is the version alone.
fn tag(text: &str) -> Option<(&str, &str)> {
    let (inner, rest) = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?.split_once('"')?;
    let plain = |letter: char| letter == '!' || ('#'..='~').contains(&letter) || !letter.is_ascii();
    inner.chars().all(plain).then_some((inner, rest))
}

/// The version in `<version>.<digest>`.
fn version_of(tag: &str) -> Option<i64> {
    let (version, digest) = tag.split_once('.')?;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let ours = (1..=15).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_digit());
    (ours && (1..=16).contains(&digest.len()) && digest.bytes().all(hex)).then(|| version.parse().ok()).flatten()
}

/// Whether the caller only asks what would happen.
pub fn is_dry_run(req: &HttpRequest) -> bool {
    req.query_string().split('&').any(|part| part == "dry_run=true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_is_read_as_http_writes_it() {
        let versions = |all: &[i64]| Some(Seen::Versions(all.to_vec()));
        for (sent, read) in [
            ("\"3.0\"", versions(&[3])),
            ("W/\"3.9f86d081884c7d65\"", versions(&[3])),
            ("\"99.0\", \"98.0\"", versions(&[99, 98])),
            ("\"3.0\",W/\"4.0\" ,\t\"5.0\"", versions(&[3, 4, 5])),
            ("\"3.0\", , \"4.0\",", versions(&[3, 4])),
            ("\"theirs, with a comma\"", None),
            ("\"theirs,with,commas\", \"4.0\"", versions(&[4])),
            ("\"another-servers\"", versions(&[])),
            ("\"\"", versions(&[])),
            ("*", Some(Seen::Anything)),
            (" * ", Some(Seen::Anything)),
            ("*, \"3.0\"", None),
            ("3.0", None),
            ("\"3.0", None),
            ("\"3.0\" \"4.0\"", None),
            ("w/\"3.0\"", None),
            ("", None),
        ] {
            assert_eq!(seen(sent), read, "{sent}");
        }
    }
}
