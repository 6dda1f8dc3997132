//! What a goal and an indicator are. Pure.

use crate::db::NewRow;
use crate::schema::{goals, indicators};
use crate::text_enum;
use crate::types::{Id, Ts};
use diesel::prelude::*;

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
        /// It should stay.
        Hold = "hold",
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

/// A goal.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = goals, treat_none_as_default_value = false, treat_none_as_null = true)]
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
    /// What is to be reached.
    pub title: String,
    /// How, when and by whom the effect is judged.
    pub assessment: Option<String>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The theme it serves.
    pub theme_id: Option<Id>,
    /// For whom.
    pub target_group: Option<String>,
    /// The change, for whom.
    pub effect: Option<String>,
    /// The last day on which it is to be done.
    pub horizon: Option<String>,
    /// The goal of an earlier agreement that it continues.
    pub inherited_from_id: Option<Id>,
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
#[diesel(table_name = indicators, treat_none_as_default_value = false, treat_none_as_null = true)]
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
    /// What is counted or measured.
    pub name: String,
    /// In what.
    pub unit: String,
    /// Which way it should go.
    pub direction: Direction,
    /// Where it stands at first, in millionths.
    pub baseline: Option<i64>,
    /// Where it should be, in millionths.
    pub target: Option<i64>,
    /// How observations become one.
    pub aggregation: Aggregation,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(GoalRow, IndicatorRow);

/// A goal with its indicators, in the order of their places.
pub type GoalWithIndicators = (GoalRow, Vec<IndicatorRow>);

impl GoalRow {
    /// A goal in which nothing is written yet.
    pub fn new(start: NewRow, agreement_id: Id, section_key: &str, id: Id) -> Self {
        GoalRow {
            municipality_id: start.municipality_id,
            id,
            agreement_id,
            section_key: section_key.to_owned(),
            position: 0,
            title: String::new(),
            assessment: None,
            origin: None,
            theme_id: None,
            target_group: None,
            effect: None,
            horizon: None,
            inherited_from_id: None,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }

    /// The names of the fields that differ from what they were.
    pub fn differences(&self, before: &GoalRow) -> Vec<&'static str> {
        let fields = [
            ("title", self.title != before.title),
            ("assessment", self.assessment != before.assessment),
            ("origin", self.origin != before.origin),
            ("theme_id", self.theme_id != before.theme_id),
            ("target_group", self.target_group != before.target_group),
            ("effect", self.effect != before.effect),
            ("horizon", self.horizon != before.horizon),
            ("inherited_from_id", self.inherited_from_id != before.inherited_from_id),
            ("position", self.position != before.position),
        ];
        fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
    }
}

impl IndicatorRow {
    /// An indicator of a goal in which nothing is written yet.
    pub fn new(start: NewRow, goal: &GoalRow, id: Id) -> Self {
        IndicatorRow {
            municipality_id: start.municipality_id,
            id,
            goal_id: goal.id,
            agreement_id: goal.agreement_id,
            position: 0,
            name: String::new(),
            unit: String::new(),
            direction: Direction::Up,
            baseline: None,
            target: None,
            aggregation: Aggregation::Latest,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }

    /// The names of the fields that differ from what they were.
    pub fn differences(&self, before: &IndicatorRow) -> Vec<&'static str> {
        let fields = [
            ("name", self.name != before.name),
            ("unit", self.unit != before.unit),
            ("direction", self.direction != before.direction),
            ("baseline", self.baseline != before.baseline),
            ("target", self.target != before.target),
            ("aggregation", self.aggregation != before.aggregation),
            ("position", self.position != before.position),
        ];
        fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
    }
}
