//! Keys that people choose: of themes, sections, fields.

/// The most letters of a key.
pub const MAX_KEY: u64 = 60;

/// Keys stand in addresses and JSON Pointers: lower-case letters, digits, hyphens and underscores.
///
/// # Errors
/// With the code `not-a-key`.
pub fn is_key(key: &str) -> Result<(), validator::ValidationError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if key.bytes().all(plain) { Ok(()) } else { Err(validator::ValidationError::new("not-a-key")) }
}

/// Whether a text may be a key that is kept: what is longer names nothing.
pub fn may_be_key(text: &str) -> bool {
    u64::try_from(text.len()).is_ok_and(|length| (1..=MAX_KEY).contains(&length)) && is_key(text).is_ok()
}
