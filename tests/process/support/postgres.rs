//! A PostgreSQL of a test's own, which it may stop without harm to others.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::setting;

/// A server that is removed with the test.
pub struct Postgres {
    /// The URL of its first database.
    pub url: String,
    state: String,
    child: Child,
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
        Some(Postgres { url: line(), state: line(), child })
    }

    /// Stops it, as an operator does.
    pub fn halt(&self) {
        self.ask("halt");
    }

    /// Starts it again, where it was.
    pub fn resume(&self) {
        self.ask("resume");
    }

    fn ask(&self, what: &str) {
        let done = Command::new(script()).args([what, &self.state]).status();
        assert!(done.expect("the script starts").success(), "{what}");
    }
}

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres")
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The command that the script waits for ends with its input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
