//! `user`: log-ins, so that a fresh system gets its first administrator.

use clap::Subcommand;

use super::database::open;
use super::terminal::{failed, say, taken};
use crate::accounts::users::model::CODE_LIVES;
use crate::accounts::users::newcomer::{Newcomer, welcome};
use crate::accounts::users::reset::replace_password;
use crate::accounts::users::store as users;
use crate::auth::password::{self, one_time_code};
use crate::config::Config;
use crate::db::journal::{Event, EventKind};
use crate::db::{Author, Scope, Tx};
use crate::error::Result;
use crate::organisation::model::Unit;
use crate::organisation::store::{OrgUnitRow, ValidityRow};
use crate::organisation::{self, Role, UnitKind, store};
use crate::text::fold_email;
use crate::types::Id;

/// The unit that is made where there is none.
const TOP: &str = "Direktionen";

/// What is done to log-ins.
#[derive(Subcommand)]
pub enum Command {
    /// Make a person with an appointment and a log-in, and print the one-time code by which they choose a password.
    Add(New),
    /// Put a new one-time code in place of a password that is forgotten, and print it.
    Code {
        /// The municipality's id, as `municipality list` prints it.
        #[arg(long, value_parser = id)]
        municipality: Id,
        /// The e-mail address of the log-in.
        #[arg(long)]
        email: String,
    },
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
}

pub(super) fn id(text: &str) -> Result<Id, String> {
    Id::parse(text).ok_or_else(|| "must be a UUID".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    Role::parse(text).ok_or_else(|| format!("may be {}", known.join(", ")))
}

/// Does it.
///
/// # Errors
/// When the database cannot be reached, the municipality or the log-in is unknown, or the e-mail address is taken.
pub fn run(command: Command, config: &Config) -> Result<()> {
    match command {
        Command::Add(new) => add(&new, config),
        Command::Code { municipality, email } => renew(municipality, &email, config),
    }
}

fn add(new: &New, config: &Config) -> Result<()> {
    if !new.email.contains('@') || new.email.chars().count() > 200 {
        return Err(failed(format!("{} is no e-mail address", new.email)));
    }
    let code = one_time_code()?;
    let hash = password::hash(&code)?;
    let author = Author::system(Scope::of_command(new.municipality), "user add");
    let (user, made) = open(config)?.write(&author, |tx| insert(tx, new, &hash))?;
    say(&format!("{user}"));
    if let Some(unit) = made {
        say(&format!("unit      {unit}, {TOP}: made, since there was none; what an HR system sends belongs below it"));
    }
    tell(&code);
    Ok(())
}

fn renew(municipality: Id, email: &str, config: &Config) -> Result<()> {
    let code = one_time_code()?;
    let hash = password::hash(&code)?;
    let author = Author::system(Scope::of_command(municipality), "user code");
    open(config)?.write(&author, |tx| {
        let nobody = |_| failed(format!("there is no log-in with the e-mail address {email}"));
        let mut user = users::with_email(tx, &fold_email(email)).map_err(nobody)?;
        replace_password(tx, &mut user, &hash)
    })?;
    tell(&code);
    Ok(())
}

fn tell(code: &str) {
    say(&format!("code      {code}"));
    say(&format!("          for the next log-in, within {} days, together with a new_password", CODE_LIVES.num_days()));
}

/// Gives the log-in, and the unit that was made for it.
fn insert(tx: &mut Tx, new: &New, code_hash: &str) -> Result<(Id, Option<Id>)> {
    store::municipality(tx).map_err(|_| failed("there is no such municipality"))?;
    let is_first = !store::has_units(tx)?;
    let unit = match new.unit {
        Some(unit) => store::find_unit(tx, unit).map_err(|_| failed("there is no such unit"))?.0.id,
        None => top(tx)?,
    };
    let email = fold_email(&new.email);
    let newcomer = Newcomer { name: new.name.clone(), email, org_unit_id: unit, role: new.role };
    let user = welcome(tx, &newcomer, code_hash)
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
    let row = OrgUnitRow::new(tx.new_row(), Id::new(), UnitKind::Directorate);
    let validity = ValidityRow::new(&row, organisation.today, TOP, UnitKind::Directorate);
    let unit_id = row.id;
    store::insert_unit(tx, &(row, vec![validity]))?;
    tx.record(Event::of(EventKind::OrgUnitCreated, unit_id).org_unit(unit_id).version(1));
    Ok(unit_id)
}
