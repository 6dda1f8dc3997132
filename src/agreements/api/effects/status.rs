//! How effects go, over HTTP.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::measurement::find;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::effects::exact::in_words;
use crate::agreements::effects::picture::{self, Mark, Trend};
use crate::agreements::effects::reading::Point;
use crate::agreements::effects::series::{Seen, points};
use crate::agreements::goals::model::{GoalRow, IndicatorRow};
use crate::agreements::goals::store as goals;
use crate::agreements::observations::model::{ObservationKind, ObservationRow};
use crate::agreements::views::effect::{EffectsView, GoalEffectView, SeriesView};
use crate::app::RequestContext;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, Query, Reply, SVG};
use crate::text::Lang;
use crate::types::{Date, Id, Quantity};

/// The day on which something is read.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OnQuery {
    /// By what was seen up to that day; today when absent.
    #[param(example = "2014-11-10")]
    on: Option<Date>,
}

impl OnQuery {
    fn day(&self, loaded: &LoadedAgreement) -> Result<Date> {
        let today = loaded.organisation.today;
        match self.on {
            Some(day) if day > today => {
                Err(Code::InvalidParameter.refuse().fault(Fault::at("?on", "in-future")).into())
            }
            chosen => Ok(chosen.unwrap_or(today)),
        }
    }
}

/// The trend of an indicator, as data or as a picture.
///
/// With `Accept: image/svg+xml` it is drawn: baseline, target, measurements, and what was judged or said. Values that are
/// kept from the reader are in neither.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    ("indicator_id" = Id, Path, description = "The indicator."),
    OnQuery,
), responses((status = 200, description = "The trend.", content(
    (SeriesView = "application/json"), (String = "image/svg+xml")
))))]
#[get("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}/series")]
pub async fn get_indicator_series(call: RequestContext, ids: Ids<3>, query: Query<OnQuery>) -> Result<Reply> {
    let (Ids([id, goal_id, indicator_id]), drawn) = (ids, call.prefers(SVG));
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let (_, indicator) = find(conn, &loaded, goal_id, indicator_id)?;
        let seen = Seen::up_to(conn, &loaded, Some(goal_id), query.day(&loaded)?)?;
        let about = |row: &&ObservationRow| row.indicator_id.is_none_or(|it| it == indicator_id);
        let remarks: Vec<&ObservationRow> = seen.in_words().filter(about).collect();
        if drawn {
            return Ok(Reply::text(SVG, draw(&indicator, &seen, &remarks, conn.lang())));
        }
        Reply::json(&SeriesView::of(&indicator, &seen, &remarks, conn.lang()))
    })
    .await
}

fn draw(indicator: &IndicatorRow, seen: &Seen<'_>, remarks: &[&ObservationRow], lang: Lang) -> String {
    let kept = |(day, value): &Point| (*day, in_words(value));
    let measurements: Vec<(Date, Quantity)> = points(&seen.measurements(indicator)).iter().map(kept).collect();
    let marks: Vec<(Date, Mark)> = remarks
        .iter()
        .map(|row| match row.kind {
            ObservationKind::CitizenVoice => (row.observed_on, Mark::CitizenVoice),
            _ => (row.observed_on, Mark::Assessment),
        })
        .collect();
    let (baseline, target) = seen.course(indicator).ends();
    picture::svg(&Trend {
        title: &indicator.fields.name,
        unit: &indicator.fields.unit,
        finding: &seen.reading(indicator).message(&indicator.fields.unit, lang),
        baseline: baseline.as_ref().map(kept),
        target: target.as_ref().map(kept),
        measurements: &measurements,
        marks: &marks,
        lang,
    })
}

/// How the effects of an agreement's goals go, and why.
///
/// The status of each goal follows from the newest measurements, assessments and citizen voices, which weigh the same;
/// `explanation` names what it follows from. Where a number and a judgement disagree it is `contradicted`: something to
/// talk about. `docs/effects.md` has the rules, with examples.
#[utoipa::path(tag = "effects", params(("id" = Id, Path, description = "The agreement."), OnQuery), responses(
    (status = 200, description = "The effects.", body = EffectsView)
))]
#[get("/api/v1/agreements/{id}/effects")]
pub async fn get_agreement_effects(call: RequestContext, id: Ids<1>, query: Query<OnQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let day = query.day(&loaded)?;
        let place = |goal: &GoalRow| loaded.section(&goal.section_key).map_or(i64::MAX, |section| section.position);
        let mut all = goals::of_agreement(conn, id)?;
        all.retain(|goal| loaded.shows_goals_in(&goal.section_key));
        all.sort_by_key(|goal| (place(goal), goal.position, goal.id));
        let (indicators, lang) = (goals::indicators_of_agreement(conn, id)?, conn.lang());
        let seen = Seen::up_to(conn, &loaded, None, day)?;
        let view = |goal: &GoalRow| GoalEffectView::of(goal, &indicators, &seen.effect(goal, &indicators), lang);
        Reply::json(&EffectsView { agreement_id: id, on: day, goals: all.iter().map(view).collect() })
    })
    .await
}
