//! The three values a field of a merge patch (RFC 7396) may have: absent, null, a value.

use serde::{Deserialize, Deserializer};

/// For `Option<T>`: absent is `None`; null is refused, since the field cannot be emptied.
///
/// # Errors
/// When the value is not a `T`.
pub fn value<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For `Option<Option<T>>`: absent is `None`, null is `Some(None)`.
///
/// # Errors
/// When the value is neither null nor a `T`.
pub fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
