//! `user`: log-ins, so that a fresh system gets its first administrator.

use std::fs;
use std::path::PathBuf;

use clap::Subcommand;

use super::database::open;
use super::terminal::{failed, say, taken};
use crate::accounts::users::model::fold_email;
use crate::accounts::users::newcomer::{Newcomer, welcome};
use crate::auth::keys::SealingKey;
use crate::auth::password;
use crate::config::Config;
use crate::db::journal::Event;
use crate::db::{Author, Scope, Tx};
use crate::error::Result;
use crate::organisation::model::LOCAL;
use crate::organisation::model::{Unit, fold};
use crate::organisation::store::{OrgUnitRow, ValidityRow};
use crate::organisation::{self, Role, UnitKind, store};
use crate::types::{Id, Json};

/// The unit that is made where there is none.
const TOP: &str = "Direktionen";

/// What is done to log-ins.
#[derive(Subcommand)]
pub enum Command {
    /// Make a person with an appointment and a log-in, and print the password unless it was given.
    Add(New),
}

/// Somebody to be let in.
#[derive(clap::Args)]
pub struct New {
    /// The municipality's id, as `municipality add` printed it.
    #[arg(long, value_parser = id)]
    municipality: Id,
    /// What the person is called.
    #[arg(long)]
    name: String,
    /// The e-mail address to log in by.
    #[arg(long)]
    email: String,
    /// The role: administrator, coordinator, chief_executive, director, leader, contributor, reader …
    #[arg(long, value_parser = role)]
    role: Role,
    /// The unit of the appointment; the top of the organisation when absent, which is made where there is no unit yet.
    #[arg(long, value_parser = id)]
    unit: Option<Id>,
    /// A file that holds the password; one is made and printed when absent.
    #[arg(long)]
    password_file: Option<PathBuf>,
}

pub(super) fn id(text: &str) -> Result<Id, String> {
    Id::parse(text).ok_or_else(|| "must be a UUID".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    Role::parse(text).ok_or_else(|| format!("may be {}", known.join(", ")))
}

/// Makes it.
///
/// # Errors
/// When the database cannot be reached, the municipality is unknown or the e-mail address is taken.
pub fn run(command: Command, config: &Config) -> Result<()> {
    let Command::Add(new) = command;
    let (password, is_new) = match &new.password_file {
        Some(path) => (read(path)?, false),
        None => (SealingKey::generate()?.chars().take(24).collect(), true),
    };
    if !new.email.contains('@') || new.email.chars().count() > 200 {
        return Err(failed(format!("{} is no e-mail address", new.email)));
    }
    let hash = password::hash(&password)?;
    let author = Author::system(Scope::of_command(new.municipality), "user add");
    let (user, made) = open(config)?.write(&author, |tx| add(tx, &new, &hash))?;
    say(&format!("{user}"));
    if let Some(unit) = made {
        say(&format!("unit      {unit}, {TOP}: made, since there was none; what an HR system sends belongs below it"));
    }
    if is_new {
        say(&format!("password  {password}"));
    }
    Ok(())
}

fn read(path: &PathBuf) -> Result<String> {
    let text = fs::read_to_string(path).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    let password = text.trim_end_matches(['\r', '\n']).to_owned();
    if (12..=200).contains(&password.chars().count()) {
        Ok(password)
    } else {
        Err(failed("a password has 12 to 200 characters"))
    }
}

/// Gives the log-in, and the unit that was made for it.
fn add(tx: &mut Tx, new: &New, password_hash: &str) -> Result<(Id, Option<Id>)> {
    store::municipality(tx).map_err(|_| failed("there is no such municipality"))?;
    let is_first = !store::has_units(tx)?;
    let unit = match new.unit {
        Some(unit) => store::find_unit(tx, unit).map_err(|_| failed("there is no such unit"))?.0.id,
        None => top(tx)?,
    };
    let email = fold_email(&new.email);
    let newcomer = Newcomer { name: new.name.clone(), email, org_unit_id: unit, role: new.role };
    let user = welcome(tx, &newcomer, password_hash)
        .map_err(|error| taken(error, format!("there is a log-in with the e-mail address {}", newcomer.email)))?;
    Ok((user.id, is_first.then_some(unit)))
}

/// The top of the organisation; made where there is no unit at all. A second top is never made: what is not there today
/// may begin tomorrow.
fn top(tx: &mut Tx) -> Result<Id> {
    let organisation = organisation::current(tx)?;
    let tops: Vec<&Unit> = organisation.units().filter(|unit| unit.parent_id.is_none()).collect();
    match tops.as_slice() {
        [top] => return Ok(top.id),
        [] if store::has_units(tx)? => {
            return Err(failed("no unit of the organisation is valid today; name one by --unit"));
        }
        [] => {}
        several => {
            let named: Vec<String> = several.iter().map(|unit| format!("{} ({})", unit.name, unit.id)).collect();
            return Err(failed(format!("the organisation has several tops; name one by --unit: {}", named.join(", "))));
        }
    }
    let (municipality_id, now, unit_id) = (tx.scope(), tx.now(), Id::new());
    let row = OrgUnitRow {
        municipality_id,
        id: unit_id,
        managed_by: LOCAL.to_owned(),
        source_changed_at: None,
        external_keys: Json::default(),
        extensions: Json::default(),
        holds_agreement: false,
        version: 1,
        changed_by: None,
        created_at: now,
        updated_at: now,
    };
    let validity = ValidityRow {
        municipality_id,
        org_unit_id: unit_id,
        from_on: organisation.today,
        to_on: None,
        parent_id: None,
        name: TOP.to_owned(),
        folded_name: fold(TOP),
        kind: UnitKind::Directorate,
        p_number: None,
    };
    store::insert_unit(tx, &(row, vec![validity]))?;
    tx.record(Event::of("org_unit.created", unit_id).org_unit(unit_id).version(1));
    Ok(unit_id)
}
