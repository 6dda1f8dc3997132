//! Threads that serve many requests never wait for the database: where one does, all its requests do.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;

thread_local! {
    static FORBIDDEN: Cell<bool> = const { Cell::new(false) };
}

/// Forbids it until it is dropped.
struct Forbidden(bool);

impl Forbidden {
    fn begin() -> Self {
        Forbidden(FORBIDDEN.replace(true))
    }
}

impl Drop for Forbidden {
    fn drop(&mut self) {
        FORBIDDEN.set(self.0);
    }
}

/// Runs what must leave the database to its own threads. Where it does not, builds with debug assertions panic, and so
/// does every test that comes by.
pub async fn never_waiting<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|context| {
        let _forbidden = Forbidden::begin();
        work.as_mut().poll(context)
    })
    .await
}

/// Whether this thread is running such work.
pub fn is_forbidden() -> bool {
    FORBIDDEN.get()
}
