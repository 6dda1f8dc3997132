//! Submitting and recalling an agreement (domain rules 1, 2 and 6).

use super::{guards, places};
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::{AgreementAction, AgreementState};
use crate::agreements::agreement::store::{self as agreements, ReaderReason};
use crate::agreements::draft::contents::Contents;
use crate::agreements::draft::readiness::{self, Gap};
use crate::agreements::route::model::{Route, resolve};
use crate::agreements::sections::model::{SectionAction, SectionState, content_sha256};
use crate::agreements::sections::store::{self as sections, RevisionRow, SectionRow};
use crate::cycles::cache::deadlines;
use crate::cycles::model::Deadlines;
use crate::db::Tx;
use crate::db::journal::EventKind;
use crate::error::{Code, Result};
use crate::letters::store::ThemeOwners;
use crate::templates::model::Signatory;
use crate::text::Lang;
use crate::types::{Id, Json};

/// All that the sections which would be submitted lack.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn all_gaps(loaded: &LoadedAgreement, contents: &Contents, lang: Lang) -> Result<Vec<Gap>> {
    let mut found = Vec::new();
    for (index, section) in loaded.sections.iter().enumerate().filter(|(_, one)| one.state.is_editable()) {
        let definition = loaded.definition(&section.key)?;
        found.extend(readiness::gaps(definition, &contents.facts(section)?, index, lang));
    }
    Ok(found)
}

/// The sections that a submission takes, each with the people who will decide on it; none where it is left out, because
/// it is optional and nobody has touched it.
///
/// # Errors
/// 403 `not-holder`; 409 when there is nothing to submit, `not-ready` with every gap, or `no-approver`.
pub fn prepare(
    loaded: &LoadedAgreement,
    contents: &Contents,
    owners: &ThemeOwners,
    lang: Lang,
) -> Result<Vec<(String, Option<Route>)>> {
    let taken = guards::may_submit(loaded)?;
    let blocking: Vec<_> =
        all_gaps(loaded, contents, lang)?.into_iter().filter(|gap| gap.blocking).map(|gap| gap.fault).collect();
    if !blocking.is_empty() {
        return Err(Code::NotReady.refuse().faults(blocking).into());
    }
    let with_route = |key: String| {
        let route = route_of(loaded, contents, owners, &key)?;
        Ok((key, route))
    };
    taken.into_iter().map(with_route).collect()
}

fn route_of(loaded: &LoadedAgreement, contents: &Contents, owners: &ThemeOwners, key: &str) -> Result<Option<Route>> {
    let section = loaded.section(key)?;
    let untouched = contents.facts(section)?.is_untouched();
    if !section.demanded && untouched && section.state == SectionState::Draft {
        return Ok(None);
    }
    let editors = section.editors()?;
    let steps = loaded.template.prescription.steps(loaded.definition(key)?, loaded.unit_kind());
    let again = loaded.template.prescription.resubmission;
    let route_context = loaded.route_context(section, owners, &editors);
    let route = resolve(steps, &route_context, &section.route()?, again);
    Ok(Some(route.map_err(|code| code.refuse().with("section", key))?))
}

/// Submits every draft and returned section; what is optional and untouched is left out.
///
/// # Errors
/// As [`prepare`] refuses.
pub fn submit(tx: &mut Tx, loaded: &mut LoadedAgreement) -> Result<()> {
    let contents = Contents::read(tx, loaded.agreement.id)?;
    let owners = sections::theme_owners(tx, &loaded.sections)?;
    let taken = prepare(loaded, &contents, &owners, tx.lang())?;
    let before = loaded.agreement.state;
    let mut readers = Vec::new();
    for (key, route) in taken {
        match route {
            Some(route) => readers.extend(submit_section(tx, loaded, &contents, &key, &route)?),
            None => leave_out(tx, loaded, &key)?,
        }
    }
    agreements::add_readers(tx, loaded.agreement.id, &readers, ReaderReason::Route)?;
    // The holders read it as long as they hold it, and no longer.
    let others = guards::slots(loaded, &[]).into_iter().filter(|slot| slot.signatory != Signatory::Holder);
    let signers: Vec<Id> = others.flat_map(|slot| slot.people).collect();
    agreements::add_readers(tx, loaded.agreement.id, &signers, ReaderReason::Signatory)?;
    mark_submitted(tx, loaded)?;
    let agreement = &loaded.agreement;
    tx.record(
        loaded
            .agreement_event(EventKind::AgreementSubmitted)
            .detail("from", before)
            .detail("to", agreement.state)
            .detail("late", agreement.late),
    );
    Ok(())
}

