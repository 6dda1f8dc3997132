//! What the table of rights and the documents name is there: a name that was moved or taken away misleads its reader.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use aftalestyring::access::table::TABLE;

/// Whether a path names a function of these files: `file::function`, or `file::Type::function`.
fn is_function(sources: &BTreeMap<String, String>, path: &str) -> bool {
    let mut parts: Vec<&str> = path.split("::").collect();
    let function = parts.pop().expect("a name");
    if parts.last().is_some_and(|part| part.starts_with(char::is_uppercase)) {
        parts.pop();
    }
    let file = parts.join("/");
    let candidates = [format!("{file}.rs"), format!("{file}/mod.rs")];
    let found = candidates.iter().filter_map(|name| sources.get(name));
    found.into_iter().any(|source| source.contains(&format!("fn {function}(")))
}

#[test]
fn every_policy_that_the_table_of_rights_names_is_a_function() {
    let sources = super::sources();
    let gone: Vec<&str> = TABLE
        .iter()
        .map(|rule| rule.policy)
        .filter(|policy| !policy.is_empty() && !is_function(&sources, policy))
        .collect();
    assert!(gone.is_empty(), "the table names what is not there: {gone:#?}");
    assert!(!is_function(&sources, "letters::policy::nothing_of_the_kind"));
}

/// What stands between backticks in a document.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn is_path(name: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    name.contains("::") && name.split("::").all(word)
}

#[test]
fn every_module_test_and_file_that_the_documents_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (src, tests) = (super::sources(), super::read_all(&root.join("tests")));
    let all: Vec<(&String, &String)> = src.iter().chain(&tests).collect();
    let is_there = |name: &str| {
        let is_module = |file: &str| file.split('/').any(|part| part.trim_end_matches(".rs") == name);
        let declared = ["fn ", "struct ", "enum ", "trait ", "type "].map(|keyword| format!("{keyword}{name}"));
        all.iter().any(|(file, source)| is_module(file) || declared.iter().any(|words| source.contains(words)))
    };
    let is_file = |name: &str| {
        let ends = |file: &str| file == name || file.ends_with(&format!("/{name}"));
        root.join(name).exists() || all.iter().any(|(file, _)| ends(file))
    };
    let mut gone = Vec::new();
    for document in ["CONTRIBUTING.md", "docs/architecture.md", "docs/performance.md", "docs/threat-model.md"] {
        let text = fs::read_to_string(root.join(document)).expect("a document");
        for name in quoted(&text) {
            let last = name.rsplit("::").next().unwrap_or_default();
            let missing = is_path(name) && !is_there(last) || name.ends_with(".rs") && !is_file(name);
            if missing {
                gone.push(format!("{document}: {name}"));
            }
        }
    }
    assert!(gone.is_empty(), "what the documents name is not there: {gone:#?}");
}
