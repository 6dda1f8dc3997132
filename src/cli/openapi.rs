//! `openapi`: the document, as it is checked in.

use super::terminal::say;
use crate::error::Result;
use crate::openapi::{document, readable};

/// Prints it.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn run() -> Result<()> {
    say(&readable(&document()));
    Ok(())
}
