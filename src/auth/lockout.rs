//! Guessing passwords, and secrets of clients, is slowed down where it comes from: for an account at an address, and for the address.
//!
//! Who fails at one address never locks anybody out at another. An attempt counts as a failure from its beginning,
//! so that many at once gain nothing; one that succeeds is taken back. Who goes away before the answer gains nothing
//! either: that attempt stays counted.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::Duration;

use crate::error::{Code, Error, Refusal, Result};
use crate::types::{Id, Ts};

/// Failures for an account at an address before the first delay.
const FREE: u32 = 5;

/// Seconds of the first delay; each failure more doubles it.
const FIRST_DELAY: u64 = 10;
const LONGEST_DELAY: u64 = 900;

/// Failures for whatever accounts at one address, in one window.
const PER_ADDRESS: u32 = 100;

const WINDOW: Duration = Duration::minutes(15);

/// How long failures for an account at an address are remembered.
const REMEMBERED: Duration = Duration::hours(1);

/// Entries kept; the oldest half is forgotten when there are more.
const MOST: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(Id, String, IpAddr),
    Client(Option<Id>, String, IpAddr),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    first: Ts,
    last: Ts,
}

impl Failures {
    /// Seconds until the next attempt.
    fn wait(&self, key: &Key, now: Ts) -> Option<u64> {
        let until = match key {
            Key::Account(..) | Key::Client(..) if self.count >= FREE => {
                let doubled = FIRST_DELAY << (self.count - FREE).min(10);
                self.last.plus(Duration::seconds(i64::try_from(doubled.min(LONGEST_DELAY)).unwrap_or(i64::MAX)))
            }
            Key::Address(_) if self.count >= PER_ADDRESS => self.first.plus(WINDOW),
            _ => return None,
        };
        let left = until.since(now).num_milliseconds();
        u64::try_from(left).ok().filter(|left| *left > 0).map(|left| left.div_ceil(1000))
    }

    fn is_forgotten(&self, key: &Key, now: Ts) -> bool {
        match key {
            Key::Account(..) | Key::Client(..) => now.since(self.last) >= REMEMBERED,
            Key::Address(_) => now.since(self.first) >= WINDOW,
        }
    }
}

/// An attempt to show a password, or the secret of a client.
#[derive(Debug, Clone)]
pub struct Attempt([Key; 2]);

impl Attempt {
    /// For a machine client, of a municipality when that can be told, from an address.
    pub fn of_client(municipality: Option<Id>, key: &str, address: IpAddr) -> Self {
        let source = source_of(address);
        Attempt([Key::Client(municipality, key.to_owned(), source), Key::Address(source)])
    }

    /// For an account of a municipality, from an address.
    pub fn of(municipality: Id, email: &str, address: IpAddr) -> Self {
        let source = source_of(address);
        Attempt([Key::Account(municipality, email.to_owned(), source), Key::Address(source)])
    }
}

/// Whoever has one IPv6 address has its whole /64.
pub(super) fn source_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

/// The failures of late.
#[derive(Default)]
pub struct Lockout(Mutex<HashMap<Key, Failures>>);

/// Whether the password was wrong. A new password is looked at only when the one before it was right.
fn is_guess(refusal: &Refusal) -> bool {
    let of_new_one = || refusal.faults.iter().all(|fault| fault.pointer == "/new_password");
    refusal.code == Code::InvalidCredentials || refusal.code == Code::InvalidBody && !of_new_one()
}

impl Lockout {
    /// Runs an attempt: `Ok` forgives the failures before it, `invalid-credentials` or a fault of the password counts
    /// as one more, and whatever else went wrong leaves no trace: also a new password that is refused.
    ///
    /// # Errors
    /// 429 with the seconds to wait, and whatever the attempt refuses.
    pub async fn guard<T>(&self, attempt: &Attempt, now: Ts, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.begin(attempt, now)?;
        let outcome = work.await;
        match &outcome {
            Ok(_) => self.forgive(attempt),
            Err(Error::Refused(refusal)) if is_guess(refusal) => {}
            Err(_) => self.take_back(attempt),
        }
        outcome
    }

    fn begin(&self, attempt: &Attempt, now: Ts) -> Result<()> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = attempt.0.iter().filter_map(|key| all.get(key)?.wait(key, now)).max();
        if let Some(wait) = wait {
            return Err(Code::TooManyRequests.refuse().with("seconds", wait).retry_after(wait).into());
        }
        make_room(&mut all, now);
        for key in &attempt.0 {
            let failures = all.entry(key.clone()).or_insert(Failures { count: 0, first: now, last: now });
            if failures.is_forgotten(key, now) {
                *failures = Failures { count: 0, first: now, last: now };
            }
            (failures.count, failures.last) = (failures.count.saturating_add(1), now);
        }
        Ok(())
    }

    /// The address keeps what others' accounts cost it: one account of one's own must not hide guesses at them.
    fn forgive(&self, attempt: &Attempt) {
        self.take_back(attempt);
        let [account, _] = &attempt.0;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    fn take_back(&self, attempt: &Attempt) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &attempt.0 {
            if let Some(failures) = all.get_mut(key) {
                failures.count = failures.count.saturating_sub(1);
            }
        }
    }
}

