//! `municipality`: a new tenant.

use clap::Subcommand;

use super::database::open;
use super::terminal::{failed, say};
use crate::config::Config;
use crate::db::journal::{Event, EventKind};
use crate::db::{Author, Scope};
use crate::error::Result;
use crate::organisation::store::{MunicipalityRow, insert_municipality, with_cvr};
use crate::types::{Id, Json};

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

/// Makes it.
///
/// # Errors
/// When the database cannot be reached, or another municipality has the CVR number.
pub fn run(command: Command, config: &Config) -> Result<()> {
    let Command::Add { name, cvr, time_zone } = command;
    let id = Id::new();
    let author = Author::system(Scope::of_command(id), "municipality add");
    let db = open(config)?;
    if let Some(known) = db.global(|link| with_cvr(link, &cvr))? {
        return Err(failed(format!("there is a municipality with the CVR number {cvr}: {known}")));
    }
    db.write(&author, |tx| {
        let now = tx.now();
        let row = MunicipalityRow {
            municipality_id: id,
            name: name.clone(),
            cvr: cvr.clone(),
            time_zone: time_zone.name().to_owned(),
            languages: Json::of(&["da", "en"]),
            business_date: None,
            last_resort_id: None,
            organisation_version: 1,
            version: 1,
            changed_by: None,
            created_at: now,
            updated_at: now,
        };
        insert_municipality(tx, &row)?;
        tx.record(Event::of(EventKind::MunicipalityCreated, id).version(1));
        Ok(())
    })?;
    say(&id.to_string());
    Ok(())
}
