//! The real program, started as people start it: how it begins and ends, what its commands do, and what is left
//! after it is killed. On PostgreSQL too where `AFTALESTYRING_TEST_POSTGRES_URL` names a server.

mod commands;
mod copies;
mod kill;
mod serving;
mod support;
