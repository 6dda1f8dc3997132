//! `settings`: every setting there is, as `docs/settings.md` shows them.

use super::terminal::say;
use crate::config::table::as_markdown;
use crate::error::Result;

/// Prints them.
///
/// # Errors
/// Never: they stand in the program.
pub fn run() -> Result<()> {
    say(as_markdown().trim_end());
    Ok(())
}
