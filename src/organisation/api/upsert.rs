//! What every PUT of a source has in common: whose row it is, and whether it is news.

use super::policy;
use crate::access::Actor;
use crate::error::{Code, Result};
use crate::types::Ts;

/// Whether an actor may replace what its source gave of a stored row.
///
/// # Errors
/// 409 `managed-elsewhere` for a row of another source, `stale-source` for older news than what is stored.
pub fn check(actor: &Actor, managed_by: &str, sent: Option<Ts>, known: Option<Ts>) -> Result<()> {
    policy::can_replace(actor, managed_by)?;
    if sent.zip(known).is_some_and(|(sent, known)| sent < known) {
        return Err(Code::StaleSource.into());
    }
    Ok(())
}

/// The names of the fields that differ.
pub fn differing<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<&'static str> {
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
