//! The real program, started as people start it: how it begins and ends, what its commands do, and what is left
//! after it is killed. On PostgreSQL too where `AFTALESTYRING_TEST_POSTGRES_URL` names a server.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails so")]

mod away;
mod commands;
mod copies;
mod grants;
mod kill;
mod memory;
mod proxy;
mod readme;
mod serving;
mod several;
mod support;
