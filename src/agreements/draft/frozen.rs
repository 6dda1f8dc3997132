//! A section as a revision freezes it: its hash covers this, and nothing else.
//!
//! What was frozen is read for as long as there are agreements, and is never written again. Therefore it has types of
//! its own, which nobody sends, with a version inside: a field that is renamed elsewhere keeps its name here, and a
//! change of these types is a new version beside the old one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::goals::model::{
    Aggregation, Direction, Goal, GoalFields, Indicator, IndicatorFields, Interval, Origin,
};
use crate::agreements::sections::model::NotApplicable;
use crate::types::{Date, Id, Quantity};

/// The version that is written.
const VERSION: u32 = 1;

/// A section as it was submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenSection {
    v: u32,
    /// The values of its fields.
    pub content: Map<String, Value>,
    not_applicable: Option<FrozenReason>,
    goals: Vec<FrozenGoal>,
    commitments: Vec<FrozenPromise>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FrozenReason {
    reason: String,
}

/// The fields of a shape as they are frozen: those that it has today, one by one, so that one that is renamed is renamed
/// here by hand, and one that older revisions lack is given a default.
macro_rules! frozen {
    ($Frozen:ident of $Fields:ident { $($own:ident: $own_type:ty,)* } $($(#[$meta:meta])* $name:ident: $kind:ty,)*) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        struct $Frozen { $($own: $own_type,)* $($(#[$meta])* $name: $kind,)* }

        impl $Frozen {
            fn of_fields(fields: $Fields, $($own: $own_type),*) -> Self {
                $Frozen { $($own,)* $($name: fields.$name,)* }
            }

            fn fields(&self) -> $Fields {
                let frozen = self.clone();
                $Fields { $($name: frozen.$name,)* }
            }
        }
    };
}

frozen! {
    FrozenGoal of GoalFields { id: Option<Id>, indicators: Vec<FrozenIndicator>, }
    title: String,
    assessment: Option<String>,
    origin: Option<Origin>,
    theme_id: Option<Id>,
    target_group: Option<String>,
    effect: Option<String>,
    horizon: Option<String>,
    inherited_from_id: Option<Id>,
}

frozen! {
    FrozenIndicator of IndicatorFields { id: Option<Id>, }
    name: String,
    unit: String,
    direction: Direction,
    baseline: Option<Quantity>,
    target: Option<Quantity>,
    aggregation: Aggregation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tolerance: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    interval: Option<Interval>,
}

/// What the proposer promises; what others have answered is not frozen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FrozenPromise {
    id: Id,
    title: String,
    promise: String,
    expected_gain: String,
    due_on: Option<Date>,
}

impl FrozenSection {
    /// Freezes what stands in a section.
    pub fn of<'a>(
        content: Map<String, Value>,
        not_applicable: Option<String>,
        goals: impl Iterator<Item = &'a Goal>,
        commitments: impl Iterator<Item = &'a CommitmentWithParties>,
    ) -> Self {
        FrozenSection {
            v: VERSION,
            content,
            not_applicable: not_applicable.map(|reason| FrozenReason { reason }),
            goals: goals.map(FrozenGoal::of).collect(),
            commitments: commitments.map(FrozenPromise::of).collect(),
        }
    }

    /// Why it did not apply.
    pub fn not_applicable(&self) -> Option<NotApplicable> {
        self.not_applicable.as_ref().map(|not| NotApplicable { reason: not.reason.clone() })
    }

    /// Its goals, as they are told today.
    pub fn goals(&self) -> Vec<Goal> {
        self.goals.iter().map(FrozenGoal::told).collect()
    }
}

impl FrozenGoal {
    fn of(goal: &Goal) -> Self {
        FrozenGoal::of_fields(goal.fields(), goal.id, goal.indicators.iter().map(FrozenIndicator::of).collect())
    }

    fn told(&self) -> Goal {
        Goal::saying(self.fields(), self.id, self.indicators.iter().map(FrozenIndicator::told).collect())
    }
}

impl FrozenIndicator {
    fn of(indicator: &Indicator) -> Self {
        FrozenIndicator::of_fields(indicator.fields(), indicator.id)
    }

    fn told(&self) -> Indicator {
        Indicator::saying(self.fields(), self.id)
    }
}

impl FrozenPromise {
    fn of((row, parties): &CommitmentWithParties) -> Self {
        let own = parties.iter().find(|party| party.proposer);
        FrozenPromise {
            id: row.id,
            title: row.title.clone(),
            promise: own.map(|party| party.promise.clone()).unwrap_or_default(),
            expected_gain: row.expected_gain.clone(),
            due_on: row.due_on,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A revision as version 1 writes it. It stands in databases: it is read for ever, and this text never changes.
    const FIRST: &str = r#"{"v":1,"content":{"plan":"Vi måler."},"not_applicable":null,"goals":[{"id":
        "01931f2e-7c00-7000-8000-000000000001","title":"Flere klarer sig selv","assessment":null,"origin":"own",
        "theme_id":null,"target_group":"Borgere","effect":null,"horizon":"2015","inherited_from_id":null,
        "indicators":[{"id":"01931f2e-7c00-7000-8000-000000000002","name":"Andel","unit":"%","direction":"up",
        "baseline":58.5,"target":65,"aggregation":"latest"}]}],"commitments":[{"id":
        "01931f2e-7c00-7000-8000-000000000003","title":"Overgang","promise":"Et møde","expected_gain":"",
        "due_on":"2015-05-01"}]}"#;

    #[test]
    fn what_was_frozen_first_is_read_and_written_as_it_was() {
        let read: FrozenSection = serde_json::from_str(FIRST).expect("a revision");
        let before: Value = serde_json::from_str(FIRST).expect("JSON");
        assert_eq!(serde_json::to_value(&read).expect("JSON"), before);
        assert_eq!(read.goals()[0].indicators[0].name, "Andel");
    }

    #[test]
    fn what_is_told_is_what_was_frozen() {
        let goal: Goal = serde_json::from_value(json!({
            "id": Id::of_name("goal"), "title": "Færre venter", "indicators": [{"name": "Dage", "baseline": 14}]
        }))
        .expect("a goal");
        let frozen = FrozenSection::of(Map::new(), Some("Ingen".to_owned()), [&goal].into_iter(), [].into_iter());
        assert_eq!(frozen.goals(), [goal]);
        assert_eq!(frozen.not_applicable().map(|not| not.reason).as_deref(), Some("Ingen"));
    }
}
