//! What can go wrong, by meaning: one table of codes, one way to an RFC 9457 answer.
//!
//! Rules and stores refuse with [`Code::refuse`]; the words are in `text/`, in the reader's language, and the
//! answer is rendered once, in `http::gate`. What nobody foresaw is [`Error::Unexpected`]: logged whole, told as 500.

use std::fmt;

use diesel::result::{DatabaseErrorKind, Error as DbError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::types::{Id, Ts};
use crate::text::{Args, Lang, say};

mod code;

pub use code::Code;

/// The result of whatever can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

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
    /// JSON Pointer (RFC 6901) into the body; a query parameter is `?name`, a header its name.
    pub pointer: String,
    /// What the message mentions.
    pub args: Args,
}

impl Fault {
    /// A fault at a place.
    pub fn at(pointer: impl Into<String>, code: &'static str) -> Self {
        Fault { code, pointer: pointer.into(), args: Args::default() }
    }

    /// Adds what the message mentions.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.set(name, value);
        self
    }

    /// The fault in words.
    pub fn view(&self, lang: Lang) -> FaultView {
        FaultView {
            code: self.code.to_owned(),
            pointer: self.pointer.clone(),
            message: say(lang, &format!("fault-{}", self.code), &self.args),
        }
    }
}

/// The stored state that a stale `If-Match` met.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CurrentVersion)]
pub struct Current {
    /// The version now stored.
    pub version: i64,
    /// Who wrote it last; a person or a client. Null for the system itself.
    pub changed_by: Option<Id>,
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
    pub current: Option<Current>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// What RFC 6749 §5.2 calls it, at the token endpoint.
    pub token_error: Option<TokenError>,
}

impl Refusal {
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
        self.current = Some(current);
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

    /// The answer's body.
    pub fn problem(&self, lang: Lang, request_id: &str) -> Problem {
        let code = self.code.as_str();
        Problem {
            r#type: format!("/problems/{code}"),
            title: say(lang, &format!("problem-{code}"), &self.args),
            status: self.code.status(),
            detail: say(lang, &format!("problem-{code}.detail"), &self.args),
            code: code.to_owned(),
            errors: self.faults.iter().map(|fault| fault.view(lang)).collect(),
            current: self.current.clone(),
            error: self.token_error,
            request_id: request_id.to_owned(),
        }
    }
}

/// Why something did not happen.
#[derive(Debug)]
pub enum Error {
    /// The caller is told why, and what to do.
    Refused(Box<Refusal>),
    /// The database says: do it again (serialization failure, deadlock, busy).
    Retry(DbError),
    /// The connection is gone.
    Disconnected(String),
    /// Nobody foresaw it; logged with its whole chain, told as 500.
    Unexpected(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A fault of ours, in words for the log.
    pub fn unexpected(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Error::Unexpected(what.into())
    }

    /// The same refusal, its places below another place: what is wrong with a part is told of the whole.
    #[must_use]
    pub fn below(mut self, place: &str) -> Self {
        if let Error::Refused(refusal) = &mut self {
            for fault in &mut refusal.faults {
                fault.pointer.insert_str(0, place);
            }
        }
        self
    }

    /// What the caller is told.
    pub fn refusal(&self) -> Refusal {
        match self {
            Error::Refused(refusal) => (**refusal).clone(),
            Error::Retry(_) => Code::Busy.refuse().retry_after(1),
            Error::Disconnected(_) => Code::DatabaseUnavailable.refuse().retry_after(5),
            Error::Unexpected(_) => Code::Internal.refuse(),
        }
    }

    /// The code the caller is told.
    pub fn code(&self) -> Code {
        self.refusal().code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refusal) => {
                let problem = refusal.problem(Lang::En, "");
                write!(f, "{}: {}", problem.title, problem.detail)?;
                problem.errors.iter().try_for_each(|fault| write!(f, "; {}: {}", fault.pointer, fault.message))
            }
            Error::Retry(source) => write!(f, "the database could not finish the transaction: {source}"),
            Error::Disconnected(reason) => write!(f, "the database does not answer: {reason}"),
            Error::Unexpected(source) => {
                write!(f, "{source}")?;
                let mut cause = source.source();
                while let Some(inner) = cause {
                    write!(f, ": {inner}")?;
                    cause = inner.source();
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(Box::new(refusal))
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        code.refuse().into()
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound => Code::NotFound.into(),
            DbError::DatabaseError(kind, detail) => match kind {
                DatabaseErrorKind::UniqueViolation => Code::AlreadyExists.into(),
                DatabaseErrorKind::ForeignKeyViolation => Code::UnknownReference.into(),
                DatabaseErrorKind::SerializationFailure => Error::Retry(DbError::DatabaseError(kind, detail)),
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                    Error::Disconnected(detail.message().to_owned())
                }
                _ if is_transient(detail.message()) => Error::Retry(DbError::DatabaseError(kind, detail)),
                _ if is_given_up(detail.message()) => Code::Busy.refuse().retry_after(1).into(),
                _ if is_disconnection(detail.message()) => Error::Disconnected(detail.message().to_owned()),
                _ => Error::unexpected(DbError::DatabaseError(kind, detail)),
            },
            DbError::BrokenTransactionManager => Error::Disconnected(error.to_string()),
            other => Error::unexpected(other),
        }
    }
}

