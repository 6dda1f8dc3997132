//! Taking over a goal from above, with what it is measured by: both links are kept. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::corporate::CorporateGoal;
use super::model::{Goal, GoalFields, GoalWithIndicators, Indicator, IndicatorFields, Origin};
use crate::types::{Date, Id, MAX_KEY, Quantity};

/// A goal to be taken over from above.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInheritedGoal {
    /// The goal it is taken over from: a corporate goal, or a goal of an agreement that the caller may see.
    pub inherit_from: Id,
    /// The section it shall stand in; that of the same theme when null, else the first about effects.
    #[serde(default)]
    #[validate(length(min = 1, max = MAX_KEY))]
    #[schema(min_length = 1, max_length = 60, example = "effects")]
    pub section_key: Option<String>,
    /// What is the unit's own of some of the indicators; the others are taken over as they are.
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub indicators: Vec<OwnCourse>,
}

/// Where a unit starts and where it aims, of an indicator that it takes over.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnCourse {
    /// The indicator it is taken over from.
    pub inherited_from_id: Id,
    /// Where the unit stands at first; as above when null.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 52)]
    pub baseline: Option<Quantity>,
    /// Where the unit should be; as above when null.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 60)]
    pub target: Option<Quantity>,
    /// The day of the baseline; as above when null.
    #[serde(default)]
    #[schema(example = "2015-01-01")]
    pub baseline_on: Option<Date>,
    /// The day by which the target is to be reached; as above when null.
    #[serde(default)]
    #[schema(example = "2015-12-31")]
    pub target_on: Option<Date>,
}

/// A goal above, as it can be taken over.
#[derive(Debug, Clone, PartialEq)]
pub struct Above {
    /// Its id.
    pub id: Id,
    /// The theme it serves.
    pub theme_id: Option<Id>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// What is said of it.
    pub goal: CorporateGoal,
}

impl Above {
    /// A goal of another agreement.
    pub fn of_goal((row, indicators): &GoalWithIndicators) -> Self {
        let fields = row.fields.clone();
        Above {
            id: row.id,
            theme_id: fields.theme_id,
            origin: fields.origin,
            goal: CorporateGoal {
                title: fields.title,
                target_group: fields.target_group,
                effect: fields.effect,
                horizon: fields.horizon,
                indicators: indicators.iter().map(Indicator::of).collect(),
            },
        }
    }

    /// The goal as it is taken over, and for each of its indicators the one that it is taken over from.
    ///
    /// # Errors
    /// The places of what is named and is not of this goal.
    pub fn taken_over(&self, own: &[OwnCourse]) -> Result<(Goal, Vec<Option<Id>>), Vec<usize>> {
        let has = |id: Id| self.goal.indicators.iter().any(|one| one.id == Some(id));
        let strange: Vec<usize> =
            own.iter().enumerate().filter(|(_, one)| !has(one.inherited_from_id)).map(|(at, _)| at).collect();
        if !strange.is_empty() {
            return Err(strange);
        }
        let above = self.goal.clone();
        let indicators = above.indicators.iter().map(|one| {
            let course = own.iter().find(|course| Some(course.inherited_from_id) == one.id);
            Indicator::saying(inherited(one.fields(), course), None)
        });
        let fields = GoalFields {
            title: above.title.clone(),
            assessment: None,
            origin: self.origin,
            theme_id: self.theme_id,
            target_group: above.target_group.clone(),
            effect: above.effect.clone(),
            horizon: above.horizon.clone(),
            inherited_from_id: Some(self.id),
        };
        let links = above.indicators.iter().map(|one| one.id).collect();
        Ok((Goal::saying(fields, None, indicators.collect()), links))
    }
}

fn inherited(above: IndicatorFields, own: Option<&OwnCourse>) -> IndicatorFields {
    let own = own.cloned();
    IndicatorFields {
        baseline: own.as_ref().and_then(|own| own.baseline).or(above.baseline),
        target: own.as_ref().and_then(|own| own.target).or(above.target),
        baseline_on: own.as_ref().and_then(|own| own.baseline_on).or(above.baseline_on),
        target_on: own.as_ref().and_then(|own| own.target_on).or(above.target_on),
        ..above
    }
}
