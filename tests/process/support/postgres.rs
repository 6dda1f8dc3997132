//! A PostgreSQL of a test's own, which it may stop without harm to others.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use aftalestyring::db::DatabaseUrl;
use aftalestyring::each;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::{setting, signal_to};

/// A server that is removed with the test.
pub struct Postgres {
    /// The URL of its first database.
    pub url: String,
    state: String,
    child: Child,
    frozen: Vec<String>,
}

impl Postgres {
    /// Starts one; none where the tests have no PostgreSQL at all.
    pub fn start() -> Option<Self> {
        setting("AFTALESTYRING_TEST_POSTGRES_URL")?;
        let tell = "echo \"$AFTALESTYRING_TEST_POSTGRES_URL\"; echo \"$AFTALESTYRING_TEST_POSTGRES_STATE\"; cat";
        let mut command = Command::new(script());
        command.args(["run", "--", "sh", "-c", tell]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the script starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut line = || lines.next().expect("a line").expect("text");
        Some(Postgres { url: line(), state: line(), child, frozen: Vec::new() })
    }

    /// Stops it, as an operator does.
    pub fn halt(&self) {
        self.ask("halt");
    }

    /// Starts it again, where it was.
    pub fn resume(&self) {
        self.ask("resume");
    }

    /// Lets none of its processes run: connections stay open, and nobody answers on them.
    pub fn freeze(&mut self) {
        let mut link = DatabaseUrl::Postgres(self.url.clone()).connect().expect("the server");
        let others = "SELECT pid::text AS pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
        let others: Vec<Process> = each!(link => sql_query(others).load(link)).expect("its processes");
        drop(link);
        let folder = std::fs::read_to_string(Path::new(&self.state).join("folder")).expect("its folder");
        let first = std::fs::read_to_string(Path::new(&folder).join("postmaster.pid")).expect("its first process");
        self.frozen = first.lines().take(1).map(|pid| pid.trim().to_owned()).collect();
        self.frozen.extend(others.into_iter().map(|process| process.pid));
        self.signal("-STOP");
    }

    /// Lets them run again.
    pub fn thaw(&mut self) {
        self.signal("-CONT");
        self.frozen.clear();
    }

    fn signal(&self, signal: &str) {
        for pid in &self.frozen {
            let _ = signal_to(signal, pid);
        }
    }

    fn ask(&self, what: &str) {
        let done = Command::new(script()).args([what, &self.state]).status();
        assert!(done.expect("the script starts").success(), "{what}");
    }
}

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres")
}

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Text)]
    pid: String,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.thaw();
        // The command that the script waits for ends with its input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
