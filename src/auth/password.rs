//! Passwords: Argon2id, one at a time, and as much work for somebody unknown as for somebody known.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::{Code, Error, Result};

/// Characters of the shortest password that may be set.
pub const SHORTEST: usize = 12;

/// Characters of the longest password: nobody makes the server hash a book.
pub const LONGEST: u64 = 200;

/// KiB of memory and rounds for each hash: what OWASP recommends of Argon2id where memory is dear.
const MEMORY: u32 = 19 * 1024;
const ROUNDS: u32 = 2;

/// How many may be inside: one at work, the others waiting.
const PLACES: usize = 17;

/// What a password for an unknown account is checked against; no password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn argon() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY, ROUNDS, 1, None).map_err(|error| Error::unexpected(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password, at once and on the caller's thread: for commands.
///
/// # Errors
/// When the machine has no memory or no randomness.
pub fn hash(password: &str) -> Result<String> {
    let hash: PasswordHash =
        argon()?.hash_password(password.as_bytes()).map_err(|error| Error::unexpected(error.to_string()))?;
    Ok(hash.to_string())
}

fn matches(password: &str, stored: Option<&str>) -> Result<bool> {
    let parsed = stored.and_then(|text| PasswordHash::new(text).ok());
    let known = parsed.is_some();
    let hash = match parsed {
        Some(hash) => hash,
        None => PasswordHash::new(NOBODY).map_err(|error| Error::unexpected(error.to_string()))?,
    };
    let right = argon()?.verify_password(password.as_bytes(), &hash).is_ok();
    Ok(known && right)
}

/// The one place of the process where passwords are hashed, and the queue before it.
#[derive(Default)]
pub struct Passwords {
    turn: Mutex<()>,
    inside: AtomicUsize,
    hashed: AtomicU64,
}

/// A place in the queue, given up when it is dropped.
pub struct Place<'a>(&'a Passwords);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Place<'_> {
    fn work<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let _turn = self.0.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.hashed.fetch_add(1, Ordering::SeqCst);
        work()
    }
}

impl Passwords {
    /// Takes a place in the queue.
    ///
    /// # Errors
    /// 503 when the queue is full.
    pub fn queue(&self) -> Result<Place<'_>> {
        let place = Place(self);
        if self.inside.fetch_add(1, Ordering::SeqCst) >= PLACES {
            return Err(Code::Busy.refuse().retry_after(2).into());
        }
        Ok(place)
    }

    /// Hashes a password when its turn comes; on the blocking pool only.
    ///
    /// # Errors
    /// 503 when the queue is full.
    pub fn hash(&self, password: &str) -> Result<String> {
        self.queue()?.work(|| hash(password))
    }

    /// Whether a password has the stored hash; none is an account that does not exist, and costs the same work.
    ///
    /// # Errors
    /// 503 when the queue is full.
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        self.queue()?.work(|| matches(password, stored))
    }

    /// How many passwords were hashed so far.
    pub fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_its_own_hash_and_no_other() {
        let stored = hash("korrekt hest batteri").expect("a hash");
        assert_eq!(matches("korrekt hest batteri", Some(&stored)).ok(), Some(true));
        assert_eq!(matches("korrekt hest batterI", Some(&stored)).ok(), Some(false));
        assert_eq!(matches("korrekt hest batteri", Some("none")).ok(), Some(false));
    }

    #[test]
    fn somebody_unknown_is_checked_with_the_parameters_of_somebody_known() {
        let parameters = |text: &str| text.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert_eq!(parameters(&hash("korrekt hest batteri").expect("a hash")), parameters(NOBODY));
        let passwords = Passwords::default();
        assert_eq!(passwords.verify("korrekt hest batteri", None).ok(), Some(false));
        assert_eq!(passwords.hashed(), 1);
    }

    #[test]
    fn a_full_queue_refuses_and_a_place_given_up_is_free_again() {
        let passwords = Passwords::default();
        let mut places: Vec<Place<'_>> = (0..PLACES).map(|_| passwords.queue().expect("a place")).collect();
        let refusal = passwords.queue().err().expect("no place").refusal();
        assert_eq!((refusal.code, refusal.retry_after), (Code::Busy, Some(2)));
        places.pop();
        assert!(passwords.queue().is_ok());
    }
}
