//! Opaque credentials: refresh tokens and the secrets of clients.
//!
//! Each begins with its municipality, so that it can be looked up there and nowhere else. Only its hash is kept; it
//! holds 32 random bytes, so that a fast hash is enough.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::Scope;
use crate::error::{Error, Result};
use crate::types::Id;
use crate::types::hex;

const RANDOM: usize = 32;

/// Characters of a credential.
pub const LENGTH: usize = 32 + 1 + 43;

/// Makes a credential: the plain text, which is told once, and the hash, which is kept.
///
/// # Errors
/// When the machine has no randomness.
pub fn make(scope: Scope) -> Result<(String, String)> {
    let mut random = [0; RANDOM];
    rand::fill(&mut random).map_err(|_| Error::unexpected("no randomness"))?;
    let plain = format!("{}.{}", scope.municipality().0.simple(), URL_SAFE_NO_PAD.encode(random));
    let hash = hash(&plain);
    Ok((plain, hash))
}

/// Makes the credential of a text that an operator chose: the same text gives the same credential.
pub fn of_text(scope: Scope, text: &str) -> (String, String) {
    let chosen = URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()));
    let plain = format!("{}.{chosen}", scope.municipality().0.simple());
    let hash = hash(&plain);
    (plain, hash)
}

/// The municipality that a credential names, and the hash to look for there; none when it has another form.
pub fn read(plain: &str) -> Option<(Scope, String)> {
    let (municipality, random) = plain.split_once('.')?;
    let is_ours = municipality.len() == 32 && URL_SAFE_NO_PAD.decode(random).is_ok_and(|bytes| bytes.len() == RANDOM);
    let municipality = Uuid::try_parse(municipality).ok().filter(|_| is_ours)?;
    Some((Scope(Id(municipality)), hash(plain)))
}

fn hash(plain: &str) -> String {
    hex(&Sha256::digest(plain.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_names_its_municipality_and_is_kept_as_a_hash() {
        let scope = Scope(Id::new());
        let (plain, hash) = make(scope).expect("randomness");
        assert_eq!(plain.len(), LENGTH);
        assert_eq!(read(&plain), Some((scope, hash.clone())));
        assert!(!hash.contains(plain.split_once('.').expect("two parts").1));
        assert_ne!(make(scope).expect("randomness").0, plain);
    }

    #[test]
    fn what_has_another_form_is_none_of_ours() {
        for wrong in ["", ".", "x.y", "0123456789abcdef0123456789abcdef.AAAA", "é.é"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
