//! Users: the log-ins of people, kept by administrators.
//!
//! - A log-in belongs to a person and has an e-mail address of its own in the municipality, whatever its case.
//! - Nobody chooses another's password: a new log-in and one that is reset have a one-time code, by which the person
//!   chooses their own at the next log-in.
//! - A code that replaces a password, or a log-in that is disabled, ends the sessions of the log-in at once.
//! - Nobody disables or deletes the log-in they are using, so that an administrator is left.
//! - No password and no hash of one is ever told.

pub mod api;
pub mod model;
pub mod newcomer;
pub mod policy;
pub mod reset;
pub mod store;
