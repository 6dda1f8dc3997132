//! Who works with whom in a year, from the commitments that a reader sees. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::agreements::commitments::model::{CommitmentState, CommitmentWithParties, PartyRow};
use crate::types::{Date, Id};

/// How many commitments of a kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Some party has not answered.
    pub proposed: usize,
    /// All have confirmed, and it is not over.
    pub confirmed: usize,
    /// It was kept.
    pub fulfilled: usize,
    /// It was not kept in time.
    pub lapsed: usize,
    /// Every partner has declined.
    pub declined: usize,
}

impl Counts {
    fn add(&mut self, state: CommitmentState) {
        match state {
            CommitmentState::Proposed => self.proposed += 1,
            CommitmentState::Confirmed => self.confirmed += 1,
            CommitmentState::Fulfilled => self.fulfilled += 1,
            CommitmentState::Lapsed => self.lapsed += 1,
            CommitmentState::Declined => self.declined += 1,
            CommitmentState::Withdrawn => {}
        }
    }

    /// Those that were agreed on.
    pub fn agreed(&self) -> usize {
        self.confirmed + self.fulfilled + self.lapsed
    }

    /// Those that are still to be kept.
    pub fn open(&self) -> usize {
        self.proposed + self.confirmed + self.lapsed
    }
}

/// What a unit has to do with the commitments of a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// Those it has proposed.
    pub given: usize,
    /// Those it was asked for.
    pub received: usize,
    /// All that it is a party of.
    pub counts: Counts,
}

/// Who works with whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The units, each with its part.
    pub units: BTreeMap<Id, Part>,
    /// From who proposed to who was asked.
    pub edges: BTreeMap<(Id, Id), Counts>,
    /// Units that agreed on something the year before, and have nothing together this year; the smaller id first.
    pub silent: BTreeSet<(Id, Id)>,
}

impl Graph {
    /// Who works with whom among some units and their partners, on a day.
    pub fn of(
        units: impl Iterator<Item = Id>,
        this_year: &[CommitmentWithParties],
        last_year: &[CommitmentWithParties],
        today: Date,
    ) -> Self {
        let mut graph = Graph { units: units.map(|unit| (unit, Part::default())).collect(), ..Graph::default() };
        let stands = |one: &&CommitmentWithParties| one.0.state != CommitmentState::Withdrawn;
        for (row, parties) in this_year.iter().filter(stands) {
            graph.add(row.state_on(today), parties);
        }
        let together: BTreeSet<(Id, Id)> = graph.edges.keys().map(|(a, b)| pair(*a, *b)).collect();
        let is_agreed = |state| matches!(state, CommitmentState::Confirmed | CommitmentState::Fulfilled);
        let before = last_year.iter().filter(|(row, _)| is_agreed(row.state)).flat_map(|(_, parties)| ties(parties));
        let before: BTreeSet<(Id, Id)> = before.map(|(a, b)| pair(a, b)).collect();
        graph.silent = before.difference(&together).copied().collect();
        for (a, b) in graph.silent.clone() {
            graph.units.entry(a).or_default();
            graph.units.entry(b).or_default();
        }
        graph
    }

    fn add(&mut self, state: CommitmentState, parties: &[PartyRow]) {
        for party in parties {
            let Some(unit) = party.org_unit_id else { continue };
            let part = self.units.entry(unit).or_default();
            part.counts.add(state);
            if party.proposer {
                part.given += 1;
            } else {
                part.received += 1;
            }
        }
        for tie in ties(parties) {
            self.edges.entry(tie).or_default().add(state);
        }
    }

    /// The same with the units that are wanted, and what they have to do with others.
    #[must_use]
    pub fn around(mut self, is_wanted: impl Fn(Id) -> bool) -> Self {
        let touches = |a: Id, b: Id| is_wanted(a) || is_wanted(b);
        self.edges.retain(|(a, b), _| touches(*a, *b));
        self.silent.retain(|(a, b)| touches(*a, *b));
        let near: BTreeSet<Id> = self.edges.keys().chain(&self.silent).flat_map(|(a, b)| [*a, *b]).collect();
        self.units.retain(|unit, _| is_wanted(*unit) || near.contains(unit));
        self
    }

    /// The units that have more to keep than a limit.
    pub fn overloaded(&self, limit: i64) -> Vec<Id> {
        let is_over = |part: &Part| i64::try_from(part.counts.open()).unwrap_or(i64::MAX) > limit;
        self.units.iter().filter(|(_, part)| is_over(part)).map(|(unit, _)| *unit).collect()
    }

    /// What each pair has together, whoever proposed it.
    pub fn pairs(&self) -> BTreeMap<(Id, Id), Counts> {
        let mut pairs = BTreeMap::<(Id, Id), Counts>::new();
        for ((a, b), counts) in &self.edges {
            let both = pairs.entry(pair(*a, *b)).or_default();
            both.proposed += counts.proposed;
            both.confirmed += counts.confirmed;
            both.fulfilled += counts.fulfilled;
            both.lapsed += counts.lapsed;
            both.declined += counts.declined;
        }
        pairs
    }
}

