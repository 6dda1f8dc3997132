//! A section's states and moves. Pure.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Code, Refusal};
use crate::text_enum;
use crate::types::hex;

text_enum! {
    /// Where a section stands.
    pub enum SectionState {
        /// It is being written.
        Draft = "draft",
        /// It waits for a decision.
        Submitted = "submitted",
        /// It is approved.
        Approved = "approved",
        /// It was sent back with a reason.
        Returned = "returned",
        /// It is optional, and nobody wrote anything.
        Omitted = "omitted",
    }
}

text_enum! {
    /// What can be done to a section.
    pub enum SectionAction {
        /// Hand it in.
        Submit = "submit",
        /// Leave it out, at submission.
        Omit = "omit",
        /// Take it back before anybody has decided.
        Recall = "recall",
        /// Decide that it is good.
        Approve = "approve",
        /// Send it back with a reason.
        Return = "return",
        /// Take up again what was approved or left out.
        Reopen = "reopen",
        /// Change its content.
        Edit = "edit",
    }
}

impl SectionState {
    /// The state after an action.
    ///
    /// # Errors
    /// 409 when the state does not permit it.
    pub fn after(self, action: SectionAction) -> Result<Self, Refusal> {
        use SectionAction as A;
        use SectionState as S;
        match (self, action) {
            (S::Draft | S::Returned, A::Submit) => Ok(S::Submitted),
            (S::Draft, A::Omit) => Ok(S::Omitted),
            (S::Submitted | S::Omitted, A::Recall) => Ok(S::Draft),
            (S::Submitted, A::Approve) => Ok(S::Approved),
            (S::Submitted, A::Return) => Ok(S::Returned),
            (S::Approved | S::Omitted, A::Reopen) => Ok(S::Returned),
            (S::Draft | S::Returned, A::Edit) => Ok(self),
            _ => Err(Code::IllegalMove.refuse().with("state", self)),
        }
    }

    /// Whether its content may be changed.
    pub fn is_editable(self) -> bool {
        self.after(SectionAction::Edit).is_ok()
    }

    /// Whether nothing is left to decide about it.
    pub fn is_settled(self) -> bool {
        matches!(self, SectionState::Approved | SectionState::Omitted)
    }
}

/// Why a section does not apply to the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, validator::Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// The reason, as people are told.
    #[validate(length(min = 1, max = 2000), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 2000, example = "Enheden har ingen borgerkontakt.")]
    pub reason: String,
}

/// The SHA-256 of a value in canonical JSON (RFC 8785), in hexadecimal digits.
///
/// # Errors
/// When the value cannot be written as JSON: a fault of ours.
pub fn content_sha256<T: Serialize>(value: &T) -> crate::error::Result<String> {
    let canonical = serde_json_canonicalizer::to_vec(value).map_err(crate::error::Error::unexpected)?;
    Ok(hex(&Sha256::digest(canonical)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_action_stands_in_the_table() {
        let mut grid = String::from("state     ");
        for action in SectionAction::ALL {
            grid.push_str(&format!(" {:<10}", action.as_str()));
        }
        for state in SectionState::ALL {
            grid.push_str(&format!("\n{:<10}", state.as_str()));
            for action in SectionAction::ALL {
                let next = state.after(*action).map_or("-", SectionState::as_str);
                grid.push_str(&format!(" {next:<10}"));
            }
        }
        let lines: Vec<&str> = grid.lines().map(str::trim_end).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        state      submit     omit       recall     approve    return     reopen     edit
        draft      submitted  omitted    -          -          -          -          draft
        submitted  -          -          draft      approved   returned   -          -
        approved   -          -          -          -          -          returned   -
        returned   submitted  -          -          -          -          -          returned
        omitted    -          -          draft      -          -          returned   -
        ");
    }

    #[test]
    fn the_hash_does_not_depend_on_the_order_of_the_keys() {
        let (a, b) = (serde_json::json!({"a": 1, "b": [1.0]}), serde_json::json!({"b": [1], "a": 1}));
        assert_eq!(content_sha256(&a).expect("a hash"), content_sha256(&b).expect("a hash"));
    }
}
