//! The tests through the HTTP interface, one binary, laid out like the addresses. Each test gets a database of its
//! own: SQLite, or PostgreSQL with `AFTALESTYRING_TEST_DATABASE=postgres`.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails so")]

mod agreements;
mod clients;
mod commitments;
mod contract;
mod cycles;
mod database;
mod effects;
mod events;
mod me;
mod municipality;
mod oauth;
mod organisation;
mod sessions;
mod strategy_letters;
mod support;
mod templates;
mod users;
