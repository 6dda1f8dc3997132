//! Ids that a client makes: each is used once.

use std::collections::HashSet;

use crate::error::{Code, Fault, Result};
use crate::types::Id;

/// Goes on when each id of a list is there once and is not used elsewhere; the place of an item is told by its index.
///
/// # Errors
/// 409 `id-in-use`, with the pointer to the first that is.
pub fn refuse_used(
    ids: impl Iterator<Item = Option<Id>>,
    is_used: impl Fn(Id) -> bool,
    place: impl Fn(usize) -> String,
) -> Result<()> {
    let mut seen = HashSet::new();
    for (index, id) in ids.enumerate() {
        if id.is_some_and(|id| is_used(id) || !seen.insert(id)) {
            return Err(Code::IdInUse.refuse().fault(Fault::at(place(index), "id-in-use")).into());
        }
    }
    Ok(())
}
