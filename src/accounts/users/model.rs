//! What a log-in may be. Pure.

use chrono::Duration;
use validator::ValidationError;

use crate::auth::password::SHORTEST;

/// How long a one-time code waits to be used.
pub const CODE_LIVES: Duration = Duration::days(14);

/// An e-mail address as log-ins are found by it: case aside.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether a password is long enough to be set.
///
/// # Errors
/// With the code `weak-password`.
pub fn is_long_enough(password: &str) -> Result<(), ValidationError> {
    if password.chars().count() >= SHORTEST { Ok(()) } else { Err(ValidationError::new("weak-password")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_in_every_case() {
        assert_eq!(fold_email(" Søren.ØRSTED@Lilleby.example "), "søren.ørsted@lilleby.example");
    }

    #[test]
    fn a_password_has_twelve_letters_whatever_their_bytes() {
        assert!(is_long_enough("ææææææææææææ").is_ok());
        assert!(is_long_enough("æææææææææææ").is_err());
    }
}
