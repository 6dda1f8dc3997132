//! Observations of every kind, as resources of an agreement.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::super::goals::find_goal;
use super::measurement::check_size;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::model::{GoalRow, IndicatorRow};
use crate::agreements::goals::store as goals;
use crate::agreements::observations::input::{Given, faults};
use crate::agreements::observations::model::{
    NewObservation, ObservationKind, ObservationPatch, ObservationRow, Observed,
};
use crate::agreements::observations::record::{self, NewObserved, Recorded};
use crate::agreements::observations::store::{self, ObservationFilter};
use crate::agreements::views::observation::ObservationView;
use crate::app::RequestContext;
use crate::db::{Conn, Tx};
use crate::error::{Code, Error, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Page, Paging, Query, Reply, Tagged};
use crate::types::{Date, Id};

/// Which observations a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ObservationQuery {
    /// Of a goal.
    goal: Option<Id>,
    /// Of an indicator.
    indicator: Option<Id>,
    /// Of a kind.
    kind: Option<ObservationKind>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// What was seen of an agreement's effects, newest day first.
///
/// Measurements, assessments and citizen voices, of the goals that the reader sees; filter by goal, indicator or kind.
#[utoipa::path(tag = "effects", params(("id" = Id, Path, description = "The agreement."), ObservationQuery), responses(
    (status = 200, description = "A page of observations.", body = Page<ObservationView>)
))]
#[get("/api/v1/agreements/{id}/observations")]
pub async fn list_observations(call: RequestContext, id: Ids<1>, query: Query<ObservationQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    let (paging, address) = (Paging::<(Date, Id)>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let hidden = hidden_goals(conn, &loaded)?;
        let filter = ObservationFilter { goal: query.goal, indicator: query.indicator, kind: query.kind };
        let rows = store::newest_first(conn, id, &filter, &hidden, paging.after, paging.fetch())?;
        let (rows, next_cursor) = paging.cut(rows, |row| (row.observed_on, row.id));
        let view = |row: &ObservationRow| Tagged::of(row.version, &ObservationView::of(row, &loaded, conn.lang()));
        Page { items: rows.iter().map(view).collect::<Result<Vec<_>>>()?, next_cursor, total: None }.reply(&address)
    })
    .await
}

/// The goals that the reader does not see, because their section is being written.
fn hidden_goals(conn: &mut Conn, loaded: &LoadedAgreement) -> Result<Vec<Id>> {
    if loaded.sees_draft() {
        return Ok(Vec::new());
    }
    let all = goals::of_agreement(conn, loaded.agreement.id)?;
    Ok(all.iter().filter(|goal| !loaded.shows_goals_in(&goal.section_key)).map(|goal| goal.id).collect())
}

/// An observation with its goal, for a reader who may see them.
fn find(conn: &mut Conn, loaded: &LoadedAgreement, observation_id: Id) -> Result<(ObservationRow, GoalRow)> {
    let row = store::find(conn, loaded.agreement.id, observation_id)?;
    let goal = find_goal(conn, loaded, row.goal_id)?;
    Ok((row, goal))
}

/// Reads one observation.
///
/// For a link to an observation, as in an event.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("observation_id" = Id, Path, description = "The observation."),
), responses((status = 200, description = "The observation.", body = ObservationView, headers(("ETag" = String)))))]
#[get("/api/v1/agreements/{id}/observations/{observation_id}")]
pub async fn get_observation(call: RequestContext, ids: Ids<2>) -> Result<Reply> {
    let Ids([id, observation_id]) = ids;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let (row, _) = find(conn, &loaded, observation_id)?;
        Reply::item(row.version, &ObservationView::of(&row, &loaded, conn.lang()))
    })
    .await
}

/// Writes down what was seen: a measurement, an assessment, or what citizens say.
///
/// Of an assessment and a citizen voice nothing but the day and a text or a value is demanded; a judgement makes it count
/// in the goal's status. A measurement of a day that has one replaces it. By those who write in the agreement, and by the
/// coordinator.
#[utoipa::path(tag = "effects", params(("id" = Id, Path, description = "The agreement.")), request_body = NewObservation,
    responses(
        (status = 200, description = "The measurement, replaced.", body = ObservationView, headers(("ETag" = String))),
        (status = 201, description = "The observation, made.", body = ObservationView)
    ))]
