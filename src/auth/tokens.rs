//! Access tokens: JWTs (RFC 9068) that say who asks and never what they may.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration as Span;

use actix_web::rt::time::timeout;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::ClientScope;
use super::keys::{Keys, SealingKey};
use crate::db::Db;
use crate::error::{Code, Error, Result};
use crate::types::{Id, Ts};

/// How long an access token lives.
pub const LIFETIME: Duration = Duration::minutes(15);

/// The audience of our access tokens.
pub const AUDIENCE: &str = "aftalestyring";

/// The type of our access tokens (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";

const MOST_REMEMBERED: usize = 20_000;

/// How long after a look for keys that another process may have made a token that names an unknown one causes the next.
const LOOK_AGAIN_AFTER: Duration = Duration::seconds(1);

/// After which the keys are read again: a key that is withdrawn must count nowhere after five seconds.
const FRESH_FOR: Duration = Duration::seconds(4);

/// How long a request waits for such a look, before those that are known must do.
const LOOK_WITHIN: Span = Span::from_secs(1);

/// Whom a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A person, through a session that can be ended.
    Person {
        /// The session.
        session_id: Id,
    },
    /// A machine client.
    Client {
        /// The client.
        client_id: Id,
    },
}

impl Subject {
    /// What the token lives by: the session or the client.
    pub fn session(self) -> Id {
        match self {
            Subject::Person { session_id } => session_id,
            Subject::Client { client_id } => client_id,
        }
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The municipality.
    pub municipality: Id,
    /// Whom it speaks for.
    pub subject: Subject,
    /// The person or the client: the `sub`.
    pub owner: Id,
    /// What a client asked the token to be for; all that the client may, when none.
    pub scopes: Option<Vec<ClientScope>>,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: Id,
    municipality: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Id,
}

struct Known {
    claims: Claims,
    not_before: i64,
    expires: i64,
    kid: String,
}

/// Makes and checks access tokens.
pub struct Tokens {
    db: Db,
    sealing: SealingKey,
    issuer: String,
    /// Locked to take or to change the pointer, never while the database is asked.
    keys: RwLock<Arc<Keys>>,
    /// When the keys were looked for, in milliseconds.
    looked_at: AtomicI64,
    /// Whoever looks; the others wait for what they find.
    turn: tokio::sync::Mutex<()>,
    known: RwLock<HashMap<String, Known>>,
}

impl Tokens {
    /// Reads the keys; makes the first one where there is none.
    ///
    /// # Errors
    /// When the database fails, or a key was sealed under another secret.
    pub fn open(db: Db, sealing: SealingKey, issuer: String) -> Result<Self> {
        let keys = Arc::new(Keys::load(&db, &sealing)?);
        let looked_at = AtomicI64::new(db.clock().now().instant().timestamp_millis());
        let (keys, turn) = (RwLock::new(keys), tokio::sync::Mutex::default());
        Ok(Tokens { db, sealing, issuer, keys, looked_at, turn, known: RwLock::default() })
    }

    /// Who signs: the `iss` of the tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys of this moment.
    pub fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys of this moment, read again when they are older than four seconds and the database answers.
    pub async fn fresh_keys(&self, now: Ts) -> Arc<Keys> {
        self.look_for_keys(now, FRESH_FOR).await;
        self.keys()
    }

    /// The same on the blocking pool, and outside any transaction.
    fn keys_to_sign(&self, now: Ts) -> Arc<Keys> {
        if !self.has_looked(now, FRESH_FOR)
            && let Ok(_turn) = self.turn.try_lock()
        {
            self.take(Keys::read(&self.db, &self.sealing), now);
        }
        self.keys()
    }

    /// Signs a token for somebody, with the newest key; on the blocking pool, and outside any transaction.
    ///
    /// # Errors
    /// When signing fails: a fault of ours.
    pub fn sign(&self, claims: Claims, now: Ts) -> Result<String> {
        let keys = self.keys_to_sign(now);
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(keys.signing_kid.clone()), ..Header::new(Algorithm::ES256) };
        let seconds = now.instant().timestamp();
        let (sid, client_id) = match claims.subject {
            Subject::Person { session_id } => (Some(session_id), None),
            Subject::Client { client_id } => (None, Some(client_id)),
        };
        let wire = Wire {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: claims.owner,
            municipality: claims.municipality,
            sid,
            client_id,
            scope: claims.scopes.map(|scopes| scopes_to_text(&scopes)),
            iat: seconds,
            nbf: seconds,
            exp: seconds + LIFETIME.num_seconds(),
            jti: Id::new(),
        };
        encode(&header, &wire, &keys.signing).map_err(Error::unexpected)
    }

