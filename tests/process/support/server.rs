//! A running server.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use super::{PATIENCE, memory_of, send, signal_to, wait_until};

/// A server that is ended with the test.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    told: Receiver<String>,
}

impl Server {
    /// Starts it, and waits until it can work.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let (tell, told) = channel();
        let output = BufReader::new(child.stdout.take().expect("its output"));
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let first = told.recv_timeout(PATIENCE).expect("it says where it listens");
        let address = first.rsplit(' ').next().and_then(|text| text.parse().ok()).expect("an address");
        let server = Server { address, child, told };
        wait_until("the server is ready", || {
            send(address, ("GET", "/readyz"), "", None).is_ok_and(|(status, _)| status == 200)
        });
        server
    }

    /// What it prints after its first line, until one that holds some words.
    pub fn told_until(&self, words: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while !lines.last().is_some_and(|line: &String| line.contains(words)) {
            lines.push(self.told.recv_timeout(PATIENCE).expect("a line"));
        }
        lines
    }

    /// KiB of its memory, as the system counts them under a name.
    pub fn memory(&self, name: &str) -> u64 {
        memory_of(self.child.id(), name)
    }

    /// Asks it to stop.
    pub fn terminate(&self, signal: &str) {
        let sent = signal_to(signal, &self.child.id().to_string());
        assert!(sent.expect("kill").success());
    }

    /// Waits for its end, and says how it ended.
    pub fn ended(mut self) -> Option<i32> {
        let mut status = None;
        wait_until("the server ends", || {
            status = self.child.try_wait().expect("a child");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().expect("it ran");
        self.child.wait().expect("a child");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
