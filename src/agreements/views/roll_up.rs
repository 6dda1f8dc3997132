//! What units report together, as a reader sees it.

use serde::Serialize;
use utoipa::ToSchema;

use super::agreement::{UnitName, unit_names};
use crate::agreements::effects::exact::{rounded, told};
use crate::agreements::effects::roll_up::{Part, Reported, RollUp};
use crate::agreements::goals::model::{Aggregation, IndicatorFields};
use crate::organisation::Organisation;
use crate::types::{Date, Id, Quantity};

/// What the units that took over a goal report together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RollUp)]
pub struct RollUpView {
    /// The goal that was taken over.
    pub goal_id: Id,
    /// What is to be reached.
    #[schema(max_length = 500, example = "Flere borgere klarer sig selv")]
    pub title: String,
    /// The first day of what counts.
    #[schema(example = "2015-01-01")]
    pub from: Date,
    /// The last day of what counts.
    #[schema(example = "2015-05-14")]
    pub to: Date,
    /// Each indicator of the goal, in the order of their places.
    #[schema(max_items = 20)]
    pub indicators: Vec<IndicatorRollUpView>,
}

/// What the units that took over an indicator report together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IndicatorRollUp)]
pub struct IndicatorRollUpView {
    /// The indicator that was taken over.
    pub indicator_id: Id,
    /// What is counted or measured.
    #[schema(max_length = 300, example = "Andel der klarer sig uden hjælp efter forløbet")]
    pub name: String,
    /// Unit of measure, such as `%` or `days`.
    #[schema(max_length = 50, example = "%")]
    pub unit: String,
    /// How it is put together.
    pub aggregation: Aggregation,
    /// Put together from all that is reported and shown; null where nobody reports, of `latest`, which is listed, and of
    /// what is larger than 9,000,000,000,000.
    #[schema(required = true, value_type = Option<f64>, example = 39)]
    pub value: Option<Quantity>,
    /// The sum of the numerators, of a ratio.
    #[schema(required = true, value_type = Option<f64>, example = 39)]
    pub numerator: Option<Quantity>,
    /// The sum of the denominators, of a ratio.
    #[schema(required = true, value_type = Option<f64>, example = 100)]
    pub denominator: Option<Quantity>,
    /// How many units report something that the reader sees.
    #[schema(minimum = 0, example = 2)]
    pub reported: usize,
    /// How many units took it over.
    #[schema(minimum = 0, example = 3)]
    pub expected: usize,
    /// How many report a value that is kept from the reader because it is about too few; it is in no sum either.
    #[schema(minimum = 0, example = 0)]
    pub suppressed: usize,
    /// Whether it is put together from less than all.
    pub partial: bool,
    /// The units that report nothing.
    #[schema(max_items = 10000)]
    pub missing: Vec<UnitName>,
    /// What each unit reports.
    #[schema(max_items = 10000)]
    pub parts: Vec<PartView>,
}

/// What a unit reports.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RollUpPart)]
pub struct PartView {
    /// The unit that reports.
    #[schema(required = true)]
    pub org_unit: Option<UnitName>,
    /// Its agreement.
    pub agreement_id: Id,
    /// Its own indicator.
    pub indicator_id: Id,
    /// How many levels below the goal it stands, from 1.
    #[schema(minimum = 1, maximum = 12, example = 1)]
    pub level: u32,
    /// The day of its newest value; null where it reports nothing.
    #[schema(required = true, example = "2015-05-14")]
    pub observed_on: Option<Date>,
    /// Its newest value; null where it reports nothing, or it is kept from the reader.
    #[schema(required = true, value_type = Option<f64>, example = 61)]
    pub value: Option<Quantity>,
    /// Whether the value is kept from the reader because it is about too few.
    pub suppressed: bool,
}

impl IndicatorRollUpView {
    /// What is reported together of an indicator.
    pub fn of(id: Id, fields: &IndicatorFields, put: &RollUp, organisation: &Organisation) -> Self {
        IndicatorRollUpView {
            indicator_id: id,
            name: fields.name.clone(),
            unit: fields.unit.clone(),
            aggregation: fields.aggregation,
            value: put.value.as_ref().and_then(told),
            numerator: put.sums.as_ref().and_then(|(numerator, _)| told(numerator)),
            denominator: put.sums.as_ref().and_then(|(_, denominator)| told(denominator)),
            reported: put.reported(),
            expected: put.parts.len(),
            suppressed: put.suppressed(),
            partial: put.is_partial(),
            missing: unit_names(organisation, &put.missing()),
            parts: put.parts.iter().map(|part| PartView::of(part, organisation)).collect(),
        }
    }
}

impl PartView {
    fn of(part: &Part, organisation: &Organisation) -> Self {
        let (observed_on, value) = match &part.reported {
            Reported::Nothing => (None, None),
            Reported::Suppressed(day) => (Some(*day), None),
            Reported::Value(day, value) => (Some(*day), Some(rounded(&value.value))),
        };
        PartView {
            org_unit: unit_names(organisation, &[part.org_unit]).into_iter().next(),
            agreement_id: part.agreement_id,
            indicator_id: part.indicator_id,
            level: part.level,
            observed_on,
            value,
            suppressed: matches!(part.reported, Reported::Suppressed(_)),
        }
    }
}
