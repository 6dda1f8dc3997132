//! Every statement that a test makes the application run is read: one that touches a table of the municipalities
//! without saying which municipality is a fault, whatever it answers.

use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex, Once, PoisonError};

use aftalestyring::db::DatabaseUrl;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::{Database, schema};

/// Tables that belong to no municipality, or are the municipalities themselves: all of them may be listed.
pub const GLOBAL: &[&str] = &["signing_keys", "municipalities"];

static SCOPED: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| schema::declared().into_keys().filter(|name| !GLOBAL.contains(&name.as_str())).collect());

/// Reads every statement from here on; a connection asks once, when it is made.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_default_instrumentation(|| Some(Box::new(Watcher::default()))).expect("the only watcher");
    });
}

/// What the connections of a database have been asked so far.
#[derive(Debug, Default, Clone, Copy)]
pub struct Asked {
    /// Statements, with those that begin and end transactions: as often the database is waited for.
    pub round_trips: usize,
    /// Statements that begin with `SELECT`.
    pub selects: usize,
}

static ASKED: Mutex<Option<HashMap<String, Asked>>> = Mutex::new(None);

/// What a database has been asked so far.
pub fn asked(url: &DatabaseUrl) -> Asked {
    let (DatabaseUrl::Sqlite(url) | DatabaseUrl::Postgres(url)) = url;
    let all = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
    all.as_ref().and_then(|all| all.get(url)).copied().unwrap_or_default()
}

/// How many statements have read from a database so far.
pub fn selects(database: &Database) -> usize {
    asked(&database.url()).selects
}

#[derive(Default)]
struct Watcher {
    url: String,
    /// The municipality of the transaction that is open.
    municipality: Option<String>,
}

impl Watcher {
    fn count(&self, statement: &str) {
        let mut all = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = all.get_or_insert_default().entry(self.url.clone()).or_default();
        asked.round_trips += 1;
        asked.selects += usize::from(statement.starts_with("SELECT"));
    }

    /// A transaction stays in one municipality: where they are spread over machines it could not be one.
    fn stays(&mut self, statement: &str) {
        if statement.starts_with("BEGIN") || statement.starts_with("COMMIT") || statement.starts_with("ROLLBACK") {
            self.municipality = None;
        }
        for municipality in municipalities(statement) {
            let before = self.municipality.get_or_insert_with(|| municipality.clone());
            assert_eq!(*before, municipality, "a transaction leaves its municipality: {statement}");
        }
    }
}

impl Instrumentation for Watcher {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.url = url.to_owned(),
            InstrumentationEvent::StartQuery { query, .. } => {
                let statement = query.to_string();
                self.count(&statement);
                self.stays(&statement);
                if let Some(table) = unscoped(&statement) {
                    panic!("a statement does not say the municipality for {table}: {statement}");
                }
                assert!(!moves(&statement), "a statement assigns the municipality of rows that are there: {statement}");
            }
            _ => {}
        }
    }
}

/// Whether a statement assigns the municipality of rows that are there: where tables are spread by it, that is
/// refused even when nothing changes.
pub fn moves(statement: &str) -> bool {
    let plain = plain(statement);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let assigned = words.iter().enumerate().filter(|(_, word)| word.eq_ignore_ascii_case("SET"));
    assigned.into_iter().any(|(at, _)| {
        let rest = words.iter().skip(at + 1);
        let mut values =
            rest.take_while(|word| !["WHERE", "RETURNING", "FROM"].contains(&word.to_uppercase().as_str()));
        let mut before = "";
        values.any(|word| {
            let assigns = *word == "=" && before.rsplit('.').next() == Some("municipality_id");
            before = word;
            assigns
        })
    })
}

fn plain(statement: &str) -> String {
    let plain = statement.split("-- binds:").next().unwrap_or_default();
    plain.replace(['"', '`'], "").replace(['(', ')', ','], " ")
}

/// The municipalities that the conditions of a statement name.
fn municipalities(statement: &str) -> Vec<String> {
    let Some((_, binds)) = statement.split_once("-- binds: [") else { return Vec::new() };
    let (plain, binds) = (plain(statement), values(binds.trim_end_matches(']')));
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut seen = 0;
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let number = match word.strip_prefix('$') {
            Some(number) => number.parse().unwrap_or(0),
            None if *word == "?" => seen + 1,
            None => continue,
        };
        seen += 1;
        let names = at >= 2 && words[at - 1] == "=" && words[at - 2].rsplit('.').next() == Some("municipality_id");
        if names && let Some(value) = binds.get(number - 1) {
            found.push(value.clone());
        }
    }
    found
}

/// The values of a list as it is told, which may be lists themselves.
fn values(told: &str) -> Vec<String> {
    let (mut found, mut value, mut depth, mut quoted, mut escaped) = (Vec::new(), String::new(), 0_i32, false, false);
    for letter in told.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                found.push(std::mem::take(&mut value).trim().to_owned());
                continue;
            }
            _ => {}
        }
        value.push(letter);
    }
    found.push(value.trim().to_owned());
    found
}

/// The first table that a statement reads or changes in all municipalities at once.
pub fn unscoped(statement: &str) -> Option<String> {
    let plain = plain(statement);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let verb = words.first()?.to_uppercase();
    if !["SELECT", "UPDATE", "DELETE", "WITH"].contains(&verb.as_str()) {
        return None;
    }
    let is = |word: Option<&&str>, keyword: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(keyword));
    words.iter().enumerate().find_map(|(index, word)| {
        let keyword = word.to_uppercase();
        if !["FROM", "JOIN", "UPDATE"].contains(&keyword.as_str()) {
            return None;
        }
        let table = words.get(index + 1).filter(|table| SCOPED.contains(**table))?;
        let named = if is(words.get(index + 2), "AS") { words.get(index + 3)? } else { table };
        let rest = words.get(index + 2..)?;
        // What is selected or set stands before, or is no condition.
        let conditions = rest.iter().skip_while(|word| !["WHERE", "ON"].contains(&word.to_uppercase().as_str()));
        let wanted = format!("{named}.municipality_id");
        let scoped = conditions.copied().any(|word| word == wanted || word == "municipality_id");
        (!scoped).then(|| (*table).to_owned())
    })
}
