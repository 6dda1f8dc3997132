//! The threads that work at the database: one for each connection, and first come, first served.
//!
//! A general pool of threads would let any number of them wait for a few connections, and they are woken in no order:
//! some would wait a hundred times longer than the rest. Here requests wait, not threads, and a thread that is done
//! takes up the next request without being woken for it.
//!
//! Nobody waits longer than is configured, whatever the threads do: one that hangs in a read of its socket has no
//! other end than the system's, while whoever asked is answered in time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::error::{Code, Error, Result};

type Job = Box<dyn FnOnce() + Send>;

/// Requests that may wait for one thread; far more than it can serve in time.
const QUEUE_OF_EACH: usize = 512;

/// What a unit of work that ends in its last moment is given to tell of it.
const GRACE: Duration = Duration::from_millis(250);

/// Threads with a queue before them; they begin with the first job, and end when the executor is dropped.
pub struct Executor {
    name: &'static str,
    size: u32,
    wait: Duration,
    jobs: OnceLock<Sender<Job>>,
}

impl Executor {
    /// A executor of so many, by which nobody is kept longer than said.
    pub fn new(name: &'static str, size: u32, wait: Duration) -> Self {
        Executor { name, size, wait, jobs: OnceLock::new() }
    }

    /// Has a unit of work done, which is told until when. It is not begun any more when nobody waits for it.
    ///
    /// # Errors
    /// 503 when too many wait, when its turn does not come in time, and when it is not done in time; whatever the work
    /// refuses; a panic in it is a fault of ours.
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce(Instant) -> Result<T> + Send + 'static) -> Result<T> {
        let (tell, told) = oneshot::channel();
        let (until, begun) = (moment() + self.wait, Arc::new(AtomicBool::new(false)));
        let begins = begun.clone();
        let job = move || {
            if tell.is_closed() {
                return;
            }
            let in_time = moment() <= until;
            begins.store(in_time, Ordering::SeqCst);
            // Whoever asked may have gone meanwhile: then there is nobody to tell.
            let _ = tell.send(if in_time { work(until) } else { Err(busy()) });
        };
        match self.jobs.get_or_init(|| self.begin()).try_send(Box::new(job)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(busy()),
            Err(TrySendError::Disconnected(_)) => return Err(Error::unexpected("nobody works at the database")),
        }
        match in_time(self.wait, told).await {
            Some(told) => told.map_err(|_| Error::unexpected("the work of the request panicked"))?,
            None if begun.load(Ordering::SeqCst) => Err(Error::Disconnected("it was waited for in vain".to_owned())),
            None => Err(busy()),
        }
    }

    fn begin(&self) -> Sender<Job> {
        let places = usize::try_from(self.size).unwrap_or(1).saturating_mul(QUEUE_OF_EACH);
        let (jobs, taken) = bounded(places);
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

/// What comes of something that is waited for no longer than said; none when it did not come.
pub async fn in_time<T>(wait: Duration, coming: impl Future<Output = T>) -> Option<T> {
    timeout(wait + GRACE, coming).await.ok()
}

/// This moment, for measuring waits.
pub fn moment() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a wait is measured, no time is told")]
    Instant::now()
}

/// Too much is asked of the database at this moment.
pub fn busy() -> Error {
    Code::Busy.refuse().retry_after(1).into()
}

fn attend(jobs: &Receiver<Job>) {
    for job in jobs {
        // The panic hook has told of it, and whoever waits is told by the end of the channel.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}
