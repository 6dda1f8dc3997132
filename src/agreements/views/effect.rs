//! How effects go, with the reasons, as a reader sees them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::agreements::effects::exact::{Exact, rounded};
use crate::agreements::effects::reading::{IndicatorReading, Reading, ReadingCode};
use crate::agreements::effects::series::{GoalEffect, Measured, Seen};
use crate::agreements::effects::status::{EffectStatus, Evidence};
use crate::agreements::goals::model::{Direction, GoalRow, IndicatorRow, Interval};
use crate::agreements::observations::model::{Judgement, ObservationKind, ObservationRow};
use crate::text::{self, Args, Lang, say};
use crate::types::{Date, Id, Quantity};

/// What an indicator reads on a day, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IndicatorReading)]
pub struct IndicatorReadingView {
    /// The indicator.
    pub indicator_id: Id,
    /// What is counted or measured.
    #[schema(max_length = 300, example = "Andel der klarer sig uden hjælp efter forløbet")]
    pub name: String,
    /// Unit of measure, such as `%` or `days`.
    #[schema(max_length = 50, example = "%")]
    pub unit: String,
    /// How it goes.
    pub reading: Reading,
    /// Why.
    pub code: ReadingCode,
    /// Why, in the reader's language.
    #[schema(max_length = 1000, example = "Målingen 14. maj 2015 er 61 % mod forventet 60,56 %.")]
    pub message: String,
    /// The target is reached, and its day has not come.
    pub reached_early: bool,
    /// The last measurement is older than one and a half of the indicator's interval.
    pub stale: bool,
    /// The day of the last measurement that the reader sees.
    #[schema(required = true, example = "2015-05-14")]
    pub last_on: Option<Date>,
    /// The value of that measurement, in the unit of the indicator.
    #[schema(required = true, value_type = Option<f64>, example = 61)]
    pub last_value: Option<Quantity>,
    /// What it was compared with: the target, or where it should have been on its day.
    #[schema(required = true, value_type = Option<f64>, example = 60.557692)]
    pub expected: Option<Quantity>,
}

/// Something that a status follows from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectReason)]
pub struct ReasonView {
    /// What kind of observation it is.
    pub kind: ObservationKind,
    /// The indicator it is about; null for the goal itself.
    pub indicator_id: Option<Id>,
    /// The day of what was seen; null where nothing was.
    #[schema(example = "2015-05-14")]
    pub observed_on: Option<Date>,
    /// How it goes, as it tells.
    pub reading: Reading,
    /// Why.
    pub code: ReadingCode,
    /// Whether it is a measurement that is older than one and a half of the indicator's interval.
    pub stale: bool,
    /// Whether it counts: not what is unknown, or much older than the rest.
    pub counts: bool,
    /// Why, in the reader's language.
    #[schema(max_length = 1000, example = "Vurderingen 14. maj 2015 siger: på vej.")]
    pub message: String,
}

/// How the effect of a goal goes, and what that follows from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoalEffect)]
pub struct GoalEffectView {
    /// The goal.
    pub goal_id: Id,
    /// The key of the section it belongs to.
    #[schema(max_length = 60, example = "effects")]
    pub section_key: String,
    /// What is to be reached.
    #[schema(max_length = 500, example = "Flere borgere klarer sig selv efter et rehabiliteringsforløb")]
    pub title: String,
    /// How it goes.
    pub status: EffectStatus,
    /// What it follows from.
    #[schema(max_items = 200)]
    pub explanation: Vec<ReasonView>,
    /// What each indicator reads, in the order of their places.
    #[schema(max_items = 20)]
    pub indicators: Vec<IndicatorReadingView>,
}

/// The effects of an agreement on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementEffects)]
pub struct EffectsView {
    /// The agreement.
    pub agreement_id: Id,
    /// The day on which they are read.
    #[schema(example = "2015-05-14")]
    pub on: Date,
    /// Its goals, in the order of its sections.
    #[schema(max_items = 2000)]
    pub goals: Vec<GoalEffectView>,
}

/// A measurement in a series.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeriesPoint)]
pub struct PointView {
    /// The observation.
    pub observation_id: Id,
    /// The day it is about.
    #[schema(example = "2015-05-14")]
    pub observed_on: Date,
    /// Its value in the unit of the indicator: of a ratio, numerator / denominator. Null where it is kept from the reader.
    #[schema(required = true, value_type = Option<f64>, example = 61)]
    pub value: Option<Quantity>,
    /// Whether the value is kept from the reader because it is about too few.
    pub suppressed: bool,
}

/// What was judged or said of an indicator, or of its goal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeriesRemark)]
pub struct RemarkView {
    /// The observation.
    pub observation_id: Id,
    /// What kind it is.
    pub kind: ObservationKind,
    /// The day it is about.
    #[schema(example = "2015-05-14")]
    pub observed_on: Date,
    /// How it goes, where it says so.
    #[schema(required = true)]
    pub judgement: Option<Judgement>,
    /// What was seen or said.
    #[schema(required = true, max_length = 4000, example = "Brugerrådet oplever, at forløbene begynder til tiden.")]
    pub text: Option<String>,
}

