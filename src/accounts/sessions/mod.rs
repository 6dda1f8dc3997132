//! Sessions: a person logs in with e-mail and password, and stays logged in by refresh tokens.
//!
//! - A refresh token is used once and gives the next one. One that comes again was stolen, from one side or the
//!   other: the whole session ends. Only a retry is answered: it comes within seconds, before the next one is used.
//! - Each use begins a new generation of the session's tokens. Tokens of one generation stand for each other: when
//!   one of them is used, all have been.
//! - A session ends a day after it was last refreshed, and thirty days after the log-in at the latest.
//! - Whether an account exists, and whether it is disabled, cannot be told from a refusal, nor from its duration.

pub mod api;
pub mod model;
pub mod store;

pub use store::end_all;
