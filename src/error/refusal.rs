//! A refusal that the caller is told about: its code, the places that are wrong, what is stored instead.

use serde::Serialize;
use utoipa::ToSchema;

use super::code::Code;
use crate::text::Args;
use crate::types::{Id, Ts};

crate::text_enum! {
    /// What RFC 6749 §5.2 calls a refusal of the token endpoint.
    pub enum TokenError {
        /// The request cannot be understood.
        InvalidRequest = "invalid_request",
        /// Key and secret do not belong together.
        InvalidClient = "invalid_client",
        /// The client may not do what the token is asked for.
        InvalidScope = "invalid_scope",
        /// There is no such grant here.
        UnsupportedGrantType = "unsupported_grant_type",
    }
}

/// One place that is wrong, or is advised about.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Stable and kebab-case; its words are the message `fault-<code>`.
    pub code: &'static str,
    /// JSON Pointer (RFC 6901) into the body, of a file `/line/column`; a query parameter is `?name`, a header or a part
    /// of the path its name.
    pub pointer: String,
    /// What the message mentions.
    pub args: Args,
    /// What is stored there now, when what was sent is stale.
    pub current: Option<Box<Current>>,
    /// The line of a file it stands on, which is told in words.
    pub line: Option<u64>,
}

impl Fault {
    /// A fault at a place.
    pub fn at(pointer: impl Into<String>, code: &'static str) -> Self {
        Fault { code, pointer: pointer.into(), args: Args::default(), current: None, line: None }
    }

    /// Adds what the message mentions.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.set(name, value);
        self
    }

    /// Adds what is stored there now.
    #[must_use]
    pub fn current(self, current: Current) -> Self {
        Fault { current: Some(Box::new(current)), ..self }
    }
}

/// The stored state that a stale version met.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = CurrentVersion)]
pub struct Current {
    /// The version now stored.
    pub version: i64,
    /// Who wrote it last; a person or a client. Null for the system itself.
    pub changed_by: Option<Id>,
    /// The name of that person.
    #[schema(max_length = 200, example = "Centerchef for Social og Handicap")]
    pub changed_by_name: Option<String>,
    /// When it was written.
    pub changed_at: Ts,
}

/// A refusal that the caller is told about.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The reason.
    pub code: Code,
    /// What its words mention.
    pub args: Args,
    /// The places that are wrong.
    pub faults: Vec<Fault>,
    /// What is stored now, when the caller's version is stale.
    pub current: Option<Box<Current>>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// What RFC 6749 §5.2 calls it, at the token endpoint.
    pub token_error: Option<TokenError>,
}

impl Refusal {
    /// All that it tells of what is stored now.
    pub fn all_current(&mut self) -> impl Iterator<Item = &mut Current> {
        self.faults.iter_mut().filter_map(|fault| fault.current.as_deref_mut()).chain(self.current.as_deref_mut())
    }

    /// Adds what the words mention.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.set(name, value);
        self
    }

    /// Adds a place that is wrong.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Adds all places that are wrong.
    #[must_use]
    pub fn faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Adds what is stored now.
    #[must_use]
    pub fn current(mut self, current: Current) -> Self {
        self.current = Some(Box::new(current));
        self
    }

    /// Adds when to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Adds what RFC 6749 §5.2 calls it.
    #[must_use]
    pub fn token_error(mut self, error: TokenError) -> Self {
        self.token_error = Some(error);
        self
    }
}

impl Code {
    /// A refusal with this code.
    pub fn refuse(self) -> Refusal {
        Refusal {
            code: self,
            args: Args::default(),
            faults: Vec::new(),
            current: None,
            retry_after: None,
            token_error: None,
        }
    }
}
