//! The tests through the HTTP interface, one binary, laid out like the addresses. Each test gets a database of its
//! own: SQLite, or PostgreSQL with `AFTALESTYRING_TEST_DATABASE=postgres`.

mod database;
mod organisation;
mod support;