fn make_room(all: &mut HashMap<Key, Failures>, now: Ts) {
    if all.len() < MOST {
        return;
    }
    all.retain(|key, failures| !failures.is_forgotten(key, now));
    if all.len() >= MOST {
        let mut ages: Vec<Ts> = all.values().map(|failures| failures.last).collect();
        ages.sort_unstable();
        let middle = ages.get(ages.len() / 2).copied().unwrap_or(now);
        all.retain(|_, failures| failures.last > middle);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures_util::FutureExt;

    use super::*;
    use crate::error::Fault;

    fn at(seconds: i64) -> Ts {
        Ts::of(chrono::DateTime::from_timestamp(1_400_000_000 + seconds, 0).expect("an instant"))
    }

    fn guard(lockout: &Lockout, attempt: &Attempt, now: Ts, outcome: Result<()>) -> Result<()> {
        lockout.guard(attempt, now, async { outcome }).now_or_never().expect("nothing is waited for")
    }

    fn fail(lockout: &Lockout, attempt: &Attempt, now: Ts) -> Option<u64> {
        let refused = guard(lockout, attempt, now, Err(Code::InvalidCredentials.into()));
        refused.expect_err("it fails").refusal().retry_after
    }

    fn attempt(email: &str, address: &str) -> Attempt {
        Attempt::of(Id::of_name("Lilleby"), email, address.parse().expect("an address"))
    }

    #[test]
    fn delays_double_after_five_failures_and_end_with_a_success() {
        let (lockout, chief) = (Lockout::default(), attempt("chef@lilleby.example", "192.0.2.1"));
        assert!((0..5).all(|_| fail(&lockout, &chief, at(0)).is_none()));
        assert_eq!(fail(&lockout, &chief, at(0)), Some(10));
        assert_eq!(fail(&lockout, &chief, at(4)), Some(6));
        assert_eq!(fail(&lockout, &chief, at(10)), None);
        assert_eq!(fail(&lockout, &chief, at(10)), Some(20));
        assert!(guard(&lockout, &chief, at(30), Ok(())).is_ok());
        assert!((0..5).all(|_| fail(&lockout, &chief, at(30)).is_none()));
    }

    #[test]
    fn a_new_password_that_is_refused_is_no_guess_at_the_old_one() {
        let (lockout, chief) = (Lockout::default(), attempt("chef@lilleby.example", "192.0.2.1"));
        let refused = |place: &str| Code::InvalidBody.refuse().fault(Fault::at(place, "guessable-password")).into();
        assert!((0..9).all(|_| guard(&lockout, &chief, at(0), Err(refused("/new_password"))).is_err()));
        assert_eq!(fail(&lockout, &chief, at(0)), None);
        assert!((0..4).all(|_| guard(&lockout, &chief, at(0), Err(refused("/current_password"))).is_err()));
        assert_eq!(fail(&lockout, &chief, at(0)), Some(10));
    }

    #[test]
    fn a_victim_is_not_locked_out_at_another_address() {
        let lockout = Lockout::default();
        for second in 0..20 {
            fail(&lockout, &attempt("chef@lilleby.example", "192.0.2.66"), at(second));
        }
        assert!(guard(&lockout, &attempt("chef@lilleby.example", "192.0.2.1"), at(20), Ok(())).is_ok());
    }

    #[test]
    fn an_address_that_tries_everybody_is_stopped_though_it_knows_one_password() {
        let lockout = Lockout::default();
        let own = attempt("egen@lilleby.example", "2001:db8::1");
        for guess in 0..100 {
            assert_eq!(fail(&lockout, &attempt(&format!("{guess}@lilleby.example"), "2001:db8::1"), at(0)), None);
            assert!(guess > 50 || guard(&lockout, &own, at(0), Ok(())).is_ok());
        }
        assert_eq!(fail(&lockout, &attempt("en-til@lilleby.example", "2001:db8::2"), at(1)), Some(899));
        assert_eq!(fail(&lockout, &attempt("en-til@lilleby.example", "2001:db8:0:1::2"), at(1)), None);
        assert_eq!(fail(&lockout, &attempt("en-til@lilleby.example", "2001:db8::2"), at(900)), None);
    }

    #[test]
    fn whoever_goes_away_before_the_answer_has_guessed_all_the_same() {
        let (lockout, chief) = (Lockout::default(), attempt("chef@lilleby.example", "192.0.2.1"));
        for _ in 0..5 {
            assert!(lockout.guard(&chief, at(0), pending::<Result<()>>()).now_or_never().is_none());
        }
        assert_eq!(fail(&lockout, &chief, at(0)), Some(10));
    }

    #[test]
    fn a_fault_of_ours_is_nobodys_failure_and_memory_is_bounded() {
        let lockout = Lockout::default();
        let chief = attempt("chef@lilleby.example", "192.0.2.1");
        for _ in 0..20 {
            let busy = guard(&lockout, &chief, at(0), Err(Code::Busy.into()));
            assert_eq!(busy.expect_err("it is busy").code(), Code::Busy);
        }
        for guess in 0..30_000_u32 {
            let address = std::net::Ipv4Addr::from_bits(guess / 50).to_string();
            fail(&lockout, &attempt(&format!("{guess}@lilleby.example"), &address), at(i64::from(guess / 100)));
        }
        assert!(lockout.0.lock().expect("the map").len() <= MOST + 2);
    }
}
