//! Numbers as JSON Schema knows them: `2031.0` and `2.031e3` are the integer 2031.

use std::borrow::Cow;

/// Up to here every double that is whole stands for itself alone (RFC 8259 §6).
const EXACT: f64 = 9_007_199_254_740_991.0;

/// A JSON text in which every whole number is written without a point and an exponent, so that serde reads it as an
/// integer wherever one is due.
pub(super) fn with_plain_integers(text: &str) -> Cow<'_, str> {
    let (mut plain, mut copied) = (String::new(), 0);
    for (from, number) in words_outside_strings(text) {
        let Some(whole) = whole(number) else { continue };
        plain.push_str(text.get(copied..from).unwrap_or_default());
        // No narrower than it was: the line and column of a fault further on stay what they are.
        plain.push_str(&format!("{whole:<width$}", width = number.len()));
        copied = from + number.len();
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    plain.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(plain)
}

/// Where something begins that may be a number with a point or an exponent.
fn words_outside_strings(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut began) = (Vec::new(), None);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().chain(std::iter::once(b' ')).enumerate() {
        let of_number = !quoted && matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        match began {
            None if of_number => began = Some(at),
            Some(from) if !of_number => {
                let word = text.get(from..at).filter(|word| word.contains(['.', 'e', 'E']));
                found.extend(word.map(|word| (from, word)));
                began = None;
            }
            _ => {}
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    found
}

fn whole(number: &str) -> Option<i64> {
    let value: f64 = serde_json::from_str(number).ok()?;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        with_plain_integers(text).split_whitespace().collect()
    }

    #[test]
    fn whole_numbers_are_written_plainly() {
        assert_eq!(plain("[2031.0,2.031e3,20310E-1,-4.00,-0.0,1e15]"), "[2031,2031,2031,-4,0,1000000000000000]");
        assert_eq!(plain(r#"{"a":1.0}"#), r#"{"a":1}"#);
        assert_eq!(plain("7.0"), "7");
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "[2031.5]",
            "[1e300]",
            "[9007199254740993.0]",
            "[1e400]",
            r#"{"1.0":"2.0 \" 3.0"}"#,
            "[true,false]",
            "[12]",
        ] {
            assert_eq!(with_plain_integers(text), text);
        }
    }

    #[test]
    fn what_is_no_json_does_not_become_any() {
        for text in ["[1.]", "[.0]", "[01.0]", "[+1.0]", "[1.0.0]", "[1e]", "[-]", "[1.0-1.0]"] {
            assert_eq!(with_plain_integers(text), text);
        }
    }

    #[test]
    fn places_stay_where_they_are() {
        let (sent, kept) = ("{\"a\": 2031.0, \"b\": x}", with_plain_integers("{\"a\": 2031.0, \"b\": x}"));
        assert_eq!(kept.find('x'), sent.find('x'));
    }
}
