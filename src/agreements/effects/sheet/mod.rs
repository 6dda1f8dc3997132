//! Observations as a table of text (CSV): read with every mistake named, and written so that they read back unchanged.

mod cells;
pub mod model;
pub mod read;
pub mod write;

#[cfg(test)]
mod round_trip_tests;
#[cfg(test)]
mod tests;
