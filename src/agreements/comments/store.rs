//! How comments are kept.

use diesel::prelude::*;

use super::model::CommentRow;
use crate::db::{Conn, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::schema::{agreement_units, comments, sections};
use crate::types::{Id, Ts};

/// The comments of an agreement or of one section, in the order they were made, after the place of one.
///
/// # Errors
/// When the database fails.
pub fn oldest_first(
    conn: &mut Conn,
    agreement_id: Id,
    section: Option<&str>,
    after: Option<(Ts, Id)>,
    limit: i64,
) -> Result<Vec<CommentRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = comments::table
            .filter(comments::municipality_id.eq(scope).and(comments::agreement_id.eq(agreement_id)))
            .order((comments::created_at, comments::id)).limit(limit).select(CommentRow::as_select()).into_boxed();
        if let Some(key) = section {
            query = query.filter(comments::section_key.eq(key));
        }
        if let Some((at, id)) = after {
            query = query.filter(comments::created_at.gt(at).or(comments::created_at.eq(at).and(comments::id.gt(id))));
        }
        query.load(conn)
    })?)
}

/// The comments of a section that begin a thread.
///
/// # Errors
/// When the database fails.
pub fn threads(conn: &mut Conn, agreement_id: Id, key: &str) -> Result<Vec<CommentRow>> {
    let scope = conn.scope();
    Ok(each!(conn => comments::table
        .filter(comments::municipality_id.eq(scope).and(comments::agreement_id.eq(agreement_id)))
        .filter(comments::section_key.eq(key).and(comments::reply_to_id.is_null()))
        .order((comments::created_at, comments::id)).select(CommentRow::as_select()).load(conn))?)
}

/// The comments in some units' agreements that demand an answer and have none, each with its section's version and revision,
/// oldest first.
///
/// # Errors
/// When the database fails.
pub fn unanswered(conn: &mut Conn, units: &[Id]) -> Result<Vec<(CommentRow, (i64, i64))>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let theirs = agreement_units::table
            .filter(agreement_units::municipality_id.eq(scope).and(agreement_units::org_unit_id.eq_any(units)))
            .select(agreement_units::agreement_id);
        comments::table
            .inner_join(sections::table.on(sections::municipality_id.eq(comments::municipality_id)
                .and(sections::agreement_id.eq(comments::agreement_id))
                .and(sections::key.eq(comments::section_key))))
            .filter(comments::municipality_id.eq(scope).and(comments::agreement_id.eq_any(theirs)))
            .filter(comments::must_answer.eq(true).and(comments::answered.eq(false)).and(comments::resolved.eq(false)))
            .filter(comments::reply_to_id.is_null())
            .order((comments::created_at, comments::id))
            .select((CommentRow::as_select(), (sections::version, sections::revision))).load(conn)
    })?)
}

/// One comment of an agreement.
///
/// # Errors
/// 404 when the agreement has no such comment.
pub fn find(conn: &mut Conn, agreement_id: Id, id: Id) -> Result<CommentRow> {
    let scope = conn.scope();
    Ok(each!(conn => comments::table
        .filter(comments::municipality_id.eq(scope).and(comments::agreement_id.eq(agreement_id)).and(comments::id.eq(id)))
        .select(CommentRow::as_select()).first(conn))?)
}

/// Which of some comments have replies.
///
/// # Errors
/// When the database fails.
pub fn replied(conn: &mut Conn, ids: &[Id]) -> Result<Vec<Id>> {
    let scope = conn.scope();
    let found: Vec<Option<Id>> = each!(conn => comments::table
        .filter(comments::municipality_id.eq(scope).and(comments::reply_to_id.eq_any(ids)))
        .select(comments::reply_to_id).distinct().load(conn))?;
    Ok(found.into_iter().flatten().collect())
}

/// Keeps a new comment.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx, row: &CommentRow) -> Result<()> {
    each!(tx => diesel::insert_into(comments::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a comment that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut CommentRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = comments::table
        .filter(comments::municipality_id.eq(scope).and(comments::id.eq(row.id)).and(comments::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}
