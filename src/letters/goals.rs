//! Whether goals of the whole organisation stand under a theme; what they say is known where units take them over.

use diesel::prelude::*;

use crate::db::Conn;
use crate::each;
use crate::error::Result;
use crate::schema::corporate_goals;
use crate::types::Id;

/// Whether any stands under a theme.
///
/// # Errors
/// When the database fails.
pub fn stand_under(conn: &mut Conn, theme: Id) -> Result<bool> {
    let scope = conn.scope();
    let found: Option<Id> = each!(conn => corporate_goals::table
        .filter(corporate_goals::municipality_id.eq(scope).and(corporate_goals::theme_id.eq(theme)))
        .select(corporate_goals::id).first(conn).optional())?;
    Ok(found.is_some())
}
