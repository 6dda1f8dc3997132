//! Measurements at the address of their day: sent twice, they are there once.

use actix_web::{delete, get, put};

use super::super::goals::find_goal;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::effects::exact::can_be_told;
use crate::agreements::goals::model::{GoalRow, IndicatorFields, IndicatorRow};
use crate::agreements::goals::store as goals;
use crate::agreements::observations::model::{
    NewMeasurement, ObservationFields, ObservationKind, ObservationRow, Observed,
};
use crate::agreements::observations::record::{self, NewObserved, Recorded};
use crate::agreements::observations::store;
use crate::agreements::views::observation::ObservationView;
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, OptionalIfMatch, Reply};
use crate::types::{Date, Id};

/// A goal and an indicator of it, for a reader who may see them.
pub(super) fn find(
    conn: &mut Conn,
    loaded: &LoadedAgreement,
    goal_id: Id,
    indicator_id: Id,
) -> Result<(GoalRow, IndicatorRow)> {
    let goal = find_goal(conn, loaded, goal_id)?;
    let indicator = goals::find_indicator(conn, goal_id, indicator_id)?;
    Ok((goal, indicator))
}

fn measured(conn: &mut Conn, indicator: &IndicatorRow, day: Date) -> Result<ObservationRow> {
    store::measured_on(conn, indicator.id, day)?.ok_or_else(|| Code::NotFound.into())
}

/// Reads the measurement of an indicator on a day.
///
/// For its ETag, before it is replaced or taken back.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
    ("date" = String, Path, format = Date, description = "The day.", example = "2014-11-03"),
), responses((status = 200, description = "The measurement.", body = ObservationView, headers(("ETag" = String)))))]
#[get("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}/observations/{date}")]
pub async fn get_measurement(call: RequestContext, ids: Ids<3>) -> Result<Reply> {
    let (Ids([id, goal_id, indicator_id]), day) = (ids, call.path_date("date")?);
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let (_, indicator) = find(conn, &loaded, goal_id, indicator_id)?;
        let row = measured(conn, &indicator, day)?;
        Reply::item(row.version, &ObservationView::of(&row, &loaded, conn.lang()))
    })
    .await
}

/// Writes down the measurement of an indicator on a day, or replaces it.
///
/// Nothing but the value is demanded: `value`, or `numerator` and `denominator` of a ratio. An equal body writes nothing
/// and makes no event. It changes neither the section nor its version, and is written while the section is locked, too;
/// by those who write in the agreement, and by the coordinator.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
    ("date" = String, Path, format = Date, description = "The day.", example = "2014-11-03"),
    ("If-Match" = Option<String>, Header, description = "The ETag of what is replaced, to be compared."),
), request_body = NewMeasurement, responses(
    (status = 200, description = "The measurement, replaced.", body = ObservationView, headers(("ETag" = String))),
    (status = 201, description = "The measurement, made.", body = ObservationView)
))]
#[put("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}/observations/{date}")]
pub async fn put_measurement(
    call: RequestContext,
    ids: Ids<3>,
    if_match: OptionalIfMatch,
    body: Json<NewMeasurement>,
) -> Result<Reply> {
    let (Ids([id, goal_id, indicator_id]), day) = (ids, call.path_date("date")?);
    call.write(move |tx, actor| {
        let loaded = LoadedAgreement::lock(tx, actor, id)?;
        let (goal, indicator) = find(tx, &loaded, goal_id, indicator_id)?;
        record::check_observer(&loaded)?;
        match store::measured_on(tx, indicator_id, day)? {
            Some(stored) => if_match.0.accepts(&stored)?,
            None => if_match.0.accepts_nothing()?,
        }
        let one = NewObserved {
            id: None,
            of: Observed { agreement_id: id, goal_id, indicator_id: Some(indicator_id) },
            section_key: goal.section_key,
            kind: ObservationKind::Measurement,
            observed_on: day,
            given: indicator.fields.given(),
            fields: body.fields().kept(),
        };
        record::check(&loaded, &one, "date")?;
        check_size(&indicator.fields, &one.fields)?;
        record::check_observed(&loaded)?;
        let (row, recorded) = record::record(tx, &loaded, one)?;
        let view = ObservationView::of(&row, &loaded, tx.lang());
        match recorded {
            Recorded::Replaced => Reply::item(row.version, &view),
            Recorded::New => {
                let below = format!("goals/{goal_id}/indicators/{indicator_id}/observations/{day}");
                Reply::created(format!("/api/v1/agreements/{id}/{below}"), row.version, &view)
            }
        }
    })
    .await
}

/// Goes on when a value can be told.
pub(super) fn check_size(indicator: &IndicatorFields, said: &ObservationFields) -> Result<()> {
    let place = Fault::at("/denominator", "ratio-too-large");
    if can_be_told(indicator, said) { Ok(()) } else { Err(Code::InvalidBody.refuse().fault(place).into()) }
}

/// Takes the measurement of an indicator on a day back.
///
/// For one that was written down wrongly; the audit log tells that it was there.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
    ("date" = String, Path, format = Date, description = "The day.", example = "2014-11-03"),
    ("If-Match" = String, Header, description = "The ETag of the measurement that is taken back."),
), responses((status = 204, description = "The measurement is gone.")))]
#[delete("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}/observations/{date}")]
pub async fn delete_measurement(call: RequestContext, ids: Ids<3>, if_match: IfMatch) -> Result<Reply> {
    let (Ids([id, goal_id, indicator_id]), day) = (ids, call.path_date("date")?);
    call.write(move |tx, actor| {
        let loaded = LoadedAgreement::lock(tx, actor, id)?;
        let (goal, indicator) = find(tx, &loaded, goal_id, indicator_id)?;
        let row = measured(tx, &indicator, day)?;
        record::check_observer(&loaded)?;
        if_match.accepts(&row)?;
        record::check_observed(&loaded)?;
        record::remove(tx, &loaded, &row, &goal.section_key)?;
        Ok(Reply::no_content())
    })
    .await
}
