//! Agreements: what a unit will achieve in a cycle, in the sections that its template prescribes.
//!
//! - While it is reviewed its state follows from its sections; the last signature puts it in force.
//! - The holders are the leaders of its units today: a change of leader moves the agreement (domain rule 8).
//! - Its counterpart is the nearest unit above; while nobody leads its units it says since when.
//! - Who sees it: its writers, the coordinator and those it is shared with from the draft on; its routes, signatories
//!   and the leaders above from the first submission; everybody appointed from the approval (domain rule 6).

pub mod agreement;
pub mod api;
pub mod approval;
pub mod collaboration;
pub mod comments;
pub mod commitments;
pub mod draft;
pub mod effects;
pub mod goals;
pub mod imports;
pub mod observations;
pub mod route;
pub mod search;
pub mod sections;
pub mod views;
