//! What people read, in Danish and English: two Fluent catalogues with the same messages.

use std::fmt::Write as _;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::types::{Date, Quantity};

pub mod drawn;
mod fold;

pub use fold::{fold, fold_case, fold_email};

/// A language that this server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum Lang {
    /// Danish, the default.
    #[default]
    Da,
    /// English.
    En,
}

impl Lang {
    /// Both, the default first.
    pub const ALL: [Lang; 2] = [Lang::Da, Lang::En];

    /// The language tag (RFC 5646).
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Da => "da",
            Lang::En => "en",
        }
    }

    /// The best match of an `Accept-Language` header (RFC 9110 §12.5.4); Danish when nothing matches.
    pub fn negotiate(header: &str) -> Self {
        let mut best = (0.0, Lang::Da);
        for range in header.split(',').take(20) {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0);
            let lang = match tag.split('-').next() {
                Some("da" | "*") => Lang::Da,
                Some("en") => Lang::En,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, lang);
            }
        }
        best.1
    }
}

/// What a message mentions, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Args(Vec<(&'static str, String)>);

impl Args {
    /// Sets a value, shortened when it would drown the message.
    pub fn set(&mut self, name: &'static str, value: impl ToString) {
        let mut text = value.to_string();
        if text.chars().count() > 200 {
            text = text.chars().take(199).chain(std::iter::once('…')).collect();
        }
        self.0.push((name, text));
    }

    /// A value, when there is one of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// One value.
    pub fn one(name: &'static str, value: impl ToString) -> Self {
        let mut args = Args::default();
        args.set(name, value);
        args
    }
}

type Bundle = FluentBundle<FluentResource>;

static DA: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Da, include_str!("da.ftl")));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En, include_str!("en.ftl")));

fn bundle(lang: Lang, source: &str) -> Bundle {
    let id = lang.tag().parse::<LanguageIdentifier>().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    // A faulty entry is left out here and named by the catalogue test.
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(source.to_owned());
    let _ = bundle.add_resource(resource);
    bundle
}

/// A message, or an attribute of one written `message.attribute`, in a language.
///
/// A key that no catalogue holds is answered with itself, so that nothing is lost; tests find such keys.
pub fn say(lang: Lang, key: &str, args: &Args) -> String {
    try_say(lang, key, args).unwrap_or_else(|| key.to_owned())
}

/// A message as it reads for nobody in particular: what it would mention is an ellipsis.
pub fn say_generally(lang: Lang, key: &str) -> String {
    let text = say(lang, key, &Args::default());
    let mut parts = text.split("{$");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| said + "…" + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// What follows a prefix in the keys of all messages that begin with it, in the order of the catalogue.
pub fn names(prefix: &str) -> Vec<String> {
    let keys = include_str!("en.ftl").lines().filter_map(|line| line.strip_prefix(prefix)?.split_once(" ="));
    keys.map(|(name, _)| name.to_owned()).collect()
}

/// A message when there is one.
pub fn try_say(lang: Lang, key: &str, args: &Args) -> Option<String> {
    let bundle = match lang {
        Lang::Da => &*DA,
        Lang::En => &*EN,
    };
    let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let mut fluent = FluentArgs::new();
    for (name, value) in &args.0 {
        match value.parse::<i64>() {
            Ok(number) => fluent.set(*name, number),
            Err(_) => fluent.set(*name, value.clone()),
        }
    }
    let mut text = String::new();
    bundle.write_pattern(&mut text, pattern, Some(&fluent), &mut Vec::new()).ok()?;
    Some(text)
}

/// A date as it is read: `10. november 2014`, `10 November 2014`.
pub fn date(lang: Lang, day: Date) -> String {
    use chrono::Datelike;
    let day = day.day();
    let month = say(lang, &format!("month-{}", day.month()), &Args::default());
    let mut text = String::new();
    let _ = match lang {
        Lang::Da => write!(text, "{}. {month} {}", day.day(), day.year()),
        Lang::En => write!(text, "{} {month} {}", day.day(), day.year()),
    };
    text
}

/// A number as it is read: `1.234,5`, `1,234.5`.
pub fn number(lang: Lang, number: Quantity) -> String {
    let (thousands, point) = match lang {
        Lang::Da => ('.', ','),
        Lang::En => (',', '.'),
    };
    let plain = number.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("−", digits));
    let (whole, places) = digits.split_once('.').map_or((digits, None), |(whole, places)| (whole, Some(places)));
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    text + &places.map(|places| format!("{point}{places}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fluent_bundle::FluentResource;

    use super::*;

    /// Every message and attribute of a catalogue, with the variables it mentions.
    fn entries(source: &str) -> BTreeMap<String, Vec<String>> {
        FluentResource::try_new(source.to_owned()).expect("the catalogue is valid Fluent");
        let mut all = BTreeMap::new();
        let mut message = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((head, _)) = line.split_once(" =") {
                let name = head.trim();
                if name.contains(' ') || name.contains('{') || name.contains('[') {
                    continue;
                }
                let key = match name.strip_prefix('.') {
                    Some(attribute) => format!("{}.{attribute}", message.split('.').next().unwrap_or_default()),
                    None => name.to_owned(),
                };
                message = key;
                assert!(!all.contains_key(&message), "{message} stands twice");
                all.insert(message.clone(), Vec::new());
            }
            for variable in line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next()) {
                let names = all.entry(message.clone()).or_insert_with(Vec::new);
                if !names.contains(&variable.to_owned()) {
                    names.push(variable.to_owned());
                }
                names.sort();
            }
        }
        all
    }

    #[test]
    fn both_catalogues_say_the_same_things_about_the_same_variables() {
        let (da, en) = (entries(include_str!("da.ftl")), entries(include_str!("en.ftl")));
        assert_eq!(da.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
        for (key, variables) in &da {
            assert_eq!(Some(variables), en.get(key), "{key}");
        }
    }

    #[test]
    fn the_readers_language_is_the_one_they_like_best_of_ours() {
        for (header, lang) in [
            ("", Lang::Da),
            ("en", Lang::En),
            ("en-GB,en;q=0.9", Lang::En),
            ("de, en;q=0.5, da;q=0.4", Lang::En),
            ("en;q=0.4, da", Lang::Da),
            ("fr", Lang::Da),
            ("en;q=0", Lang::Da),
            ("*", Lang::Da),
        ] {
            assert_eq!(Lang::negotiate(header), lang, "{header}");
        }
    }

    #[test]
    fn a_date_is_written_as_people_write_it() {
        let day = Date::parse("2014-11-03").expect("a day");
        assert_eq!(date(Lang::Da, day), "3. november 2014");
        assert_eq!(date(Lang::En, day), "3 November 2014");
    }

    #[test]
    fn a_number_is_written_as_people_write_it() {
        for (kept, danish, english) in [
            (Quantity(61_000_000), "61", "61"),
            (Quantity(62_500_000), "62,5", "62.5"),
            (Quantity(-1_234_567_250_000), "−1.234.567,25", "−1,234,567.25"),
            (Quantity(999_000_000), "999", "999"),
            (Quantity(1), "0,000001", "0.000001"),
        ] {
            assert_eq!((number(Lang::Da, kept).as_str(), number(Lang::En, kept).as_str()), (danish, english));
        }
    }
}
