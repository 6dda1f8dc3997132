//! A goal and an indicator as they travel within something larger: a draft, a section, a revision.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{Aggregation, Direction, Origin};
use super::model::{GoalRow, IndicatorRow};
use crate::types::{Id, Quantity};

/// A goal, as it stands in a draft, a section and a revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DraftGoal)]
pub struct Goal {
    /// Its id; made by the client or, when null, by the server.
    #[serde(default)]
    #[schema(required = true)]
    pub id: Option<Id>,
    /// What is to be reached.
    #[validate(length(min = 1, max = 500))]
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "Flere borgere klarer sig selv efter et rehabiliteringsforløb"
    )]
    pub title: String,
    /// How, when and by whom the effect is judged.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(required = true, max_length = 4000, example = "Teamlederne vurderer i december sammen med brugerrådet.")]
    pub assessment: Option<String>,
    /// Where it comes from.
    #[serde(default)]
    #[schema(required = true)]
    pub origin: Option<Origin>,
    /// The theme of the strategy letter that it serves.
    #[serde(default)]
    #[schema(required = true)]
    pub theme_id: Option<Id>,
    /// The people whom it is meant for.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(required = true, max_length = 500, example = "Borgere over 65 år")]
    pub target_group: Option<String>,
    /// The change, for whom.
    #[serde(default)]
    #[validate(length(max = 2000))]
    #[schema(required = true, max_length = 2000, example = "Borgeren kan igen klare hverdagen uden hjælp.")]
    pub effect: Option<String>,
    /// The last day on which it is to be done.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(required = true, max_length = 200, example = "Udgangen af 2015")]
    pub horizon: Option<String>,
    /// The goal of an earlier agreement that it continues.
    #[serde(default)]
    #[schema(required = true)]
    pub inherited_from_id: Option<Id>,
    /// How its effect is measured.
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub indicators: Vec<Indicator>,
}

/// An indicator of a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DraftIndicator)]
pub struct Indicator {
    /// Its id; made by the client or, when null, by the server.
    #[serde(default)]
    #[schema(required = true)]
    pub id: Option<Id>,
    /// What is counted or measured.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300, example = "Andel der klarer sig uden hjælp efter forløbet")]
    pub name: String,
    /// Unit of measure, such as `%` or `days`.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_length = 50, example = "%")]
    pub unit: String,
    /// Which way it should go.
    #[serde(default = "up")]
    pub direction: Direction,
    /// Where it stands at first: at most six decimals and 15 significant digits.
    #[serde(default)]
    #[schema(required = true, value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 58)]
    pub baseline: Option<Quantity>,
    /// Where it should be: at most six decimals and 15 significant digits.
    #[serde(default)]
    #[schema(required = true, value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 65)]
    pub target: Option<Quantity>,
    /// How observations become one.
    #[serde(default = "latest")]
    pub aggregation: Aggregation,
}

fn up() -> Direction {
    Direction::Up
}

fn latest() -> Aggregation {
    Aggregation::Latest
}

impl Goal {
    /// A stored goal with its indicators among all of the agreement.
    pub fn of(row: &GoalRow, indicators: &[IndicatorRow]) -> Self {
        Goal {
            id: Some(row.id),
            title: row.title.clone(),
            assessment: row.assessment.clone(),
            origin: row.origin,
            theme_id: row.theme_id,
            target_group: row.target_group.clone(),
            effect: row.effect.clone(),
            horizon: row.horizon.clone(),
            inherited_from_id: row.inherited_from_id,
            indicators: indicators.iter().filter(|one| one.goal_id == row.id).map(Indicator::of).collect(),
        }
    }

    /// Writes what is said of the goal itself into its row; tells whether anything changed.
    pub fn write_to(&self, row: &mut GoalRow, position: i64) -> bool {
        let before = row.clone();
        row.position = position;
        row.title.clone_from(&self.title);
        row.assessment = self.assessment.clone().filter(|text| !text.trim().is_empty());
        row.origin = self.origin;
        row.theme_id = self.theme_id;
        row.target_group.clone_from(&self.target_group);
        row.effect.clone_from(&self.effect);
        row.horizon.clone_from(&self.horizon);
        row.inherited_from_id = self.inherited_from_id;
        *row != before
    }
}

impl Indicator {
    /// A stored indicator.
    pub fn of(row: &IndicatorRow) -> Self {
        Indicator {
            id: Some(row.id),
            name: row.name.clone(),
            unit: row.unit.clone(),
            direction: row.direction,
            baseline: row.baseline.map(Quantity),
            target: row.target.map(Quantity),
            aggregation: row.aggregation,
        }
    }

    /// Writes what is said of the indicator into its row; tells whether anything changed.
    pub fn write_to(&self, row: &mut IndicatorRow, position: i64) -> bool {
        let before = row.clone();
        row.position = position;
        row.name.clone_from(&self.name);
        row.unit.clone_from(&self.unit);
        row.direction = self.direction;
        row.baseline = self.baseline.map(|value| value.0);
        row.target = self.target.map(|value| value.0);
        row.aggregation = self.aggregation;
        *row != before
    }
}
