//! Comments over HTTP.

use crate::app::Routes;
use crate::db::journal::EventKind;
use actix_web::{get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::comments::create::{comment_event, count_aside, create, notify_holders};
use crate::agreements::comments::input::{CommentPatch, NewComment};
use crate::agreements::comments::model::CommentRow;
use crate::agreements::comments::policy::{self, CommenterRole, Replied};
use crate::agreements::comments::store::{self};
use crate::agreements::views::comment::{CommentView, replied_to};
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Page, Paging, Query, Reply, Tagged};
use crate::types::{Id, MAX_KEY, Ts};

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config.service(list_comments).service(create_comment).service(get_comment).service(update_comment);
}

/// Which comments a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommentQuery {
    /// On a section.
    #[validate(length(min = 1, max = MAX_KEY))]
    #[param(min_length = 1, max_length = 60, example = "effects")]
    section: Option<String>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// The comments of an agreement, in the order they were made.
///
/// Those that the reader may see; `section=` for one section. A thread is a comment and its replies.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement."), CommentQuery), responses(
    (status = 200, description = "A page of comments.", body = Page<CommentView>)
))]
#[get("/api/v1/agreements/{id}/comments")]
pub async fn list_comments(call: RequestContext, id: Ids<1>, query: Query<CommentQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    let (paging, address) = (Paging::<(Ts, Id)>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let rows = store::oldest_first(conn, id, query.section.as_deref(), paging.after, paging.fetch())?;
        let (rows, next_cursor) = paging.cut(rows, |row| (row.created_at, row.id));
        let replied = store::replied(conn, &rows.iter().map(|row| row.id).collect::<Vec<Id>>())?;
        let items = rows.iter().map(|row| {
            let role = CommenterRole::of(&loaded, actor, &row.section_key)?;
            let view = CommentView::of(row, replied_to(row, &replied), &role, &loaded, conn.lang());
            Tagged::of(row.version, &view)
        });
        Page { items: items.collect::<Result<Vec<_>>>()?, next_cursor, total: None }.reply(&address)
    })
    .await
}

/// Reads one comment.
///
/// For a link to a comment, as in a notification or an event.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("comment_id" = Id, Path, description = "The comment."),
), responses((status = 200, description = "The comment.", body = CommentView, headers(("ETag" = String)))))]
#[get("/api/v1/agreements/{id}/comments/{comment_id}")]
pub async fn get_comment(call: RequestContext, ids: Ids<2>) -> Result<Reply> {
    let Ids([id, comment_id]) = ids;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let row = store::find(conn, id, comment_id)?;
        reply(conn, actor, &row, &loaded)
    })
    .await
}

fn view(conn: &mut Conn, actor: &Actor, row: &CommentRow, loaded: &LoadedAgreement) -> Result<CommentView> {
    let replied = replied_to(row, &store::replied(conn, &[row.id])?);
    Ok(CommentView::of(row, replied, &CommenterRole::of(loaded, actor, &row.section_key)?, loaded, conn.lang()))
}

fn reply(conn: &mut Conn, actor: &Actor, row: &CommentRow, loaded: &LoadedAgreement) -> Result<Reply> {
    Reply::item(row.version, &view(conn, actor, row, loaded)?)
}

/// Comments on a section, or replies.
///
/// A reply by a writer of the section answers a comment that must be answered.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement.")), request_body = NewComment,
    responses((status = 201, description = "The comment, made.", body = CommentView)))]
#[post("/api/v1/agreements/{id}/comments")]
pub async fn create_comment(call: RequestContext, id: Ids<1>, body: Json<NewComment>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let key = &body.section_key;
        if loaded.section(key).is_err() {
            return Err(Code::UnknownReference.refuse().fault(Fault::at("/section_key", "unknown-key")).into());
        }
        let row = create(tx, &loaded, &CommenterRole::of(&loaded, actor, key)?, &body)?;
        count_aside(tx, &mut loaded, key)?;
        let view = view(tx, actor, &row, &loaded)?;
        Reply::created(format!("/api/v1/agreements/{id}/comments/{}", row.id), row.version, &view)
    })
    .await
}

/// Changes a comment's words, demands an answer to it, or resolves its thread.
///
/// Words can be changed until somebody replies. Its author, the holder or the coordinator resolves a thread.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("comment_id" = Id, Path, description = "The comment."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = CommentPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The comment.", body = CommentView)
))]
#[patch("/api/v1/agreements/{id}/comments/{comment_id}")]
pub async fn update_comment(
    call: RequestContext,
    ids: Ids<2>,
    if_match: IfMatch,
    body: Json<CommentPatch>,
) -> Result<Reply> {
    let Ids([id, comment_id]) = ids;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let before = store::find(tx, id, comment_id)?;
        let role = CommenterRole::of(&loaded, actor, &before.section_key)?;
        let replied = replied_to(&before, &store::replied(tx, &[comment_id])?);
        let mut row = CommentRow {
            body: body.body.clone().unwrap_or_else(|| before.body.clone()),
            must_answer: body.must_answer.unwrap_or(before.must_answer),
            resolved: body.resolved.unwrap_or(before.resolved),
            ..before.clone()
        };
        let refused = refusals(&role, &before, &row, replied);
        if let Some(code) = refused.iter().find(|code| code.status() == 403) {
            return Err((*code).into());
        }
        if_match.accepts(&before)?;
        check_thread(&before, &row)?;
        if let Some(code) = refused.first() {
            return Err((*code).into());
        }
        let changed = differences(&before, &row);
        if !changed.is_empty() {
            store::save(tx, &mut row)?;
            count_aside(tx, &mut loaded, &row.section_key)?;
            let resolves = row.resolved && !before.resolved;
            let event = comment_event(
                &loaded,
                if resolves { EventKind::CommentResolved } else { EventKind::CommentUpdated },
                &row,
            )
            .changed(changed);
            tx.record(notify_holders(event.notifies([row.author_id]), &loaded, role.person));
        }
        reply(tx, actor, &row, &loaded)
    })
    .await
}

fn refusals(role: &CommenterRole, before: &CommentRow, row: &CommentRow, replied: Replied) -> Vec<Code> {
    let rules = [
        (row.body != before.body).then(|| policy::can_reword(role, before, replied)),
        (row.must_answer != before.must_answer).then(|| policy::can_demand_answer(role)),
        (row.resolved != before.resolved).then(|| policy::can_resolve(role, before)),
    ];
    rules.into_iter().flatten().filter_map(Result::err).collect()
}

/// Threads are resolved and demand answers, replies are not and do not.
fn check_thread(before: &CommentRow, row: &CommentRow) -> Result<()> {
    let fields = [("/must_answer", row.must_answer), ("/resolved", row.resolved)];
    let wrong = fields.into_iter().filter(|(_, set)| *set && !before.begins_thread());
    let faults: Vec<Fault> = wrong.map(|(place, _)| Fault::at(place, "not-first-in-thread")).collect();
    if faults.is_empty() { Ok(()) } else { Err(Code::InvalidBody.refuse().faults(faults).into()) }
}

fn differences(before: &CommentRow, row: &CommentRow) -> Vec<&'static str> {
    let fields = [
        ("body", row.body != before.body),
        ("must_answer", row.must_answer != before.must_answer),
        ("resolved", row.resolved != before.resolved),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
