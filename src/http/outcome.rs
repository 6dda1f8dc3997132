//! What an action comes to for each thing it is about, also where that is nothing.

use serde::Serialize;
use utoipa::ToSchema;

use crate::text::{Args, Lang, say};
use crate::types::Id;

/// What an action comes to for one of the things it is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ActionOutcome)]
pub struct Outcome {
    /// The thing: a unit, when a cycle is opened.
    pub subject: Id,
    /// The name of that thing.
    #[schema(max_length = 200, example = "Social- og Handicapcentret")]
    pub name: String,
    /// Whether something happens to it.
    #[schema(example = true)]
    pub happens: bool,
    /// What happens, or why nothing does: stable, for programs.
    #[schema(max_length = 100, example = "agreement-made")]
    pub code: &'static str,
    /// The same in the reader's language.
    #[schema(max_length = 1000, example = "Enheden får en aftale efter skabelonen Aftale 2015.")]
    pub message: String,
}

impl Outcome {
    /// Something happens, in the words that `outcome-<code>` has for it.
    pub fn happens(lang: Lang, subject: (Id, &str), code: &'static str, args: &Args) -> Self {
        Outcome { happens: true, ..Outcome::nothing(lang, subject, code, args) }
    }

    /// Nothing happens, and why, in the words that `outcome-<code>` has for it.
    pub fn nothing(lang: Lang, (subject, name): (Id, &str), code: &'static str, args: &Args) -> Self {
        let message = say(lang, &format!("outcome-{code}"), args);
        Outcome { subject, name: name.to_owned(), happens: false, code, message }
    }
}
