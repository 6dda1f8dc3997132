//! Which passwords may be set: long ones that are not soon guessed, by a list or by who knows something of their owner.

use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

use super::password::SHORTEST;

/// What is tried first of somebody in a Danish municipality; the lists of the library are English.
const TRIED_FIRST: [&str; 36] = [
    "adgangskode",
    "kodeord",
    "løsen",
    "velkommen",
    "hemmelig",
    "hemmelighed",
    "password",
    "aftalestyring",
    "aftale",
    "kommune",
    "kommunen",
    "direktion",
    "center",
    "skole",
    "børnehave",
    "plejehjem",
    "danmark",
    "københavn",
    "aarhus",
    "odense",
    "aalborg",
    "sommer",
    "vinter",
    "efterår",
    "forår",
    "januar",
    "februar",
    "marts",
    "april",
    "august",
    "september",
    "oktober",
    "november",
    "december",
    "fodbold",
    "kærlighed",
];

/// A password as it is hashed: what looks alike is alike, however a keyboard puts it together.
pub fn normalized(password: &str) -> String {
    password.nfkc().collect()
}

/// Whether a password is long enough to be set.
pub fn is_long_enough(password: &str) -> bool {
    password.nfkc().count() >= SHORTEST
}

/// Whether a password would be guessed within ten thousand million attempts by somebody who knows some texts: its owner's
/// name and address.
pub fn is_guessable(password: &str, known: &[&str]) -> bool {
    let known: Vec<String> = known.iter().map(|text| normalized(text).to_lowercase()).collect();
    let parts = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).filter(|part| part.len() > 2);
    let mut tried: Vec<&str> = known.iter().map(String::as_str).chain(parts).collect();
    tried.extend(TRIED_FIRST);
    zxcvbn(&normalized(password), &tried).score() < Score::Four
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 2] = ["Karen Kirkegaard", "karen.kirkegaard@lilleby.example"];

    #[test]
    fn a_password_has_twelve_letters_whatever_their_bytes() {
        assert!(is_long_enough("ææææææææææææ") && !is_long_enough("æææææææææææ"));
        assert!(!is_long_enough("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}"), "six letters with accents");
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for password in [
            "aaaaaaaaaaaa",
            "            ",
            "password1234",
            "P@ssw0rd1234",
            "qwertyuiopas",
            "123456789012",
            "abcdefghijkl",
            "adgangskode1",
            "Adgangskode2026",
            "Velkommen2026!",
            "kommune12345",
            "karen.kirkegaard@lilleby.example",
            "Karen Kirkegaard",
            "kirkegaard12",
            "KarenKirkegaard1",
        ] {
            assert!(is_guessable(password, &KNOWN), "{password}");
        }
    }

    #[test]
    fn sentences_and_what_a_machine_makes_are_taken() {
        for password in ["korrekt hest batteri", "hæfteklamme i blåt", "en god lang adgangskode", "7f3c1a-09be42"] {
            assert!(!is_guessable(password, &KNOWN), "{password}");
        }
    }

    #[test]
    fn what_looks_alike_is_alike() {
        assert_eq!(normalized("caf\u{e9}"), normalized("cafe\u{301}"));
        assert_eq!(normalized("ﬁnt\u{a0}ord"), "fint ord");
    }
}
