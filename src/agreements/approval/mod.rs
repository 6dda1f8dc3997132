//! From submission to signature (domain rules 1 to 6 and 10).
//!
//! - Submitting takes every draft and returned section, freezes a revision of each and resolves its route to people.
//! - A step waits for people; whom it waits for is computed when it is read, and a change is recorded with the
//!   decision. Nobody decides on their own unit's agreement, nor on a revision that they edited.
//! - One return returns the section at once. When every section is approved the agreement is approved; when every
//!   signatory has signed it is in force.

pub mod decide;
pub mod guards;
pub mod places;
pub mod store;
pub mod submit;
pub mod waiting;
