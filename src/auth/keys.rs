//! The keys that sign access tokens: made at first start, sealed at rest, published, rotated.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use crate::db::{Db, Link};
use crate::each;
use crate::error::{Error, Result};
use crate::schema::signing_keys;
use crate::types::{Id, Json, Ts};

/// How long a key that signs no more is still accepted: longer than any access token lives.
const RETIRED_FOR: chrono::Duration = chrono::Duration::hours(1);

/// The key under which signing keys are sealed: 32 bytes.
#[derive(Clone)]
pub struct SealingKey([u8; 32]);

impl SealingKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// A sentence that says what it may be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "must be 64 hexadecimal digits (32 bytes)".to_owned();
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut key = [0; 32];
        for (index, byte) in key.iter_mut().enumerate() {
            let digits = text.get(index * 2..index * 2 + 2).unwrap_or_default();
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        Ok(SealingKey(key))
    }

    /// A new key, as 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn generate() -> Result<String> {
        let mut key = [0; 32];
        rand::fill(&mut key).map_err(|_| Error::unexpected("no randomness"))?;
        Ok(crate::types::hex(&key))
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        let key =
            UnboundKey::new(&AES_256_GCM, &self.0).map_err(|_| Error::unexpected("the sealing key is unusable"))?;
        Ok(LessSafeKey::new(key))
    }

    fn seal(&self, secret: &[u8]) -> Result<String> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| Error::unexpected("no randomness"))?;
        let mut sealed = secret.to_vec();
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .map_err(|_| Error::unexpected("a key could not be sealed"))?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn open(&self, sealed: &str) -> Result<Vec<u8>> {
        let wrong = || Error::unexpected("a signing key was sealed under another secret_key than the one configured");
        let bytes = STANDARD.decode(sealed).map_err(|_| wrong())?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut rest = rest.to_vec();
        let plain = self.cipher()?.open_in_place(nonce, Aad::empty(), &mut rest).map_err(|_| wrong())?;
        Ok(plain.to_vec())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
struct Row {
    kid: String,
    algorithm: String,
    public_jwk: Json,
    private_sealed: String,
    created_at: Ts,
    retired_at: Option<Ts>,
}

/// The keys of this moment: one signs, all verify.
pub struct Keys {
    /// The id of the key that signs.
    pub signing_kid: String,
    /// The key that signs.
    pub signing: EncodingKey,
    verifying: Vec<(String, DecodingKey)>,
    /// What is published (RFC 7517).
    pub published: JwkSet,
}

impl Keys {
    /// The key of an id.
    pub fn verifying(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifying.iter().find(|(known, _)| known == kid).map(|(_, key)| key)
    }

    /// Reads the keys; makes the first one where there is none.
    ///
    /// # Errors
    /// When the database fails, or a key was sealed under another secret.
    pub fn load(db: &Db, sealing: &SealingKey) -> Result<Self> {
        let now = db.clock().now();
        if !read(db, now)?.iter().any(|row| row.retired_at.is_none()) {
            db.write_global(|link| insert(link, sealing, now))?;
        }
        Self::read(db, sealing)
    }

    /// Reads the keys that are there.
    ///
    /// # Errors
    /// When the database fails, there is none, or one was sealed under another secret.
    pub fn read(db: &Db, sealing: &SealingKey) -> Result<Self> {
        Self::of(read(db, db.clock().now())?, sealing)
    }

    fn of(rows: Vec<Row>, sealing: &SealingKey) -> Result<Self> {
        let signing = rows.iter().find(|row| row.retired_at.is_none());
        let signing = signing.ok_or_else(|| Error::unexpected("there is no signing key"))?;
        let jwks = rows.iter().map(|row| Ok(row.public_jwk.read::<Jwk>()?)).collect::<Result<Vec<Jwk>>>()?;
        let verifying = rows
            .iter()
            .zip(&jwks)
            .map(|(row, jwk)| Ok((row.kid.clone(), DecodingKey::from_jwk(jwk).map_err(Error::unexpected)?)))
            .collect::<Result<Vec<_>>>()?;
        Ok(Keys {
            signing_kid: signing.kid.clone(),
            signing: EncodingKey::from_ec_der(&sealing.open(&signing.private_sealed)?),
            verifying,
            published: JwkSet { keys: jwks },
        })
    }
}

/// Makes a new signing key; the ones before it go on verifying until the last token they signed has expired.
///
/// # Errors
/// When the database fails.
pub fn rotate(db: &Db, sealing: &SealingKey) -> Result<String> {
    let now = db.clock().now();
    db.write_global(|link| {
        let kid = insert(link, sealing, now)?;
        each!(link => diesel::update(signing_keys::table
            .filter(signing_keys::kid.ne(&kid).and(signing_keys::retired_at.is_null())))
            .set(signing_keys::retired_at.eq(now.plus(RETIRED_FOR))).execute(link))?;
        Ok(kid)
    })
}

/// Withdraws keys: from the next look on, within five seconds in every process, no token that they signed counts.
/// Another key is made where none is left to sign.
///
/// # Errors
/// The ids that no key has that still counts, and then nothing is withdrawn; when the database fails.
pub fn withdraw(db: &Db, sealing: &SealingKey, kids: &[String]) -> Result<Result<(), Vec<String>>> {
    let now = db.clock().now();
    db.write_global(|link| {
        let counting = rows(link, now)?;
        let unknown: Vec<String> =
            kids.iter().filter(|kid| counting.iter().all(|row| row.kid != **kid)).cloned().collect();
        if !unknown.is_empty() {
            return Ok(Err(unknown));
        }
        each!(link => diesel::update(signing_keys::table.filter(signing_keys::kid.eq_any(kids)))
            .set(signing_keys::retired_at.eq(now)).execute(link))?;
        if counting.iter().filter(|row| row.retired_at.is_none()).all(|row| kids.contains(&row.kid)) {
            insert(link, sealing, now)?;
        }
        Ok(Ok(()))
    })
}

/// A key as it is listed.
pub struct Listed {
    /// Its id, as tokens name it.
    pub kid: String,
    /// When it was made.
    pub created_at: Ts,
    /// Until when it counts; none for the one that signs.
    pub counts_until: Option<Ts>,
}

/// The keys that count, the newest first.
///
/// # Errors
/// When the database fails.
pub fn list(db: &Db) -> Result<Vec<Listed>> {
    let listed = |row: Row| Listed { kid: row.kid, created_at: row.created_at, counts_until: row.retired_at };
    Ok(read(db, db.clock().now())?.into_iter().map(listed).collect())
}

fn read(db: &Db, now: Ts) -> Result<Vec<Row>> {
    db.global(|link| rows(link, now))
}

/// The newest first.
fn rows(link: &mut Link, now: Ts) -> Result<Vec<Row>> {
    Ok(each!(link => signing_keys::table
        .filter(signing_keys::retired_at.is_null().or(signing_keys::retired_at.gt(now)))
        .order((signing_keys::created_at.desc(), signing_keys::kid))
        .select(Row::as_select()).load(link))?)
}

fn insert(link: &mut Link, sealing: &SealingKey, now: Ts) -> Result<String> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
        .map_err(|_| Error::unexpected("a signing key could not be made"))?;
    let pkcs8 = pair.to_pkcs8v1().map_err(|_| Error::unexpected("a signing key could not be written"))?;
    let kid = Id::new().to_string();
    let signing = EncodingKey::from_ec_der(pkcs8.as_ref());
    let mut jwk = Jwk::from_encoding_key(&signing, Algorithm::ES256).map_err(Error::unexpected)?;
    jwk.common.key_id = Some(kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk.common.key_operations = Some(vec![KeyOperations::Verify]);
    let row = Row {
        kid: kid.clone(),
        algorithm: "ES256".to_owned(),
        public_jwk: Json::of(&jwk),
        private_sealed: sealing.seal(pkcs8.as_ref())?,
        created_at: now,
        retired_at: None,
    };
    each!(link => diesel::insert_into(signing_keys::table).values(&row).execute(link))?;
    Ok(kid)
}
