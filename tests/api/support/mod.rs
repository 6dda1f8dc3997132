//! A whole application in the test's own process, on a database of its own, and clients that speak to it.

mod agreement;
mod arranging;
mod client;
mod database;
mod everything;
mod log_in;
pub mod promises;
pub mod schema;
pub mod statements;
pub mod strategy;
mod world;

pub use client::{Client, Response, let_go};
pub use database::Database;
pub use everything::Everything;
pub use log_in::PASSWORD;
pub use world::{Unit, World};

use std::num::NonZeroU32;
use std::sync::Arc;

use aftalestyring::app::{App, Settings};
use aftalestyring::auth::keys::SealingKey;
use aftalestyring::clock::Clock;
use aftalestyring::db::{Db, PoolSizes};
use aftalestyring::openapi::{document, operations};
use chrono::{DateTime, Utc};

/// The instant at which every test begins: a Monday morning a week after the letter of 2015.
pub fn beginning() -> DateTime<Utc> {
    "2014-11-10T08:00:00Z".parse().expect("an instant")
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
        Self::with(requests, &[])
    }

    /// Starts for pages of other origins.
    pub fn with_origins(origins: &[&str]) -> Self {
        Self::with(1_000_000, origins)
    }

    fn with(requests: u32, origins: &[&str]) -> Self {
        statements::watch();
        let (database, clock) = (Database::new(), Clock::fixed(beginning()));
        let db = Db::open(database.url(), PoolSizes { connections: 4, wait_seconds: 10 }, clock.clone());
        let document = document();
        let settings = Settings {
            db,
            sealing: SealingKey::parse(&"5e".repeat(32)).expect("a key"),
            public_url: "http://aftalestyring.test".to_owned(),
            allowed_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            requests_per_minute: NonZeroU32::new(requests).expect("more than none"),
            operations: operations(&document),
            document: &document,
        };
        TestApp { app: App::new(settings).expect("an application"), clock, database }
    }

    /// Somebody without a token.
    pub fn anonymous(&self) -> Client {
        Client::new(self.app.clone(), None)
    }
}
