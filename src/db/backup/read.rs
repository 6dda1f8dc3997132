//! Restoring a copy: all of it or nothing, into a database that holds nothing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use flate2::read::GzDecoder;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::format::{Contents, FORMAT, Line, quoted};
use crate::db::catalogue::{self, Table};
use crate::db::link::{Link, Raw};
use crate::db::migrate;
use crate::each;
use crate::error::{Error, Result};
use crate::types::hex;

const ROWS_AT_ONCE: usize = 200;

/// Restores a copy into a database that is migrated and holds nothing.
///
/// # Errors
/// When the database holds something or fits other migrations, when the copy is damaged, or when either fails;
/// the database is then as it was.
pub fn restore(link: &mut Link, copy: impl Read) -> Result<Contents> {
    let applied = migrate::applied(link)?;
    let tables = catalogue::copied(link)?;
    link.begin("BEGIN", "BEGIN IMMEDIATE")?;
    let answer = restore_inside(link, copy, &applied, &tables);
    match &answer {
        Ok(_) => link.commit().inspect_err(|_| link.rollback())?,
        Err(_) => link.rollback(),
    }
    answer
}

fn restore_inside(link: &mut Link, copy: impl Read, applied: &[String], tables: &[Table]) -> Result<Contents> {
    if let Some(table) = counts(link, tables)?.into_iter().find(|(_, rows)| *rows > 0) {
        let message = format!("the database is not empty: {} has {} rows; restore into a new one", table.0, table.1);
        return Err(Error::unexpected(message));
    }
    let references = defer_references(link)?;
    let mut lines = Lines { copy: BufReader::new(GzDecoder::new(copy)), digest: Sha256::new() };
    check_header(lines.next()?, applied)?;
    let expected = insert_rows(link, &mut lines, tables)?;
    let rows = counts(link, tables)?;
    if rows != expected {
        return Err(damaged("it does not hold the rows that it says it holds"));
    }
    check_references(link, &references)?;
    Ok(Contents { rows })
}

fn damaged(why: &str) -> Error {
    Error::unexpected(format!("the copy is damaged: {why}"))
}

struct Lines<R: Read> {
    copy: BufReader<GzDecoder<R>>,
    digest: Sha256,
}

impl<R: Read> Lines<R> {
    /// The next line; the digest covers all lines before the last one.
    fn next(&mut self) -> Result<Line> {
        let mut text = String::new();
        self.copy.read_line(&mut text).map_err(|error| damaged(&error.to_string()))?;
        if text.is_empty() {
            return Err(damaged("its end is missing"));
        }
        let line: Line = serde_json::from_str(&text).map_err(|error| damaged(&error.to_string()))?;
        if !matches!(line, Line::End { .. }) {
            self.digest.update(&text);
        }
        Ok(line)
    }
}

fn check_header(line: Line, applied: &[String]) -> Result<()> {
    match line {
        Line::Header { format, migrations, program, .. } if format == FORMAT => {
            if migrations == applied {
                return Ok(());
            }
            let newest = |names: &[String]| names.last().cloned().unwrap_or_else(|| "none".to_owned());
            let (theirs, ours) = (newest(&migrations), newest(applied));
            Err(Error::unexpected(format!(
                "the copy was made by version {program} and fits the migration {theirs}, the database has {ours}"
            )))
        }
        _ => Err(damaged("it does not begin like one")),
    }
}

fn insert_rows<R: Read>(link: &mut Link, lines: &mut Lines<R>, tables: &[Table]) -> Result<BTreeMap<String, i64>> {
    let mut batch: (String, Vec<Map<String, Value>>) = Default::default();
    loop {
        match lines.next()? {
            Line::Row { table, row } => {
                if batch.0 != table || batch.1.len() == ROWS_AT_ONCE {
                    insert(link, tables, &batch.0, &batch.1)?;
                    batch = (table, Vec::new());
                }
                batch.1.push(row);
            }
            Line::End { rows, sha256 } => {
                insert(link, tables, &batch.0, &batch.1)?;
                let found = hex(&lines.digest.clone().finalize());
                return if found == sha256 { Ok(rows) } else { Err(damaged("its checksum is another")) };
            }
            Line::Header { .. } => return Err(damaged("a second one begins inside it")),
        }
    }
}

fn insert(link: &mut Link, tables: &[Table], name: &str, rows: &[Map<String, Value>]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let table = tables.iter().find(|table| table.name == name);
    let table = table.ok_or_else(|| damaged(&format!("there is no table {name}")))?;
    let list = |value: &dyn Fn(&str, &str) -> String| {
        let all: Vec<String> = table.columns.iter().map(|column| value(&column.name, &column.kind)).collect();
        all.join(", ")
    };
    let (into, columns) = (quoted(name), list(&|name, _| quoted(name)));
    let rows = serde_json::to_string(rows)?;
    match link.raw() {
        Raw::Pg(conn) => {
            let values = list(&|name, kind| format!("CAST(r ->> '{name}' AS {kind})"));
            let sql = format!(
                "INSERT INTO {into} ({columns}) SELECT {values} FROM json_array_elements(CAST($1 AS json)) AS r"
            );
            diesel::sql_query(sql).bind::<Text, _>(rows).execute(conn)?;
        }
        Raw::Sqlite(conn) => {
            let values = list(&|name, _| format!("json_extract(r.value, '$.{name}')"));
            let sql = format!("INSERT INTO {into} ({columns}) SELECT {values} FROM json_each(?) AS r");
            diesel::sql_query(sql).bind::<Text, _>(rows).execute(conn)?;
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

fn counts(link: &mut Link, tables: &[Table]) -> Result<BTreeMap<String, i64>> {
    let mut all = BTreeMap::new();
    for table in tables {
        let sql = format!("SELECT count(*) AS rows FROM {}", quoted(&table.name));
        let count: Count = each!(link => diesel::sql_query(sql).get_result(link))?;
        all.insert(table.name.clone(), count.rows);
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    alter: String,
}

/// Rows come in the order of their tables' names, and some refer to rows of their own table: what refers to what is
/// checked once, when all of them are there.
fn defer_references(link: &mut Link) -> Result<Vec<String>> {
    match link.raw() {
        Raw::Pg(conn) => {
            let references: Vec<Reference> = diesel::sql_query(
                "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I ', conrelid::regclass, conname) AS alter \
                 FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace",
            )
            .load(conn)?;
            for reference in &references {
                conn.batch_execute(&format!("{} DEFERRABLE INITIALLY DEFERRED", reference.alter))?;
            }
            Ok(references.into_iter().map(|reference| reference.alter).collect())
        }
        Raw::Sqlite(conn) => {
            conn.batch_execute("PRAGMA defer_foreign_keys = ON")?;
            Ok(Vec::new())
        }
    }
}

/// SQLite checks them at the commit by itself.
fn check_references(link: &mut Link, references: &[String]) -> Result<()> {
    if let Raw::Pg(conn) = link.raw() {
        conn.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
        for alter in references {
            conn.batch_execute(&format!("{alter} NOT DEFERRABLE"))?;
        }
    }
    Ok(())
}
