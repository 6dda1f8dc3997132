//! How the server begins and ends.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::http::{connect, head, metrics, read_answer};
use crate::support::place::unit;
use crate::support::{Place, send, wait_until};

#[test]
fn it_starts_in_an_empty_folder_by_itself() {
    let place = Place::new();
    let server = place.serve();
    let (status, answer) = send(server.address, ("GET", "/readyz"), "", None).expect("an answer");
    assert_eq!((status, &answer["status"]), (200, &Value::from("ready")));
    let (status, document) = send(server.address, ("GET", "/openapi.json"), "", None).expect("an answer");
    assert_eq!((status, document["openapi"].is_string()), (200, true));
    let (status, _) = send(server.address, ("GET", "/docs/"), "", None).expect("an answer");
    assert_eq!(status, 200);
    for file in ["aftalestyring.sqlite", "aftalestyring.sqlite.key"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.path(file)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_server_that_is_told_to_stop_finishes_what_it_began() {
    for place in Place::each() {
        place.run(&["migrate"]).good();
        let scope = place.municipality();
        let client = place.client(scope);
        for signal in ["-TERM", "-INT"] {
            let server = place.serve();
            let token = place.token(scope, client);
            // Another connection that only waits must not hold it up.
            let mut idle = connect(server.address).expect("a connection");
            idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
            let mut line = String::new();
            BufReader::new(idle.try_clone().expect("a connection")).read_line(&mut line).expect("an answer");
            assert_eq!(line, "HTTP/1.1 200 OK\r\n");

            let (path, body) = (format!("/api/v1/org-units/{}", Id::new()), unit("Skolen", &Value::Null).to_string());
            let mut stream = connect(server.address).expect("a connection");
            let head = format!("{}Expect: 100-continue\r\n\r\n", head("PUT", &path, &token, body.len()));
            stream.write_all(head.as_bytes()).expect("a request");
            let mut interim = BufReader::with_capacity(1, stream.try_clone().expect("a connection"));
            let mut line = String::new();
            interim.read_line(&mut line).expect("an interim answer");
            assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
            interim.read_line(&mut line).expect("its end");

            server.terminate(signal);
            wait_until("the port is closed", || TcpStream::connect(server.address).is_err());
            stream.write_all(body.as_bytes()).expect("the body");
            let (status, answer) = read_answer(stream).expect("an answer");
            assert_eq!(status, 201, "{answer}");
            assert_eq!(server.ended(), Some(0));
        }
        place.run(&["audit", "verify"]).good();
    }
}

#[test]
fn a_server_that_is_told_to_stop_answers_those_who_wait_for_events() {
    for mut place in Place::each() {
        // Too short for anybody to wait to the end.
        place.set("SHUTDOWN_SECONDS", "10");
        let (scope, client, _) = place.filled();
        let server = place.serve();
        let mut stream = connect(server.address).expect("a connection");
        let head = head("GET", "/api/v1/events?after=4&wait=30", &place.token(scope, client), 0);
        stream.write_all(format!("{head}\r\n").as_bytes()).expect("a request");
        wait_until("the request waits", || {
            metrics(server.address).lines().any(|line| line == "event_requests_waiting 1")
        });
        server.terminate("-TERM");
        let (status, answer) = read_answer(stream).expect("an answer");
        assert_eq!((status, answer), (200, json!({"items": [], "next": "4"})));
        assert_eq!(server.ended(), Some(0));
    }
}

#[test]
fn a_port_that_is_taken_is_told_in_one_sentence_and_nothing_is_touched() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let place = Place::new();
    let complaint = place.run(&["--listen", &address, "serve"]).complaint(1);
    assert_eq!(complaint, format!("aftalestyring: cannot listen on {address}: Address already in use (os error 98)\n"));
    assert!(!place.path("aftalestyring.sqlite").exists());
}

#[test]
fn a_database_that_cannot_be_reached_is_told_in_one_sentence() {
    let place = Place::new();
    let complaint = place.run(&["--database-url", "sqlite:findes/ikke.sqlite", "--log-level", "error", "serve"]);
    let complaint = complaint.complaint(1);
    let begins = "aftalestyring: the database cannot be reached: the SQLite file findes/ikke.sqlite: ";
    assert!(complaint.starts_with(begins) && complaint.lines().count() == 1, "{complaint}");
    let mut place = Place::new();
    place.set("SECRET_KEY", &"5e".repeat(32));
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let url = format!("postgres://bruger:kodeord@{nobody}/base");
    let complaint = place.run(&["--database-url", &url, "--log-level", "error", "serve"]).complaint(1);
    assert!(complaint.starts_with("aftalestyring: the database cannot be reached: PostgreSQL: "), "{complaint}");
    assert!(complaint.lines().count() == 1 && !complaint.contains("kodeord"), "{complaint}");
}

#[test]
fn the_health_of_the_server_is_asked_where_it_is_configured_to_listen() {
    let place = Place::new();
    let server = place.serve();
    let address = server.address.to_string();
    place.run(&["--listen", &address, "healthcheck"]).good();
    server.terminate("-TERM");
    assert_eq!(server.ended(), Some(0));
    let complaint = place.run(&["--listen", &address, "healthcheck"]).complaint(1);
    assert!(complaint.contains("nobody answers on"), "{complaint}");
}

#[test]
fn the_log_tells_no_secret() {
    let place = Place::new();
    let (_, _, token) = place.filled();
    let log = std::fs::read_to_string(place.path("log")).expect("a log");
    let key = std::fs::read_to_string(place.path("aftalestyring.sqlite.key")).expect("a key");
    assert!(log.contains("answered") && log.contains("/api/v1/org-units/{id}"), "{log}");
    for secret in [token.as_str(), key.trim(), "Børnehuset"] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

#[test]
fn the_log_can_be_read_by_programs() {
    let mut place = Place::new();
    place.set("LOG_FORMAT", "json");
    place.set("LOG_LEVEL", "info");
    place.filled();
    let log = std::fs::read_to_string(place.path("log")).expect("a log");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let put = |line: &&Value| line["target"] == "access" && line["method"] == "PUT";
    let answered = lines.iter().find(put).expect("a request");
    assert_eq!((&answered["status"], &answered["route"]), (&201.into(), &"/api/v1/org-units/{id}".into()));
    assert!(answered["request_id"].is_string(), "{answered}");
}

/// How many connections to a port there are, as its server sees them.
fn connections(port: u16) -> usize {
    let (table, local) = (std::fs::read_to_string("/proc/net/tcp").expect("connections"), format!(":{port:04X}"));
    let established = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.get(1).is_some_and(|address| address.ends_with(&local)) && words.get(3) == Some(&"01")
    };
    table.lines().filter(established).count()
}

#[test]
fn who_asks_and_never_reads_is_given_up() {
    let server = Place::new().serve();
    let port = server.address.port();
    wait_until("nobody is connected", || connections(port) == 0);
    let mut greedy = connect(server.address).expect("a connection");
    let request = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    greedy.set_nonblocking(true).expect("a connection");
    // Until neither side takes any more.
    let mut refused = 0;
    wait_until("the server takes no more", || {
        refused = if greedy.write(request).is_ok() { 0 } else { refused + 1 };
        refused > 100
    });
    assert_eq!(connections(port), 1);
    wait_until("the server gives it up", || connections(port) == 0);
}

#[test]
fn a_secret_that_was_chosen_is_not_printed() {
    let (password, secret) = ("en god lang adgangskode", "en god lang hemmelighed");
    let mut place = Place::new();
    place.set("DEMO_PASSWORD", password);
    place.set("DEMO_CLIENT_SECRET", secret);
    let told = place.serve_demonstration().told_until("HR client").join("\n");
    assert!(!told.contains(password) && !told.contains(secret), "{told}");
    let told = Place::new().serve_demonstration().told_until("HR client").join("\n");
    let made = |label: &str| told.lines().find_map(|line| line.trim().strip_prefix(label)).unwrap_or_default().trim();
    assert!(made("password").len() >= 20 && made("HR client").contains(", secret "), "{told}");
}
