//! The databases: both have the same tables, and every statement says its municipality.

mod migrations;
mod statements;
