//! Passwords: Argon2id, one at a time, and as much work for somebody unknown as for somebody known.
//!
//! Each hash fills [`MEMORY`]. Taken anew each time, by whatever thread is at hand, it would stay with every one of
//! those threads; so one thread hashes all passwords, in memory that is taken once.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::try_generate_salt;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{keys::SealingKey, strength};
use crate::db::executor::Executor;
use crate::error::{Code, Error, Fault, Result};

/// Characters of the longest password: nobody makes the server hash a book.
pub const LONGEST: u64 = 200;

/// KiB of memory and rounds for each hash: what OWASP recommends of Argon2id where memory is dear.
const MEMORY: u32 = 19 * 1024;
const ROUNDS: u32 = 2;

/// How many may be inside: one at work, the others waiting.
const PLACES: usize = 17;

/// How long anybody waits for their turn; with so few places only a machine that is worn out takes as long.
const WAIT: Duration = Duration::from_secs(5);

/// What a password for an unknown account is checked against; no password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What a hash is worked out in: taken with the first one, and kept for the next.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn output(&mut self, argon: &Argon2<'_>, length: usize, password: &str, salt: &[u8]) -> Result<Output> {
        let blocks = MEMORY as usize;
        self.0.try_reserve_exact(blocks.saturating_sub(self.0.len())).map_err(Error::unexpected)?;
        self.0.resize(blocks, Block::new());
        let mut output = [0; Output::MAX_LENGTH];
        let output = output.get_mut(..length).ok_or_else(|| Error::unexpected("a hash of that length"))?;
        let password = strength::normalized(password);
        argon.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut self.0).map_err(fault)?;
        Output::new(output).map_err(fault)
    }

    fn hash(&mut self, password: &str) -> Result<String> {
        let params = Params::new(MEMORY, ROUNDS, 1, Some(Params::DEFAULT_OUTPUT_LEN)).map_err(fault)?;
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        let salt = try_generate_salt().map_err(fault)?;
        let written = ParamsString::try_from(&params).map_err(fault)?;
        let argon = Argon2::new(algorithm, version, params);
        let output = self.output(&argon, Params::DEFAULT_OUTPUT_LEN, password, &salt)?;
        let hash = PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: written,
            salt: Some(Salt::new(&salt).map_err(fault)?),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }

    fn matches(&mut self, password: &str, stored: Option<&str>) -> Result<bool> {
        let known = stored.and_then(Stored::read);
        if stored.is_some() && known.is_none() {
            tracing::error!("a stored password hash is none that this server works out: its log-in cannot be used");
        }
        let is_known = known.is_some();
        let against = known.or_else(|| Stored::read(NOBODY)).ok_or_else(|| Error::unexpected("nobody's hash"))?;
        let output = self.output(&against.argon, against.output.len(), password, &against.salt)?;
        Ok(is_known && output == against.output)
    }
}

/// A stored hash, with the parameters that it was made with.
struct Stored {
    argon: Argon2<'static>,
    salt: Salt,
    output: Output,
}

impl Stored {
    /// Reads a hash; none when it is no Argon2, or takes more memory or work than one that is made today.
    fn read(text: &str) -> Option<Self> {
        let hash = PasswordHash::new(text).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
        if params.m_cost() > MEMORY || work > u64::from(MEMORY) * u64::from(ROUNDS) {
            return None;
        }
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        Some(Stored { argon: Argon2::new(algorithm, version, params), salt: hash.salt?, output: hash.hash? })
    }
}

fn fault(error: impl Display) -> Error {
    Error::unexpected(error.to_string())
}

/// A one-time code, to be typed: four groups of letters and digits, as good as 80 random bits.
///
/// # Errors
/// When the machine has no randomness.
pub fn one_time_code() -> Result<String> {
    let digits = SealingKey::generate()?;
    let groups: Vec<&str> = (0..4).filter_map(|at| digits.get(at * 5..at * 5 + 5)).collect();
    Ok(groups.join("-"))
}

