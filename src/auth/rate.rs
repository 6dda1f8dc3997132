//! How often somebody may ask: a budget per person or client, per address for the anonymous.

use std::num::NonZeroU32;
use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::error::{Code, Result};

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

const FORGET_ABOVE: usize = 50_000;

/// The budgets.
#[derive(Clone)]
pub struct Limits {
    keyed: Arc<Keyed>,
    per_minute: u32,
}

/// What is left of a budget.
pub struct Allowance {
    per_minute: u32,
    remaining: u32,
}

impl Limits {
    /// As many requests a minute for each.
    pub fn per_minute(requests: NonZeroU32) -> Self {
        let keyed = RateLimiter::dashmap(Quota::per_minute(requests)).with_middleware::<StateInformationMiddleware>();
        Limits { keyed: Arc::new(keyed), per_minute: requests.get() }
    }

    /// Takes one request off the budget.
    ///
    /// # Errors
    /// 429 with the seconds to wait when nothing is left.
    pub fn check(&self, caller: &str) -> Result<Allowance> {
        if self.keyed.len() > FORGET_ABOVE {
            self.keyed.retain_recent();
        }
        match self.keyed.check_key(&caller.to_owned()) {
            Ok(state) => Ok(Allowance { per_minute: self.per_minute, remaining: state.remaining_burst_capacity() }),
            Err(refused) => {
                let wait = refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
                Err(Code::TooManyRequests.refuse().with("seconds", wait).retry_after(wait).into())
            }
        }
    }
}

impl Allowance {
    /// Tells it in the header fields of draft-ietf-httpapi-ratelimit-headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w=60", self.per_minute);
        let state = format!("\"default\";r={}", self.remaining);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}
