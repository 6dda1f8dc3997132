//! A whole application in the test's own process, on a database of its own, and clients that speak to it.

mod agreement;
mod arranging;
mod at_once;
mod client;
mod database;
mod effect;
mod everything;
mod log_in;
pub mod promises;
pub mod schema;
pub mod statements;
pub mod strategy;
mod world;
mod written_out;

pub use at_once::{Change, at_once, change};
pub use client::{Client, Response, let_go};
pub use database::{Database, setting};
pub use effect::Measured;
pub use everything::Everything;
pub use log_in::PASSWORD;
pub use world::{Unit, World};
pub use written_out::{misfits, written_out};

use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};

use aftalestyring::app::{App, Document, Places, Settings};
use aftalestyring::auth::keys::SealingKey;
use aftalestyring::clock::Clock;
use aftalestyring::db::{Db, PoolSizes};
use aftalestyring::http::{ForwardedHeader, Proxies};
use aftalestyring::openapi::{document, operations};
use chrono::{DateTime, Utc};

/// The document and how it is sent, the same for every application.
static DOCUMENT: LazyLock<(serde_json::Value, Document)> = LazyLock::new(|| {
    let document = document();
    let sent = Document::of(&document).expect("a document");
    (document, sent)
});

/// The instant at which every test begins: a Monday morning a week after the letter of 2015.
pub fn beginning() -> DateTime<Utc> {
    "2014-11-10T08:00:00Z".parse().expect("an instant")
}

/// The ids of the people whom a dry run names.
pub fn notified(rehearsed: &serde_json::Value) -> Vec<serde_json::Value> {
    let people = rehearsed["notifies"].as_array().expect("people").iter();
    people.inspect(|one| assert_ne!(one["name"], "")).map(|one| one["person_id"].clone()).collect()
}

/// An application on a database of its own.
pub struct TestApp {
    /// The application.
    pub app: Arc<App>,
    /// Its clock, which stands still until it is moved.
    pub clock: Clock,
    /// Where its rows are; dropped with it.
    pub database: Database,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let_go();
    }
}

impl TestApp {
    /// Starts on an empty, migrated database.
    pub fn new() -> Self {
        Self::with_requests_per_minute(1_000_000)
    }

    /// Starts with a small budget for each caller.
    pub fn with_requests_per_minute(requests: u32) -> Self {
        Self::with(requests, |_| ())
    }

    /// Starts for pages of other origins.
    pub fn with_origins(origins: &[&str]) -> Self {
        let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
        Self::with(1_000_000, |settings| settings.allowed_origins = origins)
    }

    /// Starts with pages in other places.
    pub fn with_places(places: Places) -> Self {
        Self::with(1_000_000, |settings| settings.places = places)
    }

    /// Starts behind a proxy, with a small budget for each caller.
    pub fn behind(proxy: &str, requests: u32) -> Self {
        let proxies = Proxies::new(vec![proxy.parse().expect("a network")], ForwardedHeader::XForwardedFor);
        Self::with(requests, |settings| settings.proxies = proxies)
    }

    fn with(requests: u32, change: impl FnOnce(&mut Settings)) -> Self {
        statements::watch();
        let (database, clock) = (Database::new(), Clock::fixed(beginning()));
        let db = Db::open(database.url(), PoolSizes { connections: 4, wait_seconds: 60 }, clock.clone());
        let mut settings = Settings {
            db,
            sealing: SealingKey::parse(&"5e".repeat(32)).expect("a key"),
            public_url: "http://aftalestyring.test".to_owned(),
            allowed_origins: Vec::new(),
            places: Places::default(),
            proxies: Proxies::default(),
            requests_per_minute: NonZeroU32::new(requests).expect("more than none"),
            operations: operations(&DOCUMENT.0),
            document: DOCUMENT.1.clone(),
        };
        change(&mut settings);
        TestApp { app: App::new(settings).expect("an application"), clock, database }
    }

    /// Somebody without a token.
    pub fn anonymous(&self) -> Client {
        Client::new(self.app.clone(), None)
    }
}
