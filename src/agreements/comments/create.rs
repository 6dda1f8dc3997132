//! Making comments: one by one, or with the decision that they explain.

use super::input::{NewComment, NewRemark};
use super::model::CommentRow;
use super::model::count;
use super::policy::{self, CommenterRole};
use super::store;
use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::sections;
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Fault, Result};
use crate::types::Id;

/// Makes a comment with its event; a writer's reply answers what must be answered. The section's threads are counted
/// anew by [`count_aside`], once for all that are made together.
///
/// # Errors
/// 403 when somebody demands an answer who is no approver; 422 for a reply to what is not said in the section.
pub fn create(tx: &mut Tx, loaded: &LoadedAgreement, role: &CommenterRole, body: &NewComment) -> Result<CommentRow> {
    let (id, key) = (loaded.agreement.id, &body.section_key);
    if body.must_answer {
        policy::can_demand_answer(role)?;
    }
    let mut thread = thread_of(tx, id, key, body.reply_to_id)?;
    let row = new_row(tx, body, (id, role.person), thread.as_ref());
    store::insert(tx, &row)?;
    let mut event = comment_event(loaded, EventKind::CommentCreated, &row).detail("kind", row.kind);
    if let Some(asked) = &mut thread {
        event = event.detail("reply_to_id", asked.id).notifies([asked.author_id]);
        if policy::answers(role, asked) {
            asked.answered = true;
            store::save(tx, asked)?;
        }
    }
    tx.record(notify_holders(event, loaded, role.person));
    Ok(row)
}

/// Makes the comments that come with a decision on a section, in the words of whoever has decided.
///
/// # Errors
/// When the database fails.
pub fn create_with_decision(
    tx: &mut Tx,
    actor: &Actor,
    loaded: &mut LoadedAgreement,
    key: &str,
    remarks: &[NewRemark],
) -> Result<()> {
    if remarks.is_empty() {
        return Ok(());
    }
    // Who decides may demand an answer, also in the place of somebody who has left.
    let role = CommenterRole { approver: true, ..CommenterRole::of(loaded, actor, key)? };
    for remark in remarks {
        create(tx, loaded, &role, &remark.on(key))?;
    }
    count_aside(tx, loaded, key)
}

/// The comment that begins the thread of a reply.
fn thread_of(tx: &mut Tx, agreement_id: Id, key: &str, reply_to_id: Option<Id>) -> Result<Option<CommentRow>> {
    let Some(parent) = reply_to_id else { return Ok(None) };
    let unknown = || Code::UnknownReference.refuse().fault(Fault::at("/reply_to_id", "unknown-id"));
    let found = store::find(tx, agreement_id, parent).map_err(|error| match error.code() {
        Code::NotFound => unknown().into(),
        _ => error,
    })?;
    if found.section_key != key {
        return Err(unknown().into());
    }
    match found.reply_to_id {
        Some(root) => Ok(Some(store::find(tx, agreement_id, root)?)),
        None => Ok(Some(found)),
    }
}

fn new_row(tx: &Tx, body: &NewComment, (agreement_id, author_id): (Id, Id), thread: Option<&CommentRow>) -> CommentRow {
    CommentRow {
        municipality_id: tx.scope(),
        id: Id::new(),
        agreement_id,
        section_key: body.section_key.clone(),
        reply_to_id: thread.map(|thread| thread.id),
        pointer: body.pointer.clone().unwrap_or_default(),
        kind: body.kind,
        must_answer: body.must_answer,
        answered: false,
        resolved: false,
        body: body.body.clone(),
        author_id,
        version: 1,
        changed_by: Some(author_id),
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

/// An event of a comment: its ids, never its words.
pub fn comment_event(loaded: &LoadedAgreement, kind: EventKind, row: &CommentRow) -> Event {
    loaded.event(kind, row.id).section(&row.section_key).version(row.version)
}

/// The holders are told, and nobody of what they did themselves.
pub fn notify_holders(event: Event, loaded: &LoadedAgreement, author: Id) -> Event {
    let mut event = event.notifies(loaded.holders());
    event.notifies.retain(|person| *person != author);
    event
}

/// Counts the section's threads anew, beside a section that is not changed by comments.
///
/// # Errors
/// When the database fails.
pub fn count_aside(tx: &mut Tx, loaded: &mut LoadedAgreement, key: &str) -> Result<()> {
    let counts = count(&store::threads(tx, loaded.agreement.id, key)?);
    let section = loaded.section_mut(key)?;
    (section.open_comments, section.must_answer) = (counts.open, counts.must_answer);
    sections::store::save_aside(tx, section)
}
