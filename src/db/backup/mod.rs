//! A copy of everything, in one form for both databases: compressed lines of JSON.
//!
//! The first line says which migrations the rows fit, then comes a line for each row, and the last one counts them
//! and holds the SHA-256 of all lines before it. Instants, ids and JSON stand in the form that the SQLite file keeps,
//! so that a copy of one database can be restored into the other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

mod read;
mod write;

pub use read::restore;
pub use write::write;

const FORMAT: &str = "aftalestyring-backup-1";

#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Header { format: String, program: String, migrations: Vec<String>, made_at: String },
    Row { table: String, row: Map<String, Value> },
    End { rows: BTreeMap<String, i64>, sha256: String },
}

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// How many rows each table has; empty tables too.
    pub rows: BTreeMap<String, i64>,
}

impl Contents {
    /// How many rows there are in all.
    pub fn total(&self) -> i64 {
        self.rows.values().sum()
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
