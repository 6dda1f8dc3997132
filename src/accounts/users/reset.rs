//! A one-time code in place of a password.

use super::model::CODE_LIVES;
use super::store::{self, UserRow};
use crate::accounts::sessions;
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::Result;
use crate::types::Ts;

/// Puts a code in place of a log-in's password, and ends its sessions; tells until when the code is good.
///
/// # Errors
/// When the database fails.
pub fn replace_password(tx: &mut Tx, user: &mut UserRow, code_hash: &str) -> Result<Ts> {
    let expires_at = tx.now().plus(CODE_LIVES);
    code_hash.clone_into(&mut user.password_hash);
    user.code_expires_at = Some(expires_at);
    store::save(tx, user)?;
    sessions::end_all(tx, user.id, None, "password-reset")?;
    tx.record(Event::of(EventKind::UserUpdated, user.id).version(user.version).changed(["password"]));
    Ok(expires_at)
}

/// Puts the password that a person chose in place of their code, or of the password before it.
///
/// # Errors
/// When the database fails.
pub fn keep_password(tx: &mut Tx, user: &mut UserRow, password_hash: &str) -> Result<()> {
    password_hash.clone_into(&mut user.password_hash);
    user.code_expires_at = None;
    store::save(tx, user)?;
    tx.record(Event::of(EventKind::UserUpdated, user.id).version(user.version).changed(["password"]));
    Ok(())
}
