//! The map of `src/lib.rs` holds: imports go one way, between features and inside each of them.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails so")]

mod arrows;
mod rules;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every file of `src/`, by its path below it.
fn sources() -> BTreeMap<String, String> {
    fn read(folder: &Path, root: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder of src") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read(&path, root, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("below src").to_str().expect("a name").to_owned();
                found.insert(name, fs::read_to_string(&path).expect("a file of src"));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    read(&root, &root, &mut found);
    found
}

/// The same files, with a line added to one of them.
fn planted(file: &str, line: &str) -> BTreeMap<String, String> {
    let mut sources = sources();
    let source = sources.get_mut(file).unwrap_or_else(|| panic!("there is a file {file}"));
    source.push_str(line);
    sources
}

#[test]
fn every_import_goes_down_the_map() {
    let broken = rules::broken(&sources());
    assert!(broken.is_empty(), "{} imports go the wrong way:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = arrows::circles(&arrows::of(&sources()));
    assert!(circles.is_empty(), "files that import each other in a circle:\n{circles:#?}");
}

#[test]
fn every_folder_stands_on_the_map() {
    let sources = sources();
    let map = rules::map(&sources);
    for file in sources.keys().filter(|file| !matches!(file.as_str(), "lib.rs" | "main.rs")) {
        let feature = rules::feature(file);
        assert!(map.contains(&feature.to_owned()), "{feature} is missing from the map in lib.rs");
    }
}

#[test]
fn a_planted_import_against_the_map_is_found_and_named() {
    for (file, line, named) in [
        ("cycles/store.rs", "use crate::agreements::agreement::store::find as planted;", "agreements"),
        ("db/link.rs", "fn planted() { crate::organisation::is_cached; }", "organisation"),
        ("letters/model.rs", "mod planted { use crate::letters::{store::{self}}; }", "letters/store.rs"),
        (
            "agreements/goals/store.rs",
            "use crate::agreements::approval::guards as planted;",
            "agreements/approval/guards.rs",
        ),
        ("agreements/views/goal.rs", "use crate::agreements::api::goals as planted;", "agreements/api/goals/mod.rs"),
        ("templates/store.rs", "fn planted() { each!(conn => super::api::routes); }", "templates/api/mod.rs"),
    ] {
        let broken = rules::broken(&planted(file, line));
        assert_eq!(broken.len(), 1, "{line} in {file}: {broken:?}");
        assert!(broken[0].contains(file) && broken[0].contains(named), "{}", broken[0]);
    }
}

#[test]
fn a_planted_circle_is_found() {
    let sources = planted("types/key.rs", "use super::quantity::Quantity as Planted;");
    assert!(arrows::circles(&arrows::of(&sources)).is_empty(), "an arrow alone is no circle");
    let mut sources = sources;
    sources.get_mut("types/quantity.rs").expect("a file").push_str("use super::key::is_key as planted;");
    assert_eq!(arrows::circles(&arrows::of(&sources)), [["types/key.rs", "types/quantity.rs"]]);
}
