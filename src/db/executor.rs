//! The threads that work at the database: one for each connection, and first come, first served.
//!
//! A general pool of threads would let any number of them wait for a few connections, and they are woken in no order:
//! some would wait a hundred times longer than the rest. Here requests wait, not threads, and a thread that is done
//! takes up the next request without being woken for it. Passwords are hashed by such a crew of one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use tokio::sync::oneshot;

use crate::error::{Code, Error, Result};

type Job = Box<dyn FnOnce() + Send>;

/// Threads with a queue before them; they begin with the first job, and end when the executor is dropped.
pub struct Executor {
    name: &'static str,
    size: u32,
    wait: Duration,
    jobs: OnceLock<Sender<Job>>,
}

impl Executor {
    /// A executor of so many, before which nobody waits longer than said.
    pub fn new(name: &'static str, size: u32, wait: Duration) -> Self {
        Executor { name, size, wait, jobs: OnceLock::new() }
    }

    /// Has a unit of work done. It is not begun any more when nobody waits for it.
    ///
    /// # Errors
    /// 503 when its turn does not come in time; whatever the work refuses; a panic in it is a fault of ours.
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let (tell, told) = oneshot::channel();
        #[expect(clippy::disallowed_methods, reason = "a wait is measured, no time is told")]
        let (wait, asked) = (self.wait, Instant::now());
        let job = move || {
            if tell.is_closed() {
                return;
            }
            let in_time = asked.elapsed() <= wait;
            let answer = if in_time { work() } else { Err(Code::Busy.refuse().retry_after(1).into()) };
            // Whoever asked may have gone meanwhile: then there is nobody to tell.
            let _ = tell.send(answer);
        };
        let jobs = self.jobs.get_or_init(|| self.begin());
        jobs.send(Box::new(job)).map_err(|_| Error::unexpected("nobody works at the database"))?;
        told.await.map_err(|_| Error::unexpected("the work of the request panicked"))?
    }

    fn begin(&self) -> Sender<Job> {
        let (jobs, taken) = unbounded();
        for number in 1..=self.size {
            let taken = taken.clone();
            let begun = thread::Builder::new().name(format!("{}-{number}", self.name)).spawn(move || attend(&taken));
            if let Err(error) = begun {
                tracing::error!(%error, "a thread could not be started");
            }
        }
        jobs
    }
}

fn attend(jobs: &Receiver<Job>) {
    for job in jobs {
        // The panic hook has told of it, and whoever waits is told by the end of the channel.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}
