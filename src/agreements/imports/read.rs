//! The rows of a file, each with the place it stands in. Pure.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::agreements::effects::sheet;
use crate::agreements::effects::sheet::model::{CellFault, MOST_FAULTS, MOST_ROWS, SheetFaults, SheetRow};
use crate::agreements::observations::model::ImportedObservation;
use crate::error::{Code, Error, Fault, Refusal, Result};
use crate::http::{RowsKind, read_json, rule_faults};

/// Observations to be written together.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// The observations, in any order.
    #[validate(length(min = 1, max = 10_000), nested)]
    #[schema(min_items = 1, max_items = 10000)]
    pub rows: Vec<ImportedObservation>,
}

/// A row, and the place it stands in: `/rows/{index}`, or `/{line}` of a file with lines.
#[derive(Debug, Clone)]
pub struct Row {
    /// The place.
    pub place: String,
    /// The line of a file with lines.
    pub line: Option<u64>,
    /// What it says.
    pub observation: ImportedObservation,
}

/// Reads a file.
///
/// # Errors
/// 400 when it is no JSON, 422 with each place that is wrong: at most a hundred, and how many more there are.
pub fn read(kind: RowsKind, bytes: &[u8]) -> Result<Vec<Row>> {
    let rows = match kind {
        RowsKind::Json => of_json(bytes)?,
        RowsKind::Ndjson => of_lines(bytes)?,
        RowsKind::Csv => of_table(bytes)?,
    };
    if rows.is_empty() {
        return Err(Code::InvalidBody.refuse().fault(Fault::at("", "no-rows")).into());
    }
    Ok(rows)
}

fn of_json(bytes: &[u8]) -> Result<Vec<Row>> {
    let sent: NewImport = read_json(bytes).map_err(|error| error.at_most(MOST_FAULTS))?;
    let rows = sent.rows.into_iter().enumerate();
    Ok(rows.map(|(index, observation)| Row { place: format!("/rows/{index}"), line: None, observation }).collect())
}

fn of_lines(bytes: &[u8]) -> Result<Vec<Row>> {
    let lines = bytes.split(|byte| *byte == b'\n').zip(1_u64..).filter(|(line, _)| !line.trim_ascii().is_empty());
    // Before any is read: whoever sends a million wrong ones shall not be told of each.
    if lines.clone().nth(MOST_ROWS).is_some() {
        return Err(too_many().into());
    }
    let (mut rows, mut found, mut rest) = (Vec::new(), Vec::new(), 0);
    for (line, number) in lines {
        let place = format!("/{number}");
        match read_json(line) {
            Ok(observation) => rows.push(Row { place, line: Some(number), observation }),
            Err(_) if found.len() >= MOST_FAULTS => rest += 1,
            Err(error) => {
                let faults = error.below(&place).refusal().faults;
                found.extend(faults.into_iter().map(|fault| Fault { line: Some(number), ..fault }));
            }
        }
    }
    match (found.is_empty(), rest) {
        (true, _) => Ok(rows),
        (false, 0) => Err(refused(found)),
        (false, rest) => Err(Code::InvalidBody.refuse().faults(found).fault(more(rest)).into()),
    }
}

fn more(count: usize) -> Fault {
    Fault::at("", "more-faults").with("count", count)
}

fn too_many() -> Refusal {
    Code::InvalidBody.refuse().fault(Fault::at("", "too-many-rows").with("max", MOST_ROWS))
}

fn of_table(bytes: &[u8]) -> Result<Vec<Row>> {
    let rows = sheet::read::read(bytes).map_err(|faults| of_cells(&faults))?;
    let rows: Vec<Row> = rows.into_iter().map(of_sheet).collect();
    let broken = rows.iter().flat_map(|row| {
        let faults = row.observation.validate().err().map(|errors| rule_faults(&errors)).unwrap_or_default();
        faults.into_iter().map(|fault| row.fault(fault))
    });
    let broken: Vec<Fault> = broken.collect();
    if broken.is_empty() { Ok(rows) } else { Err(refused(broken)) }
}

fn of_sheet(row: SheetRow) -> Row {
    Row { place: format!("/{}", row.line), line: Some(row.line), observation: row.observation }
}

impl Row {
    /// A fault of the row, told of the file.
    pub fn fault(&self, fault: Fault) -> Fault {
        Fault { pointer: format!("{}{}", self.place, fault.pointer), line: self.line, ..fault }
    }
}

fn of_cells(faults: &SheetFaults) -> Refusal {
    let told = Code::InvalidBody.refuse().faults(faults.first.iter().map(of_cell).collect());
    match faults.count.saturating_sub(faults.first.len()) {
        0 => told,
        rest => told.fault(more(rest)),
    }
}

fn of_cell(cell: &CellFault) -> Fault {
    let column = if cell.column.is_empty() { String::new() } else { format!("/{}", cell.column.replace('/', "~1")) };
    Fault::at(format!("/{}{column}", cell.line), cell.code)
        .with("line", cell.line)
        .with("column", &cell.column)
        .with("read", &cell.read)
        .with("wanted", &cell.wanted)
}

/// A refusal with the first hundred of some faults, and how many more there are.
pub fn refused(faults: Vec<Fault>) -> Error {
    let unknown = faults.iter().any(|fault| fault.code == "unknown-id");
    let code = if unknown { Code::UnknownReference } else { Code::InvalidBody };
    Error::from(code.refuse().faults(faults)).at_most(MOST_FAULTS)
}
