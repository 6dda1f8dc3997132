//! What stands in a cell, read: words, days, numbers. Pure.

use super::model::{COLUMNS, Wrong};
use crate::agreements::observations::model::{Confidence, Judgement, ObservationKind};
use crate::types::{Date, Id, Quantity};

/// The most people or cases an observation is about.
pub const MOST_COUNTED: i64 = 1_000_000_000;

/// The Danish words for what can be chosen, as they are compared.
const CHOICES: [(&str, &str); 10] = [
    ("measurement", "maaling"),
    ("assessment", "vurdering"),
    ("citizen_voice", "borgerstemme"),
    ("achieved", "naaet"),
    ("on_track", "paa_vej"),
    ("off_track", "ikke_paa_vej"),
    ("too_early", "for_tidligt"),
    ("low", "lav"),
    ("medium", "middel"),
    ("high", "hoej"),
];

/// A name or a word as it is compared, however it is spelled.
fn folded(text: &str) -> String {
    let text = text.trim().to_lowercase().replace('å', "aa").replace('æ', "ae").replace('ø', "oe");
    text.replace(['-', ' ', '\u{a0}'], "_")
}

/// The column that a name in the header stands for.
pub fn column(name: &str) -> Option<&'static str> {
    let name = folded(name);
    COLUMNS.iter().find(|(english, danish)| *english == name || *danish == name).map(|(english, _)| *english)
}

pub fn id(text: &str) -> Result<Id, Wrong> {
    Id::parse(text).ok_or("cell-not-an-id".into())
}

/// A day, written from either end.
pub fn day(text: &str) -> Result<Date, Wrong> {
    let parts: Vec<&str> = text.split(if text.contains('.') { '.' } else { '-' }).collect();
    let day = match parts.as_slice() {
        [day, month, year] if year.len() == 4 => Date::parse(&format!("{year}-{month}-{day}")),
        _ => Date::parse(text),
    };
    day.ok_or("cell-not-a-date".into())
}

pub fn kind(text: &str) -> Result<ObservationKind, Wrong> {
    choice(text, ObservationKind::ALL, ObservationKind::as_str)
}

pub fn judgement(text: &str) -> Result<Judgement, Wrong> {
    choice(text, Judgement::ALL, Judgement::as_str)
}

pub fn confidence(text: &str) -> Result<Confidence, Wrong> {
    choice(text, Confidence::ALL, Confidence::as_str)
}

fn choice<T: Copy>(text: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Result<T, Wrong> {
    let said = folded(text);
    let said = CHOICES.iter().find(|(_, danish)| *danish == said).map_or(said.as_str(), |(english, _)| english);
    let words = || all.iter().map(|one| word(*one)).collect::<Vec<_>>().join(", ");
    all.iter().copied().find(|one| word(*one) == said).ok_or_else(|| Wrong("cell-unknown-value", words()))
}

/// A number with a decimal comma or point, unless the one could be meant for the other.
pub fn number(text: &str) -> Result<Quantity, Wrong> {
    let negative = text.strip_prefix(['-', '\u{2212}']);
    let (sign, digits) = negative.map_or(("", text.strip_prefix('+').unwrap_or(text)), |digits| ("-", digits));
    let digits = with_plain_blanks(digits);
    let is_digit = |letter: char| letter.is_ascii_digit();
    if !digits.starts_with(is_digit) || !digits.ends_with(is_digit) {
        return Err("cell-not-a-number".into());
    }
    let separators: Vec<char> = digits.chars().filter(|letter| !is_digit(*letter)).collect();
    let cut = |at: char| digits.rsplit_once(at).unwrap_or((&digits, ""));
    let (whole, places) = match separators.as_slice() {
        [] => (Some(digits.clone()), ""),
        [decimal @ ('.' | ',')] => match cut(*decimal) {
            (whole, places) if reads_both_ways(whole, places) => {
                return Err(Wrong("cell-ambiguous-number", format!("{sign}{whole}{places} / {sign}{whole},{places}0")));
            }
            (whole, places) => (Some(whole.to_owned()), places),
        },
        [thousands, rest @ ..] if rest.iter().all(|other| other == thousands) => (ungrouped(&digits, *thousands), ""),
        [thousands, rest @ .., decimal @ ('.' | ',')] if rest.iter().all(|other| other == thousands) => {
            let (whole, places) = cut(*decimal);
            (ungrouped(whole, *thousands), places)
        }
        _ => (None, ""),
    };
    let whole = whole.ok_or("cell-not-a-number")?;
    Quantity::parse(&format!("{sign}{whole}.{places}")).ok_or("cell-too-many-digits".into())
}

/// Whether what stands between these digits may separate thousands as well as decimals.
pub fn reads_both_ways(whole: &str, places: &str) -> bool {
    (1..=3).contains(&whole.len()) && !whole.starts_with('0') && places.len() == 3
}

fn with_plain_blanks(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// A whole number without what separates its thousands; none where that stands in another place.
fn ungrouped(text: &str, thousands: char) -> Option<String> {
    let mut groups = text.split(thousands);
    let is_first = |group: &str| (1..=3).contains(&group.len()) && !group.starts_with('0');
    let is_well = groups.next().is_some_and(is_first) && groups.all(|group| group.len() == 3);
    let digits = text.replace(thousands, "");
    (matches!(thousands, '.' | ',' | ' ') && is_well && digits.bytes().all(|one| one.is_ascii_digit()))
        .then_some(digits)
}

/// A count, which has no decimals: whatever separates digits separates thousands.
pub fn count(text: &str) -> Result<i64, Wrong> {
    let text = with_plain_blanks(text);
    let digits = match text.chars().find(|letter| !letter.is_ascii_digit()) {
        Some(thousands) => ungrouped(&text, thousands),
        None => Some(text),
    };
    let count = digits.and_then(|digits| digits.parse().ok());
    count.filter(|count| (1..=MOST_COUNTED).contains(count)).ok_or("cell-not-a-count".into())
}
