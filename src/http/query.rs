//! Query parameters: known ones only, each with its rule.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use validator::Validate;

use super::rules::faults_of;
use super::shape::{pointer_of, shape_fault};
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
    let (mut text, mut faults) = (text.to_owned(), Vec::new());
    loop {
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
        match serde_path_to_error::deserialize::<_, T>(pairs) {
            Ok(value) => {
                faults.extend(value.validate().err().iter().flat_map(faults_of));
                return if faults.is_empty() { Ok(value) } else { Err(refused(faults)) };
            }
            Err(error) => {
                let fault = parameter_fault(&error.inner().to_string(), &pointer_of(error.path()));
                let rest = without(&text, fault.pointer.trim_start_matches('/'));
                faults.push(fault);
                let Some(rest) = rest else { return Err(refused(faults)) };
                text = rest;
            }
        }
    }
}

fn refused(faults: Vec<Fault>) -> Error {
    let named = |fault: Fault| Fault { pointer: fault.pointer.replacen('/', "?", 1), ..fault };
    Code::InvalidParameter.refuse().faults(faults.into_iter().map(named).collect()).into()
}

/// A query without one of its parameters, so that the others are looked at too; none when it is not there.
fn without(query: &str, name: &str) -> Option<String> {
    let all = form_urlencoded::parse(query.as_bytes());
    let others: Vec<_> = all.filter(|(other, _)| other != name).collect();
    let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(&others).finish();
    (others.len() < all.count()).then_some(rest)
}

/// What is wrong with a parameter, and what would do: all of them are sent as texts, and each type says in words of its
/// own why it does not like one.
fn parameter_fault(message: &str, pointer: &str) -> Fault {
    let fault = shape_fault(message, pointer);
    let begins = |all: &[&str]| all.iter().any(|beginning| message.starts_with(beginning));
    let expected = match fault.code {
        "invalid-value" if message.contains("an id or me") => "person",
        "invalid-value" if message.contains("true") => "boolean",
        "invalid-value" if message.contains("UUID") => "id",
        "invalid-value"
            if begins(&["invalid digit", "number too", "cannot parse integer", "invalid value: integer"]) =>
        {
            "integer"
        }
        "invalid-value" if begins(&["input", "premature end", "trailing input"]) => "date",
        _ => return fault,
    };
    fault.with("expected", expected)
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
            None => {
                let fault = Fault::at(format!("?{name}"), "unknown-value").with("choices", known.join(", "));
                return Err(Code::InvalidParameter.refuse().fault(fault).into());
            }
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
