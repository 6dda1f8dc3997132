//! Reading a table of observations. Pure.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::cells::{column, confidence, count, day, id, judgement, kind, number};
use super::model::{COLUMNS, GUARDED, MOST_ROWS, SheetFaults, SheetRow, Wrong};
use crate::agreements::observations::model::{ImportedObservation, ObservationKind};
use crate::types::Date;

/// Bytes of the longest row of headings: it is read once for each separator that it may have.
const LONGEST_HEADER: usize = 10_000;

/// Reads a file.
///
/// # Errors
/// What is wrong with it, where anything is.
pub fn read(bytes: &[u8]) -> Result<Vec<SheetRow>, SheetFaults> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let text = without_hint(text.strip_prefix('\u{feff}').unwrap_or(text));
    let head = text.trim_start().split(['\r', '\n']).next().unwrap_or_default();
    if head.len() > LONGEST_HEADER {
        return Err(SheetFaults::one(1, "cell-no-header", head));
    }
    let (mut records, mut faults) = (Records::of(text, separator(text)), SheetFaults::default());
    let header = Header::read(&mut records, &mut faults)?;
    let (mut rows, mut count, mut over) = (Vec::new(), 0, None);
    while records.advance() {
        count += 1;
        if count <= MOST_ROWS {
            rows.extend(header.row(&records, &mut faults));
        } else {
            over.get_or_insert(records.line);
        }
    }
    if let Some(line) = over {
        return Err(SheetFaults::one(line, Wrong("cell-too-many-rows", MOST_ROWS.to_string()), &count.to_string()));
    }
    if faults.count > 0 { Err(faults) } else { Ok(rows) }
}

/// A file without the hint at its separator that a spreadsheet writes on a line before the header; the line stays.
fn without_hint(text: &str) -> &str {
    let is_hint = |head: &&str| head.to_ascii_lowercase().starts_with("sep=") && !head.contains('"');
    match text.find(['\r', '\n']).and_then(|end| text.split_at_checked(end)) {
        Some((head, rest)) if is_hint(&head) && head.chars().count() == 5 => rest,
        _ => text,
    }
}

/// The fault of a file in another encoding, with the end of what can be read before it.
fn not_utf8(bytes: &[u8], valid: usize) -> SheetFaults {
    let before = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default());
    let own = before.rsplit(['\r', '\n']).next().unwrap_or_default();
    let end: Vec<char> = own.chars().rev().take(20).collect();
    let read: String = end.into_iter().rev().chain(['\u{fffd}']).collect();
    SheetFaults::one(1 + line_ends(&before), "cell-not-utf-8", &read)
}

/// The separator by which most columns are known.
fn separator(text: &str) -> u8 {
    let known_by = |separator: &u8| {
        let mut records = Records::of(text, *separator);
        if records.advance() { records.cells.iter().filter_map(column).count() } else { 0 }
    };
    // Of several with as many columns it is the last.
    [b'\t', b',', b';'].into_iter().max_by_key(known_by).unwrap_or(b';')
}

/// The rows of a file that say anything, one after the other.
struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    separator: u8,
    cells: StringRecord,
    /// Where the row begins and where it ends.
    place: (usize, usize),
    line: u64,
}

impl<'a> Records<'a> {
    fn of(text: &'a str, separator: u8) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(separator).has_headers(false).flexible(true);
        let reader = builder.from_reader(text.as_bytes());
        Records { text, reader, separator, cells: StringRecord::new(), place: (0, 0), line: 1 }
    }

    /// Goes to the next row; none after the last. Text in memory is always read.
    fn advance(&mut self) -> bool {
        while self.reader.read_record(&mut self.cells).unwrap_or(false) {
            let (before, from) = self.place;
            let to = usize::try_from(self.reader.position().byte()).unwrap_or(self.text.len());
            let read = self.text.get(from..to).unwrap_or_default();
            // The reader's own line is that of the end of the row before, and of the empty lines after it.
            let start = to - read.trim_start_matches(['\r', '\n']).len();
            self.line += line_ends(self.text.get(before..start).unwrap_or_default());
            self.place = (start, to);
            if self.cells.iter().any(|cell| !cell.trim().is_empty()) {
                return true;
            }
        }
        false
    }

    /// The row as it is written.
    fn written(&self) -> &'a str {
        self.text.get(self.place.0..self.place.1).unwrap_or_default()
    }

    /// Whether each cell that begins with a quote ends with one. The reader does not mind, and would change the text.
    fn is_quoted_well(&self) -> bool {
        #[derive(PartialEq)]
        enum Within {
            Start,
            Plain,
            Quotes,
            Closed,
        }
        let mut within = Within::Start;
        for byte in self.written().bytes() {
            within = match (within, byte) {
                (Within::Quotes, b'"') => Within::Closed,
                (Within::Quotes, _) | (Within::Start | Within::Closed, b'"') => Within::Quotes,
                (_, b'\r' | b'\n') => Within::Start,
                (_, byte) if byte == self.separator => Within::Start,
                (Within::Closed, _) => return false,
                _ => Within::Plain,
            };
        }
        within != Within::Quotes
    }
}

/// How many lines end in a text.
fn line_ends(text: &str) -> u64 {
    let count = |end: &str| text.matches(end).count();
    (count("\n") + count("\r") - count("\r\n")) as u64
}

/// What the first row says of the others.
struct Header {
    names: Vec<String>,
    places: BTreeMap<&'static str, usize>,
}