/// From the proposer of a commitment to each unit that was asked.
fn ties(parties: &[PartyRow]) -> Vec<(Id, Id)> {
    let proposer = parties.iter().find(|party| party.proposer).and_then(|party| party.org_unit_id);
    let asked = parties.iter().filter(|party| !party.proposer).filter_map(|party| party.org_unit_id);
    proposer.map(|from| asked.map(|to| (from, to)).collect()).unwrap_or_default()
}

fn pair(a: Id, b: Id) -> (Id, Id) {
    if a <= b { (a, b) } else { (b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreements::commitments::model::{Answer, CommitmentRow};
    use crate::types::Ts;

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    fn commitment(units: &[&str], state: CommitmentState, due: &str) -> CommitmentWithParties {
        let (id, at) = (Id::new(), Ts::of(chrono::DateTime::UNIX_EPOCH));
        let row = CommitmentRow {
            municipality_id: Id::of_name("Lilleby"),
            id,
            cycle_id: Id::of_name("cycle"),
            agreement_id: Id::of_name("agreement"),
            section_key: "cross-cutting".to_owned(),
            position: 0,
            title: "Overgang".to_owned(),
            expected_gain: String::new(),
            due_on: Date::parse(due),
            state,
            version: 1,
            changed_by: None,
            created_at: at,
            updated_at: at,
            counter: None,
        };
        let party = |(place, name): (usize, &&str)| PartyRow {
            municipality_id: row.municipality_id,
            commitment_id: id,
            position: i64::try_from(place).expect("a place"),
            org_unit_id: (!name.is_empty()).then(|| Id::of_name(name)),
            external_name: name.is_empty().then(|| "Politiet".to_owned()),
            proposer: place == 0,
            promise: String::new(),
            state: Answer::Confirmed,
            reason: None,
            answered_by: None,
            answered_at: None,
            fulfilled_by: None,
            fulfilled_at: None,
        };
        let parties = units.iter().enumerate().map(party).collect();
        (row, parties)
    }

    fn of(this: &[CommitmentWithParties], last: &[CommitmentWithParties]) -> Graph {
        Graph::of(std::iter::empty(), this, last, day("2015-06-01"))
    }

    #[test]
    fn each_unit_is_told_what_it_gave_what_it_was_asked_for_and_how_that_stands() {
        use CommitmentState as S;
        let all = [
            commitment(&["a", "b", ""], S::Confirmed, "2015-12-31"),
            commitment(&["a", "b"], S::Confirmed, "2015-05-31"),
            commitment(&["b", "a"], S::Fulfilled, "2015-05-31"),
            commitment(&["b", "c"], S::Proposed, ""),
            commitment(&["a", "c"], S::Withdrawn, ""),
        ];
        let graph = of(&all, &[]);
        let part = |name: &str| graph.units[&Id::of_name(name)];
        assert_eq!((part("a").given, part("a").received, part("a").counts.lapsed), (2, 1, 1));
        assert_eq!((part("b").counts.agreed(), part("b").counts.open()), (3, 3));
        assert_eq!((part("c").given, part("c").received, graph.units.len()), (0, 1, 3), "nobody outside is a unit");
        let between = graph.pairs()[&pair(Id::of_name("a"), Id::of_name("b"))];
        assert_eq!((between.confirmed, between.fulfilled, between.lapsed), (1, 1, 1));
        assert_eq!(graph.overloaded(2), [Id::of_name("b")]);
    }

    #[test]
    fn who_agreed_last_year_and_has_nothing_now_is_silent() {
        use CommitmentState as S;
        let last = [
            commitment(&["a", "b"], S::Confirmed, ""),
            commitment(&["a", "c"], S::Fulfilled, ""),
            commitment(&["b", "c"], S::Declined, ""),
        ];
        let this = [commitment(&["b", "a"], S::Proposed, "")];
        assert_eq!(of(&this, &last).silent, BTreeSet::from([pair(Id::of_name("a"), Id::of_name("c"))]));
        let withdrawn = [commitment(&["b", "a"], S::Withdrawn, "")];
        assert_eq!(of(&withdrawn, &last).silent.len(), 2);
    }

    #[test]
    fn a_leader_sees_their_own_units_and_whom_they_work_with() {
        use CommitmentState as S;
        let all = [commitment(&["a", "b"], S::Confirmed, ""), commitment(&["c", "d"], S::Confirmed, "")];
        let own = of(&all, &[]).around(|unit| unit == Id::of_name("a"));
        assert_eq!(
            own.units.keys().copied().collect::<BTreeSet<_>>(),
            BTreeSet::from([Id::of_name("a"), Id::of_name("b")])
        );
        assert_eq!(own.edges.len(), 1);
    }
}
