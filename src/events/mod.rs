//! What happened, as it is read: the change feed, the audit log, and the check of its chain.

pub mod api;
mod feed;
pub mod listener;
pub mod store;
pub mod view;
