//! Somebody new: a person with an appointment and a log-in at once, where no HR system brings them.

use super::model::CODE_LIVES;
use super::store::{self, UserRow};
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::Result;
use crate::organisation;
use crate::organisation::model::{LOCAL, Role};
use crate::organisation::store::{AppointmentRow, PersonRow, insert_appointment, insert_person};
use crate::text::fold;
use crate::types::{Id, Json};

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
    let (municipality_id, changed_by, now) = (tx.scope(), tx.author().person, tx.now());
    let person = PersonRow {
        municipality_id,
        id: Id::new(),
        managed_by: LOCAL.to_owned(),
        source_changed_at: None,
        name: newcomer.name.clone(),
        folded_name: fold(&newcomer.name),
        email: Some(newcomer.email.clone()),
        extensions: Json::default(),
        version: 1,
        changed_by,
        created_at: now,
        updated_at: now,
        folded_email: Some(newcomer.email.clone()),
    };
    let person_id = person.id;
    insert_person(tx, &(person, Vec::new()))?;
    tx.record(Event::of(EventKind::PersonCreated, person_id).version(1));
    appoint(tx, person_id, newcomer)?;
    let user = UserRow {
        municipality_id,
        id: Id::new(),
        person_id,
        email: newcomer.email.clone(),
        password_hash: code_hash.to_owned(),
        disabled: false,
        version: 1,
        changed_by,
        created_at: now,
        updated_at: now,
        code_expires_at: Some(now.plus(CODE_LIVES)),
    };
    store::insert(tx, &user)?;
    tx.record(Event::of(EventKind::UserCreated, user.id).version(1).detail("person_id", person_id));
    Ok(user)
}

fn appoint(tx: &mut Tx, person_id: Id, newcomer: &Newcomer) -> Result<()> {
    let now = tx.now();
    let row = AppointmentRow {
        municipality_id: tx.scope(),
        id: Id::new(),
        managed_by: LOCAL.to_owned(),
        source_changed_at: None,
        person_id,
        org_unit_id: newcomer.org_unit_id,
        role: newcomer.role,
        from_on: organisation::current(tx)?.today,
        to_on: None,
        acting: false,
        standing_deputy_id: None,
        responsible_for: Json::of(&Vec::<Id>::new()),
        version: 1,
        changed_by: tx.author().person,
        created_at: now,
        updated_at: now,
    };
    insert_appointment(tx, &row)?;
    tx.record(Event::of(EventKind::AppointmentCreated, row.id).org_unit(newcomer.org_unit_id).version(1));
    Ok(())
}
