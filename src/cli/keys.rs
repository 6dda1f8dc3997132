//! `keys`: what signs access tokens.

use clap::Subcommand;

use super::database::open;
use super::terminal::{failed, say};
use crate::auth::keys;
use crate::config::Config;
use crate::error::Result;

/// What is done to keys.
#[derive(Subcommand)]
pub enum Command {
    /// Say which keys count: the one that signs, and those whose tokens may still be on their way.
    List,
    /// Sign with a new key from now on; the one before verifies for another hour. Also after a restore without the
    /// old system's secret key.
    Rotate,
    /// Let keys count no more, within five seconds in every running server: for a key that was stolen.
    Withdraw {
        /// The ids of the keys, as `keys list` prints them.
        #[arg(required = true)]
        kids: Vec<String>,
    },
}

/// Does it.
///
/// # Errors
/// When the database cannot be reached, or no key that counts has an id that was given.
pub fn run(command: &Command, config: &Config) -> Result<()> {
    let db = open(config)?;
    match command {
        Command::List => {
            for key in keys::list(&db)? {
                let until = key.counts_until.map_or("signs".to_owned(), |until| format!("counts until {until}"));
                say(&format!("{}  made {}, {until}", key.kid, key.created_at));
            }
        }
        Command::Rotate => {
            let kid = keys::rotate(&db, &config.sealing_key()?)?;
            say(&format!("within five seconds, servers that run sign access tokens with the key {kid}"));
        }
        Command::Withdraw { kids } => {
            let withdrawn = keys::withdraw(&db, &config.sealing_key()?, kids)?;
            withdrawn.map_err(|unknown| failed(format!("no key that counts has the id {}", unknown.join(", "))))?;
            say("within five seconds, no server takes a token that was signed with it any more");
        }
    }
    Ok(())
}
