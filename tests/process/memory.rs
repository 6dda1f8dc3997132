//! What the server takes of the machine's memory, and that nothing is kept of what strangers send.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::ops::Range;

use aftalestyring::metrics::{Measured, install};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::support::http::{connect, metrics};
use crate::support::{Place, memory_of, send};

/// KiB more than a server at rest, whatever is asked of it.
const MOST_MORE: u64 = 64 * 1024;

const AT_ONCE: usize = 30;

/// So many that the address is not locked out for its failures.
const ROUNDS: usize = 3;

/// As many as wait and are worked at in an empty queue.
const PLACES: usize = 17;

#[test]
fn any_number_of_log_ins_takes_the_memory_of_one() {
    for place in Place::each() {
        place.run(&["migrate"]).good();
        place.municipality();
        let server = place.serve();
        let at_rest = server.memory("VmRSS");
        for round in 0..ROUNDS {
            let answers = log_ins(server.address, round);
            let refused = answers.iter().filter(|status| **status == 401).count();
            let busy = answers.iter().filter(|status| **status == 503).count();
            assert!(refused >= PLACES && refused + busy == AT_ONCE, "{answers:?}");
        }
        let more = server.memory("VmHWM") - at_rest;
        assert!(more <= MOST_MORE, "{more} KiB more than the {at_rest} KiB at rest");
        // It costs nothing to hash less; the work itself must have been done in that memory.
        assert!(more >= 19 * 1024, "{more} KiB is less than one password takes");
    }
}

/// Logs many in at once, wrongly.
fn log_ins(server: SocketAddr, round: usize) -> Vec<u16> {
    let log_in = move |number: usize| {
        let body = json!({"email": format!("{round}-{number}@lilleby.example"), "password": "forkert"});
        send(server, ("POST", "/api/v1/sessions"), "", Some(&body)).expect("an answer").0
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..AT_ONCE).map(|number| scope.spawn(move || log_in(number))).collect();
        all.into_iter().map(|one| one.join().expect("a log-in")).collect()
    })
}

/// Requests on one connection.
const BATCH: usize = 50;

/// KiB that may come and go.
const NOISE: u64 = 8 * 1024;

#[test]
fn twenty_thousand_odd_requests_leave_nothing_behind() {
    let mut place = Place::new();
    place.set("LOG_LEVEL", "info");
    let server = place.serve();
    flood(server.address, 0..2_000);
    let before = server.memory("VmRSS");
    flood(server.address, 2_000..22_000);
    let measured = metrics(server.address);
    let after = server.memory("VmRSS");
    assert!(after < before + NOISE, "{before} KiB became {after} KiB");
    assert!(measured.len() < 50_000, "{} bytes were measured", measured.len());
    let log = std::fs::read_to_string(place.path("log")).expect("a log");
    let longest = log.lines().map(str::len).max().expect("lines");
    assert!(longest < 500, "a line of the log has {longest} bytes");
    assert!(log.lines().count() > 22_000, "every request has its line");
}

/// Sends odd requests, no two alike, and reads the answers, from two sides at once.
fn flood(address: SocketAddr, requests: Range<usize>) {
    let batches: Vec<usize> = requests.step_by(BATCH).collect();
    std::thread::scope(|scope| {
        for side in batches.chunks(batches.len().div_ceil(2)) {
            scope.spawn(move || side.iter().for_each(|first| send_batch(address, *first)));
        }
    });
}

fn send_batch(address: SocketAddr, first: usize) {
    let last = first + BATCH - 1;
    let text: String = (first..=last).map(|number| odd(number, number == last)).collect();
    let mut stream = connect(address).expect("a connection");
    stream.write_all(text.as_bytes()).expect("requests");
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("answers");
    let refused = answers.matches("HTTP/1.1 4").count() + answers.matches("HTTP/1.1 501").count();
    assert_eq!(refused, BATCH, "{answers}");
}

/// A request that nobody has sent before.
fn odd(number: usize, is_last: bool) -> String {
    let long = "X".repeat(8_000);
    let (head, body) = match number % 8 {
        0 => (format!("M{number}{long} /healthz"), String::new()),
        1 => (format!("GET /nowhere/{number}?{long}"), String::new()),
        2 => (format!("GET /problems/kind-{number}"), String::new()),
        3 => (format!("GET /docs/{number}.js"), String::new()),
        4 => (format!("DELETE /healthz?{number}"), String::new()),
        5 => (format!("GET /api/v1/agreements/{number}"), String::new()),
        6 => ("POST /api/v1/sessions/refresh".to_owned(), format!("{{\"refresh_token\": \"{number}\"}}")),
        _ => (format!("M{number} /api/v1/{number}"), String::new()),
    };
    let header = URL_SAFE_NO_PAD.encode(format!("{{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"{number}\"}}"));
    let connection = if is_last { "close" } else { "keep-alive" };
    let length = body.len();
    format!(
        "{head} HTTP/1.1\r\nHost: {number}\r\nConnection: {connection}\r\nAuthorization: Bearer {header}.e30.c2ln\r\n\
         X-Request-Id: odd-{number}\r\nAccept-Language: x-{number}\r\nIdempotency-Key: {number}\r\n\
         If-Match: \"{number}\"\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn what_is_measured_takes_no_room_although_nobody_asks_for_it() {
    let measure = |times: usize| {
        (0..times).for_each(|_| Measured::begin(Some("GET"), Some("/of-a-test")).end(200, "", None));
    };
    install();
    measure(10_000);
    let before = memory_of(std::process::id(), "VmRSS");
    measure(1_000_000);
    let after = memory_of(std::process::id(), "VmRSS");
    assert!(after < before + NOISE, "{before} KiB became {after} KiB");
}
