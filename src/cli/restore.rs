//! `restore`: a copy becomes a database again.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;

use super::audit;
use super::database::{connect, keep_up_texts, open};
use super::terminal::{failed, say};
use crate::config::Config;
use crate::db::{backup, migrate};
use crate::error::Result;

/// Where from.
#[derive(Args)]
pub struct Arguments {
    /// The file that `backup` made.
    file: PathBuf,
}

/// Restores into a new database, which is brought up to date first, and checks what is recorded there.
///
/// # Errors
/// When the database holds something, or the copy is damaged or was changed.
pub fn run(arguments: &Arguments, config: &Config) -> Result<()> {
    let file = File::open(&arguments.file)
        .map_err(|error| failed(format!("the file {}: {error}", arguments.file.display())))?;
    let mut link = connect(config)?;
    migrate::up(&mut link)?;
    let copy = backup::restore(&mut link, file)?;
    drop(link);
    keep_up_texts(config)?;
    say(&format!("{} rows of {} tables are restored", copy.total(), copy.rows.len()));
    audit::verify(&open(config)?)
}
