//! What a goal and an indicator are. Pure.

use crate::text_enum;

/// The most goals of a section.
pub const MOST_GOALS: usize = 100;

/// The most indicators of a goal.
pub const MOST_INDICATORS: usize = 20;

text_enum! {
    /// Where a goal comes from.
    pub enum Origin {
        /// The council or a committee.
        Political = "political",
        /// The whole organisation.
        Corporate = "corporate",
        /// The profession.
        Professional = "professional",
        /// The unit itself.
        Own = "own",
    }
}

text_enum! {
    /// Which way an indicator should go.
    pub enum Direction {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
        /// It should stay.
        Hold = "hold",
    }
}

text_enum! {
    /// How observations of several units or dates become one.
    pub enum Aggregation {
        /// Added up.
        Sum = "sum",
        /// Their mean.
        Mean = "mean",
        /// The latest one.
        Latest = "latest",
        /// Numerators and denominators added apart.
        Ratio = "ratio",
    }
}
