//! Copies: what is restored is what was there.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::support::{Load, Place};

/// The rows of a copy. Two databases keep the same JSON value in different words.
fn rows(copy: &Path) -> Vec<Value> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(copy).expect("a copy")).read_to_string(&mut text).expect("lines");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let mut rows: Vec<Value> = lines.filter(|line| line["line"] == "row").collect();
    for value in rows.iter_mut().filter_map(|row| row["row"].as_object_mut()).flat_map(|row| row.values_mut()) {
        if let Some(json) = value.as_str().filter(|text| text.starts_with(['{', '['])).map(serde_json::from_str) {
            *value = json.expect("JSON");
        }
    }
    rows
}

/// Rows of one table that refer to each other, the later one first by its id, with what JSON and text may hold.
fn add_awkward_rows(place: &Place, municipality: &str) {
    let template = |id: &str, based_on: &str, name: &str, routes: &str| {
        format!(
            "INSERT INTO templates (municipality_id, id, name, number, based_on_id, state, applies_to, sections, routes, \
             signatories, resubmission, version, created_at, updated_at) VALUES ('{municipality}', '{id}', '{name}', 1, \
             {based_on}, 'draft', '{{}}', '[]', '{routes}', '[]', 'restart', 9007199254740993, \
             '2014-11-10T08:00:00.000001Z', '2014-11-10T08:00:00.100000Z');"
        )
    };
    let (first, second) = ("ffffffff-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002");
    let routes = r#"{"b": [1.5, "x\ny"], "a": {"å": null}, "n": 12345678901234567890123}"#;
    place.execute(&template(first, "NULL", "Første \"udgave\"", "{}"));
    place.execute(&template(second, &format!("'{first}'"), "Linje 1\nLinje 2 ’ 😀", routes));
}

/// Copies one place into another, and gives the rows of the copy and of a copy of that.
fn carry(from: &Place, to: &Place) {
    from.run(&["backup", "copy.gz"]).good();
    let copy = from.path("copy.gz").display().to_string();
    let said = to.run(&["restore", &copy]).good();
    assert!(said.contains("events, each as it was written"), "{said}");
    to.run(&["backup", "again.gz"]).good();
    assert_eq!(rows(&from.path("copy.gz")), rows(&to.path("again.gz")));
    assert_eq!(from.run(&["audit", "verify"]).good(), to.run(&["audit", "verify"]).good());
}

fn filled() -> Place {
    let place = Place::new();
    let (scope, ..) = place.filled();
    add_awkward_rows(&place, &scope.municipality().to_string());
    place
}

#[test]
fn a_copy_becomes_the_same_database_again() {
    let (from, to) = (filled(), Place::new());
    carry(&from, &to);
    std::fs::copy(from.path("aftalestyring.sqlite.key"), to.path("aftalestyring.sqlite.key")).expect("the key");
    drop(to.serve());
}

#[test]
fn without_the_old_secret_key_new_keys_make_a_restored_server_work() {
    let (from, to) = (filled(), Place::new());
    carry(&from, &to);
    let complaint = to.run(&["--log-level", "error", "serve"]).complaint(1);
    assert!(complaint.contains("sealed under another secret_key"), "{complaint}");
    to.run(&["keys", "rotate"]).good();
    drop(to.serve());
}

#[test]
fn a_copy_that_is_made_while_others_write_is_of_one_moment() {
    for from in Place::each() {
        let (scope, client, _) = from.filled();
        let server = from.serve();
        let load = Load::on(&server, &from.token(scope, client));
        for number in 1..=3 {
            load.wait_for(number * 20);
            let copy = format!("{number}.gz");
            from.run(&["backup", &copy]).good();
            // Every unit has its event in it, and every event its number: the chain is checked by restoring.
            let rows = rows(&from.path(&copy));
            let of = |table: &str| rows.iter().filter(|row| row["table"] == table).count();
            assert_eq!(of("org_units") + 1, of("events"), "a municipality's event, and one for each unit");
            Place::new().run(&["restore", &from.path(&copy).display().to_string()]).good();
        }
        server.kill();
        load.finish();
    }
}

#[test]
fn a_copy_goes_to_postgresql_and_back() {
    let Some(postgres) = Place::on_postgres() else { return };
    let (from, back) = (filled(), Place::new());
    carry(&from, &postgres);
    carry(&postgres, &back);
    assert_eq!(rows(&from.path("copy.gz")), rows(&back.path("again.gz")));
    // Writing goes on where it ended, and references are checked again.
    let refused = std::panic::catch_unwind(|| postgres.execute("DELETE FROM municipalities"));
    assert!(refused.is_err(), "a municipality that others refer to was deleted");
}

#[test]
fn a_copy_is_restored_into_an_empty_database_alone() {
    for to in Place::each() {
        let from = filled();
        from.run(&["backup", "copy.gz"]).good();
        let copy = from.path("copy.gz").display().to_string();
        to.run(&["restore", &copy]).good();
        let complaint = to.run(&["restore", &copy]).complaint(1);
        assert!(complaint.contains("the database is not empty"), "{complaint}");
        let complaint = from.run(&["backup", "copy.gz"]).complaint(1);
        assert!(complaint.contains("is there already"), "{complaint}");
    }
}

#[test]
fn a_copy_that_is_damaged_leaves_the_database_empty() {
    let from = filled();
    from.run(&["backup", "copy.gz"]).good();
    let mut text = String::new();
    let file = std::fs::File::open(from.path("copy.gz")).expect("a copy");
    GzDecoder::new(file).read_to_string(&mut text).expect("lines");
    let without_last = text.lines().take(text.lines().count() - 1).map(|line| format!("{line}\n")).collect::<String>();
    let without_a_row = text.lines().filter(|line| !line.contains("Skolecentret")).map(|line| format!("{line}\n"));
    for (damaged, why) in [
        (without_last, "its end is missing"),
        (without_a_row.collect(), "its checksum is another"),
        (text.replace("Skolecentret", "Skolecenter"), "its checksum is another"),
        (text.replace("_agreements", "_goals"), "fits the migration"),
        ("noget andet\n".to_owned(), "the copy is damaged"),
    ] {
        for to in Place::each() {
            std::fs::write(to.path("damaged.gz"), compressed(&damaged)).expect("a file");
            let complaint = to.run(&["restore", "damaged.gz"]).complaint(1);
            assert!(complaint.contains(why), "{complaint}");
            to.run(&["backup", "empty.gz"]).good();
            assert!(rows(&to.path("empty.gz")).is_empty());
        }
    }
}

fn compressed(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).expect("bytes");
    out.finish().expect("bytes")
}
