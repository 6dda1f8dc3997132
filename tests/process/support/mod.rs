//! A folder and a database for the program, a server that runs there, and a client that speaks HTTP to it.

pub mod http;
mod load;
pub mod place;
mod postgres;
mod server;

pub use http::{ask, send};
pub use load::Load;
pub use place::Place;
pub use postgres::Postgres;
pub use server::Server;

use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// Sends a signal to a process, by the shell's own command: a bare system has no other.
pub fn signal_to(signal: &str, process: &str) -> std::io::Result<ExitStatus> {
    Command::new("sh").args(["-c", "kill \"$0\" \"$1\"", signal, process]).stderr(Stdio::null()).status()
}

/// How long anything may take that is waited for; only what hangs takes as long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A variable of the tests themselves.
pub fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests are told by their environment where to run")]
    std::env::var(name).ok()
}

/// Waits for a condition.
#[track_caller]
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let step = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    while !condition() {
        assert!(waited < PATIENCE, "{what}: waited in vain");
        #[expect(
            clippy::disallowed_methods,
            reason = "between two looks at a condition that another process makes true"
        )]
        std::thread::sleep(step);
        waited += step;
    }
}

/// KiB of a process's memory, as the system counts them under a name.
pub fn memory_of(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
