//! The walks of the documents, run as they stand: with bash, curl and jq against the real program.

use std::process::Command;

use crate::support::Place;

/// The blocks of a document that are marked as steps of a walk.
fn walk(document: &str) -> String {
    let mut lines = Vec::new();
    let mut walking = false;
    for line in document.lines() {
        match line {
            "```sh walk" => walking = true,
            "```" => walking = false,
            line if walking => lines.push(line),
            _ => {}
        }
    }
    lines.join("\n")
}

/// Runs a walk to its end, and gives what it told.
fn walked(document: &str, place: &Place, variables: &[(&str, &str)]) -> String {
    let mut bash = Command::new("bash");
    bash.args(["-eu", "-o", "pipefail", "-c", &walk(document)]);
    let done = place.prepared(bash).envs(variables.iter().copied()).output().expect("bash, curl and jq");
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
    told
}

fn assert_told(told: &str, once: &[&str]) {
    for part in once {
        assert!(told.contains(part), "the walk did not tell {part}:\n{told}");
    }
}

#[test]
fn the_walk_in_the_readme_ends_with_an_agreement_in_force() {
    let (password, secret) = ("en god lang adgangskode", "en god lang hemmelighed");
    let mut place = Place::new();
    place.set("DEMO_PASSWORD", password);
    place.set("DEMO_CLIENT_SECRET", secret);
    let server = place.serve_demonstration();
    let api = format!("http://{}", server.address);
    let told = walked(include_str!("../../README.md"), &place, &[("API", &api)]);
    let once = [
        "Skriv og indsend Aftale 2015 for Social- og Handicapcentret",
        "»Plan for arbejdet med borger- og brugereffekter« skal udfyldes",
        "Det anbefales at nævne en samarbejdspartner",
        "\"state\": \"confirmed\"",
        "\"would_succeed\": true",
        "\"code\": \"not-your-step\"",
        "Skriv, hvem der følger op, og hvornår.",
        "\"state\": \"in_force\"",
        "Alle har underskrevet; aftalen er i kraft.",
        "\"managed_by\": \"hr-demo\"",
        "\"role\": \"leader\"",
    ];
    assert_told(&told, &once);
}

#[test]
fn the_first_year_of_an_empty_database_ends_with_an_agreement_that_is_submitted() {
    for place in Place::each() {
        let server = place.serve();
        let (api, docs) = (format!("http://{}", server.address), concat!(env!("CARGO_MANIFEST_DIR"), "/docs"));
        let told = walked(include_str!("../../docs/first-year.md"), &place, &[("API", &api), ("DOCS", docs)]);
        let once = [
            "are handed over too",
            "\"state\": \"published\"",
            "Børnehuset Ærten: Enheden får en aftale efter skabelonen Aftale med virksomheden.",
            "Staben: Enheden får ingen aftale, fordi",
            "\"agreements\": 2",
            "Skriv og indsend",
            "\"state\": \"in_review\"",
        ];
        assert_told(&told, &once);
    }
}

#[test]
fn the_walk_through_effects_tells_what_was_seen_and_how_it_goes() {
    let mut place = Place::new();
    place.set("DEMO_PASSWORD", "en god lang adgangskode");
    let server = place.serve_demonstration();
    let api = format!("http://{}", server.address);
    let told = walked(include_str!("../../docs/effects.md"), &place, &[("API", &api)]);
    let once = [
        "second: 200",
        "contradicted",
        "Der er én måling: 61 % den 30. september 2014.",
        "{\"created\":5,\"replaced\":0,\"unchanged\":0,\"agreements\":1}",
        "Linje 6, kolonne »værdi«: »1.234« kan læses som to forskellige tal.",
        "{\"created\":0,\"replaced\":0,\"unchanged\":8,\"agreements\":0}",
        "indlæste observationer.",
        "small-n: Observationen er om færre end 5.",
    ];
    assert_told(&told, &once);
}

#[test]
fn the_demonstration_is_not_opened_to_others_with_a_password_that_nobody_chose() {
    let why = Place::new().run(&["serve", "--demo", "--listen", "0.0.0.0:0"]).complaint(1);
    assert!(why.contains("AFTALESTYRING_DEMO_PASSWORD"), "{why}");
}
