//! What a log-in may be. Pure.

use chrono::Duration;
use validator::ValidationError;

use crate::auth::strength;

/// How long a one-time code waits to be used.
pub const CODE_LIVES: Duration = Duration::days(14);

/// Whether a password is long enough to be set.
///
/// # Errors
/// With the code `weak-password`.
pub fn is_long_enough(password: &str) -> Result<(), ValidationError> {
    if strength::is_long_enough(password) { Ok(()) } else { Err(ValidationError::new("weak-password")) }
}
