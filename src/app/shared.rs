//! What every request shares.

use std::io::Write;
use std::num::NonZeroU32;
use std::sync::Arc;

use actix_web::web;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::operations::{DocumentedOperation, Operations};
use super::places::Places;
use crate::auth::keys::SealingKey;
use crate::auth::lockout::Lockout;
use crate::auth::password::Passwords;
use crate::auth::rate::Limits;
use crate::auth::tokens::Tokens;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::Proxies;

/// What every request shares.
pub struct App {
    /// The database.
    pub db: Db,
    /// Makes and checks access tokens.
    pub tokens: Tokens,
    /// Whom to believe about where a request comes from.
    pub proxies: Proxies,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Hashes passwords, one at a time.
    pub passwords: Passwords,
    /// Slows down whoever guesses passwords.
    pub lockout: Lockout,
    /// Where pages may come from that call the API in a browser.
    pub allowed_origins: Vec<String>,
    /// Where the pages that are no part of the API are served.
    pub places: Places,
    /// The operations of the document.
    pub operations: Operations,
    /// The document, as it is sent.
    pub document: Document,
}

/// The document as it is sent, compressed once: it is the largest answer there is, and always the same.
#[derive(Clone)]
pub struct Document {
    /// Its ETag, with its quotes.
    pub etag: String,
    /// Its bytes.
    pub plain: web::Bytes,
    /// Its bytes, compressed with gzip.
    pub gzip: web::Bytes,
}

impl Document {
    /// Writes and compresses it.
    ///
    /// # Errors
    /// When it cannot be written: a fault of ours.
    pub fn of(document: &serde_json::Value) -> Result<Self> {
        let plain = serde_json::to_vec(document)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&plain).map_err(Error::unexpected)?;
        let gzip = gzip.finish().map_err(Error::unexpected)?;
        let digest: [u8; 32] = Sha256::digest(&plain).into();
        let digest = digest.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        Ok(Document { etag: format!("\"{digest:016x}\""), plain: plain.into(), gzip: gzip.into() })
    }
}

/// What an application is made with.
pub struct Settings {
    /// The database.
    pub db: Db,
    /// The key that seals signing keys.
    pub sealing: SealingKey,
    /// The address under which the server is known: the issuer of its tokens.
    pub public_url: String,
    /// Where pages may come from that call the API in a browser, beside those of the server itself.
    pub allowed_origins: Vec<String>,
    /// The proxies in front of the server.
    pub proxies: Proxies,
    /// Requests a minute for each caller.
    pub requests_per_minute: NonZeroU32,
    /// Where the pages that are no part of the API are served.
    pub places: Places,
    /// The OpenAPI document.
    pub document: Document,
    /// The operations that it describes.
    pub operations: Vec<DocumentedOperation>,
}

impl App {
    /// Puts the application together; the database must be migrated.
    ///
    /// # Errors
    /// When the signing keys cannot be read.
    pub fn new(settings: Settings) -> Result<Arc<Self>> {
        Ok(Arc::new(App {
            places: settings.places,
            tokens: Tokens::open(settings.db.clone(), settings.sealing, settings.public_url)?,
            db: settings.db,
            proxies: settings.proxies,
            limits: Limits::per_minute(settings.requests_per_minute),
            passwords: Passwords::default(),
            lockout: Lockout::default(),
            allowed_origins: settings.allowed_origins,
            operations: Operations::of(settings.operations),
            document: settings.document,
        }))
    }
}

/// The shared state as handlers ask for it.
pub type Shared = web::Data<App>;
