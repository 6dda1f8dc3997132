//! Indicators as resources: below their goal, whose version rises with each change of them.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::goals::{find, full};
use super::{Indicator, IndicatorView};
use crate::agreements::dossier::Dossier;
use crate::db::Tx;
use crate::db::types::Id;
use crate::error::{Code, Result};
use crate::events::Event;
use crate::goals::model::{Aggregation, Direction, MOST_INDICATORS, Quantity};
use crate::goals::store::{self, GoalRow, IndicatorRow};
use crate::http::{Call, Ids, IfMatch, Json, Reply, patch};

/// A change of an indicator.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorPatch {
    /// What is counted or measured.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300))]
    #[schema(nullable = false, min_length = 1, max_length = 300, example = "Andel der klarer sig uden hjælp")]
    pub name: Option<String>,
    /// Unit of measure, such as `%` or `days`.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50))]
    #[schema(nullable = false, max_length = 50, example = "%")]
    pub unit: Option<String>,
    /// Which way it should go.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub direction: Option<Direction>,
    /// Where it stands at first: at most six decimals and 15 significant digits.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 58)]
    pub baseline: Option<Option<Quantity>>,
    /// Where it should be: at most six decimals and 15 significant digits.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 65)]
    pub target: Option<Option<Quantity>>,
    /// How observations become one.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub aggregation: Option<Aggregation>,
}

impl IndicatorPatch {
    fn applied_to(&self, row: &IndicatorRow) -> Indicator {
        let before = Indicator::of(row);
        Indicator {
            id: before.id,
            name: self.name.clone().unwrap_or(before.name),
            unit: self.unit.clone().unwrap_or(before.unit),
            direction: self.direction.unwrap_or(before.direction),
            baseline: self.baseline.unwrap_or(before.baseline),
            target: self.target.unwrap_or(before.target),
            aggregation: self.aggregation.unwrap_or(before.aggregation),
        }
    }
}

/// Raises the versions of all above an indicator that was written, and leaves the event.
fn raise(tx: &mut Tx, dossier: &mut Dossier, goal: &mut GoalRow, event: Event) -> Result<()> {
    store::save(tx, goal)?;
    dossier.save_edited(tx, &goal.section_key)?;
    tx.record(event.agreement(goal.agreement_id).section(&goal.section_key).detail("goal_id", goal.id));
    Ok(())
}

/// Adds an indicator to a goal, after those that are there.
///
/// A goal needs a few good ones, or an assessment in words.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
), request_body = Indicator, responses((status = 201, description = "The indicator, made.", body = IndicatorView)))]
#[post("/api/v1/agreements/{id}/goals/{goal_id}/indicators")]
pub async fn create_indicator(call: Call, ids: Ids<2>, body: Json<Indicator>) -> Result<Reply> {
    let Ids([id, goal_id]) = ids;
    call.write(move |tx, actor| {
        let mut dossier = Dossier::lock(tx, actor, id)?;
        let mut goal = find(tx, &dossier, goal_id)?;
        dossier.can_write(&goal.section_key)?;
        let others = store::indicators_of(tx, goal_id)?;
        if others.len() >= MOST_INDICATORS {
            return Err(Code::InvalidBody.refuse().fault(full("", MOST_INDICATORS)).into());
        }
        dossier.check_editable(&goal.section_key)?;
        let indicator_id = body.id.unwrap_or_default();
        if !store::indicator_owners(tx, &[indicator_id])?.is_empty() {
            return Err(Code::IdInUse.into());
        }
        let mut row = IndicatorRow::blank(tx, &goal, indicator_id);
        body.write_to(&mut row, others.iter().map(|one| one.position + 1).max().unwrap_or_default());
        store::insert_indicator(tx, &row)?;
        raise(tx, &mut dossier, &mut goal, Event::of("indicator.created", row.id).version(row.version))?;
        let address = format!("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}");
        let view = IndicatorView::in_section(&row, &goal.section_key, &dossier, tx.lang());
        Reply::created(address, row.version, &view)
    })
    .await
}

/// One indicator.
///
/// For a link to an indicator, as in an event.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
), responses((status = 200, description = "The indicator.", body = IndicatorView, headers(("ETag" = String)))))]
#[get("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}")]
pub async fn get_indicator(call: Call, ids: Ids<3>) -> Result<Reply> {
    let Ids([id, goal_id, indicator_id]) = ids;
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, id)?;
        let goal = find(conn, &dossier, goal_id)?;
        let row = store::find_indicator(conn, goal_id, indicator_id)?;
        Reply::item(row.version, &IndicatorView::in_section(&row, &goal.section_key, &dossier, conn.lang()))
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
pub async fn update_indicator(call: Call, ids: Ids<3>, if_match: IfMatch, body: Json<IndicatorPatch>) -> Result<Reply> {
    let Ids([id, goal_id, indicator_id]) = ids;
    call.write(move |tx, actor| {
        let mut dossier = Dossier::lock(tx, actor, id)?;
        let mut goal = find(tx, &dossier, goal_id)?;
        let mut row = store::find_indicator(tx, goal_id, indicator_id)?;
        dossier.can_write(&goal.section_key)?;
        if_match.accepts(&row)?;
        dossier.check_editable(&goal.section_key)?;
        let (before, position) = (row.clone(), row.position);
        if body.applied_to(&row).write_to(&mut row, position) {
            store::save_indicator(tx, &mut row)?;
            let event = Event::of("indicator.updated", row.id).version(row.version);
            raise(tx, &mut dossier, &mut goal, event.changed(differences(&before, &row)))?;
        }
        Reply::item(row.version, &IndicatorView::in_section(&row, &goal.section_key, &dossier, tx.lang()))
    })
    .await
}

fn differences(before: &IndicatorRow, row: &IndicatorRow) -> Vec<&'static str> {
    let fields = [
        ("name", row.name != before.name),
        ("unit", row.unit != before.unit),
        ("direction", row.direction != before.direction),
        ("baseline", row.baseline != before.baseline),
        ("target", row.target != before.target),
        ("aggregation", row.aggregation != before.aggregation),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
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
pub async fn delete_indicator(call: Call, ids: Ids<3>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id, goal_id, indicator_id]) = ids;
    call.write(move |tx, actor| {
        let mut dossier = Dossier::lock(tx, actor, id)?;
        let mut goal = find(tx, &dossier, goal_id)?;
        let row = store::find_indicator(tx, goal_id, indicator_id)?;
        dossier.can_write(&goal.section_key)?;
        if_match.accepts(&row)?;
        dossier.check_editable(&goal.section_key)?;
        store::delete_indicators(tx, &[indicator_id])?;
        raise(tx, &mut dossier, &mut goal, Event::of("indicator.deleted", row.id).version(row.version))?;
        Ok(Reply::no_content())
    })
    .await
}
