//! The application: what every request shares, and which routes there are.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::http::Routes;
use actix_web::web;

use crate::auth::Remembered;
use crate::auth::keys::SealingKey;
use crate::auth::lockout::Lockout;
use crate::auth::password::Passwords;
use crate::auth::rate::Limits;
use crate::auth::tokens::Tokens;
use crate::config::Places;
use crate::db::Db;
use crate::error::Result;
use crate::http::Operations;
use crate::{
    agreements, clients, comments, commitments, cycles, events, goals, letters, me, openapi, organisation, sections,
    sessions, templates, users, workflow,
};

/// What every request shares.
pub struct App {
    /// The database.
    pub db: Db,
    /// Where the pages that are no part of the API are served.
    pub places: Places,
    /// Makes and checks access tokens.
    pub tokens: Tokens,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Hashes passwords, one at a time.
    pub passwords: Passwords,
    /// Slows down whoever guesses passwords.
    pub lockout: Lockout,
    /// Rights read lately.
    pub remembered: Remembered,
    /// The operations of the document.
    pub operations: Operations,
    /// The document, as it is sent.
    pub document: web::Bytes,
}

/// What an application is made with.
pub struct Settings {
    /// The database.
    pub db: Db,
    /// The key that seals signing keys.
    pub sealing: SealingKey,
    /// The address under which the server is known: the issuer of its tokens.
    pub public_url: String,
    /// Where the pages that are no part of the API are served.
    pub places: Places,
    /// Requests a minute for each caller.
    pub requests_per_minute: NonZeroU32,
}

impl App {
    /// Puts the application together; the database must be migrated.
    ///
    /// # Errors
    /// When the signing keys cannot be read.
    pub fn new(settings: Settings) -> Result<Arc<Self>> {
        let document = openapi::document();
        Ok(Arc::new(App {
            tokens: Tokens::open(settings.db.clone(), settings.sealing, settings.public_url)?,
            db: settings.db,
            places: settings.places,
            limits: Limits::per_minute(settings.requests_per_minute),
            passwords: Passwords::default(),
            lockout: Lockout::default(),
            remembered: Remembered::default(),
            operations: Operations::of(&document),
            document: serde_json::to_vec(&document)?.into(),
        }))
    }
}

/// Every route, one line per feature, in the order of the document.
pub fn routes(config: &mut impl Routes) {
    sessions::routes(config);
    clients::token_routes(config);
    me::routes(config);
    organisation::routes(config);
    users::routes(config);
    clients::routes(config);
    letters::routes(config);
    templates::routes(config);
    cycles::routes(config);
    agreements::routes(config);
    sections::routes(config);
    goals::routes(config);
    commitments::routes(config);
    comments::routes(config);
    workflow::routes(config);
    events::routes(config);
}

/// The application with its routes, in the form that a server and a test both start.
#[macro_export]
macro_rules! service {
    ($app:expr) => {{
        let app: std::sync::Arc<$crate::app::App> = $app;
        actix_web::App::new()
            .app_data(actix_web::web::Data::from(app))
            .configure(|config| $crate::app::routes(config))
            .configure($crate::pages::routes)
            .default_service(actix_web::web::to($crate::http::unknown_path))
            .wrap(actix_web::middleware::from_fn($crate::http::gate))
            .wrap(actix_web::middleware::Compress::default())
    }};
}

/// The shared state as handlers ask for it.
pub type Shared = web::Data<App>;
