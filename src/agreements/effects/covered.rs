//! What agreements hold of each theme of a letter, as far as one reader sees them.

use std::collections::HashMap;

use super::coverage::{GoalFacts, Rung, rung};
use super::series::Seen;
use super::status::EffectStatus;
use crate::access::Actor;
use crate::agreements::agreement::load_many::load_many;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::model::{GoalRow, GoalWithIndicators};
use crate::agreements::goals::store as goals;
use crate::agreements::observations::model::ObservationRow;
use crate::agreements::observations::store as observations;
use crate::agreements::sections::store::SectionRow;
use crate::db::Conn;
use crate::error::Result;
use crate::types::{Date, Id};

/// Some agreements with their goals and with what was seen of them up to a day.
pub struct Covered {
    loaded: HashMap<Id, LoadedAgreement>,
    goals: HashMap<Id, Vec<GoalWithIndicators>>,
    seen: HashMap<Id, Vec<ObservationRow>>,
    on: Date,
}

/// How far a theme has come in an agreement, and its goals, each with how its effect goes.
pub struct ThemeStand<'a> {
    /// The rung.
    pub rung: Rung,
    /// The goals that serve the theme, in the order of their places.
    pub goals: Vec<(&'a GoalRow, EffectStatus)>,
}

impl Covered {
    /// Reads those of some agreements that the reader sees, in a number of statements that does not grow with them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(conn: &mut Conn, actor: &Actor, agreements: &[Id], on: Date) -> Result<Self> {
        let (loaded, _) = load_many(conn, actor, agreements)?;
        let readable: Vec<Id> = loaded.keys().copied().collect();
        let mut all = HashMap::<Id, Vec<GoalWithIndicators>>::new();
        for goal in goals::with_indicators(conn, &readable, None)? {
            all.entry(goal.0.agreement_id).or_default().push(goal);
        }
        let mut seen = HashMap::<Id, Vec<ObservationRow>>::new();
        for row in observations::of_all_up_to(conn, &readable, on)? {
            seen.entry(row.agreement_id).or_default().push(row);
        }
        Ok(Covered { loaded, goals: all, seen, on })
    }

    /// An agreement, when the reader sees it.
    pub fn agreement(&self, id: Id) -> Option<&LoadedAgreement> {
        self.loaded.get(&id)
    }

    /// How far a theme has come in an agreement. What is written stays hidden from those who do not see drafts; that it was
    /// submitted before does not.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn stand(&self, loaded: &LoadedAgreement, theme: Id) -> Result<ThemeStand<'_>> {
        let is_shown = |section: &SectionRow| loaded.sees_draft() || !section.state.is_editable();
        let mut is_described = false;
        for section in loaded.sections.iter().filter(|section| section.theme_id == Some(theme)) {
            is_described |= if is_shown(section) { section.is_written()? } else { section.revision > 0 };
        }
        let id = loaded.agreement.id;
        let seen = Seen::with(loaded, self.seen.get(&id).cloned().unwrap_or_default(), self.on);
        let serves = |(goal, _): &&GoalWithIndicators| {
            let section = loaded.section(&goal.section_key).ok().filter(|section| is_shown(section));
            section.is_some_and(|section| goal.fields.theme_id.or(section.theme_id) == Some(theme))
        };
        let (mut facts, mut goals) = (Vec::new(), Vec::new());
        for (goal, indicators) in self.goals.get(&id).into_iter().flatten().filter(serves) {
            let status = seen.effect(goal, indicators).status;
            let measurable = !indicators.is_empty() || goal.fields.assessment.is_some();
            facts.push(GoalFacts { measurable, observed: seen.is_observed(goal.id), status });
            goals.push((goal, status));
        }
        Ok(ThemeStand { rung: rung(is_described, facts), goals })
    }
}
