//! Behind the proxy of the manual.

use crate::support::Place;
use crate::support::http::{connect, head, read_answer};
use std::io::Write;

const MANUAL: &str = include_str!("../../docs/operations.md");

/// The first block of the manual in a language.
fn block(language: &str) -> &'static str {
    let (_, rest) = MANUAL.split_once(&format!("```{language}\n")).expect("a block");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_manuals_proxy_keeps_its_clients_apart() {
    let mut place = Place::new();
    std::fs::write(place.path("aftalestyring.toml"), block("toml")).expect("a file");
    place.set("REQUESTS_PER_MINUTE", "1");
    let server = place.serve();
    // As the manual's proxy passes a request on: it adds the address that it was asked from.
    let added = |line: &&str| line.trim().ends_with(" $proxy_add_x_forwarded_for;");
    let line = block("nginx").lines().find(added).expect("the header").trim();
    let header = line.split_whitespace().nth(1).expect("its name");
    let pass_on = |sent: &str, asked_from: &str| {
        let mut stream = connect(server.address).expect("a connection");
        let request = head("GET", "/api/v1/auth-methods", "", 0);
        let value = if sent.is_empty() { asked_from.to_owned() } else { format!("{sent}, {asked_from}") };
        stream.write_all(format!("{request}{header}: {value}\r\n\r\n").as_bytes()).expect("a request");
        read_answer(stream).expect("an answer").0
    };
    assert_eq!([pass_on("", "192.0.2.1"), pass_on("", "192.0.2.2")], [200, 200]);
    assert_eq!([pass_on("", "192.0.2.1"), pass_on("192.0.2.3", "192.0.2.2")], [429, 429]);
}