/// The trend of an indicator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Series)]
pub struct SeriesView {
    /// What it reads, and why.
    pub reading: IndicatorReadingView,
    /// Which way it should go.
    pub direction: Direction,
    /// How often it is measured.
    #[schema(required = true)]
    pub interval: Option<Interval>,
    /// Where it stood at first.
    #[schema(required = true, value_type = Option<f64>, example = 58)]
    pub baseline: Option<Quantity>,
    /// The day of the baseline: its own, or the first day of the agreement's period.
    #[schema(example = "2015-01-01")]
    pub baseline_on: Date,
    /// Where it should be.
    #[schema(required = true, value_type = Option<f64>, example = 65)]
    pub target: Option<Quantity>,
    /// The day of the target: its own, or the last day of the agreement's period.
    #[schema(example = "2015-12-31")]
    pub target_on: Date,
    /// The measurements, oldest first.
    #[schema(max_items = 10000)]
    pub points: Vec<PointView>,
    /// What was judged or said of it, oldest first.
    #[schema(max_items = 10000)]
    pub remarks: Vec<RemarkView>,
}

fn shown(number: &Exact) -> Quantity {
    rounded(number)
}

impl IndicatorReadingView {
    /// What an indicator reads.
    pub fn of(indicator: &IndicatorRow, read: &IndicatorReading, lang: Lang) -> Self {
        let fields = &indicator.fields;
        IndicatorReadingView {
            indicator_id: indicator.id,
            name: fields.name.clone(),
            unit: fields.unit.clone(),
            reading: read.reading,
            code: read.code,
            message: read.message(&fields.unit, lang),
            reached_early: read.reached_early,
            stale: read.stale,
            last_on: read.last.as_ref().map(|(day, _)| *day),
            last_value: read.last.as_ref().map(|(_, value)| shown(value)),
            expected: read.expected.as_ref().map(shown),
        }
    }
}

impl GoalEffectView {
    /// How the effect of a goal goes, with its own indicators in their order.
    pub fn of(goal: &GoalRow, indicators: &[IndicatorRow], effect: &GoalEffect, lang: Lang) -> Self {
        let own: Vec<&IndicatorRow> = indicators.iter().filter(|one| one.goal_id == goal.id).collect();
        let readings = || own.iter().zip(&effect.indicators);
        let read = |one: &Evidence| {
            let measured = one.kind == ObservationKind::Measurement;
            readings().find(|(row, _)| measured && Some(row.id) == one.indicator_id)
        };
        let of_indicator = |one: &Evidence| read(one).map(|(row, read)| read.message(&row.fields.unit, lang));
        let explained = effect.explanation.iter().map(|one| ReasonView {
            kind: one.kind,
            indicator_id: one.indicator_id,
            observed_on: one.observed_on,
            reading: one.reading,
            code: one.code,
            stale: read(one).is_some_and(|(_, read)| read.stale),
            counts: one.reading != Reading::Unknown && one.code != ReadingCode::TooOld,
            message: match one.kind {
                ObservationKind::Measurement if one.code != ReadingCode::TooOld => of_indicator(one),
                _ => None,
            }
            .unwrap_or_else(|| judged(one, lang)),
        });
        GoalEffectView {
            goal_id: goal.id,
            section_key: goal.section_key.clone(),
            title: goal.fields.title.clone(),
            status: effect.status,
            explanation: explained.collect(),
            indicators: readings().map(|(row, read)| IndicatorReadingView::of(row, read, lang)).collect(),
        }
    }
}

/// What somebody judges, or that it is too old to count, in a sentence.
fn judged(one: &Evidence, lang: Lang) -> String {
    let mut args = Args::default();
    args.set("kind", one.kind);
    args.set("reading", one.reading);
    args.set("day", one.observed_on.map(|day| text::date(lang, day)).unwrap_or_default());
    say(lang, &format!("reading-{}", one.code), &args)
}

impl SeriesView {
    /// The trend of an indicator.
    pub fn of(indicator: &IndicatorRow, seen: &Seen<'_>, remarks: &[&ObservationRow], lang: Lang) -> Self {
        let (fields, course) = (&indicator.fields, seen.course(indicator));
        let (baseline_on, target_on) = course.days();
        let point = |one: &Measured<'_>| PointView {
            observation_id: one.row.id,
            observed_on: one.row.observed_on,
            value: one.value.as_ref().map(shown),
            suppressed: one.value.is_none(),
        };
        let remark = |row: &&ObservationRow| RemarkView {
            observation_id: row.id,
            kind: row.kind,
            observed_on: row.observed_on,
            judgement: row.fields.judgement,
            text: row.fields.text.clone(),
        };
        SeriesView {
            reading: IndicatorReadingView::of(indicator, &seen.reading(indicator), lang),
            direction: fields.direction,
            interval: fields.interval,
            baseline: fields.baseline,
            baseline_on,
            target: fields.target,
            target_on,
            points: seen.measurements(indicator).iter().map(point).collect(),
            remarks: remarks.iter().map(remark).collect(),
        }
    }
}
