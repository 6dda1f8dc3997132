//! A database that goes away and comes back: who asks meanwhile is told when to ask again, and afterwards nobody notices.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aftalestyring::each;
use aftalestyring::types::Id;
use diesel::connection::SimpleConnection;
use serde_json::Value;

use crate::support::place::unit;
use crate::support::{Place, Postgres, Server, ask, send, wait_until};

/// One address for each way to the database: several statements, one statement, no municipality.
const READS: [&str; 3] = ["/api/v1/org-units", "/api/v1/agreements", "/api/v1/auth-methods"];

const BEFORE: u8 = 0;
const AWAY: u8 = 1;
const BACK: u8 = 2;

/// What was answered, and in which phases it was asked and answered.
struct Answer {
    path: &'static str,
    asked: u8,
    answered: u8,
    status: u16,
    later: Option<String>,
    body: Value,
}

/// Clients that read until they are told to stop.
struct Readers {
    phase: Arc<AtomicU8>,
    in_phase: [Arc<AtomicUsize>; 3],
    answers: Arc<Mutex<Vec<Answer>>>,
    threads: Vec<JoinHandle<()>>,
}

const STOP: u8 = 3;

impl Readers {
    fn on(server: &Server, token: &str) -> Self {
        let (phase, answers) = (Arc::new(AtomicU8::new(BEFORE)), Arc::<Mutex<Vec<Answer>>>::default());
        let in_phase: [Arc<AtomicUsize>; 3] = Default::default();
        let one = |path: &'static str| {
            let (address, token, phase) = (server.address, token.to_owned(), phase.clone());
            let (answers, in_phase) = (answers.clone(), in_phase.clone());
            std::thread::spawn(move || read_on(address, path, &token, &phase, &in_phase, &answers))
        };
        let threads = READS.into_iter().flat_map(|path| [path; 3]).map(one).collect();
        Readers { phase, in_phase, answers, threads }
    }

    /// Says what is going on, and waits until so many more were answered since.
    fn pass(&self, phase: u8, enough: usize) {
        self.phase.store(phase, Ordering::SeqCst);
        let count = &self.in_phase[usize::from(phase)];
        wait_until("the clients are answered", || count.load(Ordering::SeqCst) >= enough);
    }

    /// Waits until every address was refused.
    fn are_all_refused(&self) {
        let refused = |path: &str| {
            let answers = self.answers.lock().expect("a list");
            answers.iter().any(|answer| answer.path == path && answer.status == 503)
        };
        wait_until("every address is refused", || READS.iter().all(|path| refused(path)));
    }

    fn finish(self) -> Vec<Answer> {
        self.phase.store(STOP, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().expect("every request is answered");
        }
        std::mem::take(&mut *self.answers.lock().expect("a list"))
    }
}

