//! What is read of a file, and what is wrong with it.

use super::model::*;
use super::read::read;
use crate::agreements::observations::model::{Confidence, ImportedObservation, Judgement, ObservationKind};
use crate::types::{Date, Id};

const GOAL: &str = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

fn day_of(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn rows(text: &str) -> Vec<SheetRow> {
    read(text.as_bytes()).unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
}

fn one(text: &str) -> ImportedObservation {
    let mut rows = rows(text);
    assert_eq!(rows.len(), 1, "{text}");
    rows.remove(0).observation
}

fn faults(bytes: &[u8]) -> Vec<CellFault> {
    let faults = read(bytes).expect_err("faults");
    assert_eq!(faults.count, faults.first.len());
    faults.first
}

/// What is wrong, in short: line, column, code, what was read.
fn told(text: &str) -> Vec<String> {
    let short = |fault: CellFault| {
        format!("{} {} {} {}", fault.line, fault.column, fault.code.trim_start_matches("cell-"), fault.read)
    };
    faults(text.as_bytes()).into_iter().map(|fault| short(fault).trim_end().to_owned()).collect()
}

/// A file of one row that has one cell besides its day and its goal.
fn with(column: &str, cell: &str) -> String {
    format!("observed_on;goal_id;{column}\n2015-03-31;{GOAL};\"{}\"\n", cell.replace('"', "\"\""))
}

/// The only fault of a cell: its code and what would do.
fn wrong(column: &str, cell: &str) -> (&'static str, String) {
    let mut found = faults(with(column, cell).as_bytes());
    assert_eq!((found.len(), found[0].line, found[0].column.as_str()), (1, 2, column), "{cell}");
    let fault = found.remove(0);
    (fault.code.trim_start_matches("cell-"), fault.wanted)
}

#[test]
fn a_hint_at_the_separator_is_passed_over_and_its_line_counted() {
    let file = format!("sep=;\r\ngoal_id;observed_on;text\r\n{GOAL};2015-03-31;Godt\r\n");
    assert_eq!(rows(&file).first().map(|row| row.line), Some(3));
}

#[test]
fn columns_are_known_in_both_languages_and_by_three_separators() {
    let english = COLUMNS.map(|(english, _)| english).join(";");
    for header in [
        english.as_str(),
        "ID;Type;Mål-id;Indikator-ID; dato ;Værdi;TÆLLER;nævner;Tekst;vurdering;skala;metode;kilde;antal;sikkerhed",
        "id;type;maal_id;indikator_id;dato;vaerdi;taeller;naevner;tekst;vurdering;skala;metode;kilde;antal;sikkerhed",
    ] {
        let row = format!("{GOAL};vurdering;{GOAL};;31-03-2015;1;2;3;Ja, da;på vej;s;m;k;1.200;høj");
        for (separator, mark) in [(";", ""), (",", "\u{feff}"), ("\t", "")] {
            let row: Vec<String> = row.split(';').map(|cell| format!("\"{cell}\"")).collect();
            let text = format!("{mark}{}\r\n{}\r\n", header.replace(';', separator), row.join(separator));
            let read = one(&text);
            let id = Id::parse(GOAL);
            assert_eq!((read.id, read.goal_id, read.indicator_id), (id, id, None));
            assert_eq!((read.kind, read.observed_on), (ObservationKind::Assessment, day_of("2015-03-31")));
            let numbers = [read.value, read.numerator, read.denominator].map(|one| one.expect("a number").to_string());
            assert_eq!(numbers, ["1", "2", "3"]);
            let texts = [&read.text, &read.scale, &read.method, &read.source].map(|one| one.as_deref());
            assert_eq!(texts, [Some("Ja, da"), Some("s"), Some("m"), Some("k")]);
            let rest = (read.judgement, read.n, read.confidence);
            assert_eq!(rest, (Some(Judgement::OnTrack), Some(1200), Some(Confidence::High)));
        }
    }
}

#[test]
fn a_number_is_read_with_comma_or_point() {
    for (cell, value) in [
        ("61,5", "61.5"),
        (" 61.5 ", "61.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 234", "1234"),
        ("1\u{a0}234\u{202f}567,25", "1234567.25"),
        ("1 234.567", "1234.567"),
        ("1.234,567", "1234.567"),
        ("1234,567", "1234.567"),
        ("0,123", "0.123"),
        ("012,345", "12.345"),
        ("1,2340", "1.234"),
        ("-3.25", "-3.25"),
        ("\u{2212}3,25", "-3.25"),
        ("+4", "4"),
        ("-0", "0"),
        ("9.000.000.000.000", "9000000000000"),
        ("123.456.789,123456", "123456789.123456"),
    ] {
        assert_eq!(one(&with("value", cell)).value.expect("a number").to_string(), value, "{cell}");
    }
}

#[test]
fn a_number_that_is_none_or_two_is_refused() {
    for cell in [
        "61%",
        "61 %",
        "ca. 5",
        "1e5",
        "--1",
        "- 1",
        "1-",
        ",5",
        "5,",
        "1,,5",
        "12.34.567",
        "1.2345,6",
        "1.234,567.8",
        "0.123.456",
        "1 23",
        "1 234.567,8",
        "1,234 567",
        "1.234 5",
        "1'234",
        "½",
        "٣",
        "NaN",
        "inf",
        "0x10",
        "2015-03-31",
    ] {
        assert_eq!(wrong("value", cell).0, "not-a-number", "{cell}");
    }
    for (cell, wanted) in [
        ("1.234", "1234 / 1,2340"),
        ("12,345", "12345 / 12,3450"),
        ("-100.000", "-100000 / -100,0000"),
        ("\u{2212}1,234", "-1234 / -1,2340"),
    ] {
        assert_eq!(wrong("value", cell), ("ambiguous-number", wanted.to_owned()), "{cell}");
    }
    for cell in ["1,1234567", "1234567890,123456", "9000000000001", "99999999999999999999999"] {
        assert_eq!(wrong("value", cell).0, "too-many-digits", "{cell}");
    }
}

#[test]
fn a_count_is_whole_and_its_separators_are_those_of_thousands() {
    for (cell, n) in [("1", 1), ("1.200", 1200), ("1,200", 1200), ("1 200", 1200), ("1.000.000.000", 1_000_000_000)] {
        assert_eq!(one(&with("n", cell)).n, Some(n), "{cell}");
    }
    for cell in
        ["0", "-1", "+1", "1,5", "1.200,0", "1.20", "12.00", "0.200", "1000000001", "99999999999999999999", "to"]
    {
        assert_eq!(wrong("n", cell).0, "not-a-count", "{cell}");
    }
}

#[test]
fn days_are_written_from_either_end() {
    for cell in ["2015-03-31", "31-03-2015", "31.03.2015", " 31-03-2015 "] {
        let read = one(&format!("dato;mål-id\n{cell};{GOAL}\n"));
        assert_eq!(read.observed_on, day_of("2015-03-31"), "{cell}");
    }
    for cell in ["31/03/2015", "03-31-2015", "31.03-2015", "2015.03.31", "1-3-2015", "31-03-15", "29-02-2015", "i går"]
    {
        assert_eq!(told(&format!("dato;mål-id\n{cell};{GOAL}\n")), [format!("2 dato not-a-date {cell}")]);
    }
}

#[test]
fn choices_are_read_in_both_languages() {
    use Judgement as J;
    for (cell, judgement) in [
        ("nået", J::Achieved),
        ("Naaet", J::Achieved),
        ("PÅ VEJ", J::OnTrack),
        ("paa vej", J::OnTrack),
        ("ikke på vej", J::OffTrack),
        ("for tidligt", J::TooEarly),
        ("too_early", J::TooEarly),
    ] {
        assert_eq!(one(&with("judgement", cell)).judgement, Some(judgement), "{cell}");
    }
    for (cell, kind) in [
        ("", "measurement"),
        ("Måling", "measurement"),
        ("borgerstemme", "citizen_voice"),
        ("ASSESSMENT", "assessment"),
    ] {
        assert_eq!(one(&with("kind", cell)).kind.as_str(), kind, "{cell}");
    }
    for (cell, confidence) in [("lav", "low"), ("Middel", "medium"), ("hoej", "high"), ("high", "high")] {
        assert_eq!(one(&with("confidence", cell)).confidence.map(Confidence::as_str), Some(confidence), "{cell}");
    }
    assert_eq!(wrong("confidence", "nået"), ("unknown-value", "low, medium, high".to_owned()));
    assert_eq!(wrong("kind", "høj"), ("unknown-value", "measurement, assessment, citizen_voice".to_owned()));
}

#[test]
fn a_text_keeps_its_blanks_and_loses_the_apostrophe_that_guards_it() {
    for (cell, text) in [
        ("  to\r\nlinjer\t", "  to\r\nlinjer\t"),
        ("Hun sagde \"ja\"; så gik hun", "Hun sagde \"ja\"; så gik hun"),
        ("'=1+1", "=1+1"),
        ("'-", "-"),
        ("''ja'", "'ja'"),
        ("'ja'", "'ja'"),
        ("- og +", "- og +"),
        (" =1", " =1"),
    ] {
        assert_eq!(one(&with("text", cell)).text.as_deref(), Some(text), "{cell}");
    }
    assert_eq!(one(&with("text", " \n ")).text, None);
    assert_eq!(wrong("text", "=1+1").0, "formula");
    assert_eq!(wrong("text", "@SUM(A1)").0, "formula");
    for column in ["value", "n", "id", "kind"] {
        assert_eq!(wrong(column, " =1").0, "formula", "{column}");
    }
    for (column, most) in [("text", 4000), ("scale", 300), ("method", 300), ("source", 300)] {
        let longest = "=".repeat(most);
        assert_eq!(rows(&with(column, &format!("'{longest}"))).len(), 1, "the guard does not count");
        let longest = "ø".repeat(most);
        assert_eq!(rows(&with(column, &longest)).len(), 1);
        assert_eq!(wrong(column, &format!("{longest}x")), ("too-long", most.to_string()));
    }
    for letter in ['\0', '\u{b}', '\u{7f}', '\u{85}'] {
        let cell = format!("a{letter}b");
        assert_eq!(told(&with("text", &cell)), [format!("2 text control-character U+{:04X}", u32::from(letter))]);
    }
}

#[test]
fn what_is_wrong_with_the_header_is_told() {
    for text in ["", "\u{feff}", "\r\n\r\n", ";;\n", "31-03-2015;5\n", "a,b,c\n"] {
        assert_eq!(faults(text.as_bytes())[0].code, "cell-no-header", "{text}");
    }
    assert_eq!(told("n\n5\n"), ["1 observed_on missing-column", "1 indicator_id missing-column"]);
    assert_eq!(
        told("dato;Dato;observed_on;farve;indicator_id\n31-03-2015;;;;x\n"),
        [
            "1 Dato duplicate-column Dato",
            "1 observed_on duplicate-column observed_on",
            "1 farve unknown-column farve",
            "2 indicator_id not-an-id x"
        ]
    );
    let open = format!("\n\ndato;\"goal_id\n;{GOAL}\n");
    assert_eq!(told(&open), [format!("3  broken-quote dato;\"goal_id ;{GOAL}")]);
}

#[test]
fn columns_without_a_name_may_be_there_as_long_as_they_are_empty() {
    assert_eq!(rows(&format!("dato;mål-id;;\n2015-03-31;{GOAL};; \n")).len(), 1);
    assert_eq!(told(&format!("dato;mål-id;;\n2015-03-31;{GOAL};;5\n")), ["2  nameless-column 5"]);
}

#[test]
fn lines_are_those_of_the_file() {
    for end in ["\n", "\r\n", "\r"] {
        let text = [
            "",
            "dato;mål-id;tekst",
            "",
            &format!("2015-03-31;{GOAL};\"to"),
            "linjer\"",
            " ; ;",
            "",
            &format!("2015-03-31;{GOAL};"),
            &format!("2015-03-31;{GOAL};"),
        ]
        .join(end);
        assert_eq!(rows(&text).iter().map(|row| row.line).collect::<Vec<_>>(), [4, 8, 9], "{end:?}");
    }
}

#[test]
fn every_mistake_of_every_row_is_named() {
    let text = format!("dato;mål-id;værdi;n;tekst\n;{GOAL};x;0;=1\n2015-03-31;{GOAL};1\n31/3;y;5;5;\n1;2;3;4;5;6\n");
    assert_eq!(
        told(&text),
        [
            "2 dato required",
            "2 værdi not-a-number x",
            "2 tekst formula =1",
            "2 n not-a-count 0",
            "3  row-of-another-length 3",
            "4 dato not-a-date 31/3",
            "4 mål-id not-an-id y",
            "5  row-of-another-length 6",
        ]
    );
    assert_eq!(faults(text.as_bytes())[4].wanted, "5");
}

#[test]
fn a_quote_that_does_not_hold_is_told() {
    let head = "dato;mål-id;tekst\n";
    for row in ["\"Han sagde \"ja\" til det\"", "\"ja\" ", "\"ja", "\"ja\n2015-03-31;;nej\n"] {
        let found = faults(format!("{head}2015-03-31;{GOAL};{row}").as_bytes());
        assert_eq!((found.len(), found[0].line, found[0].code), (1, 2, "cell-broken-quote"), "{row}");
    }
    let open = format!("{head}\"2015-03-31;{GOAL};ja\n2015-03-31;{GOAL};nej\n");
    assert_eq!(told(&open), ["2  row-of-another-length 1"]);
    assert_eq!(one(&format!("{head}2015-03-31;{GOAL};5\" rør")).text.as_deref(), Some("5\" rør"));
}

#[test]
fn what_is_no_text_is_told_with_its_line() {
    let found = faults(b"dato;m\xe5l-id\n");
    assert_eq!((found[0].line, found[0].code, found[0].read.as_str()), (1, "cell-not-utf-8", "dato;m\u{fffd}"));
    let found = faults(b"dato;tekst\r\n\r\n31-03-2015;B\xf8rn\r\n\xf8\r\n");
    assert_eq!((found.len(), found[0].line, found[0].read.as_str()), (1, 3, "31-03-2015;B\u{fffd}"));
}

#[test]
fn faults_are_counted_beyond_those_that_are_told_and_cut_to_be_read() {
    let long = "x".repeat(150);
    let text = format!("dato;n;mål-id\n{}", format!("{long};0;\n").repeat(MOST_ROWS));
    let found = read(text.as_bytes()).expect_err("faults");
    assert_eq!((found.count, found.first.len()), (2 * MOST_ROWS, MOST_FAULTS));
    assert_eq!(found.first[0].read, format!("{}…", "x".repeat(99)));
    assert_eq!(found.first[99].line, 51);
}

#[test]
fn a_file_of_too_many_rows_is_not_read() {
    let row = format!("2015-03-31;{GOAL}\n\n");
    let text = |count: usize| format!("dato;mål-id\n{}", row.repeat(count));
    assert_eq!(rows(&text(MOST_ROWS)).len(), MOST_ROWS);
    let found = faults(format!("{}x;y\n", text(MOST_ROWS)).as_bytes());
    let wanted = CellFault {
        line: 20_002,
        column: String::new(),
        code: "cell-too-many-rows",
        read: "10001".to_owned(),
        wanted: "10000".to_owned(),
    };
    assert_eq!(found, [wanted]);
}
