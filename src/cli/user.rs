//! `user`: log-ins, so that a fresh system gets its first administrator.

use std::fs;
use std::path::PathBuf;

use clap::Subcommand;

use super::database::open;
use super::terminal::{failed, say};
use crate::accounts::users::store::{self as users, UserRow};
use crate::auth::keys::SealingKey;
use crate::auth::{password, strength};
use crate::config::Config;
use crate::db::journal::{Event, EventKind};
use crate::db::{Author, Scope, Tx};
use crate::error::Result;
use crate::organisation::model::LOCAL;
use crate::organisation::store::AppointmentRow;
use crate::organisation::store::PersonRow;
use crate::organisation::store::{OrgUnitRow, ValidityRow};
use crate::organisation::{self, Role, UnitKind, store};
use crate::text::{fold, fold_email};
use crate::types::{Id, Json};

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
    /// The unit of the appointment; the top of the organisation when absent, which is made where there is none.
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
        Some(path) => (read(path, &new)?, false),
        None => (SealingKey::generate()?.chars().take(24).collect(), true),
    };
    if !new.email.contains('@') || new.email.chars().count() > 200 {
        return Err(failed(format!("{} is no e-mail address", new.email)));
    }
    let hash = password::hash(&password)?;
    let author = Author::system(Scope::of_command(new.municipality), "user add");
    let user = open(config)?.write(&author, |tx| add(tx, &new, &hash))?;
    say(&format!("{user}"));
    if is_new {
        say(&format!("password  {password}"));
    }
    Ok(())
}

fn read(path: &PathBuf, new: &New) -> Result<String> {
    let text = fs::read_to_string(path).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    let password = text.trim_end_matches(['\r', '\n']).to_owned();
    if !strength::is_long_enough(&password) || password.chars().count() > 200 {
        return Err(failed("a password has 12 to 200 characters"));
    }
    if strength::is_guessable(&password, &[&new.name, &new.email]) {
        return Err(failed(
            "the password is too easy to guess: use several words that are no names, addresses or common passwords",
        ));
    }
    Ok(password)
}

fn add(tx: &mut Tx, new: &New, password_hash: &str) -> Result<Id> {
    store::municipality(tx).map_err(|_| failed("there is no such municipality"))?;
    let (municipality_id, now) = (tx.scope(), tx.now());
    let unit = match new.unit {
        Some(unit) => store::find_unit(tx, unit).map_err(|_| failed("there is no such unit"))?.0.id,
        None => top(tx)?,
    };
    let person = PersonRow {
        municipality_id,
        id: Id::new(),
        managed_by: LOCAL.to_owned(),
        source_changed_at: None,
        name: new.name.clone(),
        folded_name: fold(&new.name),
        email: Some(new.email.clone()),
        extensions: Json::default(),
        version: 1,
        changed_by: None,
        created_at: now,
        updated_at: now,
        folded_email: Some(fold_email(&new.email)),
    };
    let person_id = person.id;
    store::insert_person(tx, &(person, Vec::new()))?;
    appoint(tx, person_id, unit, new.role)?;
    let user = UserRow {
        municipality_id,
        id: Id::new(),
        person_id,
        email: fold_email(&new.email),
        password_hash: password_hash.to_owned(),
        disabled: false,
        version: 1,
        changed_by: None,
        created_at: now,
        updated_at: now,
    };
    users::insert(tx, &user)?;
    tx.record(Event::of(EventKind::PersonCreated, person_id).version(1));
    tx.record(Event::of(EventKind::UserCreated, user.id).version(1));
    Ok(user.id)
}

/// The top of the organisation; made where there is none.
fn top(tx: &mut Tx) -> Result<Id> {
    let organisation = organisation::current(tx)?;
    if let Some(unit) = organisation.units().find(|unit| unit.parent_id.is_none()) {
        return Ok(unit.id);
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
        name: "Direktionen".to_owned(),
        folded_name: fold("Direktionen"),
        kind: UnitKind::Directorate,
        p_number: None,
    };
    store::insert_unit(tx, &(row, vec![validity]))?;
    tx.record(Event::of(EventKind::OrgUnitCreated, unit_id).org_unit(unit_id).version(1));
    Ok(unit_id)
}

fn appoint(tx: &mut Tx, person_id: Id, org_unit_id: Id, role: Role) -> Result<()> {
    let now = tx.now();
    let row = AppointmentRow {
        municipality_id: tx.scope(),
        id: Id::new(),
        managed_by: LOCAL.to_owned(),
        source_changed_at: None,
        person_id,
        org_unit_id,
        role,
        from_on: organisation::current(tx)?.today,
        to_on: None,
        acting: false,
        standing_deputy_id: None,
        responsible_for: Json::of(&Vec::<Id>::new()),
        version: 1,
        changed_by: None,
        created_at: now,
        updated_at: now,
    };
    store::insert_appointment(tx, &row)?;
    tx.record(Event::of(EventKind::AppointmentCreated, row.id).org_unit(org_unit_id).version(1));
    Ok(())
}