fn read_on(
    address: SocketAddr,
    path: &'static str,
    token: &str,
    phase: &AtomicU8,
    in_phase: &[Arc<AtomicUsize>; 3],
    answers: &Mutex<Vec<Answer>>,
) {
    loop {
        let asked = phase.load(Ordering::SeqCst);
        if asked == STOP {
            return;
        }
        let (status, later, body) = ask(address, ("GET", path), token, None).expect("an answer");
        let answered = phase.load(Ordering::SeqCst);
        answers.lock().expect("a list").push(Answer { path, asked, answered, status, later, body });
        in_phase[usize::from(asked)].fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn after_the_database_was_restarted_nobody_is_refused_any_more() {
    let Some(postgres) = Postgres::start() else { return };
    let mut place = Place::on_server(&postgres.url);
    place.set("DATABASE_WAIT_SECONDS", "3");
    let (scope, client, _) = place.filled();
    let server = place.serve();
    let readers = Readers::on(&server, &place.token(scope, client));
    readers.pass(BEFORE, 60);
    readers.phase.store(AWAY, Ordering::SeqCst);
    postgres.halt();
    readers.are_all_refused();
    postgres.resume();
    readers.pass(BACK, 300);
    let answers = readers.finish();
    for answer in &answers {
        let Answer { path, asked, answered, status, later, body } = answer;
        match status {
            200 => {}
            503 if *asked == AWAY || *answered == AWAY => assert!(later.is_some(), "{path}: when to ask again: {body}"),
            _ => panic!("{path}, asked in phase {asked}, answered in phase {answered}: {status} {body}"),
        }
    }
}

#[test]
fn connections_that_the_database_has_closed_cost_no_request() {
    let Some(place) = Place::on_postgres() else { return };
    let (scope, client, _) = place.filled();
    let server = place.serve();
    let token = place.token(scope, client);
    for _ in 0..5 {
        // As many at once as there are connections, and more.
        let asking: Vec<_> = (0..32).map(|number| asked_beside(server.address, READS[number % 3], &token)).collect();
        for asked in asking {
            asked.join().expect("an answer");
        }
        for again in [true, false] {
            place.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            );
            if again {
                for path in READS {
                    let (status, _, body) = ask(server.address, ("GET", path), &token, None).expect("an answer");
                    assert_eq!(status, 200, "{path} {body}");
                }
            }
        }
        let place = format!("/api/v1/org-units/{}", Id::new());
        let body = unit("Skolen", &Value::Null);
        let (status, answer) = send(server.address, ("PUT", &place), &token, Some(&body)).expect("an answer");
        assert_eq!(status, 201, "{answer}");
    }
}

fn asked_beside(address: SocketAddr, path: &'static str, token: &str) -> JoinHandle<()> {
    let token = token.to_owned();
    std::thread::spawn(move || {
        let (status, _, body) = ask(address, ("GET", path), &token, None).expect("an answer");
        assert_eq!(status, 200, "{path} {body}");
    })
}

/// Far more than the wait that is configured in these tests, and far less than the patience of a client.
const IN_TIME: Duration = Duration::from_secs(12);

/// A token that names a key nobody has.
const FORGED: &str = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.e30.c2ln";

/// Asks, and is answered in time.
fn ask_in_time(
    address: SocketAddr,
    place: (&str, &str),
    token: &str,
    body: Option<&Value>,
) -> (u16, Option<String>, Value) {
    #[expect(clippy::disallowed_methods, reason = "a wait is measured")]
    let began = Instant::now();
    let answer = ask(address, place, token, body).expect("an answer");
    assert!(began.elapsed() < IN_TIME, "{place:?} was answered after {:?}: {answer:?}", began.elapsed());
    answer
}

#[test]
fn a_database_that_stands_still_is_waited_for_no_longer_than_configured() {
    let Some(mut postgres) = Postgres::start() else { return };
    let mut place = Place::on_server(&postgres.url);
    place.set("DATABASE_WAIT_SECONDS", "2");
    let (scope, client, _) = place.filled();
    let server = place.serve();
    let (address, token) = (server.address, place.token(scope, client));
    for path in READS {
        assert_eq!(ask(address, ("GET", path), &token, None).expect("an answer").0, 200, "{path}");
    }
    postgres.freeze();
    let units: Vec<String> = (0..8).map(|_| format!("/api/v1/org-units/{}", Id::new())).collect();
    let refused = |method: &'static str, path: String, token: String| {
        std::thread::spawn(move || {
            let body = (method == "PUT").then(|| unit("Skolen", &Value::Null));
            let (status, later, answer) = ask_in_time(address, (method, &path), &token, body.as_ref());
            assert_eq!((status, later.is_some()), (503, true), "{path} {answer}");
        })
    };
    // Many more than there are connections: most of them wait for their turn.
    let reads = (0..30).map(|number| refused("GET", READS[number % 3].to_owned(), token.clone()));
    let mut asking: Vec<_> = reads.collect();
    asking.extend(units.iter().map(|path| refused("PUT", path.clone(), token.clone())));
    let forged =
        (0..20).map(|_| std::thread::spawn(move || ask_in_time(address, ("GET", "/api/v1/me"), FORGED, None).0));
    let forged: Vec<_> = forged.collect();
    for path in ["/healthz", "/.well-known/jwks.json"] {
        assert_eq!(ask_in_time(address, ("GET", path), "", None).0, 200, "{path}");
    }
    assert!(forged.into_iter().all(|asked| asked.join().is_ok_and(|status| status == 401)));
    let (status, _, answer) = ask_in_time(address, ("GET", "/readyz"), "", None);
    assert_eq!((status, &answer["checks"]["database"]), (503, &"unreachable".into()));
    for asked in asking {
        asked.join().expect("503 in time");
    }
    postgres.thaw();
    for path in READS {
        wait_until("the database works again", || {
            ask(address, ("GET", path), &token, None).is_ok_and(|(status, ..)| status == 200)
        });
    }
    for path in &units {
        // What was refused is not done afterwards.
        assert_eq!(ask(address, ("GET", path), &token, None).expect("an answer").0, 404, "{path}");
    }
}

#[test]
fn a_file_that_another_program_has_locked_is_waited_for_no_longer_than_configured() {
    let mut place = Place::new();
    place.set("DATABASE_WAIT_SECONDS", "2");
    let (scope, client, _) = place.filled();
    let server = place.serve();
    let (address, token) = (server.address, place.token(scope, client));
    let mut other = place.link();
    each!(other => other.batch_execute("BEGIN EXCLUSIVE")).expect("the lock");
    let write = |token: String| {
        std::thread::spawn(move || {
            let (path, body) = (format!("/api/v1/org-units/{}", Id::new()), unit("Skolen", &Value::Null));
            ask_in_time(address, ("PUT", &path), &token, Some(&body))
        })
    };
    let asking: Vec<_> = (0..8).map(|_| write(token.clone())).collect();
    for path in READS {
        assert_eq!(ask_in_time(address, ("GET", path), &token, None).0, 200, "{path}");
    }
    for asked in asking {
        let (status, later, answer) = asked.join().expect("an answer in time");
        assert_eq!((status, later.is_some()), (503, true), "{answer}");
    }
    each!(other => other.batch_execute("ROLLBACK")).expect("the lock is given back");
    wait_until("writing works again", || write(token.clone()).join().is_ok_and(|(status, ..)| status == 201));
}
