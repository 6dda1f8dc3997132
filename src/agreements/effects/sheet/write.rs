//! Writing a table of observations. Pure.

use super::cells::reads_both_ways;
use super::model::{COLUMNS, GUARDED};
use crate::agreements::observations::model::{Confidence, ImportedObservation, Judgement};
use crate::types::{Id, Quantity};

/// Writes a file.
pub fn write<'a>(rows: impl Iterator<Item = &'a ImportedObservation>) -> Vec<u8> {
    let mut out = "\u{feff}".to_owned();
    let mut add = |cells: [String; COLUMNS.len()]| out.extend([cells.map(quoted).join(";"), "\r\n".to_owned()]);
    add(COLUMNS.map(|(english, _)| english.to_owned()));
    rows.for_each(|row| add(cells(row)));
    out.into_bytes()
}

/// What is written of an observation, in the order of the columns.
fn cells(row: &ImportedObservation) -> [String; COLUMNS.len()] {
    let id = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    let number = |number: Option<Quantity>| number.map(decimal).unwrap_or_default();
    let text = |text: &Option<String>| text.as_deref().map(guarded).unwrap_or_default();
    [
        id(row.id),
        row.kind.as_str().to_owned(),
        id(row.goal_id),
        id(row.indicator_id),
        row.observed_on.to_string(),
        number(row.value),
        number(row.numerator),
        number(row.denominator),
        text(&row.text),
        row.judgement.map_or("", Judgement::as_str).to_owned(),
        text(&row.scale),
        text(&row.method),
        text(&row.source),
        row.n.map(|n| n.to_string()).unwrap_or_default(),
        row.confidence.map_or("", Confidence::as_str).to_owned(),
    ]
}

/// A number with a comma, and with a nought more where it could be read both ways.
fn decimal(number: Quantity) -> String {
    let text = number.to_string();
    match text.trim_start_matches('-').split_once('.') {
        Some((whole, places)) if reads_both_ways(whole, places) => text.replace('.', ",") + "0",
        _ => text.replace('.', ","),
    }
}

pub(super) fn guarded(text: &str) -> String {
    format!("{}{text}", if text.starts_with(GUARDED) { "'" } else { "" })
}

/// A cell as it stands in the file. Blanks around a text are kept by every reader only within quotes.
fn quoted(cell: String) -> String {
    let is_plain = cell.trim() == cell && !cell.contains([';', '"', '\t', '\r', '\n']);
    if is_plain { cell } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}
