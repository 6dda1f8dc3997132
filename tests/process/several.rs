//! Several servers on one database: what must happen once happens once, and what one has changed the others know.
#![expect(clippy::disallowed_methods, reason = "how long it takes until another server knows is what is promised")]

use std::io::Write;
use std::time::{Duration, Instant};

use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::http::{connect, head, metrics, read_answer};
use crate::support::place::unit;
use crate::support::{Place, Server, send, wait_until};

/// As long as anything is remembered that another server has changed, and a moment to be asked in.
const REMEMBERED: Duration = Duration::from_secs(6);

/// A place with two servers, where several can be.
fn two() -> Option<(Place, String, [Server; 2])> {
    let place = Place::on_postgres()?;
    let (_, _, token) = place.filled();
    let servers = [place.serve(), place.serve()];
    Some((place, token, servers))
}

#[test]
fn a_unit_that_comes_to_both_at_once_is_made_once() {
    let Some((place, token, servers)) = two() else { return };
    let (_, before) = send(servers[0].address, ("GET", "/api/v1/events?after=0"), &token, None).expect("events");
    for round in 0..20 {
        let (path, body) =
            (format!("/api/v1/org-units/{}", Id::new()), unit(&format!("Børnehus {round}"), &Value::Null));
        let mut answered = std::thread::scope(|scope| {
            let put = |server: &Server| {
                let (address, path, token, body) = (server.address, &path, &token, &body);
                scope.spawn(move || send(address, ("PUT", path), token, Some(body)).expect("an answer").0)
            };
            let both = servers.each_ref().map(put);
            both.map(|one| one.join().expect("an answer"))
        });
        answered.sort_unstable();
        assert_eq!(answered, [200, 201], "{path}");
    }
    let since = format!("/api/v1/events?after={}", before["next"].as_str().expect("a place"));
    for server in &servers {
        let (_, events) = send(server.address, ("GET", &since), &token, None).expect("events");
        let made: Vec<&Value> = events["items"].as_array().expect("events").iter().map(|one| &one["subject"]).collect();
        let mut once = made.clone();
        once.sort_by_key(|id| id.to_string());
        once.dedup();
        assert_eq!((made.len(), once.len()), (20, 20), "{events}");
    }
    place.run(&["audit", "verify"]).good();
}

#[test]
fn who_may_no_more_is_refused_by_every_server_within_seconds() {
    let Some((place, token, servers)) = two() else { return };
    let asked =
        |server: &Server| send(server.address, ("GET", "/api/v1/org-units"), &token, None).expect("an answer").0;
    assert_eq!(servers.each_ref().map(asked), [200, 200]);
    place.execute("UPDATE clients SET disabled = true");
    let began = Instant::now();
    wait_until("both refuse", || servers.each_ref().map(asked) == [401, 401]);
    assert!(began.elapsed() < REMEMBERED, "{:?}", began.elapsed());
}

#[test]
fn who_waits_at_one_server_hears_what_happens_at_the_other() {
    let Some((_place, token, [one, other])) = two() else { return };
    let mut stream = connect(other.address).expect("a connection");
    let head = head("GET", "/api/v1/events?after=4&wait=30", &token, 0);
    stream.write_all(format!("{head}\r\n").as_bytes()).expect("a request");
    wait_until("the request waits", || metrics(other.address).lines().any(|line| line == "event_requests_waiting 1"));
    let (id, began) = (Id::new(), Instant::now());
    let put =
        send(one.address, ("PUT", &format!("/api/v1/org-units/{id}")), &token, Some(&unit("Solsikken", &Value::Null)));
    assert_eq!(put.expect("an answer").0, 201);
    let (status, answer) = read_answer(stream).expect("an answer");
    assert_eq!((status, &answer["items"][0]["subject"]), (200, &json!(id)));
    assert!(began.elapsed() < REMEMBERED, "{:?}", began.elapsed());
}
