//! What a reader may do with a resource, and why not: `available_actions`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::types::Id;
use crate::error::{Code, Error, Result};
use crate::text::{Args, Lang, say};

/// An action that a resource has, as it stands for its reader.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AvailableAction)]
pub struct ActionView {
    /// What can be done.
    #[schema(max_length = 50, example = "submit")]
    pub action: &'static str,
    /// Whether the reader may take it now.
    pub allowed: bool,
    /// For whom the reader would take it, when not for themselves.
    #[schema(required = true)]
    pub on_behalf_of: Option<Id>,
    /// Why the reader may not take it; empty when they may.
    #[schema(max_items = 20)]
    pub reasons: Vec<Reason>,
}

/// Why an action is not available.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    /// Stable, for programs.
    #[schema(max_length = 100, example = "not-holder")]
    pub code: String,
    /// The reason, in the reader's language.
    #[schema(max_length = 1000, example = "Kun aftaleholderen kan gøre det.")]
    pub message: String,
}

impl Reason {
    /// A code with its words.
    pub fn of(code: Code, lang: Lang) -> Self {
        let message = say(lang, &format!("problem-{}", code.as_str()), &Args::default());
        Reason { code: code.as_str().to_owned(), message }
    }
}

impl ActionView {
    /// An action and whether a rule permits it.
    pub fn of(action: &'static str, permitted: Result<(), Code>, lang: Lang) -> Self {
        let reasons = permitted.err().map(|code| Reason::of(code, lang)).into_iter().collect::<Vec<_>>();
        ActionView { action, allowed: reasons.is_empty(), on_behalf_of: None, reasons }
    }

    /// An action and whether a rule that says more permits it.
    ///
    /// # Errors
    /// A fault of ours that the rule met.
    pub fn of_result(action: &'static str, permitted: Result<Option<Id>>, lang: Lang) -> Result<Self> {
        match permitted {
            Ok(on_behalf_of) => Ok(ActionView { on_behalf_of, ..ActionView::of(action, Ok(()), lang) }),
            Err(Error::Refused(refusal)) => Ok(ActionView::of(action, Err(refusal.code), lang)),
            Err(error) => Err(error),
        }
    }
}