/// Sets when it was submitted, and derives its state.
fn mark_submitted(tx: &mut Tx, loaded: &mut LoadedAgreement) -> Result<()> {
    let deadlines: Deadlines = deadlines(tx, loaded.agreement.cycle_id)?;
    let (now, today) = (tx.now(), loaded.organisation.today);
    let agreement = &mut loaded.agreement;
    // A resubmission does not make late what was in time at first.
    if agreement.first_submitted_at.is_none() {
        agreement.late = deadlines.submit.is_some_and(|day| today > day);
    }
    agreement.first_submitted_at = agreement.first_submitted_at.or(Some(now));
    agreement.submitted_at = Some(now);
    save_phase(tx, loaded)
}

/// Lets the agreement's state follow from its sections, under its lock, and saves it.
///
/// # Errors
/// 409 when it is not in review any more; 412 when somebody else wrote it in between.
pub fn save_phase(tx: &mut Tx, loaded: &mut LoadedAgreement) -> Result<()> {
    let states: Vec<SectionState> = loaded.sections.iter().map(|section| section.state).collect();
    let agreement = &mut loaded.agreement;
    agreement.state = agreement.state.after(AgreementAction::Review, &states)?;
    agreement.approved_at = match agreement.state {
        AgreementState::Approved => agreement.approved_at.or(Some(tx.now())),
        _ => None,
    };
    agreements::save(tx, agreement)
}

fn leave_out(tx: &mut Tx, loaded: &mut LoadedAgreement, key: &str) -> Result<()> {
    let section = loaded.section_mut(key)?;
    section.state = section.state.after(SectionAction::Omit)?;
    sections::save(tx, section)?;
    let left_out = section.clone();
    tx.record(loaded.section_event(EventKind::SectionOmitted, &left_out));
    Ok(())
}

/// Submits one section; gives the people of its route.
fn submit_section(
    tx: &mut Tx,
    loaded: &mut LoadedAgreement,
    contents: &Contents,
    key: &str,
    route: &Route,
) -> Result<Vec<Id>> {
    let mut section = loaded.section(key)?.clone();
    let (snapshot, hash) = {
        let snapshot = contents.freeze(&section)?;
        (Json::of(&snapshot), content_sha256(&snapshot)?)
    };
    section.state = section.state.after(SectionAction::Submit)?;
    section.revision += 1;
    section.content_sha256 = Some(hash.clone());
    section.route = Json::of(route);
    section.submitted_at = Some(tx.now());
    sections::save(tx, &mut section)?;
    places::follow(tx, loaded, loaded.section(key)?, &section)?;
    sections::insert_revision(tx, &new_revision(tx, &section, snapshot, &hash))?;
    let first = route.current().and_then(|at| route.steps.get(at)).map(|step| &step.people);
    let asked: Vec<Id> = first.into_iter().flatten().map(|assignee| assignee.person_id).collect();
    tx.record(
        loaded
            .section_event(EventKind::SectionSubmitted, &section)
            .detail("revision", section.revision)
            .detail("content_sha256", &hash)
            .notifies(asked),
    );
    *loaded.section_mut(key)? = section;
    Ok(route.people())
}

fn new_revision(tx: &Tx, section: &SectionRow, snapshot: Json, hash: &str) -> RevisionRow {
    RevisionRow {
        municipality_id: section.municipality_id,
        agreement_id: section.agreement_id,
        section_key: section.key.clone(),
        revision: section.revision,
        snapshot,
        content_sha256: hash.to_owned(),
        edited_by: section.edited_by.clone(),
        submitted_by: tx.author().person,
        submitted_at: tx.now(),
    }
}

/// Takes the submission back: submitted and omitted sections are drafts again.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn recall(tx: &mut Tx, loaded: &mut LoadedAgreement) -> Result<()> {
    let mut asked = Vec::new();
    for before in loaded.sections.clone() {
        if let Ok(state) = before.state.after(SectionAction::Recall) {
            asked.extend(before.route()?.people());
            let mut section = SectionRow { state, ..before.clone() };
            sections::save(tx, &mut section)?;
            places::follow(tx, loaded, &before, &section)?;
            tx.record(loaded.section_event(EventKind::SectionRecalled, &section));
            *loaded.section_mut(&before.key)? = section;
        }
    }
    save_phase(tx, loaded)?;
    tx.record(loaded.agreement_event(EventKind::AgreementRecalled).notifies(asked));
    Ok(())
}
