//! The table of readings, row by row, with the examples that a strategy officer reckons by hand.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::agreements::effects::exact::rounded;
use crate::agreements::goals::model::Indicator;

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn indicator(said: Value) -> IndicatorFields {
    let mut whole = json!({"name": "Andel", "unit": "%"});
    for (name, value) in said.as_object().expect("fields") {
        whole[name] = value.clone();
    }
    serde_json::from_value::<Indicator>(whole).expect("an indicator").fields()
}

/// What an indicator reads in 2015, by a measurement.
fn read(said: Value, measured: Option<(&str, f64)>, on: &str) -> IndicatorReading {
    let course = Course::of(&indicator(said), (day("2015-01-01"), day("2015-12-31")));
    let value = |value: f64| exact(serde_json::from_value(json!(value)).expect("a number"));
    course.read(measured.map(|(at, number)| (day(at), value(number))), day(on))
}

fn told(said: Value, measured: Option<(&str, f64)>, on: &str) -> (Reading, &'static str) {
    let reading = read(said, measured, on);
    (reading.reading, reading.code.as_str())
}

#[test]
fn an_indicator_is_read_by_the_first_row_that_fits() {
    use Reading as R;
    let up = || json!({"baseline": 58, "target": 65});
    for (said, measured, on, reading) in [
        (up(), None, "2015-05-14", (R::Unknown, "no-measurement")),
        (json!({"baseline": 58}), Some(("2015-05-14", 61.0)), "2015-05-14", (R::Unknown, "no-target")),
        (up(), Some(("2015-12-01", 65.0)), "2015-12-31", (R::Achieved, "target-date")),
        (up(), Some(("2015-12-01", 64.9)), "2015-12-31", (R::OffTrack, "target-date")),
        (up(), Some(("2015-02-01", 66.0)), "2015-02-02", (R::OnTrack, "reached-early")),
        (json!({"target": 65}), Some(("2015-05-14", 61.0)), "2015-05-14", (R::TooEarly, "no-baseline")),
        (up(), Some(("2015-03-01", 50.0)), "2015-04-01", (R::TooEarly, "first-quarter")),
        (up(), Some(("2015-03-01", 50.0)), "2015-04-02", (R::OffTrack, "pace")),
        (up(), Some(("2015-05-14", 61.0)), "2015-05-14", (R::OnTrack, "pace")),
        (up(), Some(("2015-05-14", 58.0)), "2015-05-14", (R::OffTrack, "pace")),
    ] {
        assert_eq!(told(said.clone(), measured, on), reading, "{said} {measured:?} {on}");
    }
}

/// 14 May 2015 is day 133 of the 364 between the two days: 36.5 %. Ten points less are 26.5 % of the way from 58 to 65,
/// which is 59.858.
#[test]
fn the_pace_is_ten_points_behind_the_time_and_no_more() {
    let up = || json!({"baseline": 58, "target": 65});
    let at = |value: f64| told(up(), Some(("2015-05-14", value)), "2015-05-14").0;
    assert_eq!((at(59.858), at(59.857)), (Reading::OnTrack, Reading::OffTrack));
    let reading = read(up(), Some(("2015-05-14", 61.0)), "2015-06-30");
    assert_eq!(rounded(&reading.expected.expect("a value")).to_string(), "60.557692", "on the day of the measurement");
}

