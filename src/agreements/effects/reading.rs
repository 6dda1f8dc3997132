//! What an indicator reads on a day: whether its target is reached, or will be. Pure.

use std::fmt;

use chrono::{Days, Months, NaiveDate};
use num_traits::{Signed, Zero};

use super::exact::{Exact, exact, in_words, whole};
use crate::agreements::goals::model::{Direction, IndicatorFields, Interval};
use crate::agreements::observations::model::Judgement;
use crate::text::{self, Args, Lang, say};
use crate::text_enum;
use crate::types::{Date, Quantity};

text_enum! {
    /// How it goes, as something that was seen tells.
    pub enum Reading {
        /// The target is reached.
        Achieved = "achieved",
        /// It will be reached in time.
        OnTrack = "on_track",
        /// It will not be reached in time.
        OffTrack = "off_track",
        /// It cannot be said yet.
        TooEarly = "too_early",
        /// Nothing tells of it.
        Unknown = "unknown",
    }
}

text_enum! {
    /// Why something reads as it does.
    pub enum ReadingCode {
        /// Nothing was measured.
        NoMeasurement = "no-measurement",
        /// What was measured is kept from the reader: it is about too few.
        Suppressed = "suppressed",
        /// There is no target to compare with.
        NoTarget = "no-target",
        /// The day of the target has come.
        TargetDate = "target-date",
        /// The target is reached before its day.
        ReachedEarly = "reached-early",
        /// Where it stood at first is not known.
        NoBaseline = "no-baseline",
        /// Less than a quarter of the time has passed.
        FirstQuarter = "first-quarter",
        /// The way that is covered, beside the time that has passed.
        Pace = "pace",
        /// Somebody judges so.
        Judgement = "judgement",
        /// It is more than half a year older than what was seen last.
        TooOld = "too-old",
    }
}

/// A number on a day.
pub type Point = (Date, Exact);

/// What an indicator is read by.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    direction: Direction,
    baseline: Option<Exact>,
    baseline_on: Date,
    target: Option<Exact>,
    target_on: Date,
    tolerance: Exact,
    interval: Option<Interval>,
}

/// What an indicator reads on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorReading {
    /// How it goes.
    pub reading: Reading,
    /// Why.
    pub code: ReadingCode,
    /// The target is reached, and its day has not come.
    pub reached_early: bool,
    /// The last measurement is older than one and a half of the indicator's interval.
    pub stale: bool,
    /// The last measurement.
    pub last: Option<Point>,
    /// What it was compared with: the target, or where it should have been on its day.
    pub expected: Option<Exact>,
}

/// Percentage points by which an indicator may be behind the time.
const BEHIND: i64 = 10;

impl Course {
    /// The course of an indicator in a period: from its first day to its last where no other days are said.
    pub fn of(indicator: &IndicatorFields, (from, to): (Date, Date)) -> Self {
        Course {
            direction: indicator.direction,
            baseline: indicator.baseline.map(exact),
            baseline_on: indicator.baseline_on.unwrap_or(from),
            target: indicator.target.map(exact),
            target_on: indicator.target_on.unwrap_or(to),
            tolerance: exact(indicator.tolerance.unwrap_or(Quantity(0))),
            interval: indicator.interval,
        }
    }

    /// Where it stood at first, and where it should be, each with its day.
    pub fn ends(&self) -> (Option<Point>, Option<Point>) {
        let end = |day: Date, value: &Option<Exact>| value.clone().map(|value| (day, value));
        (end(self.baseline_on, &self.baseline), end(self.target_on, &self.target))
    }

    /// The days of the baseline and of the target.
    pub fn days(&self) -> (Date, Date) {
        (self.baseline_on, self.target_on)
    }

    /// What it reads on a day, by its last measurement up to that day.
    pub fn read(&self, last: Option<Point>, day: Date) -> IndicatorReading {
        let (reading, code, expected) = self.judge(last.as_ref(), day);
        IndicatorReading {
            reading,
            code,
            reached_early: code == ReadingCode::ReachedEarly,
            stale: last.as_ref().is_some_and(|(measured, _)| self.is_stale(*measured, day)),
            last,
            expected,
        }
    }

