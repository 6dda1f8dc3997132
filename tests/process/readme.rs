//! The README's walk, run as it stands: with bash, curl and jq against the real program.

use std::process::Command;

use crate::support::Place;

const README: &str = include_str!("../../README.md");

/// The blocks of the README that are marked as steps of the walk.
fn walk() -> String {
    let mut lines = Vec::new();
    let mut walking = false;
    for line in README.lines() {
        match line {
            "```sh walk" => walking = true,
            "```" => walking = false,
            line if walking => lines.push(line),
            _ => {}
        }
    }
    lines.join("\n")
}

#[test]
fn the_walk_in_the_readme_ends_with_an_agreement_in_force() {
    let (password, secret) = ("en god lang adgangskode", "en god lang hemmelighed");
    let mut place = Place::new();
    place.set("DEMO_PASSWORD", password);
    place.set("DEMO_CLIENT_SECRET", secret);
    let server = place.serve_demonstration();
    let done = Command::new("bash")
        .args(["-eu", "-o", "pipefail", "-c", &walk()])
        .env("API", format!("http://{}", server.address))
        .env("AFTALESTYRING_DEMO_PASSWORD", password)
        .env("AFTALESTYRING_DEMO_CLIENT_SECRET", secret)
        .output()
        .expect("bash, curl and jq");
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
    for told_once in [
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
    ] {
        assert!(told.contains(told_once), "the walk did not tell {told_once}:\n{told}");
    }
}

#[test]
fn the_demonstration_is_not_opened_to_others_with_a_password_that_nobody_chose() {
    let why = Place::new().run(&["serve", "--demo", "--listen", "0.0.0.0:0"]).complaint(1);
    assert!(why.contains("AFTALESTYRING_DEMO_PASSWORD"), "{why}");
}
