//! Saving a draft: each section sent is compared, checked and written; nothing is half-written.

use std::collections::HashSet;

use super::contents::Contents;
use super::input::DraftSection;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::commitments::draft::{propose, recount, revise};
use crate::agreements::commitments::input::DraftCommitment;
use crate::agreements::commitments::model::CommitmentState;
use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::commitments::store::{self as commitments};
use crate::agreements::goals::input::{Goal, Indicator};
use crate::agreements::goals::model::{GoalRow, IndicatorRow};
use crate::agreements::goals::store::{self as goals};
use crate::agreements::sections::content;
use crate::agreements::sections::event::section_event;
use crate::db::Tx;
use crate::error::{Code, Fault, Result};
use crate::http::current_of;
use crate::types::{Id, Json};

/// Whether the actor may write each section that is sent.
///
/// # Errors
/// 404 for a section that does not exist; 403 for one that is not theirs to write.
pub fn check_rights(loaded: &LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let mut seen = HashSet::new();
    for (index, section) in sent.iter().enumerate() {
        if loaded.section(&section.key).is_err() {
            let place = Fault::at(format!("/sections/{index}/key"), "unknown-id");
            return Err(Code::UnknownReference.refuse().fault(place).into());
        }
        if !seen.insert(&section.key) {
            let place = Fault::at(format!("/sections/{index}/key"), "duplicate-key");
            return Err(Code::InvalidBody.refuse().fault(place).into());
        }
        loaded.can_write(&section.key)?;
    }
    Ok(())
}

/// Whether the writer has seen the newest version of each section.
///
/// # Errors
/// 412 with a pointer to each that is stale, and what is stored of it.
pub fn check_versions(loaded: &LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let mut faults = Vec::new();
    for (index, section) in sent.iter().enumerate() {
        let stored = loaded.section(&section.key)?;
        if stored.version != section.version {
            let place = Fault::at(format!("/sections/{index}/version"), "stale-section");
            faults.push(place.with("version", stored.version).current(current_of(stored)));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::StaleVersion.refuse().faults(faults).into()) }
}

/// Writes what is sent. A section in which nothing differs is not written.
///
/// # Errors
/// 422 where a value breaks its template's rules; 409 for a locked section, an id of something else, or a confirmed
/// commitment that is left out.
pub fn save(tx: &mut Tx, loaded: &mut LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let stored = Contents::read(tx, loaded.agreement.id)?;
    check_content(loaded, sent)?;
    for (index, section) in sent.iter().enumerate() {
        let base = format!("/sections/{index}");
        let mut changed = write_fields(loaded, section)?;
        if let Some(goals) = &section.goals
            && write_goals(tx, loaded, &stored, (&section.key, &base), goals)?
        {
            changed.push("goals");
        }
        if let Some(commitments) = &section.commitments
            && write_commitments(tx, loaded, &stored, (&section.key, &base), commitments)?
        {
            changed.push("commitments");
        }
        if !changed.is_empty() {
            loaded.save_edited(tx, &section.key)?;
            tx.record(section_event("section.edited", loaded.section(&section.key)?).changed(changed));
        }
    }
    Ok(())
}

fn check_content(loaded: &LoadedAgreement, sent: &[DraftSection]) -> Result<()> {
    let mut faults = Vec::new();
    for (index, section) in sent.iter().enumerate() {
        if let Some(values) = &section.content {
            let definition = loaded.definition(&section.key)?;
            faults.extend(content::faults(definition, values, &format!("/sections/{index}/content")));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::InvalidBody.refuse().faults(faults).into()) }
}

fn write_fields(loaded: &mut LoadedAgreement, sent: &DraftSection) -> Result<Vec<&'static str>> {
    let stored = loaded.section_mut(&sent.key)?;
    let mut changed = Vec::new();
    if let Some(content) = sent.content.as_ref().map(Json::of).filter(|content| *content != stored.content) {
        stored.content = content;
        changed.push("content");
    }
    if let Some(reason) = &sent.not_applicable {
        let reason = reason.as_ref().map(|it| it.reason.clone());
        if reason != stored.not_applicable {
            stored.not_applicable = reason;
            changed.push("not_applicable");
        }
    }
    Ok(changed)
}

