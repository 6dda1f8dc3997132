//! Writing a copy: all tables in one snapshot, while others go on working.

use std::collections::BTreeMap;
use std::io::Write;

use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Text;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::format::{Contents, FORMAT, Line, quoted};
use crate::db::catalogue::{self, Column, Table};
use crate::db::link::{Link, Raw};
use crate::db::migrate;
use crate::error::{Error, Result};
use crate::types::Ts;
use crate::types::hex;

/// Writes everything there is.
///
/// # Errors
/// When the database or the writing fails.
pub fn write(link: &mut Link, made_at: Ts, out: impl Write) -> Result<Contents> {
    let migrations = migrate::applied(link)?;
    link.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN")?;
    let answer = write_snapshot(link, migrations, made_at, out);
    link.rollback();
    answer
}

fn write_snapshot(link: &mut Link, migrations: Vec<String>, made_at: Ts, out: impl Write) -> Result<Contents> {
    let mut lines = Lines { out: GzEncoder::new(out, Compression::default()), digest: Sha256::new() };
    let program = env!("CARGO_PKG_VERSION").to_owned();
    lines.put(&Line::Header { format: FORMAT.to_owned(), program, migrations, made_at: made_at.to_string() })?;
    let mut rows = BTreeMap::new();
    for table in catalogue::copied(link)? {
        let mut count = 0;
        each_row(link, &table, |row| {
            count += 1;
            lines.put(&Line::Row { table: table.name.clone(), row: serde_json::from_str(&row)? })
        })?;
        rows.insert(table.name, count);
    }
    let sha256 = hex(&lines.digest.clone().finalize());
    lines.put(&Line::End { rows: rows.clone(), sha256 })?;
    lines.out.finish().and_then(|mut out| out.flush()).map_err(Error::unexpected)?;
    Ok(Contents { rows })
}

struct Lines<W: Write> {
    out: GzEncoder<W>,
    digest: Sha256,
}

impl<W: Write> Lines<W> {
    fn put(&mut self, line: &Line) -> Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.digest.update(&text);
        self.out.write_all(&text).map_err(Error::unexpected)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    content: String,
}

/// One row after the other, never all of them: the events of ten years do not fit into memory.
fn each_row(link: &mut Link, table: &Table, mut then: impl FnMut(String) -> Result<()>) -> Result<()> {
    match link.raw() {
        Raw::Pg(conn) => {
            let query = diesel::sql_query(select(table, "json_build_object", of_postgres, " COLLATE \"C\""));
            for row in query.load_iter::<Row, PgRowByRowLoadingMode>(conn)? {
                then(row?.content)?;
            }
        }
        Raw::Sqlite(conn) => {
            let query = diesel::sql_query(select(table, "json_object", |column| quoted(&column.name), ""));
            for row in query.load_iter::<Row, DefaultLoadingMode>(conn)? {
                then(row?.content)?;
            }
        }
    }
    Ok(())
}

/// Ordered by the primary key, and alike on both databases.
fn select(table: &Table, object: &str, value: impl Fn(&Column) -> String, text_order: &str) -> String {
    let pairs: Vec<String> =
        table.columns.iter().map(|column| format!("'{}', {}", column.name, value(column))).collect();
    let order = |column: &Column| {
        let order = if column.kind == "text" { text_order } else { "" };
        format!("{}{order}", quoted(&column.name))
    };
    let keys: Vec<String> = table.columns.iter().filter(|column| column.is_key).map(order).collect();
    let (pairs, from, keys) = (pairs.join(", "), quoted(&table.name), keys.join(", "));
    format!("SELECT CAST({object}({pairs}) AS text) AS content FROM {from} ORDER BY {keys}")
}

/// A value in the form that the SQLite file keeps.
fn of_postgres(column: &Column) -> String {
    let name = quoted(&column.name);
    match column.kind.as_str() {
        "timestamptz" => format!("to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
        "json" => format!("CAST({name} AS text)"),
        "bool" => format!("CAST({name} AS integer)"),
        _ => name,
    }
}
