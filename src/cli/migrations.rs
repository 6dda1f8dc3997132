//! `migrate`: the database's version.

use clap::Args;

use super::database::connect;
use super::terminal::say;
use crate::config::Config;
use crate::db::migrate;
use crate::error::Result;

/// Which way.
#[derive(Args)]
pub struct Arguments {
    /// Take the newest migration back, with the rows of its tables.
    #[arg(long, conflicts_with = "status")]
    down: bool,
    /// Only show which migrations the database has.
    #[arg(long)]
    status: bool,
}

/// Migrates.
///
/// # Errors
/// When the database cannot be reached, or a migration fails.
pub fn run(arguments: &Arguments, config: &Config) -> Result<()> {
    let mut link = connect(config)?;
    if arguments.status {
        let pending = migrate::pending(&mut link)?;
        for name in migrate::all() {
            let state = if pending.contains(&name) { "pending" } else { "applied" };
            say(&format!("{state}  {name}"));
        }
    } else if arguments.down {
        say(&format!("took back {}", migrate::down(&mut link)?));
    } else {
        for version in migrate::up(&mut link)? {
            say(&format!("applied {version}"));
        }
        say("the database is up to date");
    }
    Ok(())
}
