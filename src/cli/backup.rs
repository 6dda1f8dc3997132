//! `backup`: a copy of everything.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::database::connect_existing;
use super::terminal::{failed, say};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::backup;
use crate::error::Result;

/// Where to.
#[derive(Args)]
pub struct Arguments {
    /// The file, which must not be there yet.
    file: PathBuf,
}

/// Makes the copy.
///
/// # Errors
/// When the database cannot be reached, or the file cannot be written.
pub fn run(arguments: &Arguments, config: &Config) -> Result<()> {
    let (target, shown) = (&arguments.file, arguments.file.display());
    let refused = |error: std::io::Error| failed(format!("the file {shown}: {error}"));
    if target.try_exists().map_err(refused)? {
        return Err(failed(format!("the file {shown} is there already")));
    }
    let mut link = connect_existing(config)?;
    // A copy that was broken off must not look like one.
    let unfinished = PathBuf::from(format!("{shown}.unfinished"));
    let file = owners_alone(&unfinished).map_err(refused)?;
    let copy = backup::write(&mut link, Clock::system().now(), &file).and_then(|copy| {
        file.sync_all().and_then(|()| fs::rename(&unfinished, target)).map(|()| copy).map_err(refused)
    });
    let copy = copy.inspect_err(|_| drop(fs::remove_file(&unfinished)))?;
    say(&format!("{} rows of {} tables are in {shown}", copy.total(), copy.rows.len()));
    if let Some(key) = config.key_file().filter(|_| config.secret_key.is_none()) {
        say(&format!("keep {} apart from it: the keys in the copy are sealed under it", key.display()));
    }
    Ok(())
}

fn owners_alone(path: &Path) -> Result<File, std::io::Error> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}
