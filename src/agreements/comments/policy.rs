//! Who does what with comments. Pure.

use super::model::CommentRow;
use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::error::{Code, Result};
use crate::types::Id;

/// What somebody is to the comments of a section.
#[derive(Debug, Clone, Copy)]
pub struct CommenterRole {
    /// Who it is.
    pub person: Id,
    /// Writes in the section: a reply of theirs answers.
    pub writer: bool,
    /// Holds the agreement.
    pub holder: bool,
    /// Runs the cycle.
    pub coordinator: bool,
    /// Stands in a route of the agreement or signs it, for the other side than the unit's.
    pub approver: bool,
}

impl CommenterRole {
    /// What the actor is to the comments of a section.
    ///
    /// # Errors
    /// 403 for a machine client; 404 when there is no such section.
    pub fn of(loaded: &LoadedAgreement, actor: &Actor, key: &str) -> Result<Self> {
        let person = actor.person()?;
        loaded.section(key)?;
        let mut asked = loaded.relation.involved;
        for section in &loaded.sections {
            asked |= section.route()?.people().contains(&person);
        }
        Ok(CommenterRole {
            person,
            writer: loaded.can_write(key).is_ok(),
            holder: loaded.relation.holder,
            coordinator: loaded.relation.coordinator,
            approver: asked && !loaded.relation.holder,
        })
    }
}

/// Whether somebody demands an answer.
///
/// # Errors
/// `forbidden`.
pub fn can_demand_answer(role: &CommenterRole) -> Result<(), Code> {
    if role.approver { Ok(()) } else { Err(Code::Forbidden) }
}

/// Whether somebody changes the words of a comment: its author, until somebody has replied or it is resolved.
///
/// # Errors
/// `forbidden`, or `comment-answered`.
pub fn can_reword(role: &CommenterRole, comment: &CommentRow, replied: Replied) -> Result<(), Code> {
    if comment.author_id != role.person {
        return Err(Code::Forbidden);
    }
    if replied == Replied::Yes || comment.resolved { Err(Code::CommentAnswered) } else { Ok(()) }
}

/// Whether somebody resolves a thread, or takes it up again: its author, the holder, the coordinator.
///
/// # Errors
/// `forbidden`, or `unanswered-comment` for a holder who has not answered what must be.
pub fn can_resolve(role: &CommenterRole, comment: &CommentRow) -> Result<(), Code> {
    let author = comment.author_id == role.person;
    if !author && !role.holder && !role.coordinator {
        return Err(Code::Forbidden);
    }
    let evades = comment.waits_for_answer() && !author && !role.coordinator;
    if evades { Err(Code::UnansweredComment) } else { Ok(()) }
}

/// Whether a comment has replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replied {
    /// It has.
    Yes,
    /// It has none.
    No,
}

/// Whether a reply answers what must be answered: it is a writer's, and not the asker's own.
pub fn answers(role: &CommenterRole, asked: &CommentRow) -> bool {
    asked.must_answer && !asked.answered && role.writer && asked.author_id != role.person
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreements::comments::model::{Counts, count};
    use crate::types::Ts;

    fn role() -> CommenterRole {
        CommenterRole { person: Id::new(), writer: false, holder: false, coordinator: false, approver: false }
    }

    fn question(author_id: Id) -> CommentRow {
        let at = Ts::of("2014-11-10T08:00:00Z".parse().expect("an instant"));
        CommentRow {
            municipality_id: Id::new(),
            id: Id::new(),
            agreement_id: Id::new(),
            section_key: "effects".to_owned(),
            reply_to_id: None,
            pointer: String::new(),
            kind: crate::agreements::comments::model::CommentKind::Question,
            must_answer: true,
            answered: false,
            resolved: false,
            body: "Hvordan måler I det?".to_owned(),
            author_id,
            version: 1,
            changed_by: None,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn only_a_writer_other_than_the_asker_answers() {
        let asker = CommenterRole { approver: true, writer: true, ..role() };
        let asked = question(asker.person);
        assert!(!answers(&asker, &asked));
        assert!(!answers(&role(), &asked));
        assert!(answers(&CommenterRole { writer: true, ..role() }, &asked));
    }

    #[test]
    fn a_holder_answers_before_resolving_and_others_do_not_resolve() {
        let asker = role();
        let asked = question(asker.person);
        let holder = CommenterRole { holder: true, writer: true, ..role() };
        assert_eq!(can_resolve(&holder, &asked), Err(Code::UnansweredComment));
        assert_eq!(can_resolve(&holder, &CommentRow { answered: true, ..asked.clone() }), Ok(()));
        assert_eq!(can_resolve(&asker, &asked), Ok(()));
        assert_eq!(can_resolve(&CommenterRole { coordinator: true, ..role() }, &asked), Ok(()));
        assert_eq!(can_resolve(&role(), &asked), Err(Code::Forbidden));
    }

    #[test]
    fn words_stand_once_somebody_has_replied() {
        let author = role();
        let asked = question(author.person);
        assert_eq!(can_reword(&author, &asked, Replied::No), Ok(()));
        assert_eq!(can_reword(&author, &asked, Replied::Yes), Err(Code::CommentAnswered));
        assert_eq!(can_reword(&role(), &asked, Replied::No), Err(Code::Forbidden));
    }

    #[test]
    fn threads_are_counted_and_replies_are_not() {
        let asked = question(Id::new());
        let reply = CommentRow { reply_to_id: Some(asked.id), must_answer: false, ..asked.clone() };
        assert_eq!(count(&[asked.clone(), reply.clone()]), Counts { open: 1, must_answer: 1 });
        let answered = CommentRow { answered: true, ..asked.clone() };
        assert_eq!(count(&[answered, reply]), Counts { open: 1, must_answer: 0 });
        assert_eq!(count(&[CommentRow { resolved: true, ..asked }]), Counts::default());
    }
}
