//! What a command says, and why it failed.

use std::io::Write;

use crate::error::{Code, Error};
use crate::text::Lang;

/// A reader that has gone away is no failure.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "aftalestyring: {text}");
}

pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

pub(super) fn failed(why: impl Into<String>) -> Error {
    Error::unexpected(why.into())
}

/// Why something failed. What a refusal advises is for those who speak HTTP: here it is only what happened, and where.
pub(super) fn in_words(error: &Error) -> String {
    let Error::Refused(refusal) = error else { return error.to_string() };
    let problem = refusal.problem(Lang::En, "");
    let faults = problem.errors.iter().map(|fault| format!("{}: {}", fault.pointer, fault.message));
    std::iter::once(problem.title).chain(faults).collect::<Vec<_>>().join("; ")
}

/// A refusal because something is there already, said in the words of the command.
pub(super) fn taken(error: Error, what: impl Into<String>) -> Error {
    if error.code() == Code::AlreadyExists { failed(what) } else { error }
}
