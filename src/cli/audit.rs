//! `audit`: whether what is recorded is what happened.

use clap::Subcommand;

use super::database::open;
use super::terminal::{failed, say};
use crate::config::Config;
use crate::db::{Author, Db};
use crate::error::Result;
use crate::events::store::{self, Chain};
use crate::organisation::store::all_municipalities;

/// What is done to the audit log.
#[derive(Subcommand)]
pub enum Command {
    /// Check the chain of every municipality.
    Verify,
}

/// Does it.
///
/// # Errors
/// When the database cannot be reached, or a chain is broken.
pub fn run(command: &Command, config: &Config) -> Result<()> {
    let Command::Verify = command;
    verify(&open(config)?)
}

/// Checks every municipality, and says what was found.
///
/// # Errors
/// When a chain is broken.
pub(super) fn verify(db: &Db) -> Result<()> {
    let mut broken = 0;
    for (scope, name) in db.global(all_municipalities)? {
        match db.read(&Author::system(scope, "audit verify"), store::verify)? {
            Chain::Whole(events) => say(&format!("{name}: {events} events, each as it was written")),
            Chain::BrokenAt(sequence) => {
                broken += 1;
                say(&format!("{name}: broken at number {sequence}"));
            }
        }
    }
    if broken == 0 { Ok(()) } else { Err(failed(format!("the audit log of {broken} municipalities was changed"))) }
}
