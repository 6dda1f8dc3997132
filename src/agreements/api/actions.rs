//! What a reader may do with an agreement and its sections: `available_actions`, by the same rules as the handlers.

use crate::agreements::dossier::Dossier;
use crate::agreements::policy;
use crate::auth::Actor;
use crate::auth::action::ActionView;
use crate::db::types::Id;
use crate::error::{Code, Result};
use crate::sections::store::SectionRow;
use crate::text::Lang;
use crate::workflow::permits::{self, Slot};

/// What a reader may do with an agreement.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn of_agreement(actor: &Actor, dossier: &Dossier, slots: &[Slot], lang: Lang) -> Result<Vec<ActionView>> {
    let nothing = |done: Result<()>| done.map(|()| None::<Id>);
    let sign = actor.person().and_then(|person| permits::may_sign(dossier, slots, person)?.signatory);
    Ok(vec![
        ActionView::of("update", policy::can_rename(&dossier.relation), lang),
        ActionView::of_result("submit", permits::may_submit(dossier).map(|_| None), lang)?,
        ActionView::of_result("recall", nothing(permits::may_recall(dossier)), lang)?,
        ActionView::of("share", policy::can_submit(&dossier.relation), lang),
        ActionView::of_result("sign", sign.map(|_| None), lang)?,
    ])
}

/// What a reader may do with a section.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn of_section(
    actor: &Actor,
    dossier: &Dossier,
    section: &SectionRow,
    owners: &[(Id, Option<Id>)],
    lang: Lang,
) -> Result<Vec<ActionView>> {
    let edit = dossier.can_write(&section.key).and_then(|()| dossier.check_editable(&section.key));
    let decide = || {
        let person = actor.person().map_err(|_| Code::NotYourStep)?;
        permits::may_decide(dossier, section, owners, person, None)?.place
    };
    let approve = decide().and_then(|place| permits::check_answered(section).map(|()| place));
    let reopen = permits::may_reopen(dossier, section, actor.person_id());
    Ok(vec![
        ActionView::of_result("update", edit.map(|()| None), lang)?,
        ActionView::of_result("approve", approve.map(|place| place.on_behalf_of), lang)?,
        ActionView::of_result("return", decide().map(|place| place.on_behalf_of), lang)?,
        ActionView::of_result("reopen", reopen.map(|()| None), lang)?,
    ])
}
