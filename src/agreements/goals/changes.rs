//! What a save of goals changes: what is stored and what is sent, compared in memory. Pure.

use super::model::{Goal, GoalRow, GoalWithIndicators, Indicator, IndicatorFields, IndicatorRow};
use crate::db::NewRow;
use crate::types::Id;

/// What is changed among the goals of a section.
#[derive(Debug, Default)]
pub struct GoalChanges {
    /// The goals that are taken out.
    pub removed: Vec<GoalRow>,
    /// The goals that are new, or in which something differs.
    pub changed: Vec<ChangedGoal>,
}

/// A goal that is new, or in which something differs.
#[derive(Debug)]
pub struct ChangedGoal {
    /// The goal as it shall be.
    pub row: GoalRow,
    /// As it is stored; none for a new one.
    pub before: Option<GoalRow>,
    /// Its indicators that are new, or in which something differs.
    pub indicators: Vec<ChangedIndicator>,
    /// Its indicators that are taken off.
    pub removed: Vec<IndicatorRow>,
}

/// An indicator that is new, or in which something differs.
#[derive(Debug)]
pub struct ChangedIndicator {
    /// The indicator as it shall be.
    pub row: IndicatorRow,
    /// As it is stored; none for a new one.
    pub before: Option<IndicatorRow>,
}

impl GoalChanges {
    /// What makes the goals of a section those that are sent, in their order. The list that is sent is complete: what
    /// is absent from it is taken out; a goal without an id, or with a new one, is made.
    pub fn between(
        stored: &[GoalWithIndicators],
        sent: &[Goal],
        start: NewRow,
        (agreement_id, section_key): (Id, &str),
    ) -> Self {
        let known = |id: Option<Id>| stored.iter().find(|(row, _)| Some(row.id) == id);
        let is_sent = |row: &GoalRow| sent.iter().any(|goal| goal.id == Some(row.id));
        let removed = stored.iter().filter(|(row, _)| !is_sent(row)).map(|(row, _)| row.clone()).collect();
        let changed = (0..).zip(sent).map(|(position, goal)| match known(goal.id) {
            Some((row, indicators)) => ChangedGoal::of(row, indicators, position, goal, start),
            None => ChangedGoal::new(start, agreement_id, (section_key, position), goal),
        });
        GoalChanges { removed, changed: changed.filter(|goal| !goal.is_empty()).collect() }
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.changed.is_empty()
    }
}

impl ChangedGoal {
    /// A goal that is made.
    pub fn new(start: NewRow, agreement_id: Id, place: (&str, i64), goal: &Goal) -> Self {
        let id = goal.id.unwrap_or_else(Id::new);
        let row = GoalRow::new(start, agreement_id, place, id, goal.fields().kept());
        let indicators = (0..).zip(&goal.indicators).map(|(place, one)| ChangedIndicator::new(start, &row, place, one));
        ChangedGoal { indicators: indicators.collect(), row, before: None, removed: Vec::new() }
    }

    /// A stored goal of which nothing differs yet.
    pub fn unchanged(row: &GoalRow) -> Self {
        ChangedGoal { row: row.clone(), before: Some(row.clone()), indicators: Vec::new(), removed: Vec::new() }
    }

    fn of(row: &GoalRow, stored: &[IndicatorRow], position: i64, goal: &Goal, start: NewRow) -> Self {
        let mut changed = ChangedGoal::unchanged(row);
        (changed.row.position, changed.row.fields) = (position, goal.fields().kept());
        let sent = |row: &IndicatorRow| goal.indicators.iter().any(|one| one.id == Some(row.id));
        changed.removed = stored.iter().filter(|row| !sent(row)).cloned().collect();
        for (place, one) in (0..).zip(&goal.indicators) {
            let indicator = match stored.iter().find(|row| Some(row.id) == one.id) {
                Some(before) => ChangedIndicator::of(before, place, one.fields()),
                None => ChangedIndicator::new(start, row, place, one),
            };
            if indicator.before.as_ref() != Some(&indicator.row) {
                changed.indicators.push(indicator);
            }
        }
        changed
    }

