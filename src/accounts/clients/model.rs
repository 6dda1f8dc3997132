//! What a client may be. Pure, but for the randomness of its secrets.

use validator::ValidationError;

use crate::auth::{ClientScope, opaque};
use crate::db::Scope;
use crate::error::Result;
use crate::organisation::model::LOCAL;

/// Secrets that a client may have at a time.
pub const MOST_SECRETS: usize = 10;

/// Makes a secret: the plain text, which is told once, and the hash, which is kept.
///
/// # Errors
/// When the machine has no randomness.
pub fn new_secret(scope: Scope) -> Result<(String, String)> {
    opaque::make(scope)
}

/// Whether a source may be a client's: rows that no outside system manages are for people.
///
/// # Errors
/// With the code `reserved-source`.
pub fn is_foreign_source(source: &str) -> Result<(), ValidationError> {
    if source == LOCAL { Err(ValidationError::new("reserved-source")) } else { Ok(()) }
}

/// What a token is for, of what a client may: all of it, or what was asked for. None when that is too much.
pub fn granted(may: &[ClientScope], asked: Option<&str>) -> Option<Vec<ClientScope>> {
    let Some(asked) = asked else { return Some(may.to_vec()) };
    let mut granted = Vec::new();
    for word in asked.split(' ').filter(|word| !word.is_empty()) {
        let scope = ClientScope::parse(word).filter(|scope| may.contains(scope))?;
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    (!granted.is_empty()).then_some(granted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClientScope::{EventsRead, OrganisationRead};

    #[test]
    fn a_token_is_for_what_was_asked_and_never_for_more_than_the_client_may() {
        let may = [OrganisationRead, EventsRead];
        assert_eq!(granted(&may, None), Some(may.to_vec()));
        assert_eq!(granted(&may, Some("events:read events:read")), Some(vec![EventsRead]));
        assert_eq!(granted(&may, Some("events:read organisation:write")), None);
        assert_eq!(granted(&may, Some("everything")), None);
        assert_eq!(granted(&may, Some(" ")), None);
    }

    #[test]
    fn no_client_writes_local_rows() {
        assert!(is_foreign_source("local").is_err());
        assert!(is_foreign_source("hr-demo").is_ok());
    }
}