#[post("/api/v1/agreements/{id}/observations")]
pub async fn create_observation(call: RequestContext, id: Ids<1>, body: Json<NewObservation>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let loaded = LoadedAgreement::lock(tx, actor, id)?;
        record::check_observer(&loaded)?;
        let (goal, indicator) = referred(tx, &loaded, &body)?;
        let one = NewObserved {
            id: body.id,
            of: Observed { agreement_id: id, goal_id: goal.id, indicator_id: body.indicator_id },
            section_key: goal.section_key,
            kind: body.kind,
            observed_on: body.observed_on,
            given: indicator.as_ref().map_or(Given::Whole, |indicator| indicator.fields.given()),
            fields: body.fields().kept(),
        };
        if one.kind == ObservationKind::Measurement && one.of.indicator_id.is_none() {
            return Err(Code::InvalidBody.refuse().fault(Fault::at("/indicator_id", "required")).into());
        }
        record::check(&loaded, &one, "/observed_on")?;
        if let Some(indicator) = &indicator {
            check_size(&indicator.fields, &one.fields)?;
        }
        record::check_observed(&loaded)?;
        let (row, recorded) = record::record(tx, &loaded, one)?;
        let view = ObservationView::of(&row, &loaded, tx.lang());
        match recorded {
            Recorded::Replaced => Reply::item(row.version, &view),
            Recorded::New => {
                Reply::created(format!("/api/v1/agreements/{id}/observations/{}", row.id), row.version, &view)
            }
        }
    })
    .await
}

/// The goal and the indicator that a body names.
fn referred(tx: &mut Tx, loaded: &LoadedAgreement, body: &NewObservation) -> Result<(GoalRow, Option<IndicatorRow>)> {
    let goal = known(find_goal(tx, loaded, body.goal_id))?;
    let indicator = match body.indicator_id {
        Some(id) => known(goals::find_indicator(tx, body.goal_id, id))?.map(Some),
        None => Ok(None),
    };
    match (goal, indicator) {
        (Ok(goal), Ok(indicator)) => Ok((goal, indicator)),
        (goal, indicator) => {
            let faults =
                [("/goal_id", goal.is_err()), ("/indicator_id", indicator.is_err() || body.indicator_id.is_some())];
            let unknown =
                faults.into_iter().filter(|(_, wrong)| *wrong).map(|(place, _)| Fault::at(place, "unknown-id"));
            Err(Code::UnknownReference.refuse().faults(unknown.collect()).into())
        }
    }
}

/// What was found, or that there is no such thing; other failures are passed on.
fn known<T>(found: Result<T>) -> Result<std::result::Result<T, Error>> {
    match found {
        Err(error) if error.code() != Code::NotFound => Err(error),
        found => Ok(found),
    }
}

/// Says something else of an observation.
///
/// What is left out stays as it is; null empties a field. Its day, its kind and what it is of stay.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("observation_id" = Id, Path, description = "The observation."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = ObservationPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The observation.", body = ObservationView)
))]
#[patch("/api/v1/agreements/{id}/observations/{observation_id}")]
pub async fn update_observation(
    call: RequestContext,
    ids: Ids<2>,
    if_match: IfMatch,
    body: Json<ObservationPatch>,
) -> Result<Reply> {
    let Ids([id, observation_id]) = ids;
    call.write(move |tx, actor| {
        let loaded = LoadedAgreement::lock(tx, actor, id)?;
        let (row, goal) = find(tx, &loaded, observation_id)?;
        record::check_observer(&loaded)?;
        if_match.accepts(&row)?;
        let fields = body.applied_to(&row.fields).kept();
        let indicator = row.indicator_id.map(|id| goals::find_indicator(tx, goal.id, id)).transpose()?;
        let given = indicator.as_ref().map_or(Given::Whole, |indicator| indicator.fields.given());
        let wrong = faults(row.kind, given, &fields);
        if !wrong.is_empty() {
            return Err(Code::InvalidBody.refuse().faults(wrong).into());
        }
        if let Some(indicator) = &indicator {
            check_size(&indicator.fields, &fields)?;
        }
        record::check_observed(&loaded)?;
        let row = record::change(tx, &loaded, (row, &goal.section_key), fields)?;
        Reply::item(row.version, &ObservationView::of(&row, &loaded, tx.lang()))
    })
    .await
}

/// Takes an observation back.
///
/// For one that was written down wrongly; the audit log tells that it was there.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("observation_id" = Id, Path, description = "The observation."),
    ("If-Match" = String, Header, description = "The ETag of the observation that is taken back."),
), responses((status = 204, description = "The observation is gone.")))]
#[delete("/api/v1/agreements/{id}/observations/{observation_id}")]
pub async fn delete_observation(call: RequestContext, ids: Ids<2>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id, observation_id]) = ids;
    call.write(move |tx, actor| {
        let loaded = LoadedAgreement::lock(tx, actor, id)?;
        let (row, goal) = find(tx, &loaded, observation_id)?;
        record::check_observer(&loaded)?;
        if_match.accepts(&row)?;
        record::check_observed(&loaded)?;
        record::remove(tx, &loaded, &row, &goal.section_key)?;
        Ok(Reply::no_content())
    })
    .await
}
