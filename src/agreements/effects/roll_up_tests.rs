//! What units report together, and that nothing of it tells what is kept from the reader.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::agreements::effects::exact::rounded;
use crate::agreements::goals::model::Indicator;

fn indicator(aggregation: &str) -> IndicatorFields {
    let said = json!({"name": "Andel", "unit": "%", "aggregation": aggregation});
    serde_json::from_value::<Indicator>(said).expect("an indicator").fields()
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn value(number: i64) -> Reported {
    Reported::Value(day("2015-05-14"), Value { value: whole(number), parts: None })
}

fn ratio(numerator: i64, denominator: i64) -> Reported {
    let value = whole(numerator) / whole(denominator) * whole(100);
    let parts = Some((whole(numerator), whole(denominator)));
    Reported::Value(day("2015-05-14"), Value { value, parts })
}

fn node(unit: &str, reported: Reported, below: Vec<Node>) -> Node {
    let (indicator_id, agreement_id, org_unit) = (Id::new(), Id::new(), Id::of_name(unit));
    Node { indicator_id, agreement_id, org_unit, reported, below }
}

fn told(aggregation: &str, below: &[Node]) -> (Option<String>, usize, usize, bool) {
    let all = roll_up(&indicator(aggregation), below);
    let value = all.value.as_ref().map(|value| rounded(value).to_string());
    (value, all.reported(), all.parts.len(), all.is_partial())
}

#[test]
fn a_ratio_is_the_sum_of_its_parts_and_never_a_mean_of_shares() {
    let below = [node("a", ratio(9, 10), vec![]), node("b", ratio(30, 90), vec![])];
    assert_eq!(told("ratio", &below), (Some("39".to_owned()), 2, 2, false), "39 of 100, not 61.67");
    let sums = roll_up(&indicator("ratio"), &below).sums;
    assert_eq!(sums, Some((whole(39), whole(100))));
}

#[test]
fn one_that_is_missing_makes_it_partial_and_nobody_makes_it_nothing() {
    let below = [node("a", value(4), vec![]), node("b", Reported::Nothing, vec![]), node("c", value(6), vec![])];
    assert_eq!(told("sum", &below), (Some("10".to_owned()), 2, 3, true));
    assert_eq!(told("mean", &below), (Some("5".to_owned()), 2, 3, true), "of those who report");
    assert_eq!(told("latest", &below), (None, 2, 3, true), "listed, and not put together");
    assert_eq!(roll_up(&indicator("sum"), &below).missing(), [Id::of_name("b")]);
    assert_eq!(told("sum", &[node("b", Reported::Nothing, vec![])]), (None, 0, 1, true), "no data is not zero");
    assert_eq!(told("sum", &[]), (None, 0, 0, false));
}

#[test]
fn who_reports_nothing_is_represented_by_those_below_and_a_unit_counts_once() {
    let schools = || vec![node("school 1", value(2), vec![]), node("school 2", value(3), vec![])];
    let own = [node("centre", value(7), schools())];
    assert_eq!(told("sum", &own), (Some("7".to_owned()), 1, 1, false), "what it reports itself covers those below");
    let silent = [node("centre", Reported::Nothing, schools()), node("staff", value(1), vec![])];
    let all = roll_up(&indicator("sum"), &silent);
    assert_eq!(all.value, Some(whole(6)));
    assert_eq!(all.parts.iter().map(|part| part.level).collect::<Vec<_>>(), [2, 2, 1]);
    let older = Reported::Value(day("2015-01-01"), Value { value: whole(100), parts: None });
    let twice = [node("a", older, vec![]), node("a", value(5), vec![])];
    assert_eq!(told("sum", &twice), (Some("5".to_owned()), 1, 1, false), "by its newest value");
}

/// What each unit of a small municipality reports: its value, and whether it is kept from the reader.
type Told = (i64, bool);

fn nodes(all: &[Told]) -> Vec<Node> {
    let reported = |(number, hidden): &Told| {
        if *hidden { Reported::Suppressed(day("2015-05-14")) } else { value(*number) }
    };
    all.iter().enumerate().map(|(at, one)| node(&at.to_string(), reported(one), vec![])).collect()
}

proptest! {
    /// Whatever the hidden values are, the reader is told the same at every level: so none can be computed.
    #[test]
    fn what_is_shown_does_not_depend_on_what_is_hidden(
        all in proptest::collection::vec((0_i64..100, any::<bool>()), 1..8),
        other in proptest::collection::vec(0_i64..100, 8),
        split in 0_usize..8,
    ) {
        let changed: Vec<Told> = all.iter().zip(&other)
            .map(|((number, hidden), other)| (if *hidden { *other } else { *number }, *hidden)).collect();
        for aggregation in ["sum", "mean", "ratio", "latest"] {
            let split = split.min(all.len());
            for (some, others) in [(&all[..], &changed[..]), (&all[..split], &changed[..split]), (&all[split..], &changed[split..])] {
                let seen = |all: &[Told]| {
                    let put = roll_up(&indicator(aggregation), &nodes(all));
                    (put.value.clone(), put.sums.clone(), put.reported(), put.suppressed(), put.missing())
                };
                prop_assert_eq!(seen(some), seen(others));
            }
        }
    }

    /// A ratio lies between the smallest and the largest share of its parts.
    #[test]
    fn a_ratio_lies_among_its_shares(parts in proptest::collection::vec((0_i64..50, 1_i64..50), 1..8)) {
        let below: Vec<Node> =
            parts.iter().enumerate().map(|(at, (over, under))| node(&at.to_string(), ratio(*over, *under), vec![])).collect();
        let put = roll_up(&indicator("ratio"), &below).value.expect("a value");
        let shares: Vec<Exact> = parts.iter().map(|(over, under)| whole(*over) / whole(*under) * whole(100)).collect();
        prop_assert!(shares.iter().min() <= Some(&put) && Some(&put) <= shares.iter().max());
    }
}
