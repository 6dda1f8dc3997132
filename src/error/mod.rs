//! What can go wrong, by meaning: one table of codes, one way to an RFC 9457 answer.
//!
//! Rules and stores refuse with [`Code::refuse`]; the words are in `text/`, in the reader's language, and the
//! answer is rendered once, in `app::refusals`. What nobody foresaw is [`Error::Unexpected`]: logged whole, told as 500.

use std::fmt;

use crate::text::Lang;
use diesel::result::{DatabaseErrorKind, Error as DbError};

mod code;
mod problem;
mod refusal;

pub use code::Code;
pub use problem::{FaultView, Problem};
pub use refusal::{Current, Fault, Refusal, TokenError};

/// The result of whatever can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

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

    /// The same failure, for another who waited for the same work.
    pub fn for_another(&self) -> Self {
        match self {
            Error::Refused(refusal) => Error::Refused(refusal.clone()),
            Error::Retry(_) => Code::Busy.refuse().retry_after(1).into(),
            Error::Disconnected(reason) => Error::Disconnected(reason.clone()),
            Error::Unexpected(_) => Error::unexpected(self.to_string()),
        }
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

    /// The same refusal with no more than some of its places, and how many more there are.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        if let Error::Refused(refusal) = &mut self {
            let rest = refusal.faults.len().saturating_sub(most);
            refusal.faults.truncate(most);
            refusal.faults.extend((rest > 0).then(|| Fault::at("", "more-faults").with("count", rest)));
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

    /// Never sent: `app::refusals` writes it anew for its reader.
    fn error_response(&self) -> actix_web::HttpResponse {
        let problem = self.refusal().problem(Lang::default(), "");
        actix_web::HttpResponse::build(self.status_code()).content_type("application/problem+json").json(problem)
    }
}