/// The place of something sent: its section's key, and the pointer to it.
type Place<'a> = (&'a str, &'a str);

fn write_goals(
    tx: &mut Tx,
    loaded: &LoadedAgreement,
    stored: &Contents,
    (key, base): Place<'_>,
    sent: &[Goal],
) -> Result<bool> {
    loaded.check_editable(key).or_else(|error| if unchanged(stored, key, sent) { Ok(()) } else { Err(error) })?;
    let (agreement, ids) = (loaded.agreement.id, sent.iter().filter_map(|goal| goal.id).collect::<Vec<Id>>());
    let owners = goals::owners(tx, &ids)?;
    let foreign =
        |id: Id| owners.iter().any(|(known, of, section)| *known == id && (*of != agreement || section != key));
    refuse_foreign(base, "goals", sent.iter().map(|goal| goal.id), foreign)?;
    check_references(tx, loaded, base, sent)?;
    let rows: Vec<GoalRow> =
        goals::of_agreement(tx, agreement)?.into_iter().filter(|row| row.section_key == key).collect();
    let indicators = goals::indicators_of_agreement(tx, agreement)?;
    let gone: Vec<Id> = rows.iter().map(|row| row.id).filter(|id| !ids.contains(id)).collect();
    let mut changed = !gone.is_empty();
    goals::delete(tx, &gone)?;
    for (position, goal) in (0..).zip(sent) {
        changed |= write_goal(tx, (agreement, key, base), &rows, &indicators, (position, goal))?;
    }
    Ok(changed)
}

