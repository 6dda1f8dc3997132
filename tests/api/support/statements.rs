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

/// How many statements have read from each database.
static SELECTS: Mutex<Option<HashMap<String, usize>>> = Mutex::new(None);

/// How many statements have read from a database so far.
pub fn selects(database: &Database) -> usize {
    let (DatabaseUrl::Sqlite(url) | DatabaseUrl::Postgres(url)) = database.url();
    let counted = SELECTS.lock().unwrap_or_else(PoisonError::into_inner);
    counted.as_ref().and_then(|all| all.get(&url)).copied().unwrap_or_default()
}

#[derive(Default)]
struct Watcher {
    url: String,
}

impl Watcher {
    fn count(&self, statement: &str) {
        if statement.starts_with("SELECT") {
            let mut counted = SELECTS.lock().unwrap_or_else(PoisonError::into_inner);
            *counted.get_or_insert_default().entry(self.url.clone()).or_default() += 1;
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
                if let Some(table) = unscoped(&statement) {
                    panic!("a statement does not say the municipality for {table}: {statement}");
                }
            }
            _ => {}
        }
    }
}

/// The first table that a statement reads or changes in all municipalities at once.
pub fn unscoped(statement: &str) -> Option<String> {
    let plain = statement.split("-- binds:").next().unwrap_or_default();
    let plain = plain.replace(['"', '`'], "").replace(['(', ')', ','], " ");
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
