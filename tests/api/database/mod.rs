//! The databases: both have the same tables, every statement says its municipality, and words are found again whatever
//! is done to the file or the server.

mod distribute;
mod full_text;
mod migrations;
mod statements;
