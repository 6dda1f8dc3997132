//! What was seen of an effect: measurements, assessments and the citizens' own words, of equal standing. They are
//! written at any time while the agreement stands, and change neither its sections nor their versions.

pub mod input;
pub mod model;
pub mod policy;
pub mod record;
pub mod store;
