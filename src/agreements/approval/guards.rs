//! Whether somebody may take a step now, and if not, why: asked by the handlers and by `available_actions` alike.

use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::policy;
use crate::agreements::sections::model::{SectionAction, SectionState};
use crate::agreements::sections::store::SectionRow;
use crate::error::{Code, Error, Result};
use crate::letters::store::ThemeOwners;
use crate::templates::model::Signatory;
use crate::types::Id;

use super::store::SignatureRow;
use crate::agreements::route::model::{RouteContext, Waiting};

/// The place on which a person decides on a section now. 403 comes before what depends on the state, so that the
/// caller can compare versions in between.
pub struct MayDecide {
    /// The place, or why not (409).
    pub place: Result<Waiting, Error>,
}

/// Whether a person may decide on a section.
///
/// # Errors
/// 403: `not-your-step`, `own-unit` or `edited-revision`.
pub fn may_decide(
    loaded: &LoadedAgreement,
    section: &SectionRow,
    owners: &ThemeOwners,
    person: Id,
    on_behalf_of: Option<Id>,
) -> Result<MayDecide> {
    let (route, editors) = (section.route()?, section.editors()?);
    let refusal = || Error::from(Code::IllegalMove.refuse().with("state", section.state));
    if section.state != SectionState::Submitted {
        if !route.people().contains(&person) {
            return Err(Code::NotYourStep.into());
        }
        let decided = section.state == SectionState::Approved && route.approvers().contains(&person);
        return Ok(MayDecide { place: Err(if decided { Code::AlreadyDecided.into() } else { refusal() }) });
    }
    match route.assignee_for(person, on_behalf_of, &loaded.route_context(section, owners, &editors)) {
        Ok(place) => Ok(MayDecide { place: Ok(place) }),
        Err(Code::AlreadyDecided) => Ok(MayDecide { place: Err(Code::AlreadyDecided.into()) }),
        Err(code) => Err(code.into()),
    }
}

/// Goes on when nothing in a section waits for an answer that an approver demands.
///
/// # Errors
/// 409 `unanswered-comment`.
pub fn check_answered(section: &SectionRow) -> Result<(), Error> {
    if section.must_answer > 0 { Err(Code::UnansweredComment.into()) } else { Ok(()) }
}

/// Whether a person runs the cycle, or has approved a section, and does not hold the agreement.
///
/// # Errors
/// 403 `not-your-step` or `own-unit`.
pub fn has_say(loaded: &LoadedAgreement, section: &SectionRow, person: Option<Id>) -> Result<(), Error> {
    let has_approved =
        person.is_some_and(|person| section.route().is_ok_and(|route| route.approvers().contains(&person)));
    if !loaded.relation.coordinator && !has_approved {
        return Err(Code::NotYourStep.into());
    }
    if loaded.relation.holder { Err(Code::OwnUnit.into()) } else { Ok(()) }
}

/// Whether a person may take a section up again.
///
/// # Errors
/// 403 when they are neither coordinator nor have approved it, or hold the agreement; 409 when its state, or the
/// agreement's, is another.
pub fn may_reopen(loaded: &LoadedAgreement, section: &SectionRow, person: Option<Id>) -> Result<(), Error> {
    has_say(loaded, section, person)?;
    let state = loaded.agreement.state;
    if !matches!(
        state,
        AgreementState::Draft | AgreementState::InReview | AgreementState::Returned | AgreementState::Approved
    ) {
        return Err(Code::IllegalMove.refuse().with("state", state).into());
    }
    section.state.after(SectionAction::Reopen)?;
    Ok(())
}

/// The sections that a submission takes.
///
/// # Errors
/// 403 `not-holder`; 409 when there is nothing to submit.
pub fn may_submit(loaded: &LoadedAgreement) -> Result<Vec<String>, Error> {
    policy::can_submit(&loaded.relation)?;
    let taken: Vec<String> =
        loaded.sections.iter().filter(|one| one.state.is_editable()).map(|one| one.key.clone()).collect();
    if taken.is_empty() {
        return Err(Code::IllegalMove.refuse().with("state", loaded.agreement.state).into());
    }
    Ok(taken)
}

/// Whether the holder may take the submission back: until the first decision ever (domain rule 6).
///
/// # Errors
/// 403 `not-holder`; 409 when nothing is submitted, or somebody has decided.
pub fn may_recall(loaded: &LoadedAgreement) -> Result<(), Error> {
    policy::can_submit(&loaded.relation)?;
    let submitted = loaded.sections.iter().any(|section| section.state == SectionState::Submitted);
    if !submitted || loaded.agreement.first_decided_at.is_some() {
        return Err(Code::IllegalMove.refuse().with("state", loaded.agreement.state).into());
    }
    Ok(())
}

/// Who signs an agreement, and who has.
#[derive(Debug, Clone)]
pub struct Slot {
    /// As whom.
    pub signatory: Signatory,
    /// The people who may; any one of them signs.
    pub people: Vec<Id>,
    /// The signature, once it is given.
    pub signed: Option<SignatureRow>,
}

/// The signatures an agreement needs and has.
pub fn slots(loaded: &LoadedAgreement, signed: &[SignatureRow]) -> Vec<Slot> {
    let route_context =
        RouteContext { organisation: &loaded.organisation, units: &loaded.units, theme_owner: None, editors: &[] };
    let signatories = loaded.template.prescription.signatories(loaded.unit_kind());
    let slot = |signatory: &Signatory| Slot {
        signatory: *signatory,
        people: route_context.signers(*signatory),
        signed: signed.iter().find(|row| row.signatory == *signatory).cloned(),
    };
    signatories.iter().map(slot).collect()
}

/// The place on which a person signs now.
///
/// # Errors
/// 403 `not-signatory`; 409 `already-signed`, or when the agreement is not approved.
pub fn may_sign(loaded: &LoadedAgreement, slots: &[Slot], person: Id) -> Result<MaySign> {
    if !slots.iter().any(|slot| slot.people.contains(&person)) {
        return Err(Code::NotSignatory.into());
    }
    let mine = |slot: &&Slot| slot.signed.is_none() && slot.people.contains(&person);
    let state = loaded.agreement.state;
    Ok(MaySign {
        signatory: match slots.iter().find(mine) {
            Some(slot) if state == AgreementState::Approved => Ok(slot.signatory),
            None if slots.iter().any(|slot| slot.signed.as_ref().is_some_and(|row| row.person_id == person)) => {
                Err(Code::AlreadySigned.into())
            }
            _ => Err(Code::IllegalMove.refuse().with("state", state).into()),
        },
    })
}

/// As whom a person signs now, or why not (409).
pub struct MaySign {
    /// As whom.
    pub signatory: Result<Signatory, Error>,
}
