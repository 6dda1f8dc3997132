//! What a reader may do with a resource, and why not: `available_actions`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, Error, Refusal, Result};
use crate::organisation::Organisation;
use crate::text::{Args, Lang, say, try_say};
use crate::types::Id;

/// An action that a resource has, as it stands for its reader.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AvailableAction)]
pub struct ActionView {
    /// The action.
    #[schema(max_length = 50, example = "submit")]
    pub action: &'static str,
    /// Whether the reader may take it now.
    pub allowed: bool,
    /// For whom the reader would take it, when not for themselves.
    #[schema(required = true)]
    pub on_behalf_of: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub on_behalf_of_name: Option<String>,
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
    /// How many places are wrong, where the refusal would name each of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 3)]
    pub count: Option<usize>,
}

impl Reason {
    /// A refusal in words; with the number of its places, which the refusal itself would name.
    pub fn of(refusal: &Refusal, lang: Lang) -> Self {
        let (code, count) = (refusal.code.as_str(), refusal.faults.len());
        let counted = || try_say(lang, &format!("problem-{code}.counted"), &Args::one("count", count));
        let message = if count == 0 { None } else { counted() };
        let message = message.unwrap_or_else(|| say(lang, &format!("problem-{code}"), &refusal.args));
        Reason { code: code.to_owned(), message, count: (count > 0).then_some(count) }
    }
}

impl ActionView {
    /// An action and whether a rule permits it.
    pub fn of(action: &'static str, permitted: Result<(), Code>, lang: Lang) -> Self {
        ActionView::unless(action, permitted.err().map(Code::refuse).as_ref(), lang)
    }

    /// An action, allowed unless it would be refused.
    pub fn unless(action: &'static str, refused: Option<&Refusal>, lang: Lang) -> Self {
        let reasons: Vec<Reason> = refused.map(|refusal| Reason::of(refusal, lang)).into_iter().collect();
        ActionView { action, allowed: reasons.is_empty(), on_behalf_of: None, on_behalf_of_name: None, reasons }
    }

    /// The same, taken for somebody.
    #[must_use]
    pub fn on_behalf_of(self, person: Option<Id>, organisation: &Organisation) -> Self {
        let name = person.map(|person| organisation.name_of(person).to_owned());
        ActionView { on_behalf_of: person, on_behalf_of_name: name, ..self }
    }

    /// An action and whether a rule that says more permits it.
    ///
    /// # Errors
    /// A fault of ours that the rule met.
    pub fn of_result(action: &'static str, permitted: Result<()>, lang: Lang) -> Result<Self> {
        match permitted {
            Ok(()) => Ok(ActionView::of(action, Ok(()), lang)),
            Err(Error::Refused(refusal)) => Ok(ActionView::unless(action, Some(&refusal), lang)),
            Err(error) => Err(error),
        }
    }
}