    /// Whether nothing differs, neither in the goal nor in its indicators.
    fn is_empty(&self) -> bool {
        self.before.as_ref() == Some(&self.row) && self.indicators.is_empty() && self.removed.is_empty()
    }
}

impl ChangedIndicator {
    /// An indicator that is made.
    pub fn new(start: NewRow, goal: &GoalRow, position: i64, indicator: &Indicator) -> Self {
        let id = indicator.id.unwrap_or_else(Id::new);
        ChangedIndicator { row: IndicatorRow::new(start, goal, position, id, indicator.fields()), before: None }
    }

    /// A stored indicator with what is said of it now.
    pub fn of(stored: &IndicatorRow, position: i64, fields: IndicatorFields) -> Self {
        ChangedIndicator { row: IndicatorRow { position, fields, ..stored.clone() }, before: Some(stored.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Ts;

    fn start() -> NewRow {
        let at = Ts::of(chrono::DateTime::UNIX_EPOCH);
        NewRow { municipality_id: Id::of_name("Lilleby"), changed_by: None, at }
    }

    fn goal(title: &str, indicators: &[&str]) -> Goal {
        let named = |name: &&str| serde_json::json!({"id": Id::of_name(name), "name": name});
        let indicators: Vec<_> = indicators.iter().map(named).collect();
        let goal = serde_json::json!({"id": Id::of_name(title), "title": title, "indicators": indicators});
        serde_json::from_value(goal).expect("a goal")
    }

    /// Goals as they are stored once they have been made.
    fn stored(goals: &[Goal]) -> Vec<GoalWithIndicators> {
        let made = changes(&[], goals).changed;
        made.into_iter().map(|goal| (goal.row, goal.indicators.into_iter().map(|one| one.row).collect())).collect()
    }

    fn changes(stored: &[GoalWithIndicators], sent: &[Goal]) -> GoalChanges {
        GoalChanges::between(stored, sent, start(), (Id::of_name("agreement"), "effects"))
    }

    /// What is changed, in short.
    fn told(changes: &GoalChanges) -> Vec<String> {
        let mut told: Vec<String> = changes.removed.iter().map(|row| format!("-{}", row.fields.title)).collect();
        for goal in &changes.changed {
            match &goal.before {
                None => told.push(format!("+{}", goal.row.fields.title)),
                Some(before) => {
                    told.push(format!("{}: {}", before.fields.title, goal.row.differences(before).join(" ")))
                }
            }
            told.extend(goal.removed.iter().map(|row| format!("  -{}", row.fields.name)));
            for one in &goal.indicators {
                told.push(match &one.before {
                    None => format!("  +{}", one.row.fields.name),
                    Some(before) => format!("  {}: {}", before.fields.name, one.row.differences(before).join(" ")),
                });
            }
        }
        told
    }

    #[test]
    fn what_is_sent_as_it_is_stored_changes_nothing() {
        let sent = [goal("A", &["a", "b"]), goal("B", &[])];
        assert!(changes(&stored(&sent), &sent).is_empty());
        assert!(changes(&[], &[]).is_empty());
    }

    #[test]
    fn goals_and_indicators_are_made_changed_moved_and_taken_out() {
        let before = stored(&[goal("A", &["a", "b"]), goal("B", &["c"]), goal("C", &[])]);
        let mut first = goal("A", &["b", "d"]);
        first.title = "A!".to_owned();
        let sent = [goal("B", &["c"]), first, goal("D", &["e"])];
        assert_eq!(
            told(&changes(&before, &sent)),
            ["-C", "B: position", "A: title position", "  -a", "  b: position", "  +d", "+D", "  +e"]
        );
    }

    #[test]
    fn without_an_id_it_is_a_new_one() {
        let before = stored(&[goal("A", &[])]);
        let sent = [Goal { id: None, ..goal("A", &[]) }];
        assert_eq!(told(&changes(&before, &sent)), ["-A", "+A"]);
    }
}