impl Header {
    fn read(records: &mut Records, faults: &mut SheetFaults) -> Result<Self, SheetFaults> {
        let is_there = records.advance();
        let line = records.line;
        if is_there && !records.is_quoted_well() {
            return Err(SheetFaults::one(line, "cell-broken-quote", records.written()));
        }
        if !is_there || records.cells.iter().all(|name| column(name).is_none()) {
            return Err(SheetFaults::one(line, "cell-no-header", records.written()));
        }
        let names: Vec<String> = records.cells.iter().map(|name| name.trim().to_owned()).collect();
        let (mut places, known) = (BTreeMap::new(), || COLUMNS.map(|(english, _)| english).join(", "));
        for (place, name) in names.iter().enumerate() {
            match column(name) {
                Some(column) if places.contains_key(column) => faults.add((line, name), "cell-duplicate-column", name),
                Some(column) => _ = places.insert(column, place),
                // A spreadsheet writes separators for columns that were once in use.
                None if name.is_empty() => {}
                None => faults.add((line, name), Wrong("cell-unknown-column", known()), name),
            }
        }
        for either in [["observed_on"].as_slice(), &["indicator_id", "goal_id"]] {
            if let [name, ..] = either
                && !either.iter().any(|one| places.contains_key(one))
            {
                faults.add((line, name), "cell-missing-column", "");
            }
        }
        Ok(Header { names, places })
    }

    /// What a row says, unless it cannot be read.
    fn row(&self, records: &Records, faults: &mut SheetFaults) -> Option<SheetRow> {
        let (line, count) = (records.line, records.cells.len());
        if count != self.names.len() {
            let wrong = Wrong("cell-row-of-another-length", self.names.len().to_string());
            faults.add((line, ""), wrong, &count.to_string());
            return None;
        }
        if !records.is_quoted_well() {
            faults.add((line, ""), "cell-broken-quote", records.written());
            return None;
        }
        let nameless = self.names.iter().zip(&records.cells).filter(|(name, _)| name.is_empty());
        for (_, cell) in nameless.filter(|(_, cell)| !cell.trim().is_empty()) {
            faults.add((line, ""), "cell-nameless-column", cell);
        }
        Row { header: self, cells: &records.cells, line, faults }.read()
    }
}

/// A row that is read.
struct Row<'a> {
    header: &'a Header,
    cells: &'a StringRecord,
    line: u64,
    faults: &'a mut SheetFaults,
}

impl<'a> Row<'a> {
    fn read(mut self) -> Option<SheetRow> {
        let observed_on = self.day();
        let observation = ImportedObservation {
            id: self.word("id", id),
            kind: self.word("kind", kind).unwrap_or(ObservationKind::Measurement),
            goal_id: self.word("goal_id", id),
            indicator_id: self.word("indicator_id", id),
            value: self.word("value", number),
            numerator: self.word("numerator", number),
            denominator: self.word("denominator", number),
            text: self.text("text", 4000),
            judgement: self.word("judgement", judgement),
            scale: self.text("scale", 300),
            method: self.text("method", 300),
            source: self.text("source", 300),
            n: self.word("n", count),
            confidence: self.word("confidence", confidence),
            // Last, for the mistakes of the others are named whether there is a day or not.
            observed_on: observed_on?,
        };
        Some(SheetRow { line: self.line, observation })
    }

    fn day(&mut self) -> Option<Date> {
        let place = *self.header.places.get("observed_on")?;
        if self.cells.get(place).is_some_and(|cell| cell.trim().is_empty()) {
            self.wrong(place, "cell-required", "");
        }
        self.word("observed_on", day)
    }

    /// A cell that says anything, and its place.
    fn cell(&mut self, column: &str) -> Option<(usize, &'a str)> {
        let place = *self.header.places.get(column)?;
        let cell = self.cells.get(place).filter(|cell| !cell.trim().is_empty())?;
        let is_forbidden = |letter: &char| letter.is_control() && !matches!(letter, '\t' | '\r' | '\n');
        if let Some(letter) = cell.chars().find(is_forbidden) {
            self.wrong(place, "cell-control-character", &format!("U+{:04X}", u32::from(letter)));
            return None;
        }
        Some((place, cell))
    }

    /// A cell of anything but text.
    fn word<T>(&mut self, column: &str, read: impl Fn(&str) -> Result<T, Wrong>) -> Option<T> {
        let (place, cell) = self.cell(column)?;
        let cell = cell.trim();
        let said = if cell.starts_with('=') { Err("cell-formula".into()) } else { read(cell) };
        said.map_err(|wrong| self.wrong(place, wrong, cell)).ok()
    }

    /// A cell of text, without the apostrophe that guards it.
    fn text(&mut self, column: &str, most: usize) -> Option<String> {
        let (place, cell) = self.cell(column)?;
        if cell.starts_with(['=', '@']) {
            self.wrong(place, "cell-formula", cell);
            return None;
        }
        let said = cell.strip_prefix('\'').filter(|rest| rest.starts_with(GUARDED)).unwrap_or(cell);
        if said.chars().count() > most {
            self.wrong(place, Wrong("cell-too-long", most.to_string()), said);
            return None;
        }
        Some(said.to_owned())
    }

    fn wrong(&mut self, place: usize, wrong: impl Into<Wrong>, read: &str) {
        let name = self.header.names.get(place).map_or("", String::as_str);
        self.faults.add((self.line, name), wrong, read);
    }
}
