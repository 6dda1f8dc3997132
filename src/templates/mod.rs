//! Templates: what a cycle's agreements consist of, what is demanded of them, who decides and who signs.
//!
//! - `draft → published`; a published version never changes, the next one is made from it with a number one higher.
//! - Publishing demands that every agreement made from it can be filled, decided and signed: `check` lists all that
//!   is in the way.
//! - The coordinator writes; drafts are seen by the coordinator and the directorate, published ones by everybody.

pub mod api;
pub mod cache;
pub mod check;
pub mod content_schema;
pub mod model;
pub mod policy;
pub mod state;
pub mod store;
