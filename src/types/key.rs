//! Keys that people choose: of themes, sections, fields.

/// Keys stand in addresses and JSON Pointers: lower-case letters, digits, hyphens and underscores.
///
/// # Errors
/// With the code `not-a-key`.
pub fn is_key(key: &str) -> Result<(), validator::ValidationError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if key.bytes().all(plain) { Ok(()) } else { Err(validator::ValidationError::new("not-a-key")) }
}
