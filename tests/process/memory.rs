//! What the server takes of the machine's memory.

use std::net::SocketAddr;

use serde_json::json;

use crate::support::{Place, send};

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
