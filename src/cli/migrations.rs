//! `migrate`: the database's version.

use clap::Args;

use super::database::{connect, keep_up_texts};
use super::terminal::say;
use crate::config::Config;
use crate::db::{Link, distribute, grants, migrate};
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
    /// A role of PostgreSQL that the server works as: gets what it needs, which is not to change what happened.
    #[arg(long, value_name = "ROLE", conflicts_with_all = ["down", "status"], value_parser = role)]
    serving_role: Option<String>,
    /// Spread the tables over the machines of a Citus cluster, each municipality on one of them; safe to repeat.
    #[arg(long, conflicts_with_all = ["down", "status"])]
    distribute: bool,
    /// Only print the statements that would spread them.
    #[arg(long, requires = "distribute")]
    dry_run: bool,
}

fn spread(link: &mut Link) -> Result<()> {
    let due = distribute::due(link)?;
    for statement in &due {
        distribute::run(link, statement)?;
        say(statement);
    }
    say(&format!("spread {} tables; the others were already", due.len()));
    Ok(())
}

/// Written into statements as it is.
fn role(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let good = (1..=63).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_lowercase());
    if good && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("must be small letters, digits and _".to_owned())
    }
}

/// Migrates.
///
/// # Errors
/// When the database cannot be reached, or a migration fails.
pub fn run(arguments: &Arguments, config: &Config) -> Result<()> {
    let mut link = connect(config)?;
    if arguments.dry_run {
        distribute::due(&mut link)?.iter().for_each(|statement| say(&format!("{statement};")));
    } else if arguments.status {
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
        keep_up_texts(config)?;
        say("the database is up to date");
        if let Some(role) = &arguments.serving_role {
            grants::to_serve(&mut link, role)?;
            say(&format!("{role} may serve, and may not change what happened"));
        }
        if arguments.distribute {
            spread(&mut link)?;
        }
    }
    Ok(())
}
