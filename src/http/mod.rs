//! The conventions of the API, each in one place: how a body is read, a version is demanded, an answer is written.

mod accept;
mod fields;
mod form;
mod forwarded;
mod json;
mod numbers;
mod outcome;
mod page;
pub mod patch;
mod precondition;
mod query;
mod reply;
mod rules;
mod search;
mod shape;
mod strict;
mod upload;

pub use accept::{SVG, prefers};
pub use form::Form;
pub use forwarded::{ForwardedHeader, Proxies};
pub use json::{BodyDigest, Json, JsonOrNothing, MAX_BODY, read_json};
pub use outcome::Outcome;
pub use page::{Address, Page, Paging};
pub use precondition::{IfMatch, OptionalIfMatch, Versioned, current_of, if_match_of, is_dry_run};
pub use query::{PersonRef, Query, query_fault, words};
pub use reply::{Etag, Known, Reply, Tagged, digest_of};
pub use rules::{faults_of as rule_faults, is_plain, is_said, rule_fault};
pub use upload::{CSV, MAX_UPLOAD, NDJSON, RowsKind, Upload};

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::error::{Code, Error};
use crate::types::{Id, may_be_key};

/// The ids of a path, in its order. What is not a UUID names nothing: 404.
pub struct Ids<const N: usize>(pub [Id; N]);

impl<const N: usize> FromRequest for Ids<N> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ids: Vec<Id> = req.match_info().iter().filter_map(|(_, text)| Id::parse(text)).collect();
        ready(<[Id; N]>::try_from(ids).map(Ids).map_err(|_| Code::NotFound.into()))
    }
}

/// An agreement's id and a section's key, from the path.
pub struct SectionPath {
    /// The agreement.
    pub agreement_id: Id,
    /// The section's key within it.
    pub key: String,
}

impl FromRequest for SectionPath {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let part = |name| req.match_info().get(name).unwrap_or_default();
        let key = part("key").to_owned();
        ready(match Id::parse(part("id")) {
            Some(agreement_id) if may_be_key(&key) => Ok(SectionPath { agreement_id, key }),
            _ => Err(Code::NotFound.into()),
        })
    }
}
