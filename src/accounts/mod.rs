//! Accounts: the log-ins of people, their sessions, and machine clients.

mod authentication;
pub mod clients;
pub mod names;
pub mod sessions;
pub mod users;

pub use authentication::authenticate;
