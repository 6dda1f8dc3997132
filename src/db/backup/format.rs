//! The lines of a copy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) const FORMAT: &str = "aftalestyring-backup-1";

#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
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

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
