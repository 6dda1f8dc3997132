//! What a goal and an indicator are, what is said of them, and how they travel within something larger: a draft, a
//! section, a revision. Pure.

use std::cmp::Ordering;

use diesel::prelude::*;
use validator::{Validate, ValidationError};

use crate::agreements::observations::input::Given;
use crate::db::NewRow;
use crate::schema::{goals, indicators};
use crate::text_enum;
use crate::types::{Date, Id, MAX_KEY, Quantity, Ts};

/// The most goals of a section.
pub const MOST_GOALS: usize = 100;

/// The most indicators of a goal.
pub const MOST_INDICATORS: usize = 20;

text_enum! {
    /// Where a goal comes from.
    pub enum Origin {
        /// The council or a committee.
        Political = "political",
        /// The whole organisation.
        Corporate = "corporate",
        /// The profession.
        Professional = "professional",
        /// The unit itself.
        Own = "own",
    }
}

text_enum! {
    /// Which way an indicator should go.
    pub enum Direction {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
        /// It should stay where it is. Revisions that were frozen first call it `hold`.
        #[serde(alias = "hold")]
        Keep = "keep",
    }
}

text_enum! {
    /// How observations of several units or dates become one.
    pub enum Aggregation {
        /// Added up.
        Sum = "sum",
        /// Their mean.
        Mean = "mean",
        /// The latest one.
        Latest = "latest",
        /// Numerators and denominators added apart.
        Ratio = "ratio",
    }
}

text_enum! {
    /// How often an indicator is measured.
    pub enum Interval {
        /// Every month.
        Month = "month",
        /// Every three months.
        Quarter = "quarter",
        /// Twice a year.
        HalfYear = "half_year",
        /// Once a year.
        Year = "year",
    }
}

crate::fields! {
    GoalFields of goals: "What is said of a goal." {
        required {
            /// What is to be reached.
            #[validate(length(min = 1, max = 500), custom(function = crate::http::is_said))]
            #[schema(min_length = 1, max_length = 500, example = "Flere borgere klarer sig selv efter et rehabiliteringsforløb")]
            title: String,
        }
        defaulted {}
        optional {
            /// How, when and by whom the effect is judged.
            #[validate(length(max = 4000))]
            #[schema(max_length = 4000, example = "Teamlederne vurderer i december sammen med brugerrådet.")]
            assessment: String,
            /// Where it comes from.
            origin: Origin,
            /// The theme of the strategy letter that it serves.
            theme_id: Id,
            /// The people whom it is meant for.
            #[validate(length(max = 500))]
            #[schema(max_length = 500, example = "Borgere over 65 år")]
            target_group: String,
            /// The change, for whom.
            #[validate(length(max = 2000))]
            #[schema(max_length = 2000, example = "Borgeren kan igen klare hverdagen uden hjælp.")]
            effect: String,
            /// By when it is to be reached, in words.
            #[validate(length(max = 200))]
            #[schema(max_length = 200, example = "Udgangen af 2015")]
            horizon: String,
            /// The goal of an earlier agreement that it continues.
            inherited_from_id: Id,
        }
    }
    GoalPatch: "A change of a goal; its indicators have addresses of their own."

    /// A goal, as it stands in a draft, a section and a revision.
    #[schema(as = DraftGoal)]
    pub struct Goal {
        /// Its id; made by the client or, when null, by the server.
        #[serde(default)]
        #[schema(required = true)]
        pub id: Option<Id>,
        /// How its effect is measured.
        #[serde(default)]
        #[validate(length(max = 20), nested)]
        #[schema(max_items = 20)]
        pub indicators: Vec<Indicator>,
    }

    /// A new goal.
    pub struct NewGoal {
        /// The section it stands in.
        #[validate(length(min = 1, max = MAX_KEY))]
        #[schema(min_length = 1, max_length = 60, example = "effects")]
        pub section_key: String,
        /// Its id; made by the client or, when null, by the server.
        #[serde(default)]
        pub id: Option<Id>,
        /// How its effect is measured.
        #[serde(default)]
        #[validate(length(max = 20), nested)]
        #[schema(max_items = 20)]
        pub indicators: Vec<Indicator>,
    }
}

crate::fields! {
    IndicatorFields of indicators: "What is said of an indicator." {
        required {
            /// What is counted or measured.
            #[validate(length(min = 1, max = 300), custom(function = crate::http::is_said))]
            #[schema(min_length = 1, max_length = 300, example = "Andel der klarer sig uden hjælp efter forløbet")]
            name: String,
        }
        defaulted {
            /// Unit of measure, such as `%` or `days`.
            #[validate(length(max = 50))]
            #[schema(max_length = 50, example = "%")]
            unit: String = "String::new",
            /// Which way it should go.
            direction: Direction = "up",
            /// How observations become one.
            aggregation: Aggregation = "latest",
        }
        optional {
            /// Where it stands at first: at most six decimals and 15 significant digits.
            #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 58)]
            baseline: Quantity,
            /// Where it should be: at most six decimals and 15 significant digits.
            #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 65)]
            target: Quantity,
            /// The day of the baseline; the first day of the agreement's period when null.
            #[schema(example = "2015-01-01")]
            baseline_on: Date,
            /// The day by which the target is to be reached; the last day of the agreement's period when null.
            #[schema(example = "2015-12-31")]
            target_on: Date,
            /// How far from the target what should keep may be; 0 when null.
            #[validate(custom(function = is_not_negative))]
            #[schema(value_type = Option<f64>, minimum = 0.0, maximum = 9000000000000.0, example = 2)]
            tolerance: Quantity,
            /// How often it is measured; a measurement is stale after one and a half of it.
            interval: Interval,
        }
    }
    IndicatorPatch: "A change of an indicator."

    /// An indicator of a goal.
    #[validate(schema(function = can_be_read, skip_on_field_errors = false))]
    #[schema(as = DraftIndicator)]
    pub struct Indicator {
        /// Its id; made by the client or, when null, by the server.
        #[serde(default)]
        #[schema(required = true)]
        pub id: Option<Id>,
    }
}

