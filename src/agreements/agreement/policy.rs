//! Who sees an agreement, and who writes in it (domain rule 6). Pure.

use super::model::{AgreementState, Relation};
use crate::error::Code;

/// What of an agreement its visibility depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// Where it stands.
    pub state: AgreementState,
    /// Whether it was submitted ever.
    pub submitted: bool,
}

/// Whether somebody may know of an agreement.
///
/// # Errors
/// `not-found`: its existence is hidden.
pub fn can_see(relation: &Relation, exposure: Exposure) -> Result<(), Code> {
    let from_draft = can_see_draft(relation).is_ok();
    let from_submission = exposure.submitted && (relation.involved || relation.superior);
    let from_approval = exposure.state.is_public() && (relation.appointed || relation.reading_client);
    if from_draft || from_submission || from_approval { Ok(()) } else { Err(Code::NotFound) }
}

/// Whether somebody sees what is being written, and not only what was submitted last.
///
/// # Errors
/// `forbidden`.
pub fn can_see_draft(relation: &Relation) -> Result<(), Code> {
    let sees = relation.holder || relation.contributor || relation.coordinator || relation.shared;
    if sees { Ok(()) } else { Err(Code::Forbidden) }
}

/// Whether somebody writes in the holder's sections.
///
/// # Errors
/// `not-holder`.
pub fn can_write(relation: &Relation) -> Result<(), Code> {
    if relation.holder || relation.contributor { Ok(()) } else { Err(Code::NotHolder) }
}

/// Whether somebody changes what stands beside the sections: the title, the case number.
///
/// # Errors
/// `not-holder`.
pub fn can_rename(relation: &Relation) -> Result<(), Code> {
    if relation.coordinator { Ok(()) } else { can_write(relation) }
}

/// Whether somebody submits, recalls and shares.
///
/// # Errors
/// `not-holder`.
pub fn can_submit(relation: &Relation) -> Result<(), Code> {
    if relation.holder { Ok(()) } else { Err(Code::NotHolder) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each relation alone, by name.
    fn relations() -> Vec<(&'static str, Relation)> {
        let none = Relation::default();
        vec![
            ("holder", Relation { holder: true, appointed: true, ..none }),
            ("contributor", Relation { contributor: true, appointed: true, ..none }),
            ("coordinator", Relation { coordinator: true, appointed: true, ..none }),
            ("superior", Relation { superior: true, appointed: true, ..none }),
            ("shared", Relation { shared: true, appointed: true, ..none }),
            ("involved", Relation { involved: true, appointed: true, ..none }),
            ("appointed", Relation { appointed: true, ..none }),
            ("client", Relation { reading_client: true, ..none }),
            ("administrator", none),
        ]
    }

    #[test]
    fn who_sees_an_agreement_follows_its_state() {
        let exposures = [
            ("draft", Exposure { state: AgreementState::Draft, submitted: false }),
            ("recalled", Exposure { state: AgreementState::Draft, submitted: true }),
            ("in_review", Exposure { state: AgreementState::InReview, submitted: true }),
            ("returned", Exposure { state: AgreementState::Returned, submitted: true }),
            ("approved", Exposure { state: AgreementState::Approved, submitted: true }),
            ("in_force", Exposure { state: AgreementState::InForce, submitted: true }),
        ];
        let mut grid = format!("{:<14}", "");
        for (name, _) in exposures {
            grid.push_str(&format!("{name:<10}"));
        }
        for (who, relation) in relations() {
            grid.push_str(&format!("\n{who:<14}"));
            for (_, exposure) in exposures {
                let mark = if can_see(&relation, exposure).is_ok() { "sees" } else { "-" };
                grid.push_str(&format!("{mark:<10}"));
            }
        }
        let lines: Vec<&str> = grid.lines().map(str::trim_end).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
                      draft     recalled  in_review returned  approved  in_force
        holder        sees      sees      sees      sees      sees      sees
        contributor   sees      sees      sees      sees      sees      sees
        coordinator   sees      sees      sees      sees      sees      sees
        superior      -         sees      sees      sees      sees      sees
        shared        sees      sees      sees      sees      sees      sees
        involved      -         sees      sees      sees      sees      sees
        appointed     -         -         -         -         sees      sees
        client        -         -         -         -         sees      sees
        administrator -         -         -         -         -         -
        ");
    }
}
