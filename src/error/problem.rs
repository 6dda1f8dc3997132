//! A refusal as it is answered (RFC 9457), in the reader's language.

use serde::Serialize;
use utoipa::ToSchema;

use super::refusal::{Current, Fault, Refusal, TokenError};
use crate::text::{Args, Lang, say};

/// A refusal as it is answered: RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// The address of a page about this kind of refusal.
    #[schema(max_length = 200, example = "/problems/stale-version")]
    pub r#type: String,
    /// What happened, in the reader's language.
    #[schema(max_length = 500, example = "Ændret i mellemtiden")]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 412)]
    pub status: u16,
    /// What to do about it, in the reader's language.
    #[schema(
        max_length = 4000,
        example = "Hent den nyeste udgave, gentag din ændring i den, og send den med dens ETag."
    )]
    pub detail: String,
    /// Stable, for programs.
    #[schema(max_length = 100, example = "stale-version")]
    pub code: String,
    /// Each place that is wrong.
    #[schema(max_items = 10000)]
    pub errors: Vec<FaultView>,
    /// What is stored now, when the caller's version is stale; where several parts are, each of `errors` says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Current>,
    /// The error code of RFC 6749 §5.2; at the token endpoint alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<TokenError>,
    /// The id under which the server's log holds the request.
    #[schema(max_length = 100, example = "01931f2e-7c00-7000-8000-000000000001")]
    pub request_id: String,
}

/// One place that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Fault)]
pub struct FaultView {
    /// Stable, for programs.
    #[schema(max_length = 100, example = "required")]
    pub code: String,
    /// JSON Pointer (RFC 6901) into the body, of a file `/line/column`; a query parameter is `?name`, a header or a part
    /// of the path its name.
    #[schema(max_length = 500, example = "/sections/0/content/plan")]
    pub pointer: String,
    /// What is wrong, in the reader's language.
    #[schema(max_length = 4000, example = "Feltet skal udfyldes.")]
    pub message: String,
    /// What is stored there now, when what was sent is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Current>,
}

impl Fault {
    /// The fault in words.
    pub fn view(&self, lang: Lang) -> FaultView {
        let message = say(lang, &format!("fault-{}", self.code), &self.args);
        let line = self.line.map(|line| say(lang, "on-line", &Args::one("line", line)));
        FaultView {
            code: self.code.to_owned(),
            pointer: self.pointer.clone(),
            message: line.map(|line| format!("{line}: {message}")).unwrap_or(message),
            current: self.current.as_deref().cloned(),
        }
    }
}

impl Refusal {
    /// The answer's body.
    pub fn problem(&self, lang: Lang, request_id: &str) -> Problem {
        let code = self.code.as_str();
        Problem {
            r#type: format!("/problems/{code}"),
            title: say(lang, &format!("problem-{code}"), &self.args),
            status: self.code.status(),
            detail: say(lang, &format!("problem-{code}.detail"), &self.args),
            code: code.to_owned(),
            errors: self.faults.iter().map(|fault| fault.view(lang)).collect(),
            current: self.current.as_deref().cloned(),
            error: self.token_error,
            request_id: request_id.to_owned(),
        }
    }
}