/// Hashes a password, at once and on the caller's thread: for commands.
///
/// # Errors
/// When the machine has no memory or no randomness.
pub fn hash(password: &str) -> Result<String> {
    Memory::default().hash(password)
}

#[derive(Default)]
struct Desk {
    memory: Mutex<Memory>,
    hashed: AtomicU64,
}

/// The one place of the process where passwords are hashed, and the queue before it: requests wait there, not threads.
pub struct Passwords {
    thread: Executor,
    places: Arc<Semaphore>,
    desk: Arc<Desk>,
}

impl Default for Passwords {
    fn default() -> Self {
        Passwords::waiting(WAIT)
    }
}

impl Passwords {
    fn waiting(wait: Duration) -> Self {
        Passwords {
            thread: Executor::new("passwords", 1, wait),
            places: Arc::new(Semaphore::new(PLACES)),
            desk: Arc::default(),
        }
    }

    /// Takes a place in the queue, given up when it is dropped.
    ///
    /// # Errors
    /// 503 when the queue is full.
    pub fn queue(&self) -> Result<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().map_err(|_| Code::Busy.refuse().retry_after(2).into())
    }

    /// Hashes a password that was chosen by or for somebody of whom some texts are known, when its turn comes.
    ///
    /// # Errors
    /// 422 at the place where it was sent when it is soon guessed; 503 when the queue is full, or the turn does not come
    /// in time.
    pub async fn hash(&self, password: String, known: Vec<String>, place: &'static str) -> Result<String> {
        self.work(move |memory| {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            if strength::is_guessable(&password, &known) {
                return Err(Code::InvalidBody.refuse().fault(Fault::at(place, "guessable-password")).into());
            }
            memory.hash(&password)
        })
        .await
    }

    /// Whether a password has the stored hash; none is an account that does not exist, and costs the same work.
    ///
    /// # Errors
    /// 503 when the queue is full, or the turn does not come in time.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        self.work(move |memory| memory.matches(&password, stored.as_deref())).await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> Result<T> + Send + 'static) -> Result<T> {
        let (place, desk) = (self.queue()?, self.desk.clone());
        self.thread
            .work(move |_| {
                let _place = place;
                desk.hashed.fetch_add(1, Ordering::SeqCst);
                work(&mut desk.memory.lock().unwrap_or_else(PoisonError::into_inner))
            })
            .await
    }

    /// How many passwords were hashed so far.
    pub fn hashed(&self) -> u64 {
        self.desk.hashed.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::mpsc::channel;

    use argon2::PasswordHasher;
    use futures_util::poll;

    use super::*;

    const PASSWORD: &str = "korrekt hest batteri";

    fn has(password: &str, stored: &str) -> bool {
        Memory::default().matches(password, Some(stored)).expect("memory")
    }

    #[test]
    fn a_password_has_its_own_hash_and_no_other() {
        let stored = hash(PASSWORD).expect("a hash");
        assert!(has(PASSWORD, &stored) && !has("korrekt hest batterI", &stored) && !has(PASSWORD, "none"));
    }

    #[test]
    fn a_letter_is_the_same_however_a_keyboard_puts_it_together() {
        let stored = hash("korrekt caf\u{e9} batteri").expect("a hash");
        assert!(has("korrekt cafe\u{301} batteri", &stored) && !has("korrekt cafe batteri", &stored));
    }

    #[test]
    fn memory_that_was_used_before_makes_no_difference() {
        let mut memory = Memory::default();
        let stored = memory.hash("en anden adgangskode").and_then(|_| memory.hash(PASSWORD)).expect("a hash");
        assert_eq!(memory.matches("en anden adgangskode", Some(&stored)).ok(), Some(false));
        assert_eq!(memory.matches(PASSWORD, Some(&stored)).ok(), Some(true));
        assert!(has(PASSWORD, &stored));
    }

    #[test]
    fn a_hash_is_checked_by_its_own_parameters_unless_they_are_dearer_than_ours() {
        let made = |algorithm, version, (memory, rounds, lanes, length)| {
            let params = Params::new(memory, rounds, lanes, Some(length)).expect("parameters");
            let hash: PasswordHash =
                Argon2::new(algorithm, version, params).hash_password(PASSWORD.as_bytes()).expect("a hash");
            hash.to_string()
        };
        for parameters in [(MEMORY, ROUNDS, 1, 32), (12_288, 3, 1, 16), (7_168, 5, 4, 64), (64, 1, 8, 32)] {
            let stored = made(Algorithm::Argon2id, Version::V0x13, parameters);
            assert!(has(PASSWORD, &stored) && !has("forkert", &stored), "{stored}");
        }
        assert!(has(PASSWORD, &made(Algorithm::Argon2i, Version::V0x10, (64, 3, 1, 32))));
        for parameters in [(MEMORY + 1, 1, 1, 32), (MEMORY, ROUNDS + 1, 1, 32)] {
            assert!(!has(PASSWORD, &made(Algorithm::Argon2id, Version::V0x13, parameters)));
        }
        // The largest that there are would take four terabytes, or years.
        for dear in ["m=4294967295,t=1,p=1", "m=19456,t=4294967295,p=1", "m=134217720,t=1,p=16777215"] {
            assert!(Stored::read(&NOBODY.replace("m=19456,t=2,p=1", dear)).is_none(), "{dear}");
        }
    }

    #[actix_web::test]
    async fn somebody_unknown_is_checked_with_the_parameters_of_somebody_known() {
        let parameters = |text: &str| text.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert!(Stored::read(NOBODY).is_some());
        assert_eq!(parameters(&hash(PASSWORD).expect("a hash")), parameters(NOBODY));
        let passwords = Passwords::default();
        assert_eq!(passwords.verify(PASSWORD.to_owned(), None).await.ok(), Some(false));
        assert_eq!(passwords.hashed(), 1);
    }

    #[actix_web::test]
    async fn a_full_queue_refuses_and_a_place_given_up_is_free_again() {
        let passwords = Passwords::default();
        let mut places: Vec<_> = (0..PLACES).map(|_| passwords.queue().expect("a place")).collect();
        let hash = || passwords.hash(PASSWORD.to_owned(), Vec::new(), "/password");
        let refusal = hash().await.expect_err("no place").refusal();
        assert_eq!((refusal.code, refusal.retry_after, passwords.hashed()), (Code::Busy, Some(2), 0));
        places.pop();
        assert!(hash().await.is_ok());
        assert!(passwords.queue().is_ok());
    }

    #[actix_web::test]
    async fn nothing_is_hashed_for_whoever_waited_too_long() {
        let passwords = Passwords::waiting(Duration::ZERO);
        let refusal = passwords.verify(PASSWORD.to_owned(), None).await.expect_err("too late").refusal();
        assert_eq!((refusal.code, refusal.retry_after), (Code::Busy, Some(1)));
        // The thread gives the place back when it comes to it, which may be after whoever waited was told.
        let every_place = u32::try_from(PLACES).expect("a few");
        let free = tokio::time::timeout(Duration::from_secs(30), passwords.places.acquire_many(every_place)).await;
        assert!(free.is_ok_and(|places| places.is_ok()));
        assert_eq!((passwords.places.available_permits(), passwords.hashed()), (PLACES, 0));
    }

    #[actix_web::test]
    async fn nothing_is_hashed_for_whoever_went_away() {
        let passwords = Passwords::default();
        let (open, gate) = channel::<()>();
        let mut first = pin!(passwords.work(move |_| Ok(gate.recv().is_ok())));
        assert!(poll!(&mut first).is_pending());
        {
            let mut gone = pin!(passwords.verify(PASSWORD.to_owned(), None));
            assert!(poll!(&mut gone).is_pending());
        }
        open.send(()).expect("it waits");
        assert_eq!(first.await.ok(), Some(true));
        assert_eq!(passwords.verify(PASSWORD.to_owned(), None).await.ok(), Some(false));
        assert_eq!(passwords.hashed(), 2);
        assert_eq!(passwords.places.available_permits(), PLACES);
    }
}
