//! A template's states and moves. Pure.

use crate::error::{Code, Refusal};
use crate::text_enum;

text_enum! {
    /// Where a template stands.
    pub enum TemplateState {
        /// It is being written.
        Draft = "draft",
        /// Agreements are made from it, and it stays as it is.
        Published = "published",
    }
}

text_enum! {
    /// What can be done to a template.
    pub enum TemplateAction {
        /// Change it.
        Edit = "edit",
        /// Let agreements be made from it.
        Publish = "publish",
        /// Throw it away.
        Delete = "delete",
    }
}

impl TemplateState {
    /// The state after an action.
    ///
    /// # Errors
    /// 409 when the state does not permit it.
    pub fn after(self, action: TemplateAction) -> Result<Self, Refusal> {
        match (self, action) {
            (TemplateState::Draft, TemplateAction::Publish) => Ok(TemplateState::Published),
            (TemplateState::Draft, TemplateAction::Edit | TemplateAction::Delete) => Ok(self),
            (TemplateState::Published, _) => Err(Code::IllegalMove.refuse().with("state", self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_may_be_changed_published_or_thrown_away_and_a_published_template_nothing() {
        for action in TemplateAction::ALL {
            let after = TemplateState::Draft.after(*action).map_err(|no| no.code);
            let published = *action == TemplateAction::Publish;
            assert_eq!(after, Ok(if published { TemplateState::Published } else { TemplateState::Draft }), "{action}");
            let refused = TemplateState::Published.after(*action).map_err(|no| no.code);
            assert_eq!(refused, Err(Code::IllegalMove), "{action}");
        }
    }
}
