//! What must hold on every day of a period, not on today alone. Pure.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::types::{Date, Id};

/// A period in days; `to` is inclusive, null is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
}

impl Days {
    /// Whether a day lies in it.
    pub fn include(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Whether its last day is before its first.
    pub fn is_backwards(&self) -> bool {
        self.to.is_some_and(|to| to < self.from)
    }

    /// Whether two periods share a day.
    pub fn overlaps(&self, other: &Days) -> bool {
        self.shared(other).is_some()
    }

    /// The days that two periods share.
    pub fn shared(&self, other: &Days) -> Option<Days> {
        let (from, to) = (self.from.max(other.from), self.to.into_iter().chain(other.to).min());
        to.is_none_or(|to| from <= to).then_some(Days { from, to })
    }
}

/// Where units stand: for each, its periods with the unit above it.
pub type Places = HashMap<Id, Vec<(Days, Option<Id>)>>;

/// The first day on which a unit would stand below itself, if it stood right below another for a period; none when it
/// never would. Each day on which a unit moves is looked at, for the tree of one day is not that of the next.
pub fn first_below_itself(places: &Places, unit: Id, above: Id, days: Days) -> Option<Date> {
    let (mut left, mut first) = (vec![(above, days, 0)], None);
    while let Some((at, days, height)) = left.pop() {
        if at == unit {
            first = Some(first.map_or(days.from, |first: Date| first.min(days.from)));
        } else if height < places.len() {
            let parts = places.get(&at).into_iter().flatten();
            left.extend(parts.filter_map(|(own, next)| Some(((*next)?, days.shared(own)?, height + 1))));
        }
    }
    first
}

/// The first day of a period that some others do not cover; none when they cover it all.
pub fn first_uncovered(life: &[Days], period: Days) -> Option<Date> {
    let mut life = life.to_vec();
    life.sort_by_key(|days| days.from);
    let mut day = period.from;
    for days in life {
        match days.to {
            _ if days.from > day => break,
            None => return None,
            Some(to) if to >= day => day = to.next()?,
            Some(_) => {}
        }
    }
    period.to.is_none_or(|to| day <= to).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    fn days(from: &str, to: Option<&str>) -> Days {
        Days { from: day(from), to: to.map(day) }
    }

    fn places(all: &[(&str, &str, Option<&str>, &str)]) -> Places {
        let mut places = Places::new();
        for (unit, from, to, above) in all {
            let place = (days(from, *to), Some(Id::of_name(above)));
            places.entry(Id::of_name(unit)).or_default().push(place);
        }
        places
    }

    #[test]
    fn a_circle_begins_on_the_day_that_closes_it() {
        let below = |all: &[(&str, &str, Option<&str>, &str)], from: &str, to: Option<&str>| {
            first_below_itself(&places(all), Id::of_name("a"), Id::of_name("b"), days(from, to))
        };
        let later = [("b", "2014-12-01", None, "c"), ("c", "2015-02-01", None, "a")];
        assert_eq!(below(&later, "2014-11-01", None), Some(day("2015-02-01")));
        assert_eq!(below(&later, "2014-11-01", Some("2015-01-31")), None, "it has moved by then");
        let before = [("b", "2014-01-01", Some("2014-10-31"), "a"), ("b", "2014-11-01", None, "c")];
        assert_eq!(below(&before, "2014-11-01", None), None, "the other has moved by then");
        assert_eq!(below(&before, "2014-10-31", None), Some(day("2014-10-31")));
        let apart = [("b", "2014-01-01", Some("2014-06-30"), "c"), ("c", "2014-07-01", None, "a")];
        assert_eq!(below(&apart, "2014-01-01", None), None, "no day has both");
        let elsewhere = [("b", "2014-01-01", None, "c"), ("c", "2014-01-01", None, "b")];
        assert_eq!(below(&elsewhere, "2014-01-01", None), None, "a circle of others is not followed for ever");
    }

    #[test]
    fn a_period_is_covered_when_each_of_its_days_is() {
        let life =
            [days("2014-07-01", Some("2014-12-31")), days("2014-01-01", Some("2014-06-30")), days("2016-01-01", None)];
        let uncovered = |from: &str, to: Option<&str>| first_uncovered(&life, days(from, to));
        assert_eq!(uncovered("2014-01-01", Some("2014-12-31")), None);
        assert_eq!(uncovered("2013-12-31", Some("2014-12-31")), Some(day("2013-12-31")));
        assert_eq!(uncovered("2014-03-01", Some("2015-01-01")), Some(day("2015-01-01")));
        assert_eq!(uncovered("2014-03-01", None), Some(day("2015-01-01")), "between two periods there is no unit");
        assert_eq!(uncovered("2016-05-01", None), None);
        assert_eq!(first_uncovered(&[], days("2016-05-01", None)), Some(day("2016-05-01")));
    }

    #[test]
    fn the_last_day_of_a_period_belongs_to_it() {
        let days = Days { from: day("2014-01-01"), to: Some(day("2014-12-31")) };
        assert!(days.include(day("2014-12-31")));
        assert!(!days.include(day("2015-01-01")));
        assert!(days.overlaps(&Days { from: day("2014-12-31"), to: None }));
        assert!(!days.overlaps(&Days { from: day("2015-01-01"), to: None }));
        assert!(Days { from: day("2015-01-01"), to: Some(day("2014-12-31")) }.is_backwards());
    }
}