/// A goal.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = goals, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct GoalRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The section.
    pub section_key: String,
    /// Its place in the section, from 0.
    pub position: i64,
    /// What is said of it.
    #[diesel(embed)]
    pub fields: GoalFields,
    /// How often it, or an indicator of it, was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// An indicator of a goal.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = indicators, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct IndicatorRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The goal.
    pub goal_id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// Its place in the goal, from 0.
    pub position: i64,
    /// What is said of it.
    #[diesel(embed)]
    pub fields: IndicatorFields,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
    /// The indicator of a goal above that it was taken over from.
    pub inherited_from_id: Option<Id>,
}

crate::versioned!(GoalRow, IndicatorRow);

/// A goal with its indicators, in the order of their places.
pub type GoalWithIndicators = (GoalRow, Vec<IndicatorRow>);

impl GoalRow {
    /// A new goal.
    pub fn new(
        start: NewRow,
        agreement_id: Id,
        (section_key, position): (&str, i64),
        id: Id,
        fields: GoalFields,
    ) -> Self {
        GoalRow {
            municipality_id: start.municipality_id,
            id,
            agreement_id,
            section_key: section_key.to_owned(),
            position,
            fields,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }

    /// The names of the fields that differ from what they were.
    pub fn differences(&self, before: &GoalRow) -> Vec<&'static str> {
        let mut fields = self.fields.differences(&before.fields);
        fields.extend((self.position != before.position).then_some("position"));
        fields
    }
}

impl IndicatorRow {
    /// A new indicator of a goal.
    pub fn new(start: NewRow, goal: &GoalRow, position: i64, id: Id, fields: IndicatorFields) -> Self {
        IndicatorRow {
            municipality_id: start.municipality_id,
            id,
            goal_id: goal.id,
            agreement_id: goal.agreement_id,
            position,
            fields,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
            inherited_from_id: None,
        }
    }

    /// The names of the fields that differ from what they were.
    pub fn differences(&self, before: &IndicatorRow) -> Vec<&'static str> {
        let mut fields = self.fields.differences(&before.fields);
        fields.extend((self.position != before.position).then_some("position"));
        fields
    }
}

/// What can be said of an indicator but can never be read: a target that is no change, or that is in the other direction.
///
/// # Errors
/// With the code of the fault.
pub fn check_course(fields: &IndicatorFields) -> Result<(), &'static str> {
    let way = fields.baseline.zip(fields.target).map(|(from, to)| to.cmp(&from));
    let days = fields.baseline_on.zip(fields.target_on);
    match (fields.direction, way) {
        (Direction::Up | Direction::Down, Some(Ordering::Equal)) => Err("target-is-baseline"),
        (Direction::Up, Some(Ordering::Less)) | (Direction::Down, Some(Ordering::Greater)) => {
            Err("target-against-direction")
        }
        _ if days.is_some_and(|(from, to)| to <= from) => Err("target-before-baseline"),
        _ => Ok(()),
    }
}

impl IndicatorFields {
    /// How its values are given.
    pub fn given(&self) -> Given {
        if self.aggregation == Aggregation::Ratio { Given::Ratio } else { Given::Whole }
    }
}

fn is_not_negative(tolerance: &Quantity) -> Result<(), ValidationError> {
    if *tolerance < Quantity(0) { Err(ValidationError::new("negative-tolerance")) } else { Ok(()) }
}

fn can_be_read(indicator: &Indicator) -> Result<(), ValidationError> {
    check_course(&indicator.fields()).map_err(ValidationError::new)
}

fn up() -> Direction {
    Direction::Up
}

fn latest() -> Aggregation {
    Aggregation::Latest
}

impl GoalFields {
    /// What is kept of it: an assessment without a word is none.
    pub fn kept(self) -> Self {
        GoalFields { assessment: self.assessment.filter(|text| !text.trim().is_empty()), ..self }
    }
}

impl Goal {
    /// A stored goal with its indicators among all of the agreement.
    pub fn of(row: &GoalRow, indicators: &[IndicatorRow]) -> Self {
        let own = indicators.iter().filter(|one| one.goal_id == row.id).map(Indicator::of);
        Goal::saying(row.fields.clone(), Some(row.id), own.collect())
    }
}

impl NewGoal {
    /// The goal, apart from where it shall stand.
    pub fn goal(&self) -> Goal {
        Goal::saying(self.fields(), self.id, self.indicators.clone())
    }
}

impl Indicator {
    /// A stored indicator.
    pub fn of(row: &IndicatorRow) -> Self {
        Indicator::saying(row.fields.clone(), Some(row.id))
    }
}
