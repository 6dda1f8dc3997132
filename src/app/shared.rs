//! What every request shares.

use std::num::NonZeroU32;
use std::sync::Arc;

use actix_web::web;

use super::operations::{DocumentedOperation, Operations};
use super::places::Places;
use crate::auth::keys::SealingKey;
use crate::auth::lockout::Lockout;
use crate::auth::password::Passwords;
use crate::auth::rate::Limits;
use crate::auth::tokens::Tokens;
use crate::db::Db;
use crate::error::Result;
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
    /// Where the pages that are no part of the API are served.
    pub places: Places,
    /// The operations of the document.
    pub operations: Operations,
    /// The document, as it is sent.
    pub document: web::Bytes,
}

/// What an application is made with.
pub struct Settings<'a> {
    /// The database.
    pub db: Db,
    /// The key that seals signing keys.
    pub sealing: SealingKey,
    /// The address under which the server is known: the issuer of its tokens.
    pub public_url: String,
    /// The proxies in front of the server.
    pub proxies: Proxies,
    /// Requests a minute for each caller.
    pub requests_per_minute: NonZeroU32,
    /// Where the pages that are no part of the API are served.
    pub places: Places,
    /// The OpenAPI document.
    pub document: &'a serde_json::Value,
    /// The operations that it describes.
    pub operations: Vec<DocumentedOperation>,
}

impl App {
    /// Puts the application together; the database must be migrated.
    ///
    /// # Errors
    /// When the signing keys cannot be read.
    pub fn new(settings: Settings<'_>) -> Result<Arc<Self>> {
        Ok(Arc::new(App {
            places: settings.places,
            tokens: Tokens::open(settings.db.clone(), settings.sealing, settings.public_url)?,
            db: settings.db,
            proxies: settings.proxies,
            limits: Limits::per_minute(settings.requests_per_minute),
            passwords: Passwords::default(),
            lockout: Lockout::default(),
            operations: Operations::of(settings.operations),
            document: serde_json::to_vec(settings.document)?.into(),
        }))
    }
}

/// The shared state as handlers ask for it.
pub type Shared = web::Data<App>;
