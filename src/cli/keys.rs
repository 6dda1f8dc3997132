//! `keys`: what signs access tokens.

use clap::Subcommand;

use super::database::open;
use super::terminal::say;
use crate::auth::keys;
use crate::config::Config;
use crate::error::Result;

/// What is done to keys.
#[derive(Subcommand)]
pub enum Command {
    /// Sign with a new key from now on; the one before verifies for another hour. Also after a restore without the
    /// old system's secret key.
    Rotate,
}

/// Does it.
///
/// # Errors
/// When the database cannot be reached.
pub fn run(command: &Command, config: &Config) -> Result<()> {
    let Command::Rotate = command;
    let kid = keys::rotate(&open(config)?, &config.sealing_key()?)?;
    say(&format!("within a minute, servers that run sign access tokens with the key {kid}"));
    Ok(())
}
