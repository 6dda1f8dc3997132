//! A table of observations: its columns, a row that was read, and what is wrong with it. Pure.

use crate::agreements::observations::model::ImportedObservation;

/// The most rows of a file.
pub const MOST_ROWS: usize = 10_000;

/// The most faults that are told of a file.
pub const MOST_FAULTS: usize = 100;

/// The most characters that are told of what stood in a cell.
const MOST_READ: usize = 100;

/// The columns in the order they are written in, with their Danish names as they are compared.
pub const COLUMNS: [(&str, &str); 15] = [
    ("id", "id"),
    ("kind", "type"),
    ("goal_id", "maal_id"),
    ("indicator_id", "indikator_id"),
    ("observed_on", "dato"),
    ("value", "vaerdi"),
    ("numerator", "taeller"),
    ("denominator", "naevner"),
    ("text", "tekst"),
    ("judgement", "vurdering"),
    ("scale", "skala"),
    ("method", "metode"),
    ("source", "kilde"),
    ("n", "antal"),
    ("confidence", "sikkerhed"),
];

/// What a text is guarded from beginning with: what a spreadsheet may take for a formula, and the guard itself.
pub const GUARDED: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\n', '\''];

/// A row that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// The line of the file it begins on; the header is line 1.
    pub line: u64,
    /// What it says.
    pub observation: ImportedObservation,
}

/// A cell that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The line of the file its row begins on.
    pub line: u64,
    /// The name of its column as the file writes it; empty for the whole file or line.
    pub column: String,
    /// What is wrong with it, as a fault is called.
    pub code: &'static str,
    /// What stood there, on one line and at most 100 characters of it.
    pub read: String,
    /// What would do, where the message needs it.
    pub wanted: String,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetFaults {
    /// The first of them, by line.
    pub first: Vec<CellFault>,
    /// How many there are.
    pub count: usize,
}

/// What is wrong with a text, and what would do.
#[derive(Debug)]
pub struct Wrong(pub &'static str, pub String);

impl From<&'static str> for Wrong {
    fn from(code: &'static str) -> Self {
        Wrong(code, String::new())
    }
}

impl SheetFaults {
    /// A file with one fault.
    pub fn one(line: u64, wrong: impl Into<Wrong>, read: &str) -> Self {
        let mut faults = SheetFaults::default();
        faults.add((line, ""), wrong, read);
        faults
    }

    /// Adds a fault at a line and a column.
    pub fn add(&mut self, (line, column): (u64, &str), wrong: impl Into<Wrong>, read: &str) {
        self.count += 1;
        if self.count <= MOST_FAULTS {
            let Wrong(code, wanted) = wrong.into();
            self.first.push(CellFault { line, column: excerpt(column), code, read: excerpt(read), wanted });
        }
    }
}

/// What stood there, fit for a sentence.
fn excerpt(text: &str) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut told: String = letters.by_ref().take(MOST_READ).collect();
    if letters.next().is_some() {
        told.pop();
        told.push('…');
    }
    told
}
