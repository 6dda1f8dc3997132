//! Names beside the ids that a refusal tells: rules refuse with ids alone.

use crate::accounts::names::Names;
use crate::db::Conn;
use crate::error::{Error, Refusal};

/// The same failure, telling by name who wrote what is stored now.
pub fn with_names(conn: &mut Conn, error: Error) -> Error {
    match error {
        Error::Refused(mut refusal) => {
            name_current(conn, &mut refusal);
            Error::Refused(refusal)
        }
        other => other,
    }
}

/// Tells by name who wrote what is stored now. A name that cannot be read is left out: the refusal stands without it.
fn name_current(conn: &mut Conn, refusal: &mut Refusal) {
    if refusal.all_current().next().is_none() {
        return;
    }
    let Ok(names) = Names::read(conn) else { return };
    for current in refusal.all_current() {
        current.changed_by_name = current.changed_by.and_then(|id| names.of(id));
    }
}