    /// Checks a token: once in full, afterwards by memory until it expires or its key is withdrawn. The keys are looked
    /// for every few seconds, as another process may have withdrawn or rotated them, and sooner for a token that names
    /// an unknown one; not long, nor often.
    ///
    /// # Errors
    /// 401 when it is not ours, not yet or no longer valid.
    pub async fn verify(&self, token: &str, now: Ts) -> Result<Claims> {
        let names_unknown_key =
            !self.is_known(token) && kid_of(token).is_some_and(|kid| self.keys().verifying(&kid).is_none());
        self.look_for_keys(now, if names_unknown_key { LOOK_AGAIN_AFTER } else { FRESH_FOR }).await;
        self.verify_by_known_keys(token, now)
    }

    fn is_known(&self, token: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains_key(token)
    }

    fn verify_by_known_keys(&self, token: &str, now: Ts) -> Result<Claims> {
        let seconds = now.instant().timestamp();
        let in_time = |not_before: i64, expires: i64| not_before <= seconds && seconds < expires;
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(token) {
            let valid = in_time(known.not_before, known.expires) && self.keys().verifying(&known.kid).is_some();
            return if valid { Ok(known.claims.clone()) } else { Err(Code::InvalidToken.into()) };
        }
        let (wire, kid) = self.check(token).ok_or(Code::InvalidToken)?;
        if !in_time(wire.nbf, wire.exp) {
            return Err(Code::InvalidToken.into());
        }
        let subject = match (wire.sid, wire.client_id) {
            (Some(session_id), None) => Subject::Person { session_id },
            (None, Some(client_id)) => Subject::Client { client_id },
            _ => return Err(Code::InvalidToken.into()),
        };
        let scopes = wire.scope.map(|text| text.split(' ').filter_map(ClientScope::parse).collect());
        let claims = Claims { municipality: wire.municipality, subject, owner: wire.sub, scopes };
        let mut all = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_REMEMBERED {
            all.clear();
        }
        all.insert(token.to_owned(), Known { claims: claims.clone(), not_before: wire.nbf, expires: wire.exp, kid });
        Ok(claims)
    }

    /// The signature, the algorithm, the type, the audience and the issuer; the time is for the caller.
    fn check(&self, token: &str) -> Option<(Wire, String)> {
        let kid = kid_of(token)?;
        let keys = self.keys();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // Our clock may be set; the library's may not.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let decoded = decode::<Wire>(token, keys.verifying(&kid)?, &validation).ok()?;
        Some((decoded.claims, kid))
    }

    fn has_looked(&self, now: Ts, within: Duration) -> bool {
        now.instant().timestamp_millis() - self.looked_at.load(Ordering::SeqCst) < within.num_milliseconds()
    }

    /// Has the keys read at the database's threads, by one request for all, and waits for them a moment.
    async fn look_for_keys(&self, now: Ts, after: Duration) {
        if self.has_looked(now, after) {
            return;
        }
        let look = async {
            let _turn = self.turn.lock().await;
            if !self.has_looked(now, after) {
                let sealing = self.sealing.clone();
                self.take(self.db.to_read(move |db| Keys::read(db, &sealing)).await, now);
            }
        };
        if timeout(LOOK_WITHIN, look).await.is_err() && !self.has_looked(now, after) {
            // Once for all who waited.
            self.take(Err(Error::Disconnected("it was waited for in vain".to_owned())), now);
        }
    }

    /// Takes what a look has found; after one in vain it is not looked again at once.
    fn take(&self, found: Result<Keys>, now: Ts) {
        match found {
            Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys),
            Err(error) => tracing::error!(%error, "the signing keys could not be read"),
        }
        self.looked_at.fetch_max(now.instant().timestamp_millis(), Ordering::SeqCst);
    }
}

/// The key that a token names, when it may be one of ours.
fn kid_of(token: &str) -> Option<String> {
    if token.len() > 4096 {
        return None;
    }
    let header = decode_header(token).ok()?;
    let is_ours = header.alg == Algorithm::ES256 && header.typ.as_deref()?.eq_ignore_ascii_case(TYPE);
    header.kid.filter(|_| is_ours && !demands_more(token))
}

/// Whether a header names something that must be understood, be it nothing at all: this server understands no more than
/// what stands in its own tokens (RFC 7515 §4.1.11).
fn demands_more(token: &str) -> bool {
    let header = token.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok()).unwrap_or_default();
    serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&header)
        .map_or(true, |header| header.contains_key("crit"))
}

/// Scopes as RFC 6749 §3.3 writes them.
pub fn scopes_to_text(scopes: &[ClientScope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}
