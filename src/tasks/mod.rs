//! Tasks: what waits for the reader, of every feature.

pub mod api;
