//! The reader: who they are, what they may, and in which municipality and on which day.
//!
//! Roles are those of today's appointments; nothing here can be changed but what belongs to the reader alone.

pub mod api;
