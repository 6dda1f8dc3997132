//! Users: the log-ins of people, kept by administrators.
//!
//! - A log-in belongs to a person and has an e-mail address of its own in the municipality, whatever its case.
//! - A password that an administrator sets, or a log-in that is disabled, ends the sessions of the log-in at once.
//! - Nobody disables or deletes the log-in they are using, so that an administrator is left.
//! - No password and no hash of one is ever told.

pub mod api;
pub mod model;
pub mod newcomer;
pub mod policy;
pub mod store;