/// Goes on when each goal's theme stands in the cycle's letter, and the goal it continues is known.
fn check_references(tx: &mut Tx, loaded: &LoadedAgreement, base: &str, sent: &[Goal]) -> Result<()> {
    let themes = goals::themes_of_cycle(tx, loaded.agreement.cycle_id)?;
    let continued: Vec<Id> = sent.iter().filter_map(|goal| goal.inherited_from_id).collect();
    let known: Vec<Id> = goals::owners(tx, &continued)?.into_iter().map(|(id, ..)| id).collect();
    let mut faults = Vec::new();
    for (at, goal) in sent.iter().enumerate() {
        let references = [("theme_id", goal.theme_id, &themes), ("inherited_from_id", goal.inherited_from_id, &known)];
        for (name, _, _) in references.into_iter().filter(|(_, id, known)| id.is_some_and(|id| !known.contains(&id))) {
            faults.push(Fault::at(format!("{base}/goals/{at}/{name}"), "unknown-id"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

fn unchanged(stored: &Contents, key: &str, sent: &[Goal]) -> bool {
    stored.goals_in(key).eq(sent.iter())
}

fn refuse_foreign(
    base: &str,
    list: &str,
    ids: impl Iterator<Item = Option<Id>>,
    foreign: impl Fn(Id) -> bool,
) -> Result<()> {
    let mut seen = HashSet::new();
    for (at, id) in ids.enumerate() {
        if id.is_some_and(|id| foreign(id) || !seen.insert(id)) {
            let place = Fault::at(format!("{base}/{list}/{at}/id"), "id-in-use");
            return Err(Code::IdInUse.refuse().fault(place).into());
        }
    }
    Ok(())
}

fn write_goal(
    tx: &mut Tx,
    (agreement_id, key, base): (Id, &str, &str),
    rows: &[GoalRow],
    indicators: &[IndicatorRow],
    (position, goal): (i64, &Goal),
) -> Result<bool> {
    let now = tx.now();
    let known = goal.id.and_then(|id| rows.iter().find(|row| row.id == id)).cloned();
    let is_new = known.is_none();
    let mut row = known.unwrap_or_else(|| GoalRow {
        municipality_id: tx.scope(),
        id: goal.id.unwrap_or_default(),
        agreement_id,
        section_key: key.to_owned(),
        position,
        title: String::new(),
        assessment: None,
        origin: None,
        theme_id: None,
        target_group: None,
        effect: None,
        horizon: None,
        inherited_from_id: None,
        version: 1,
        changed_by: tx.author().id(),
        created_at: now,
        updated_at: now,
    });
    let differs = goal.write_to(&mut row, position);
    if is_new {
        goals::insert(tx, &row)?;
    }
    let own: Vec<IndicatorRow> = indicators.iter().filter(|one| one.goal_id == row.id).cloned().collect();
    let place = format!("{base}/goals/{position}");
    let measured = write_indicators(tx, &row, &place, own, &goal.indicators)?;
    if !is_new && (differs || measured) {
        goals::save(tx, &mut row)?;
    }
    Ok(is_new || differs || measured)
}

fn write_indicators(
    tx: &mut Tx,
    goal: &GoalRow,
    place: &str,
    rows: Vec<IndicatorRow>,
    sent: &[Indicator],
) -> Result<bool> {
    let ids: Vec<Id> = sent.iter().filter_map(|indicator| indicator.id).collect();
    let owners = goals::indicator_owners(tx, &ids)?;
    let foreign = |id: Id| owners.iter().any(|(known, of)| *known == id && *of != goal.id);
    refuse_foreign(place, "indicators", sent.iter().map(|indicator| indicator.id), foreign)?;
    let gone: Vec<Id> = rows.iter().map(|row| row.id).filter(|id| !ids.contains(id)).collect();
    let mut changed = !gone.is_empty();
    goals::delete_indicators(tx, &gone)?;
    for (position, indicator) in (0..).zip(sent) {
        let known = indicator.id.and_then(|id| rows.iter().find(|row| row.id == id)).cloned();
        let is_new = known.is_none();
        let mut row = known.unwrap_or_else(|| new_indicator(tx, goal, indicator));
        let differs = indicator.write_to(&mut row, position);
        match (is_new, differs) {
            (true, _) => goals::insert_indicator(tx, &row)?,
            (false, true) => goals::save_indicator(tx, &mut row)?,
            (false, false) => {}
        }
        changed |= is_new || differs;
    }
    Ok(changed)
}

fn new_indicator(tx: &Tx, goal: &GoalRow, indicator: &Indicator) -> IndicatorRow {
    IndicatorRow {
        municipality_id: goal.municipality_id,
        id: indicator.id.unwrap_or_default(),
        goal_id: goal.id,
        agreement_id: goal.agreement_id,
        position: 0,
        name: String::new(),
        unit: String::new(),
        direction: indicator.direction,
        baseline: None,
        target: None,
        aggregation: indicator.aggregation,
        version: 1,
        changed_by: tx.author().id(),
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

fn write_commitments(
    tx: &mut Tx,
    loaded: &mut LoadedAgreement,
    stored: &Contents,
    (key, base): Place<'_>,
    sent: &[DraftCommitment],
) -> Result<bool> {
    let known: Vec<CommitmentWithParties> = stored.commitments_in(key).cloned().collect();
    if known.iter().map(DraftCommitment::of).eq(sent.iter().cloned()) {
        return Ok(false);
    }
    loaded.check_editable(key)?;
    let ids: Vec<Id> = sent.iter().filter_map(|one| one.id).collect();
    let (owners, agreement) = (commitments::owners(tx, &ids)?, loaded.agreement.id);
    let foreign =
        |id: Id| owners.iter().any(|(known, of, section)| *known == id && (*of != agreement || section != key));
    refuse_foreign(base, "commitments", sent.iter().map(|one| one.id), foreign)?;
    let gone: Vec<&CommitmentWithParties> = known.iter().filter(|(row, _)| !ids.contains(&row.id)).collect();
    if gone.iter().any(|(row, _)| row.state == CommitmentState::Confirmed) {
        let place = Fault::at(format!("{base}/commitments"), "confirmed-left-out");
        return Err(Code::ConfirmedCommitment.refuse().fault(place).into());
    }
    let gone: Vec<Id> = gone.iter().map(|(row, _)| row.id).collect();
    commitments::delete(tx, &gone)?;
    let mut changed = !gone.is_empty();
    for (position, one) in (0..).zip(sent) {
        let place = format!("{base}/commitments/{position}");
        let done = match one.id.and_then(|id| known.iter().find(|(row, _)| row.id == id)).cloned() {
            Some(stored) => revise(tx, loaded, stored, position, one).map(|(_, differs)| differs),
            None => propose(tx, loaded, key, position, one).map(|_| true),
        };
        changed |= done.map_err(|error| error.below(&place))?;
    }
    recount(tx, loaded, key)?;
    Ok(changed)
}