#[test]
fn less_may_be_better_and_some_should_stay() {
    use Reading as R;
    let down = || json!({"direction": "down", "baseline": 14, "target": 7});
    let keep = || json!({"direction": "keep", "baseline": 100, "target": 100, "tolerance": 2});
    let back = || json!({"direction": "keep", "baseline": 80, "target": 100, "tolerance": 2});
    for (said, value, on, reading) in [
        (down(), 7.0, "2015-05-14", (R::OnTrack, "reached-early")),
        (down(), 10.0, "2015-05-14", (R::OnTrack, "pace")),
        (down(), 14.0, "2015-05-14", (R::OffTrack, "pace")),
        (down(), 6.0, "2015-12-31", (R::Achieved, "target-date")),
        (keep(), 98.0, "2015-12-31", (R::Achieved, "target-date")),
        (keep(), 97.9, "2015-12-31", (R::OffTrack, "target-date")),
        (keep(), 103.0, "2015-12-31", (R::OffTrack, "target-date")),
        (keep(), 103.0, "2015-05-14", (R::OffTrack, "pace")),
        (back(), 90.0, "2015-05-14", (R::OnTrack, "pace")),
        (back(), 110.0, "2015-05-14", (R::OnTrack, "pace")),
        (back(), 130.0, "2015-05-14", (R::OffTrack, "pace")),
    ] {
        assert_eq!(told(said.clone(), Some((on, value)), on), reading, "{said} {value} {on}");
    }
}

#[test]
fn days_that_an_indicator_names_count_instead_of_the_period() {
    let later = json!({"baseline": 58, "target": 65, "baseline_on": "2014-01-01", "target_on": "2016-12-31"});
    assert_eq!(told(later.clone(), Some(("2015-12-31", 60.0)), "2015-12-31").1, "pace");
    assert_eq!(told(later, Some(("2016-12-31", 60.0)), "2016-12-31").1, "target-date");
    let backwards = json!({"baseline": 58, "target": 65, "baseline_on": "2015-12-31", "target_on": "2015-12-31"});
    assert_eq!(told(backwards, Some(("2015-05-14", 60.0)), "2015-05-14").1, "first-quarter", "no time has passed");
}

#[test]
fn a_measurement_is_stale_after_one_and_a_half_of_the_interval() {
    for (interval, last) in
        [("month", "2015-03-02"), ("quarter", "2015-05-30"), ("half_year", "2015-10-15"), ("year", "2016-07-15")]
    {
        let is_stale = |on: Date| {
            let said = json!({"interval": interval});
            read(said, Some(("2015-01-15", 1.0)), &on.to_string()).stale
        };
        assert!(!is_stale(day(last)) && is_stale(day(last).next().expect("a day")), "{interval}");
    }
    assert!(!read(json!({}), Some(("2001-01-15", 1.0)), "2015-01-15").stale, "without an interval it never is");
    assert!(!read(json!({"interval": "month"}), None, "2015-01-15").stale, "nothing is not stale");
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    let reading = read(json!({"baseline": 58, "target": 65}), Some(("2015-05-14", 61.0)), "2015-05-14");
    assert_eq!(reading.message("%", Lang::Da), "Målingen 14. maj 2015 er 61\u{a0}% mod forventet 60,56\u{a0}%.");
    for code in ReadingCode::ALL {
        for lang in Lang::ALL {
            let said = IndicatorReading { code: *code, ..reading.clone() }.message("%", lang);
            assert!(!said.starts_with("reading-") && !said.contains('{'), "{code}: {said}");
        }
    }
}

proptest! {
    /// More of what should rise never makes it worse, on whatever day.
    #[test]
    fn a_better_value_never_reads_worse(
        value in -200_i64..200, more in 0_i64..100, measured in 0_u64..365, later in 0_u64..400,
    ) {
        let start = day("2015-01-01").day();
        let (at, on) = (start + Days::new(measured), start + Days::new(measured + later));
        let at_value = |value: i64| {
            let said = json!({"baseline": 58, "target": 65});
            let course = Course::of(&indicator(said), (day("2015-01-01"), day("2015-12-31")));
            course.read(Some((Date::of(at), whole(value))), Date::of(on)).reading
        };
        let rank = |reading: Reading| [Reading::OffTrack, Reading::TooEarly, Reading::OnTrack, Reading::Achieved]
            .iter().position(|one| *one == reading);
        prop_assert!(rank(at_value(value + more)) >= rank(at_value(value)));
    }
}
