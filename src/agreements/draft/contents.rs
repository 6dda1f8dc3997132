//! What stands in an agreement's sections: goals with indicators, commitments.

use std::collections::HashMap;

use crate::agreements::commitments::model::CommitmentState;
use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::commitments::model::unconfirmed;
use crate::agreements::commitments::store::{self as commitments};
use crate::agreements::draft::frozen::FrozenSection;
use crate::agreements::draft::readiness::{CommitmentFacts, GoalFacts, SectionFacts};
use crate::agreements::goals::model::{Goal, GoalWithIndicators};
use crate::agreements::goals::store as goals;
use crate::agreements::sections::store::SectionRow;
use crate::db::Conn;
use crate::error::Result;
use crate::types::Id;

/// The goals and commitments of an agreement.
#[derive(Default)]
pub struct Contents {
    /// The goals, each with the key of its section.
    pub goals: Vec<(String, Goal)>,
    /// The commitments.
    pub commitments: Vec<CommitmentWithParties>,
}

/// What is wanted of an agreement's contents.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// The goals.
    pub goals: bool,
    /// The commitments.
    pub commitments: bool,
}

impl Contents {
    /// Reads them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(conn: &mut Conn, agreement_id: Id) -> Result<Self> {
        Self::read_parts(conn, agreement_id, Parts { goals: true, commitments: true })
    }

    /// Reads what is wanted of them; the rest is empty.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read_parts(conn: &mut Conn, agreement_id: Id, wanted: Parts) -> Result<Self> {
        Ok(Contents {
            goals: if wanted.goals { goals_of(conn, agreement_id, None)? } else { Vec::new() },
            commitments: if wanted.commitments { commitments::of_agreement(conn, agreement_id)? } else { Vec::new() },
        })
    }

    /// Those that have been read.
    pub fn of(goals: &[GoalWithIndicators], commitments: Vec<CommitmentWithParties>) -> Self {
        let goal = |(row, indicators): &GoalWithIndicators| (row.section_key.clone(), Goal::of(row, indicators));
        Contents { goals: goals.iter().map(goal).collect(), commitments }
    }

    /// Reads those of several agreements at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_all(conn: &mut Conn, agreements: &[Id]) -> Result<HashMap<Id, Self>> {
        let mut found: HashMap<Id, Contents> = HashMap::new();
        if agreements.is_empty() {
            return Ok(found);
        }
        for (row, indicators) in goals::with_indicators(conn, agreements, None)? {
            let goal = (row.section_key.clone(), Goal::of(&row, &indicators));
            found.entry(row.agreement_id).or_default().goals.push(goal);
        }
        for one in commitments::of_agreements(conn, agreements)? {
            found.entry(one.0.agreement_id).or_default().commitments.push(one);
        }
        Ok(found)
    }

    /// The goals of a section.
    pub fn goals_in<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Goal> {
        self.goals.iter().filter(move |(section, _)| section == key).map(|(_, goal)| goal)
    }

    /// The commitments of a section that have not been withdrawn.
    pub fn commitments_in<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a CommitmentWithParties> {
        self.commitments
            .iter()
            .filter(move |(row, _)| row.section_key == key && row.state != CommitmentState::Withdrawn)
    }

    /// What a section's readiness depends on.
    ///
    /// # Errors
    /// When the stored content cannot be read: a fault of ours.
    pub fn facts(&self, section: &SectionRow) -> Result<SectionFacts> {
        let goal = |goal: &Goal| GoalFacts {
            title: goal.title.clone(),
            judged: goal.assessment.is_some() || !goal.indicators.is_empty(),
        };
        let commitment = |one: &CommitmentWithParties| CommitmentFacts {
            title: one.0.title.clone(),
            stands: one.0.state != CommitmentState::Declined,
            partners: one.1.len().saturating_sub(1),
            unconfirmed: usize::try_from(unconfirmed(one)).unwrap_or(0),
        };
        Ok(SectionFacts {
            key: section.key.clone(),
            content: section.content.read()?,
            not_applicable: section.not_applicable.clone(),
            goals: self.goals_in(&section.key).map(goal).collect(),
            commitments: self.commitments_in(&section.key).map(commitment).collect(),
        })
    }

    /// A section as a revision freezes it.
    ///
    /// # Errors
    /// When the stored content cannot be read: a fault of ours.
    pub fn freeze(&self, section: &SectionRow) -> Result<FrozenSection> {
        let (goals, commitments) = (self.goals_in(&section.key), self.commitments_in(&section.key));
        Ok(FrozenSection::of(section.content.read()?, section.not_applicable.clone(), goals, commitments))
    }
}

/// The goals of an agreement, or of one section of it, with their indicators, each with the key of its section.
///
/// # Errors
/// When the database fails.
pub fn goals_of(conn: &mut Conn, agreement_id: Id, section_key: Option<&str>) -> Result<Vec<(String, Goal)>> {
    let rows = goals::with_indicators(conn, &[agreement_id], section_key)?;
    Ok(rows.into_iter().map(|(row, indicators)| (row.section_key.clone(), Goal::of(&row, &indicators))).collect())
}
