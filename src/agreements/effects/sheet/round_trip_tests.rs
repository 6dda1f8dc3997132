//! What is written reads back, opens in a spreadsheet and runs nothing there; whatever else is sent is read or refused.

use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::cells::MOST_COUNTED;
use super::model::COLUMNS;
use super::read::read;
use super::write::{guarded, write};
use crate::agreements::observations::model::{Confidence, ImportedObservation, Judgement, ObservationKind};
use crate::types::{Date, Id, Quantity};

fn quantity() -> impl Strategy<Value = Quantity> {
    (1..=15_u32).prop_flat_map(|digits| {
        let most = 10_i64.pow(digits) - 1;
        let thousandths = (-9_999_999..=9_999_999_i64).prop_map(|one| Quantity(one * 1000));
        prop_oneof![
            (-most..=most).prop_map(Quantity),
            (-9_000_000_000_000..=9_000_000_000_000_i64).prop_map(Quantity::of_whole),
            thousandths
        ]
    })
}

/// A text that says something, with much in it that means something to a table.
fn said(most: usize) -> impl Strategy<Value = String> {
    let special = select(vec!['=', '+', '-', '@', '\'', '"', ';', ',', '\t', '\r', '\n', ' ', '\u{a0}', '\u{feff}']);
    let letter = prop_oneof![special, select(vec!['a', 'ø', '1', '✓']), any::<char>()];
    let is_allowed = |letter: &char| !letter.is_control() || matches!(letter, '\t' | '\r' | '\n');
    let text = vec(letter.prop_filter("a control character", is_allowed), 1..20);
    let text = (text, 1..=most).prop_map(move |(letters, times)| {
        letters.iter().cycle().take(letters.len() * times).take(most).collect::<String>()
    });
    text.prop_filter("a blank", |text| !text.trim().is_empty())
}

prop_compose! {
    fn observation()(
        ids in prop::array::uniform3(option::of(any::<u128>().prop_map(|one| Id(uuid::Uuid::from_u128(one))))),
        numbers in prop::array::uniform3(option::of(quantity())),
        text in option::of(said(4000)),
        texts in prop::array::uniform3(option::of(said(300))),
        kind in select(ObservationKind::ALL),
        judgement in option::of(select(Judgement::ALL)),
        confidence in option::of(select(Confidence::ALL)),
        n in option::of(1..=MOST_COUNTED),
        day in 1..=3_652_059,
    ) -> ImportedObservation {
        let ([id, goal_id, indicator_id], [value, numerator, denominator]) = (ids, numbers);
        let [scale, method, source] = texts;
        let observed_on = Date::of(NaiveDate::from_num_days_from_ce_opt(day).expect("a day"));
        ImportedObservation {
            id, kind, goal_id, indicator_id, observed_on, value, numerator, denominator, text, judgement, scale, method,
            source, n, confidence,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(all in vec(observation(), 0..5)) {
        let read = read(&write(all.iter())).expect("what is written");
        prop_assert_eq!(read.into_iter().map(|row| row.observation).collect::<Vec<_>>(), all);
    }

    /// A spreadsheet runs nothing of what is written.
    #[test]
    fn no_cell_of_text_begins_as_a_formula(text in said(50)) {
        prop_assert!(!guarded(&text).starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
    }

    #[test]
    fn whatever_is_sent_is_read_or_refused(
        header in select(["dato;mål-id;tekst;n\n", "observed_on,goal_id\n", "", "dato\tgoal_id\r\n"].to_vec()),
        rest in "[0-9a-c;,\t\"\r\n =.-]{0,60}",
        bytes in vec(any::<u8>(), 0..20),
    ) {
        let all = [header.as_bytes(), rest.as_bytes(), &bytes].concat();
        for sent in [&all[..header.len() + rest.len()], &all] {
            if let Err(faults) = read(sent) {
                prop_assert!(faults.count > 0 && faults.count >= faults.first.len());
                prop_assert!(faults.first.iter().map(|fault| fault.line).is_sorted());
            }
        }
    }
}

#[test]
fn what_is_written_opens_in_a_spreadsheet() {
    const GOAL: &str = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    let text = format!("dato;mål-id;værdi;tekst;metode\n31-03-2015;{GOAL};1,2340;'-1;\" a;\"\"b\"\"\"\n");
    let read = read(text.as_bytes()).expect("a table");
    let written = String::from_utf8(write(read.iter().map(|row| &row.observation))).expect("text");
    let (header, rest) = written.split_once("\r\n").expect("lines");
    assert_eq!(header, format!("\u{feff}{}", COLUMNS.map(|(english, _)| english).join(";")));
    assert_eq!(rest, format!(";measurement;{GOAL};;2015-03-31;1,2340;;;'-1;;;\" a;\"\"b\"\"\";;;\r\n"));
}
