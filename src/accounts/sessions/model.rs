//! How long a session lasts. Pure.

use chrono::Duration;

use crate::types::Ts;

/// From one refresh to the next.
const IDLE: Duration = Duration::hours(24);

/// From the log-in.
const LONGEST: Duration = Duration::days(30);

/// Ended and expired sessions are kept this long, with their used refresh tokens.
pub const KEPT: Duration = Duration::days(30);

/// A used token is answered again for this long: its answer was lost, or a second tab sent it too.
const RETRIED: Duration = Duration::seconds(30);

/// Whether a token that was used before is only sent again: it is of the generation before the newest, whose tokens
/// nobody has used yet, and which has just begun.
pub fn is_retry((sent, newest): (i64, i64), renewed_at: Ts, now: Ts) -> bool {
    sent + 1 == newest && now <= renewed_at.plus(RETRIED)
}

/// When a session ends that began at an instant and is refreshed now.
pub fn expires_at(began: Ts, now: Ts) -> Ts {
    now.plus(IDLE).min(began.plus(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_is_one_step_and_half_a_minute_behind_at_most() {
        let used = Ts::of("2014-11-10T08:00:00Z".parse().expect("an instant"));
        let after = |seconds| used.plus(Duration::seconds(seconds));
        assert!(is_retry((1, 2), used, used));
        assert!(is_retry((1, 2), used, after(30)));
        assert!(!is_retry((1, 2), used, after(31)));
        assert!(!is_retry((1, 3), used, after(1)));
    }

    #[test]
    fn a_session_lasts_a_day_and_a_month_at_most() {
        let began = Ts::of("2014-11-10T08:00:00Z".parse().expect("an instant"));
        assert_eq!(expires_at(began, began), began.plus(Duration::days(1)));
        assert_eq!(expires_at(began, began.plus(Duration::days(29))), began.plus(Duration::days(30)));
        assert_eq!(expires_at(began, began.plus(Duration::hours(719))), began.plus(Duration::days(30)));
    }
}
