//! What a command says, and why it failed.

use std::io::Write;

use crate::error::Error;

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
