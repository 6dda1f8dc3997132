//! Indicators as resources: below their goal, whose version rises with each change of them.

use actix_web::{delete, get, patch, post};

use super::goal::{find_goal, full};
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::changes::{ChangedGoal, ChangedIndicator};
use crate::agreements::goals::model::{Indicator, IndicatorPatch, MOST_INDICATORS, check_course};
use crate::agreements::goals::save;
use crate::agreements::goals::store;
use crate::agreements::views::goal::IndicatorView;
use crate::app::RequestContext;
use crate::db::Tx;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Reply};
use crate::types::Id;

/// Writes what differs in a goal's indicators, and raises the section.
fn write(tx: &mut Tx, loaded: &mut LoadedAgreement, goal: ChangedGoal) -> Result<ChangedGoal> {
    let written = save::write(tx, loaded, goal)?;
    loaded.save_edited(tx, &written.row.section_key)?;
    Ok(written)
}

/// Adds an indicator to a goal, after those that are there.
///
/// A goal needs a few good ones, or an assessment in words.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
), request_body = Indicator, responses((status = 201, description = "The indicator, made.", body = IndicatorView)))]
#[post("/api/v1/agreements/{id}/goals/{goal_id}/indicators")]
pub async fn create_indicator(call: RequestContext, ids: Ids<2>, body: Json<Indicator>) -> Result<Reply> {
    let Ids([id, goal_id]) = ids;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let goal = find_goal(tx, &loaded, goal_id)?;
        loaded.can_write(&goal.section_key)?;
        let others = store::indicators_of(tx, goal_id)?;
        if others.len() >= MOST_INDICATORS {
            return Err(Code::InvalidBody.refuse().fault(full("", MOST_INDICATORS)).into());
        }
        loaded.check_editable(&goal.section_key)?;
        let indicator_id = body.id.unwrap_or_else(Id::new);
        if !store::indicator_owners(tx, &[indicator_id])?.is_empty() {
            return Err(Code::IdInUse.into());
        }
        let indicator = Indicator { id: Some(indicator_id), ..body.clone() };
        let position = others.iter().map(|one| one.position + 1).max().unwrap_or_default();
        let made = ChangedIndicator::new(tx.new_row(), &goal, position, &indicator);
        let row = made.row.clone();
        write(tx, &mut loaded, ChangedGoal { indicators: vec![made], ..ChangedGoal::unchanged(&goal) })?;
        let address = format!("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}");
        let view = IndicatorView::in_section(&row, &goal.section_key, &loaded, tx.lang());
        Reply::created(address, row.version, &view)
    })
    .await
}

/// Reads one indicator.
///
/// For a link to an indicator, as in an event.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
), responses((status = 200, description = "The indicator.", body = IndicatorView, headers(("ETag" = String)))))]
#[get("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}")]
pub async fn get_indicator(call: RequestContext, ids: Ids<3>) -> Result<Reply> {
    let Ids([id, goal_id, indicator_id]) = ids;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let goal = find_goal(conn, &loaded, goal_id)?;
        let row = store::find_indicator(conn, goal_id, indicator_id)?;
        Reply::item(row.version, &IndicatorView::in_section(&row, &goal.section_key, &loaded, conn.lang()))
    })
    .await
}

/// Changes an indicator in a section that is being written.
///
/// What is left out stays as it is; null empties a field.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = IndicatorPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The indicator.", body = IndicatorView)
))]
#[patch("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}")]
pub async fn update_indicator(
    call: RequestContext,
    ids: Ids<3>,
    if_match: IfMatch,
    body: Json<IndicatorPatch>,
) -> Result<Reply> {
    let Ids([id, goal_id, indicator_id]) = ids;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let goal = find_goal(tx, &loaded, goal_id)?;
        let mut row = store::find_indicator(tx, goal_id, indicator_id)?;
        loaded.can_write(&goal.section_key)?;
        if_match.accepts(&row)?;
        let fields = body.applied_to(&row.fields);
        if let Err(fault) = check_course(&fields) {
            return Err(Code::InvalidBody.refuse().fault(Fault::at("", fault)).into());
        }
        loaded.check_editable(&goal.section_key)?;
        let changed = ChangedIndicator::of(&row, row.position, fields);
        if changed.row != row {
            let goal = ChangedGoal { indicators: vec![changed], ..ChangedGoal::unchanged(&goal) };
            row = write(tx, &mut loaded, goal)?.indicators.into_iter().next().map_or(row, |one| one.row);
        }
        Reply::item(row.version, &IndicatorView::in_section(&row, &goal.section_key, &loaded, tx.lang()))
    })
    .await
}

/// Takes an indicator off its goal.
///
/// Only while the section is being written; revisions that were submitted keep it.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
    ("If-Match" = String, Header, description = "The ETag of the indicator that is taken off."),
), responses((status = 204, description = "The indicator is gone.")))]
#[delete("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}")]
pub async fn delete_indicator(call: RequestContext, ids: Ids<3>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id, goal_id, indicator_id]) = ids;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let goal = find_goal(tx, &loaded, goal_id)?;
        let row = store::find_indicator(tx, goal_id, indicator_id)?;
        loaded.can_write(&goal.section_key)?;
        if_match.accepts(&row)?;
        loaded.check_editable(&goal.section_key)?;
        save::refuse_observed(tx, (&[], &[row.id]), "")?;
        write(tx, &mut loaded, ChangedGoal { removed: vec![row], ..ChangedGoal::unchanged(&goal) })?;
        Ok(Reply::no_content())
    })
    .await
}
