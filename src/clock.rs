//! The only reader of time: UTC, cut to microseconds, settable in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};

use crate::types::Ts;

/// Where the present comes from.
#[derive(Clone, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Clock::default()
    }

    /// A clock that stands still at an instant until it is moved.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Clock { fixed: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))) }
    }

    /// The present instant.
    pub fn now(&self) -> Ts {
        match &self.fixed {
            Some(micros) => {
                Ts::of(DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or(DateTime::UNIX_EPOCH))
            }
            #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
            None => Ts::of(Utc::now()),
        }
    }

    /// Moves a fixed clock; the machine's clock stays as it is.
    pub fn advance(&self, span: Duration) {
        if let Some(micros) = &self.fixed {
            micros.fetch_add(span.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}
