//! Strategy letters: what the directorate asks of its leaders for a year, by headings and themes.
//!
//! - `draft → published`; publishing demands a title, a heading and a theme, and advises an owner for each theme.
//! - A published letter and its themes stay as they are, except for who owns a theme: people change.
//! - A change of a theme raises the letter's version too, so that its reader sees that the whole has changed.
//! - The coordinator writes; drafts are seen by the coordinator and the directorate, published ones by everybody.

pub mod api;
pub mod cache;
pub mod goals;
pub mod model;
pub mod policy;
pub mod store;
