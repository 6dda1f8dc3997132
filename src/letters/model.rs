//! A strategy letter's states and moves, and what it lacks. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::error::{Code, Fault, Refusal};
use crate::text_enum;
use crate::types::{Id, MAX_KEY, is_key};

text_enum! {
    /// Where a strategy letter stands.
    pub enum LetterState {
        /// It is being written.
        Draft = "draft",
        /// The leaders have it.
        Published = "published",
    }
}

text_enum! {
    /// What can be done to a strategy letter.
    pub enum LetterAction {
        /// Change its text, its headings or its themes.
        Edit = "edit",
        /// Name another owner of a theme.
        NameOwner = "name_owner",
        /// Give it to the leaders.
        Publish = "publish",
    }
}

impl LetterState {
    /// The state after an action.
    ///
    /// # Errors
    /// 409 when the state does not permit it.
    pub fn after(self, action: LetterAction) -> Result<Self, Refusal> {
        use LetterAction as A;
        use LetterState as S;
        match (self, action) {
            (S::Draft, A::Publish) => Ok(S::Published),
            (S::Draft, A::Edit) | (S::Draft | S::Published, A::NameOwner) => Ok(self),
            (S::Published, A::Edit | A::Publish) => Err(Code::IllegalMove.refuse().with("state", self)),
        }
    }
}

/// A heading of a strategy letter, under which its themes stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// Its key within the letter.
    #[validate(length(min = 1, max = MAX_KEY), custom(function = is_key))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9_-]+$", example = "resultater-for-borgerne")]
    pub key: String,
    /// The heading as it stands in the letter.
    #[validate(length(min = 1, max = 300), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 300, example = "Resultater for borgerne")]
    pub title: String,
}

/// Whether each heading has a key of its own.
///
/// # Errors
/// With the code `duplicate-key`.
pub fn have_own_keys(headings: &[Heading]) -> Result<(), ValidationError> {
    let repeated = headings
        .iter()
        .enumerate()
        .any(|(at, heading)| headings.iter().skip(at + 1).any(|other| other.key == heading.key));
    if repeated { Err(ValidationError::new("duplicate-key")) } else { Ok(()) }
}

/// What a letter's rules read of a theme.
#[derive(Debug, Clone, Copy)]
pub struct ThemeFacts<'a> {
    /// The heading it stands under.
    pub heading_key: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// The director who owns it.
    pub owner_id: Option<Id>,
}

/// What keeps a letter from being published, with pointers into the letter.
pub fn gaps(title: &str, headings: &[Heading], themes: &[ThemeFacts<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if title.trim().is_empty() {
        faults.push(Fault::at("/title", "blank"));
    }
    if headings.is_empty() {
        faults.push(Fault::at("/headings", "no-heading"));
    }
    if themes.is_empty() {
        faults.push(Fault::at("/themes", "no-theme"));
    }
    let unplaced = themes.iter().enumerate().filter(|(_, theme)| !has_key(headings, theme.heading_key));
    faults.extend(unplaced.map(|(at, _)| Fault::at(format!("/themes/{at}/heading_key"), "unknown-heading")));
    faults
}

/// What a letter would be better with: a theme without an owner is decided on by the chief executive.
pub fn advice(themes: &[ThemeFacts<'_>]) -> Vec<Fault> {
    let unowned = themes.iter().enumerate().filter(|(_, theme)| theme.owner_id.is_none());
    let told = |(at, theme): (usize, &ThemeFacts<'_>)| {
        Fault::at(format!("/themes/{at}/owner_id"), "theme-without-owner").with("theme", theme.title)
    };
    unowned.map(told).collect()
}

/// The headings that themes stand under and that a change would take away.
pub fn headings_missed(headings: &[Heading], themes: &[ThemeFacts<'_>]) -> Vec<Fault> {
    let mut keys: Vec<&str> = themes.iter().map(|theme| theme.heading_key).collect();
    keys.sort_unstable();
    keys.dedup();
    let missed = keys.into_iter().filter(|key| !has_key(headings, key));
    missed.map(|key| Fault::at("/headings", "heading-in-use").with("key", key)).collect()
}

/// Whether a letter has a heading.
pub fn has_key(headings: &[Heading], key: &str) -> bool {
    headings.iter().any(|heading| heading.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(key: &str) -> Heading {
        Heading { key: key.to_owned(), title: "Ledelse på tværs".to_owned() }
    }

    fn codes(faults: &[Fault]) -> Vec<(&str, &str)> {
        faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect()
    }

    #[test]
    fn every_state_and_action_stands_in_the_table() {
        let mut grid = String::from("state    ");
        for action in LetterAction::ALL {
            grid.push_str(&format!(" {:<10}", action.as_str()));
        }
        for state in LetterState::ALL {
            grid.push_str(&format!("\n{:<9}", state.as_str()));
            for action in LetterAction::ALL {
                let next = state.after(*action).map_or("-", LetterState::as_str);
                grid.push_str(&format!(" {next:<10}"));
            }
        }
        let lines: Vec<&str> = grid.lines().map(str::trim_end).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        state     edit       name_owner publish
        draft     draft      draft      published
        published -          published  -
        ");
    }

    #[test]
    fn an_empty_letter_lacks_title_heading_and_theme() {
        let all = gaps("  ", &[], &[]);
        assert_eq!(codes(&all), [("/title", "blank"), ("/headings", "no-heading"), ("/themes", "no-theme")]);
    }

    #[test]
    fn a_theme_without_an_owner_is_advised_against_and_does_not_block() {
        let themes = [
            ThemeFacts { heading_key: "ledelse", title: "Tema", owner_id: Some(Id::new()) },
            ThemeFacts { heading_key: "ledelse", title: "Tema", owner_id: None },
        ];
        assert_eq!(gaps("Strategibrev 2015", &[heading("ledelse")], &themes), []);
        assert_eq!(codes(&advice(&themes)), [("/themes/1/owner_id", "theme-without-owner")]);
    }

    #[test]
    fn a_heading_with_themes_is_missed_when_it_is_taken_away() {
        let themes = [ThemeFacts { heading_key: "ledelse", title: "Tema", owner_id: None }; 2];
        assert_eq!(headings_missed(&[heading("ledelse"), heading("ny")], &themes), []);
        assert_eq!(codes(&headings_missed(&[heading("ny")], &themes)), [("/headings", "heading-in-use")]);
        assert_eq!(
            codes(&gaps("Brev", &[heading("ny")], &themes[..1])),
            [("/themes/0/heading_key", "unknown-heading")]
        );
    }

    #[test]
    fn two_headings_cannot_share_a_key() {
        assert!(have_own_keys(&[heading("a"), heading("b")]).is_ok());
        assert!(have_own_keys(&[heading("a"), heading("b"), heading("a")]).is_err());
    }
}
