//! What a log-in may be. Pure.

use validator::ValidationError;

use crate::auth::password::SHORTEST;

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
    fn a_password_has_twelve_letters_whatever_their_bytes() {
        assert!(is_long_enough("ææææææææææææ").is_ok());
        assert!(is_long_enough("æææææææææææ").is_err());
    }
}
