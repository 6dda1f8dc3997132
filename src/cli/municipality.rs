//! `municipality`: a new tenant.

use clap::Subcommand;

use super::database::open;
use super::terminal::{complain, failed, say};
use crate::config::Config;
use crate::db::journal::{Event, EventKind};
use crate::db::{Author, Scope};
use crate::error::Result;
use crate::organisation::store::{MunicipalityRow, all_municipalities, insert_municipality, municipality, with_cvr};
use crate::types::Id;

/// What is done to municipalities.
#[derive(Subcommand)]
pub enum Command {
    /// Make a municipality, and print its id.
    Add {
        /// Its name, as in "Lilleby Kommune".
        #[arg(long, value_parser = name)]
        name: String,
        /// Its number in the register of companies: 8 digits.
        #[arg(long, value_parser = cvr)]
        cvr: String,
        /// Its time zone, by its IANA name.
        #[arg(long, default_value = "Europe/Copenhagen")]
        time_zone: chrono_tz::Tz,
    },
    /// Print each municipality with its id and its CVR number.
    List,
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let good = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err("must have 1 to 200 characters".to_owned()) }
}

fn cvr(text: &str) -> Result<String, String> {
    let good = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if good { Ok(text.to_owned()) } else { Err("must be 8 digits".to_owned()) }
}

/// Does it.
///
/// # Errors
/// When the database cannot be reached, or another municipality has the CVR number.
pub fn run(command: Command, config: &Config) -> Result<()> {
    match command {
        Command::Add { name, cvr, time_zone } => add(&name, &cvr, time_zone, config),
        Command::List => list(config),
    }
}

fn list(config: &Config) -> Result<()> {
    let db = open(config)?;
    for (scope, _) in db.global(all_municipalities)? {
        let row = db.read(&Author::system(scope, "municipality list"), municipality)?;
        say(&format!("{}  {}  {}", row.municipality_id, row.cvr, row.name));
    }
    Ok(())
}

fn add(name: &str, cvr: &str, time_zone: chrono_tz::Tz, config: &Config) -> Result<()> {
    let id = Id::new();
    let author = Author::system(Scope::of_command(id), "municipality add");
    let db = open(config)?;
    if let Some(known) = db.global(|link| with_cvr(link, cvr))? {
        return Err(failed(format!("there is a municipality with the CVR number {cvr}: {known}")));
    }
    db.write(&author, |tx| {
        let row =
            MunicipalityRow { time_zone: time_zone.name().to_owned(), ..MunicipalityRow::new(tx.new_row(), name, cvr) };
        insert_municipality(tx, &row)?;
        tx.record(Event::of(EventKind::MunicipalityCreated, id).version(1));
        Ok(())
    })?;
    say(&id.to_string());
    if db.global(all_municipalities)?.len() == 2 {
        complain(
            "there are two municipalities now: whoever logs in has to name theirs, as GET /api/v1/auth-methods lists them",
        );
    }
    Ok(())
}