    fn judge(&self, last: Option<&Point>, day: Date) -> (Reading, ReadingCode, Option<Exact>) {
        use ReadingCode as C;
        let Some((measured_on, value)) = last else { return (Reading::Unknown, C::NoMeasurement, None) };
        let Some(target) = &self.target else { return (Reading::Unknown, C::NoTarget, None) };
        let (reached, expected) = (self.reaches(value, target), Some(target.clone()));
        if day >= self.target_on {
            return (if reached { Reading::Achieved } else { Reading::OffTrack }, C::TargetDate, expected);
        }
        if reached {
            return (Reading::OnTrack, C::ReachedEarly, expected);
        }
        let Some(baseline) = &self.baseline else { return (Reading::TooEarly, C::NoBaseline, expected) };
        if self.time_passed(day) < whole(1) / whole(4) {
            return (Reading::TooEarly, C::FirstQuarter, expected);
        }
        let passed = self.time_passed(*measured_on) - whole(BEHIND) / whole(100);
        let keeps_pace = self.covered(value, baseline, target).is_some_and(|covered| covered >= passed);
        let on_the_way = baseline + (target - baseline) * self.time_passed(*measured_on);
        (if keeps_pace { Reading::OnTrack } else { Reading::OffTrack }, C::Pace, Some(on_the_way))
    }

    fn reaches(&self, value: &Exact, target: &Exact) -> bool {
        match self.direction {
            Direction::Up => value >= target,
            Direction::Down => value <= target,
            Direction::Keep => (value - target).abs() <= self.tolerance,
        }
    }

    /// The share of the way from the baseline to the target; none where they are the same, so that only reaching counts.
    /// What should keep may be on either side of the target.
    fn covered(&self, value: &Exact, baseline: &Exact, target: &Exact) -> Option<Exact> {
        let distance = target - baseline;
        if distance.is_zero() {
            return None;
        }
        Some(match self.direction {
            Direction::Up | Direction::Down => (value - baseline) / distance,
            Direction::Keep => whole(1) - (value - target).abs() / distance.abs(),
        })
    }

    /// The share of the time between the two days that has passed on a day: from 0 to 1, and 0 where there is no time
    /// between them.
    fn time_passed(&self, day: Date) -> Exact {
        let days = |to: Date| to.day().signed_duration_since(self.baseline_on.day()).num_days();
        let (passed, all) = (days(day), days(self.target_on));
        if all <= 0 { whole(0) } else { whole(passed.clamp(0, all)) / whole(all) }
    }

    fn is_stale(&self, measured: Date, day: Date) -> bool {
        self.interval.and_then(|interval| interval.overdue_after(measured.day())).is_some_and(|last| day.day() > last)
    }
}

impl Interval {
    /// The last day on which a measurement is not stale: one and a half intervals after it.
    fn overdue_after(self, measured: NaiveDate) -> Option<NaiveDate> {
        let (months, days) = match self {
            Interval::Month => (1, 15),
            Interval::Quarter => (4, 15),
            Interval::HalfYear => (9, 0),
            Interval::Year => (18, 0),
        };
        measured.checked_add_months(Months::new(months))?.checked_add_days(Days::new(days))
    }
}

impl From<Judgement> for Reading {
    fn from(judgement: Judgement) -> Self {
        match judgement {
            Judgement::Achieved => Reading::Achieved,
            Judgement::OnTrack => Reading::OnTrack,
            Judgement::OffTrack => Reading::OffTrack,
            Judgement::TooEarly => Reading::TooEarly,
        }
    }
}

/// A number as people write it, with its unit.
pub struct InUnit<'a>(pub Lang, pub &'a Exact, pub &'a str);

impl fmt::Display for InUnit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InUnit(lang, number, unit) = self;
        let space = if unit.is_empty() { "" } else { "\u{a0}" };
        write!(f, "{}{space}{unit}", text::number(*lang, in_words(number)))
    }
}

impl IndicatorReading {
    /// Why it reads as it does, in a sentence.
    pub fn message(&self, unit: &str, lang: Lang) -> String {
        let mut args = Args::default();
        if let Some((day, value)) = &self.last {
            args.set("day", text::date(lang, *day));
            args.set("value", InUnit(lang, value, unit));
        }
        if let Some(expected) = &self.expected {
            args.set("expected", InUnit(lang, expected, unit));
        }
        say(lang, &format!("reading-{}", self.code), &args)
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
