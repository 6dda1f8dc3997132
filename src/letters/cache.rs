//! Who owns a theme, which every agreement is read with: kept in memory.

use std::sync::Arc;

use super::store::{self, ThemeOwners};
use crate::db::Conn;
use crate::error::Result;
use crate::types::Id;

/// The directors who own themes, as they are kept.
///
/// # Errors
/// When the database fails.
pub fn all_theme_owners(conn: &mut Conn) -> Result<Arc<ThemeOwners>> {
    conn.cached_or_load((), store::theme_owners)
}

/// The directors who own themes, some of which are named: what another process made just now is among them.
///
/// # Errors
/// When the database fails.
pub fn theme_owners(conn: &mut Conn, named: &[Id]) -> Result<Arc<ThemeOwners>> {
    if named.is_empty() {
        return Ok(Arc::default());
    }
    let kept = all_theme_owners(conn)?;
    if named.iter().all(|id| kept.knows(*id)) { Ok(kept) } else { store::theme_owners(conn).map(Arc::new) }
}
