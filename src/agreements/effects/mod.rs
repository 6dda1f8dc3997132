//! How far an effect is reached: read from what was seen of it, in exact numbers, and always with the reasons. Pure, but
//! for what gathers the observations.

pub mod coverage;
pub mod covered;
pub mod exact;
pub mod inherited;
pub mod picture;
pub mod reading;
pub mod roll_up;
pub mod series;
pub mod sheet;
pub mod status;
