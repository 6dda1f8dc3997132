//! The tables as `src/schema.rs` and the migrations declare them, read from their text.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Columns by table, in their order.
pub type Tables = BTreeMap<String, Vec<String>>;

/// What `src/schema.rs` declares.
pub fn declared() -> Tables {
    let source = include_str!("../../../src/schema.rs");
    let mut tables = Tables::new();
    for block in source.split("diesel::table! {").skip(1) {
        let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("use "));
        let name = lines.next().and_then(|line| line.split_whitespace().next()).expect("a table's name");
        let columns = lines.take_while(|line| *line != "}").filter_map(|line| line.split_once(" -> "));
        tables.insert(name.to_owned(), columns.map(|(column, _)| column.to_owned()).collect());
    }
    tables
}

/// A table, or an index, as a migration makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub name: String,
    /// Column names with their types and constraints.
    pub columns: Vec<(String, String)>,
    /// What follows PRIMARY KEY, UNIQUE, FOREIGN KEY and INDEX: the word, and the columns.
    pub keys: Vec<(String, Vec<String>)>,
    /// The whole text of each key.
    pub texts: Vec<String>,
}

/// The folders of one database's migrations, in their order.
pub fn migrations(database: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
    let entries = std::fs::read_dir(folder).expect("migrations");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder").path()).collect();
    folders.sort();
    folders
}

/// Indexes of words, which cannot begin with the municipality and differ between the databases.
const FULL_TEXT: &[&str] = &["section_revisions_by_words", "agreement_texts_by_told", "agreement_texts_by_whole"];

/// Every table and index that one database's migrations make, full-text indexes aside.
pub fn made(database: &str) -> Vec<Made> {
    let texts = migrations(database).into_iter().map(|folder| std::fs::read_to_string(folder.join("up.sql")));
    let text: String = texts.map(|text| text.expect("a migration") + "\n").collect();
    let uncommented: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let mut all = Vec::new();
    for statement in uncommented.join("\n").split(';').map(str::trim).filter(|text| !text.is_empty()) {
        all.extend(read(statement));
        change(&mut all, statement);
    }
    all
}

/// What a statement changes of what was made before.
fn change(all: &mut Vec<Made>, statement: &str) {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        ["DROP", "TABLE", name] => all.retain(|made| {
            let is_of = |text: &String| text.contains(&format!(" ON {name} "));
            made.name != *name && !made.texts.iter().any(is_of)
        }),
        ["ALTER", "TABLE", name, "RENAME", "TO", other] => {
            all.iter_mut().filter(|made| made.name == *name).for_each(|made| made.name = (*other).to_owned());
        }
        ["ALTER", "TABLE", name, ..] => {
            let Some(table) = all.iter_mut().find(|made| made.name == *name) else { return };
            let actions = statement.split_once(name).expect("what is altered").1;
            // Not every comma ends an action: some stand in the list of a check.
            let added = actions.split("ADD COLUMN ").skip(1).filter(|action| !action.contains("tsvector"));
            added.for_each(|action| add_column(table, action));
            actions.split("ADD CONSTRAINT ").skip(1).for_each(|action| replace_check(table, action));
        }
        _ => {}
    }
}

fn add_column(table: &mut Made, action: &str) {
    let action = action.split(",\n").next().unwrap_or_default().trim().trim_end_matches(',');
    let (column, rest) = action.split_once(' ').expect("a column and its type");
    table.columns.push((column.to_owned(), rest.to_owned()));
}

fn replace_check(table: &mut Made, action: &str) {
    let Some((_, check)) = action.split_once("CHECK (") else { return };
    let column = check.split_whitespace().next().expect("a column");
    let (_, rest) = table.columns.iter_mut().find(|(name, _)| name == column).expect("the column of a check");
    *rest = format!("{} CHECK ({}", rest.split(" CHECK").next().unwrap_or_default(), check.trim());
}

fn read(statement: &str) -> Option<Made> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        ["CREATE", "INDEX", name, ..] if FULL_TEXT.contains(name) => None,
        ["CREATE", "TABLE", name, ..] => Some(read_table(name, statement)),
        ["CREATE", "INDEX", name, "ON", ..] | ["CREATE", "UNIQUE", "INDEX", name, "ON", ..] => {
            let keys = vec![("INDEX".to_owned(), columns_of(statement))];
            Some(Made { name: (*name).to_owned(), columns: Vec::new(), keys, texts: vec![words.join(" ")] })
        }
        _ => None,
    }
}

fn read_table(name: &str, statement: &str) -> Made {
    let inside = statement.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).expect("a list of columns").0;
    let mut made = Made { name: name.to_owned(), columns: Vec::new(), keys: Vec::new(), texts: Vec::new() };
    for line in inside.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty()) {
        let key = ["PRIMARY KEY", "UNIQUE", "FOREIGN KEY"].into_iter().find(|key| line.starts_with(key));
        match key {
            Some(key) => {
                made.keys.push((key.to_owned(), columns_of(line)));
                made.texts.push(line.to_owned());
                if let Some((_, target)) = line.split_once("REFERENCES") {
                    made.keys.push(("REFERENCES".to_owned(), columns_of(target)));
                }
            }
            None => {
                let (column, rest) = line.split_once(' ').expect("a column and its type");
                made.columns.push((column.to_owned(), rest.to_owned()));
            }
        }
    }
    made
}

/// What stands in the first brackets.
fn columns_of(text: &str) -> Vec<String> {
    let inside = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    inside.split(',').map(|column| column.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}
