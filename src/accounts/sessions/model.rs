//! How long a session lasts. Pure.

use chrono::Duration;

use crate::types::Ts;

/// From one refresh to the next.
const IDLE: Duration = Duration::hours(24);

/// From the log-in.
const LONGEST: Duration = Duration::days(30);

/// Ended and expired sessions are kept this long, with their used refresh tokens.
pub const KEPT: Duration = Duration::days(30);

/// When a session ends that began at an instant and is refreshed now.
pub fn expires_at(began: Ts, now: Ts) -> Ts {
    now.plus(IDLE).min(began.plus(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lasts_a_day_and_a_month_at_most() {
        let began = Ts::of("2014-11-10T08:00:00Z".parse().expect("an instant"));
        assert_eq!(expires_at(began, began), began.plus(Duration::days(1)));
        assert_eq!(expires_at(began, began.plus(Duration::days(29))), began.plus(Duration::days(30)));
        assert_eq!(expires_at(began, began.plus(Duration::hours(719))), began.plus(Duration::days(30)));
    }
}
