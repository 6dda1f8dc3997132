//! Somebody new: a person with an appointment and a log-in at once, where no HR system brings them.

use super::model::CODE_LIVES;
use super::store::{self, UserRow};
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::Result;
use crate::organisation;
use crate::organisation::model::Role;
use crate::organisation::store::{AppointmentRow, PersonRow, insert_appointment, insert_person};
use crate::types::Id;

/// Somebody new.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// What they are called.
    pub name: String,
    /// The address they are written to and log in by; in its folded form.
    pub email: String,
    /// The unit of their appointment.
    pub org_unit_id: Id,
    /// Their role there, from today.
    pub role: Role,
}

/// Makes the person, the appointment and the log-in, with a one-time code to choose a password by.
///
/// # Errors
/// 409 when somebody logs in by the address.
pub fn welcome(tx: &mut Tx, newcomer: &Newcomer, code_hash: &str) -> Result<UserRow> {
    let person = PersonRow::new(tx.new_row(), Id::new(), &newcomer.name, Some(&newcomer.email));
    let person_id = person.id;
    insert_person(tx, &(person, Vec::new()))?;
    tx.record(Event::of(EventKind::PersonCreated, person_id).version(1));
    appoint(tx, person_id, newcomer)?;
    let user = UserRow {
        code_expires_at: Some(tx.now().plus(CODE_LIVES)),
        ..UserRow::new(tx.new_row(), Id::new(), person_id, &newcomer.email, code_hash)
    };
    store::insert(tx, &user)?;
    tx.record(Event::of(EventKind::UserCreated, user.id).version(1).detail("person_id", person_id));
    Ok(user)
}

fn appoint(tx: &mut Tx, person_id: Id, newcomer: &Newcomer) -> Result<()> {
    let today = organisation::current(tx)?.today;
    let row = AppointmentRow::new(tx.new_row(), Id::new(), person_id, (newcomer.role, newcomer.org_unit_id), today);
    insert_appointment(tx, &row)?;
    tx.record(Event::of(EventKind::AppointmentCreated, row.id).org_unit(newcomer.org_unit_id).version(1));
    Ok(())
}