/// Diesel has no kind for a deadlock or a busy SQLite file: their texts are fixed in the databases' sources.
fn is_transient(message: &str) -> bool {
    ["database is locked", "database table is locked", "deadlock detected"].iter().any(|text| message.contains(text))
}

/// A statement took longer than a request is kept waiting.
fn is_given_up(message: &str) -> bool {
    ["statement timeout", "lock timeout"].iter().any(|text| message.contains(text))
}

/// A server that stops says so to each of its connections, and a schema that was changed outdates what they prepared.
fn is_disconnection(message: &str) -> bool {
    [
        "terminating connection",
        "server closed the connection",
        "the database system is",
        "no connection to the server",
        "cached plan must not change result type",
    ]
    .iter()
    .any(|text| message.contains(text))
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::unexpected(error)
    }
}

impl actix_web::ResponseError for Error {
    fn status_code(&self) -> actix_web::http::StatusCode {
        actix_web::http::StatusCode::from_u16(self.code().status())
            .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What is sent when `http::gate` cannot dress it: after a panic.
    fn error_response(&self) -> actix_web::HttpResponse {
        let problem = self.refusal().problem(Lang::default(), "");
        actix_web::HttpResponse::build(self.status_code()).content_type("application/problem+json").json(problem)
    }
}

/// A refusal as it is answered: RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// The address of a page about this kind of refusal.
    #[schema(max_length = 200, example = "/problems/stale-version")]
    pub r#type: String,
    /// What happened, in the reader's language.
    #[schema(max_length = 500, example = "Ændret i mellemtiden")]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 412)]
    pub status: u16,
    /// What to do about it, in the reader's language.
    #[schema(
        max_length = 4000,
        example = "Hent den nyeste udgave, gentag din ændring i den, og send den med dens ETag."
    )]
    pub detail: String,
    /// Stable, for programs.
    #[schema(max_length = 100, example = "stale-version")]
    pub code: String,
    /// Each place that is wrong.
    #[schema(max_items = 10000)]
    pub errors: Vec<FaultView>,
    /// What is stored now, when the caller's version is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Current>,
    /// The error code of RFC 6749 §5.2; at the token endpoint alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<TokenError>,
    /// The id under which the server's log holds the request.
    #[schema(max_length = 100, example = "01931f2e-7c00-7000-8000-000000000001")]
    pub request_id: String,
}

/// One place that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Fault)]
pub struct FaultView {
    /// Stable, for programs.
    #[schema(max_length = 100, example = "required")]
    pub code: String,
    /// JSON Pointer (RFC 6901) into the body; a query parameter is `?name`, a header its name.
    #[schema(max_length = 500, example = "/sections/0/content/plan")]
    pub pointer: String,
    /// What is wrong, in the reader's language.
    #[schema(max_length = 4000, example = "Feltet skal udfyldes.")]
    pub message: String,
}
