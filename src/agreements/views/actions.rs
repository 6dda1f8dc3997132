//! What a reader may do with an agreement and its sections: `available_actions`, by the same rules as the handlers.

use crate::access::action::ActionView;
use crate::access::{Actor, table};
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::policy;
use crate::agreements::approval::guards::{self, Slot};
use crate::agreements::approval::submit;
use crate::agreements::draft::contents::Contents;
use crate::agreements::sections::store::SectionRow;
use crate::error::Result;
use crate::letters::store::ThemeOwners;
use crate::text::Lang;
use crate::types::Id;

/// An action, and what its handler asks besides the authorization table.
type Rule<'a, T> = (&'static str, &'a dyn Fn() -> Result<T>);

/// What a reader may do with an agreement; its contents may be empty where nothing depends on them.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn of_agreement(
    actor: &Actor,
    loaded: &LoadedAgreement,
    (contents, owners): (&Contents, &ThemeOwners),
    slots: &[Slot],
    lang: Lang,
) -> Result<Vec<ActionView>> {
    let permitted = |action: &str| table::permits(&format!("{action}_agreement"), actor);
    let sign = || guards::may_sign(loaded, slots, actor.person()?)?.signatory;
    let rules: [Rule<'_, ()>; 5] = [
        ("update", &|| Ok(policy::can_rename(&loaded.relation)?)),
        ("submit", &|| submit::prepare(loaded, contents, owners, lang).map(drop)),
        ("recall", &|| guards::may_recall(loaded)),
        ("share", &|| Ok(policy::can_submit(&loaded.relation)?)),
        ("sign", &|| sign().map(drop)),
    ];
    let offer =
        |(action, rule): Rule<'_, ()>| ActionView::of_result(action, permitted(action).and_then(|()| rule()), lang);
    rules.into_iter().map(offer).collect()
}

/// What a reader may do with a section.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn of_section(
    actor: &Actor,
    loaded: &LoadedAgreement,
    section: &SectionRow,
    owners: &ThemeOwners,
    lang: Lang,
) -> Result<Vec<ActionView>> {
    let permitted = |action: &str| table::permits(&format!("{action}_section"), actor);
    let decide = || {
        let place = guards::may_decide(loaded, section, owners, actor.person()?, None)?.place;
        place.map(|place| place.on_behalf_of)
    };
    let rules: [Rule<'_, Option<Id>>; 4] = [
        ("update", &|| {
            loaded.can_write(&section.key)?;
            loaded.check_editable(&section.key).map(|()| None)
        }),
        ("approve", &|| decide().and_then(|place| guards::check_answered(section).map(|()| place))),
        ("return", &decide),
        ("reopen", &|| guards::may_reopen(loaded, section, actor.person_id()).map(|()| None)),
    ];
    let offer = |(action, rule): Rule<'_, Option<Id>>| {
        let (permitted, for_whom) = match permitted(action).and_then(|()| rule()) {
            Ok(for_whom) => (Ok(()), for_whom),
            Err(error) => (Err(error), None),
        };
        let offered = ActionView::of_result(action, permitted, lang)?;
        Ok(offered.on_behalf_of(for_whom, &loaded.organisation))
    };
    rules.into_iter().map(offer).collect()
}
