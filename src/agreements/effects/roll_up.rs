//! What the units report together of an indicator that they took over, level by level. Pure.
//!
//! Everything that is told is reckoned from what the reader may see, and from nothing else: a value that is kept from
//! them is in no total, so that no total, at whatever level, gives it away.

use num_traits::Zero;

use super::exact::{Exact, share, whole};
use crate::agreements::goals::model::{Aggregation, IndicatorFields};
use crate::types::{Date, Id};

/// What a unit reports, as a reader may see it.
#[derive(Debug, Clone, PartialEq)]
pub enum Reported {
    /// Nothing.
    Nothing,
    /// Something that is kept from the reader.
    Suppressed(Date),
    /// A value, on its day.
    Value(Date, Value),
}

/// A value with what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// In the unit of the indicator.
    pub value: Exact,
    /// Numerator and denominator of a ratio.
    pub parts: Option<(Exact, Exact)>,
}

/// An indicator that was taken over, with those that were taken over from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The indicator.
    pub indicator_id: Id,
    /// The agreement it belongs to.
    pub agreement_id: Id,
    /// The unit that reports.
    pub org_unit: Id,
    /// What it reports itself.
    pub reported: Reported,
    /// Who took it over from there.
    pub below: Vec<Node>,
}

/// A part of what is reported together.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The indicator.
    pub indicator_id: Id,
    /// The agreement it belongs to.
    pub agreement_id: Id,
    /// The unit that reports.
    pub org_unit: Id,
    /// How many levels below the goal it stands, from 1.
    pub level: u32,
    /// What it reports.
    pub reported: Reported,
}

/// What is reported together.
#[derive(Debug, Clone, PartialEq)]
pub struct RollUp {
    /// Put together; none where nobody reports, or where values are only listed.
    pub value: Option<Exact>,
    /// The sums that a ratio is made of.
    pub sums: Option<(Exact, Exact)>,
    /// Every unit that is to report, in the order it was found.
    pub parts: Vec<Part>,
}

impl RollUp {
    /// How many report something that the reader sees.
    pub fn reported(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part.reported, Reported::Value(..))).count()
    }

    /// How many report something that is kept from the reader.
    pub fn suppressed(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part.reported, Reported::Suppressed(_))).count()
    }

    /// The units that report nothing.
    pub fn missing(&self) -> Vec<Id> {
        let silent = self.parts.iter().filter(|part| part.reported == Reported::Nothing);
        silent.map(|part| part.org_unit).collect()
    }

    /// Whether it is put together from less than all that are to report.
    pub fn is_partial(&self) -> bool {
        self.reported() < self.parts.len()
    }
}

/// Puts together what is reported of an indicator by those who took it over. Whoever reports nothing themselves is
/// represented by those who took it over from them; a unit counts once, by its newest value.
pub fn roll_up(indicator: &IndicatorFields, below: &[Node]) -> RollUp {
    let mut parts = Vec::new();
    below.iter().for_each(|node| collect(node, 1, &mut parts));
    let values: Vec<&Value> = parts
        .iter()
        .filter_map(|part| match &part.reported {
            Reported::Value(_, value) => Some(value),
            _ => None,
        })
        .collect();
    let (value, sums) = combine(indicator, &values);
    RollUp { value, sums, parts }
}

/// The most levels that are followed: no organisation has as many, a circle would have more.
const DEEPEST: u32 = 12;

fn collect(node: &Node, level: u32, parts: &mut Vec<Part>) {
    if node.reported == Reported::Nothing && !node.below.is_empty() && level < DEEPEST {
        node.below.iter().for_each(|one| collect(one, level + 1, parts));
        return;
    }
    let part = Part {
        indicator_id: node.indicator_id,
        agreement_id: node.agreement_id,
        org_unit: node.org_unit,
        level,
        reported: node.reported.clone(),
    };
    match parts.iter_mut().find(|known| known.org_unit == node.org_unit) {
        Some(known) if day_of(&known.reported) < day_of(&part.reported) => *known = part,
        Some(_) => {}
        None => parts.push(part),
    }
}

fn day_of(reported: &Reported) -> Option<Date> {
    match reported {
        Reported::Nothing => None,
        Reported::Suppressed(day) | Reported::Value(day, _) => Some(*day),
    }
}

/// The value of several, and the sums that a ratio is made of.
fn combine(indicator: &IndicatorFields, values: &[&Value]) -> (Option<Exact>, Option<(Exact, Exact)>) {
    let sum = |all: &mut dyn Iterator<Item = &Exact>| all.fold(Exact::zero(), |sum, one| sum + one);
    let total = sum(&mut values.iter().map(|one| &one.value));
    let count = whole(i64::try_from(values.len()).unwrap_or(i64::MAX));
    if values.is_empty() {
        return (None, None);
    }
    match indicator.aggregation {
        Aggregation::Latest => (None, None),
        Aggregation::Sum => (Some(total), None),
        Aggregation::Mean => (Some(total / count), None),
        Aggregation::Ratio => {
            let parts = || values.iter().filter_map(|one| one.parts.as_ref());
            let over = sum(&mut parts().map(|(numerator, _)| numerator));
            let under = sum(&mut parts().map(|(_, denominator)| denominator));
            (share(indicator, &over, &under), Some((over, under)))
        }
    }
}

#[cfg(test)]
#[path = "roll_up_tests.rs"]
mod tests;
