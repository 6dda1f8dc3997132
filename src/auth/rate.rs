//! How often somebody may ask: a budget per person or client, and some for whoever is not known: per address
//! and purpose.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::lockout::source_of;
use crate::error::{Code, Result};
use crate::types::Id;

/// What somebody without a token asks for. Each has a budget of its own: whoever reads what is public must not keep
/// others from logging in, nor those who are logged in from staying so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To log in.
    LogIn,
    /// To stay logged in.
    Refresh,
    /// A machine client's token.
    Token,
    /// What anybody may read.
    Read,
}

/// Whose budget a request is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Payer {
    /// A person or a client.
    Known(Id),
    /// Whoever calls operations without a token, from an address.
    Anonymous(Purpose, IpAddr),
    /// Whoever is refused for not being known, at an address: it must not slow those down who are.
    Refused(IpAddr),
    /// Whoever opens pages and asks for what does not exist, from an address: it must not keep people from logging in.
    Visitor(IpAddr),
}

impl Payer {
    /// Who pays, where everybody at one place shares a budget.
    fn at(self, place: fn(IpAddr) -> IpAddr) -> Self {
        match self {
            Payer::Known(id) => Payer::Known(id),
            Payer::Anonymous(purpose, address) => Payer::Anonymous(purpose, place(address)),
            Payer::Refused(address) => Payer::Refused(place(address)),
            Payer::Visitor(address) => Payer::Visitor(place(address)),
        }
    }
}

/// What one provider gives to one customer at the very most: /16, and /32 of IPv6.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() & 0xffff_0000).into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 96)).into(),
    }
}

type Keyed = RateLimiter<Payer, DashMapStateStore<Payer>, DefaultClock, StateInformationMiddleware>;

/// How many have a budget of their own. Addresses beyond them share those of their networks.
const MOST: usize = 50_000;

/// Forgetting looks at all of them, so that it happens after so many requests and not with each.
const FORGET_AFTER: usize = 1000;

/// The budgets.
#[derive(Clone)]
pub struct Limits {
    keyed: Arc<Keyed>,
    asked_while_crowded: Arc<AtomicUsize>,
    per_minute: u32,
}

/// What is left of a budget.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    per_minute: u32,
    remaining: u32,
    /// Seconds until there is something again, when the request was not granted.
    wait: Option<u64>,
}

impl Limits {
    /// As many requests a minute for each.
    pub fn per_minute(requests: NonZeroU32) -> Self {
        let keyed = RateLimiter::dashmap(Quota::per_minute(requests)).with_middleware::<StateInformationMiddleware>();
        Limits { keyed: Arc::new(keyed), asked_while_crowded: Arc::default(), per_minute: requests.get() }
    }

    /// Takes one request off a budget.
    pub fn take(&self, payer: Payer) -> Allowance {
        let (remaining, wait) = match self.keyed.check_key(&payer.at(self.place())) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(refused) => (0, Some(refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1)),
        };
        Allowance { per_minute: self.per_minute, remaining, wait }
    }

    /// The place that an address stands for: its network when not every address can have a budget of its own.
    fn place(&self) -> fn(IpAddr) -> IpAddr {
        if self.is_crowded() { network_of } else { source_of }
    }

    fn is_crowded(&self) -> bool {
        if self.keyed.len() < MOST {
            return false;
        }
        if self.asked_while_crowded.fetch_add(1, Ordering::Relaxed).is_multiple_of(FORGET_AFTER) {
            self.keyed.retain_recent();
        }
        self.keyed.len() >= MOST
    }
}

impl Allowance {
    /// Whether the request may go on.
    ///
    /// # Errors
    /// 429 with the seconds to wait when nothing was left.
    pub fn granted(&self) -> Result<()> {
        match self.wait {
            None => Ok(()),
            Some(wait) => Err(Code::TooManyRequests.refuse().with("seconds", wait).retry_after(wait).into()),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_many_addresses_takes_no_more_room_and_no_more_requests() {
        let limits = Limits::per_minute(NonZeroU32::MIN);
        let address =
            |number: u32| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8_u128 << 96) | (u128::from(number) << 64)));
        let granted = (0..200_000).filter(|number| limits.take(Payer::Visitor(address(*number))).granted().is_ok());
        assert!(granted.count() <= MOST + 1);
        assert!(limits.keyed.len() <= MOST + 1, "{} budgets", limits.keyed.len());
        // Neither others nor other budgets have paid for it.
        assert!(limits.take(Payer::Visitor(IpAddr::from([192, 0, 2, 1]))).granted().is_ok());
        assert!(limits.take(Payer::Anonymous(Purpose::Read, address(0))).granted().is_ok());
        assert!(limits.take(Payer::Known(Id::new())).granted().is_ok());
    }
}
