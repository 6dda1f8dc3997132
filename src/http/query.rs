//! Query parameters: known ones only, each with its rule.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use validator::Validate;

use super::json::{faults_of, pointer_of, shape_fault};
use crate::error::{Code, Error, Fault, Result};
use crate::types::Id;

/// The query of a request, read and checked.
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(req.query_string()).map(Query))
    }
}

fn read<T: DeserializeOwned + Validate>(text: &str) -> Result<T> {
    // PostgreSQL has no such character.
    if text.contains("%00") {
        return Err(Code::InvalidParameter.refuse().fault(Fault::at("?", "control-character")).into());
    }
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    let value: T = serde_path_to_error::deserialize(pairs).map_err(|error| {
        let fault = shape_fault(&error.inner().to_string(), &pointer_of(error.path()));
        Code::InvalidParameter.refuse().fault(Fault { pointer: fault.pointer.replacen('/', "?", 1), ..fault })
    })?;
    value.validate().map_err(|errors| {
        let faults = faults_of(&errors);
        Code::InvalidParameter.refuse().faults(
            faults.into_iter().map(|fault| Fault { pointer: fault.pointer.replacen('/', "?", 1), ..fault }).collect(),
        )
    })?;
    Ok(value)
}

/// A refusal of one query parameter.
pub fn query_fault(name: &str, code: &'static str) -> Error {
    Code::InvalidParameter.refuse().fault(Fault::at(format!("?{name}"), code)).into()
}

/// Which of some known words a parameter lists, separated by commas, each at most once.
///
/// # Errors
/// 422 for any other word, and for one that stands twice.
pub fn words<const N: usize>(text: Option<&str>, name: &str, known: [&str; N]) -> Result<[bool; N]> {
    let mut found = [false; N];
    for word in text.into_iter().flat_map(|text| text.split(',')) {
        match known.iter().zip(&mut found).find(|(known, found)| **known == word && !**found) {
            Some((_, found)) => *found = true,
            None => return Err(query_fault(name, "invalid-value")),
        }
    }
    Ok(found)
}

/// A person: an id, or `me` for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonRef {
    /// The caller.
    Me,
    /// Somebody.
    Person(Id),
}

impl<'de> Deserialize<'de> for PersonRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match (text.as_str(), Id::parse(&text)) {
            ("me", _) => Ok(PersonRef::Me),
            (_, Some(id)) => Ok(PersonRef::Person(id)),
            _ => Err(serde::de::Error::custom("invalid value: expected an id or me")),
        }
    }
}
