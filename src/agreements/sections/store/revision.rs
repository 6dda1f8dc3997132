//! How revisions are kept: what was submitted, which never changes.

use diesel::prelude::*;

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::schema::section_revisions;
use crate::types::{Id, Json, Ts};
use crate::{each, later};

/// A submitted revision: frozen.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = section_revisions, treat_none_as_default_value = false)]
pub struct RevisionRow {
    /// The municipality.
    pub municipality_id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The section's key.
    pub section_key: String,
    /// Its number, from 1.
    pub revision: i64,
    /// Content, goals, indicators and own promises as they were submitted.
    pub snapshot: Json,
    /// The SHA-256 of the snapshot in canonical JSON.
    pub content_sha256: String,
    /// Who had edited it.
    pub edited_by: Json,
    /// Who submitted it.
    pub submitted_by: Option<Id>,
    /// When.
    pub submitted_at: Ts,
}

/// Keeps a revision.
///
/// # Errors
/// When the database fails.
pub fn insert_revision(tx: &mut Tx, row: &RevisionRow) -> Result<()> {
    let place = ("section_revisions", row.agreement_id, row.section_key.clone());
    later!(tx, place, diesel::insert_into(section_revisions::table).values(row.clone()))
}

/// A submitted revision without what it says.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = section_revisions)]
pub struct RevisionHead {
    /// Its number, from 1.
    pub revision: i64,
    /// The hash of what it says.
    pub content_sha256: String,
    /// Who submitted it.
    pub submitted_by: Option<Id>,
    /// When.
    pub submitted_at: Ts,
}

/// The revisions of a section, newest first, without what they say.
///
/// # Errors
/// When the database fails.
pub fn revision_heads(conn: &mut Conn, agreement_id: Id, key: &str) -> Result<Vec<RevisionHead>> {
    let scope = conn.scope();
    Ok(each!(conn => section_revisions::table
        .filter(section_revisions::municipality_id.eq(scope).and(section_revisions::agreement_id.eq(agreement_id)))
        .filter(section_revisions::section_key.eq(key))
        .order(section_revisions::revision.desc()).select(RevisionHead::as_select()).load(conn))?)
}

/// The newest revision of a section; none before it is submitted.
///
/// # Errors
/// When the database fails.
pub fn newest_revision(conn: &mut Conn, agreement_id: Id, key: &str) -> Result<Option<RevisionRow>> {
    let scope = conn.scope();
    Ok(each!(conn => section_revisions::table
        .filter(section_revisions::municipality_id.eq(scope).and(section_revisions::agreement_id.eq(agreement_id)))
        .filter(section_revisions::section_key.eq(key))
        .order(section_revisions::revision.desc()).select(RevisionRow::as_select()).first(conn).optional())?)
}

/// The newest revision of each section of an agreement.
///
/// # Errors
/// When the database fails.
pub fn newest_revisions(conn: &mut Conn, agreement_id: Id) -> Result<Vec<RevisionRow>> {
    let scope = conn.scope();
    let mut all: Vec<RevisionRow> = each!(conn => section_revisions::table
        .filter(section_revisions::municipality_id.eq(scope).and(section_revisions::agreement_id.eq(agreement_id)))
        .order((section_revisions::section_key, section_revisions::revision.desc()))
        .select(RevisionRow::as_select()).load::<RevisionRow>(conn))?;
    all.dedup_by(|later, first| later.section_key == first.section_key);
    Ok(all)
}

/// One revision of a section.
///
/// # Errors
/// 404 when there is none.
pub fn revision(conn: &mut Conn, agreement_id: Id, key: &str, number: i64) -> Result<RevisionRow> {
    let scope = conn.scope();
    Ok(each!(conn => section_revisions::table
        .filter(section_revisions::municipality_id.eq(scope).and(section_revisions::agreement_id.eq(agreement_id)))
        .filter(section_revisions::section_key.eq(key).and(section_revisions::revision.eq(number)))
        .select(RevisionRow::as_select()).first(conn))?)
}
