//! Goals as resources.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::changes::ChangedGoal;
use crate::agreements::goals::model::{GoalPatch, GoalRow, IndicatorRow, MOST_GOALS, NewGoal};
use crate::agreements::goals::references::{self, References};
use crate::agreements::goals::save;
use crate::agreements::goals::store;
use crate::agreements::views::goal::GoalView;
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Page, Paging, Query, Reply, Tagged};
use crate::text::Lang;
use crate::types::{Id, MAX_KEY};

/// Which goals a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GoalQuery {
    /// Of a section.
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

/// The goal of an agreement, for a reader who may see it: while its section is being written, that is for those who
/// see drafts; others read the revision that was submitted last.
pub fn find_goal(conn: &mut Conn, loaded: &LoadedAgreement, goal_id: Id) -> Result<GoalRow> {
    let goal = store::find(conn, loaded.agreement.id, goal_id)?;
    if loaded.shows_goals_in(&goal.section_key) { Ok(goal) } else { Err(Code::NotFound.into()) }
}

/// The goals of an agreement, in the order of its sections.
///
/// While a section is being written, its goals are seen by those who see drafts; others read its last revision.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement."), GoalQuery), responses(
    (status = 200, description = "A page of goals.", body = Page<GoalView>)
))]
#[get("/api/v1/agreements/{id}/goals")]
pub async fn list_goals(call: RequestContext, id: Ids<1>, query: Query<GoalQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    let (paging, address) = (Paging::<(i64, i64, Id)>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let place = |goal: &GoalRow| {
            let section = loaded.section(&goal.section_key).map_or(i64::MAX, |section| section.position);
            (section, goal.position, goal.id)
        };
        let mut goals = store::of_agreement(conn, id)?;
        goals.retain(|goal| query.section.as_ref().is_none_or(|key| goal.section_key == *key));
        goals.retain(|goal| {
            loaded.shows_goals_in(&goal.section_key) && paging.after.is_none_or(|after| place(goal) > after)
        });
        goals.sort_by_key(place);
        let (page, next_cursor) = paging.cut(goals, place);
        let (indicators, lang) = (store::indicators_of_agreement(conn, id)?, conn.lang());
        let items = page
            .iter()
            .map(|goal| Tagged::of(goal.version, &GoalView::of(goal, &indicators, &loaded, lang)?))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}

/// Reads one goal.
///
/// For a link to a goal, as in an event.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
), responses((status = 200, description = "The goal.", body = GoalView, headers(("ETag" = String)))))]
#[get("/api/v1/agreements/{id}/goals/{goal_id}")]
pub async fn get_goal(call: RequestContext, ids: Ids<2>) -> Result<Reply> {
    let Ids([id, goal_id]) = ids;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let goal = find_goal(conn, &loaded, goal_id)?;
        let indicators = store::indicators_of(conn, goal_id)?;
        reply(&goal, &indicators, &loaded, conn.lang())
    })
    .await
}

fn reply(goal: &GoalRow, indicators: &[IndicatorRow], loaded: &LoadedAgreement, lang: Lang) -> Result<Reply> {
    Reply::item(goal.version, &GoalView::of(goal, indicators, loaded, lang)?)
}

/// Adds a goal to a section that is being written, after those that are there.
///
/// For a single goal. An editor that saves a whole page uses the draft.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement.")), request_body = NewGoal,
    responses((status = 201, description = "The goal, made.", body = GoalView)))]
#[post("/api/v1/agreements/{id}/goals")]
pub async fn create_goal(call: RequestContext, id: Ids<1>, body: Json<NewGoal>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let (key, goal) = (&body.section_key, body.goal());
        if loaded.section(key).is_err() {
            return Err(Code::UnknownReference.refuse().fault(Fault::at("/section_key", "unknown-key")).into());
        }
        loaded.can_write(key)?;
        let goals: Vec<GoalRow> =
            store::of_agreement(tx, id)?.into_iter().filter(|one| one.section_key == *key).collect();
        if goals.len() >= MOST_GOALS {
            return Err(Code::InvalidBody.refuse().fault(full("/section_key", MOST_GOALS)).into());
        }
        let refers = References { theme: goal.theme_id, above: goal.inherited_from_id, ..References::default() };
        references::check(tx, &loaded, &[refers], |_| String::new())?;
        loaded.check_editable(key)?;
        let position = goals.iter().map(|goal| goal.position + 1).max().unwrap_or_default();
        let (row, indicators) = save::create(tx, &loaded, (key, position), &goal, &[])?;
        loaded.save_edited(tx, key)?;
        let view = GoalView::of(&row, &indicators, &loaded, tx.lang())?;
        Reply::created(format!("/api/v1/agreements/{id}/goals/{}", row.id), row.version, &view)
    })
    .await
}

/// A list that has no room for one more.
pub(super) fn full(pointer: &str, most: usize) -> Fault {
    Fault::at(pointer, "list-full").with("max", most)
}

/// Changes a goal in a section that is being written.
///
/// What is left out stays as it is; null empties a field.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = GoalPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The goal.", body = GoalView)
))]
#[patch("/api/v1/agreements/{id}/goals/{goal_id}")]
pub async fn update_goal(call: RequestContext, ids: Ids<2>, if_match: IfMatch, body: Json<GoalPatch>) -> Result<Reply> {
    let Ids([id, goal_id]) = ids;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let mut row = find_goal(tx, &loaded, goal_id)?;
        loaded.can_write(&row.section_key)?;
        if_match.accepts(&row)?;
        let fields = body.applied_to(&row.fields);
        let refers = References {
            goal: Some(goal_id),
            theme: fields.theme_id,
            above: fields.inherited_from_id,
            stored_above: row.fields.inherited_from_id,
        };
        references::check(tx, &loaded, &[refers], |_| String::new())?;
        loaded.check_editable(&row.section_key)?;
        let mut changed = ChangedGoal::unchanged(&row);
        changed.row.fields = fields.kept();
        if changed.row != row {
            row = save::write(tx, &loaded, changed)?.row;
            loaded.save_edited(tx, &row.section_key)?;
        }
        let indicators = store::indicators_of(tx, goal_id)?;
        reply(&row, &indicators, &loaded, tx.lang())
    })
    .await
}

/// Takes a goal out of a section that is being written, with its indicators.
///
/// Only while the section is being written; revisions that were submitted keep it.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("If-Match" = String, Header, description = "The ETag of the goal that is taken out."),
), responses((status = 204, description = "The goal is gone.")))]
#[delete("/api/v1/agreements/{id}/goals/{goal_id}")]
pub async fn delete_goal(call: RequestContext, ids: Ids<2>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id, goal_id]) = ids;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let row = find_goal(tx, &loaded, goal_id)?;
        loaded.can_write(&row.section_key)?;
        if_match.accepts(&row)?;
        loaded.check_editable(&row.section_key)?;
        save::remove(tx, &loaded, &row)?;
        loaded.save_edited(tx, &row.section_key)?;
        Ok(Reply::no_content())
    })
    .await
}
