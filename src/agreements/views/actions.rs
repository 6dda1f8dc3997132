//! What a reader may do with an agreement and its sections: `available_actions`, by the same rules as the handlers.

use crate::access::action::ActionView;
use crate::access::{Actor, table};
use crate::agreements::agreement::loaded::Dossier;
use crate::agreements::agreement::policy;
use crate::agreements::approval::guards::{self as permits, Slot};
use crate::agreements::sections::store::SectionRow;
use crate::error::Result;
use crate::text::Lang;
use crate::types::Id;

/// An action, and what its handler asks besides the authorization table.
type Rule<'a, T> = (&'static str, &'a dyn Fn() -> Result<T>);

/// What a reader may do with an agreement.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn of_agreement(actor: &Actor, dossier: &Dossier, slots: &[Slot], lang: Lang) -> Result<Vec<ActionView>> {
    let permitted = |action: &str| table::permits(&format!("{action}_agreement"), actor);
    let sign = || permits::may_sign(dossier, slots, actor.person()?)?.signatory;
    let rules: [Rule<'_, ()>; 5] = [
        ("update", &|| Ok(policy::can_rename(&dossier.relation)?)),
        ("submit", &|| permits::may_submit(dossier).map(drop)),
        ("recall", &|| permits::may_recall(dossier)),
        ("share", &|| Ok(policy::can_submit(&dossier.relation)?)),
        ("sign", &|| sign().map(drop)),
    ];
    let offer = |(action, rule): Rule<'_, ()>| {
        ActionView::of_result(action, permitted(action).and_then(|()| rule()).map(|()| None), lang)
    };
    rules.into_iter().map(offer).collect()
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
    let permitted = |action: &str| table::permits(&format!("{action}_section"), actor);
    let decide = || {
        let place = permits::may_decide(dossier, section, owners, actor.person()?, None)?.place;
        place.map(|place| place.on_behalf_of)
    };
    let rules: [Rule<'_, Option<Id>>; 4] = [
        ("update", &|| {
            dossier.can_write(&section.key)?;
            dossier.check_editable(&section.key).map(|()| None)
        }),
        ("approve", &|| decide().and_then(|place| permits::check_answered(section).map(|()| place))),
        ("return", &decide),
        ("reopen", &|| permits::may_reopen(dossier, section, actor.person_id()).map(|()| None)),
    ];
    let offer = |(action, rule): Rule<'_, Option<Id>>| {
        ActionView::of_result(action, permitted(action).and_then(|()| rule()), lang)
    };
    rules.into_iter().map(offer).collect()
}
