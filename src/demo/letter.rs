//! The strategy letter of 2015 as it stands, cut into its themes. Pure.

/// The page on which the letter was published; the letter is what follows `Transkript:`.
const PAGE: &str = include_str!("strategibrev-2015.txt");

/// A heading of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// Its key.
    pub key: &'static str,
    /// Its words.
    pub title: &'static str,
}

/// The three headings.
pub const HEADINGS: [Heading; 3] = [
    Heading { key: "borgerne", title: "Resultater for borgerne" },
    Heading { key: "organisationen", title: "Resultater i organisationen" },
    Heading { key: "paa-tvaers", title: "Ledelse på tværs" },
];

/// A theme of the letter, with its text word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterTheme {
    /// Its key.
    pub key: &'static str,
    /// The key of its heading.
    pub heading: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Its text, as it stands in the letter.
    pub text: &'static str,
}

/// Where each theme begins: its key, its heading's, its title, and the words that open it in the letter.
const THEMES: [(&str, &str, &str, &str); 6] = [
    ("borger-og-brugereffekter", "borgerne", "Borger- og brugereffekter", "I lighed med andre kommuner skal vi vide"),
    ("implementering-i-bund", "borgerne", "Implementering i bund", "I Høje-Taastrup Kommune er vi i gang med"),
    ("servicekultur", "borgerne", "Servicekultur", "I den offentlige sektor generelt er der"),
    (
        "effektive-arbejdsgange",
        "organisationen",
        "Effektive arbejdsgange",
        "I Høje-Taastrup Kommune er vi kommet langt",
    ),
    (
        "kompetencer-og-ledelse",
        "organisationen",
        "Kompetencer og værdibaseret ledelse",
        "Høje-Taastrup Kommunes værdibaserede",
    ),
    ("tvaergaaende-samarbejde", "paa-tvaers", "Tværgående samarbejde", "Organisationen har i de senere år"),
];

/// The words that end each theme: the next one's title as the letter prints it.
const ENDS: [&str; 6] = [
    "Implementering i bund I Høje-Taastrup",
    "Servicekultur et nyt afsæt for dialog med borgeren",
    "2. Resultater i organisationen Effektive arbejdsgange",
    "Kompetencer og værdibaseret ledelse Høje-Taastrup",
    "3. Ledelse på tværs Tværgående samarbejde",
    "4. Projekter i 2015",
];

/// The letter, word for word.
pub fn text() -> &'static str {
    PAGE.split_once("Transkript:").map_or(PAGE, |(_, letter)| letter).trim()
}

/// The six themes, in the order of the letter.
pub fn themes() -> Vec<LetterTheme> {
    let cut = |begins: &str, ends: &str| {
        let rest = text().find(begins).and_then(|at| text().get(at..)).unwrap_or_default();
        rest.find(ends).and_then(|at| rest.get(..at)).unwrap_or(rest).trim()
    };
    THEMES
        .iter()
        .zip(ENDS)
        .map(|((key, heading, title, begins), ends)| LetterTheme { key, heading, title, text: cut(begins, ends) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_is_found_in_the_letter_word_for_word() {
        let themes = themes();
        for theme in &themes {
            assert!(theme.text.len() > 1000 && theme.text.len() < 5000, "{}: {}", theme.key, theme.text.len());
            assert!(text().contains(theme.text), "{}", theme.key);
            assert!(HEADINGS.iter().any(|heading| heading.key == theme.heading), "{}", theme.key);
        }
        let ends: Vec<&str> = themes.iter().filter_map(|theme| theme.text.rsplit(' ').next()).collect();
        assert_eq!(ends, ["organisationen.", "teknologi.", "2015.", "sag.", "trivselssundersøgelsen.", "tværs."]);
    }

    #[test]
    fn the_two_compulsory_sections_stand_in_the_letter() {
        let themes = themes();
        assert!(themes[0].text.contains("skal det som en del af aftalestyringen i 2015 beskrives"));
        assert!(themes[5].text.contains("et fokusområde i aftalestyringen for 2015"));
    }

    #[test]
    fn the_letter_begins_where_it_says_so() {
        assert!(text().starts_with("LEDERNYT 3. NOVEMBER 2014 Direktionens strategibrev 2015"));
    }
}
