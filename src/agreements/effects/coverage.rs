//! How far a unit has come with a theme of the letter: a ladder, from nothing to an effect that is there. Pure.

use super::status::EffectStatus;
use crate::text_enum;

text_enum! {
    /// How far a unit has come with a theme; each rung stands on those before it.
    pub enum Rung {
        /// Nothing is written of it.
        None = "none",
        /// A section of the theme is filled in.
        Described = "described",
        /// A goal serves it.
        Goal = "goal",
        /// It is said how the effect of a goal is measured or judged.
        Measurable = "measurable",
        /// Something was seen of the effect.
        Observed = "observed",
        /// The effect is there.
        Achieved = "achieved",
    }
}

/// What a rung follows from, of a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoalFacts {
    /// It has an indicator, or says how it is judged.
    pub measurable: bool,
    /// Something was seen of its effect.
    pub observed: bool,
    /// How its effect goes.
    pub status: EffectStatus,
}

impl GoalFacts {
    fn rung(self) -> Rung {
        match self {
            GoalFacts { status: EffectStatus::Achieved, .. } => Rung::Achieved,
            GoalFacts { observed: true, .. } => Rung::Observed,
            GoalFacts { measurable: true, .. } => Rung::Measurable,
            _ => Rung::Goal,
        }
    }
}

/// The rung of a theme: the highest that any of its goals has reached, or whether a section of it is filled in.
pub fn rung(is_described: bool, goals: impl IntoIterator<Item = GoalFacts>) -> Rung {
    let lowest = if is_described { Rung::Described } else { Rung::None };
    goals.into_iter().map(GoalFacts::rung).max().unwrap_or(lowest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_stands_as_high_as_its_best_goal() {
        let goal = |measurable, observed, status| GoalFacts { measurable, observed, status };
        let plain = goal(false, false, EffectStatus::Unknown);
        let measured = goal(true, false, EffectStatus::Unknown);
        let judged = goal(false, true, EffectStatus::OffTrack);
        let there = goal(true, true, EffectStatus::Achieved);
        for (is_described, goals, reached) in [
            (false, vec![], Rung::None),
            (true, vec![], Rung::Described),
            (false, vec![plain], Rung::Goal),
            (true, vec![plain, measured], Rung::Measurable),
            (true, vec![measured, judged], Rung::Observed),
            (true, vec![judged, there, plain], Rung::Achieved),
        ] {
            assert_eq!(rung(is_described, goals.clone()), reached, "{goals:?}");
        }
        assert!(Rung::ALL.is_sorted(), "the ladder is in the order of its rungs");
    }
}
