//! Saving goals and indicators: one at a time, or all of a section. Whichever address the change came by, the same is
//! checked and written, and the same events are left. Raising the section is the caller's.

use super::changes::{ChangedGoal, ChangedIndicator, GoalChanges};
use super::model::{Goal, GoalRow, GoalWithIndicators, IndicatorRow};
use super::references::{self, References};
use super::store;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::observations;
use crate::agreements::sections::ids::refuse_used;
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Fault, Result};
use crate::types::Id;

/// Makes the goals of a section those that are sent; tells whether that changed anything.
///
/// # Errors
/// 409 when the section is locked, or an id is used elsewhere; 422 for a theme or an earlier goal that is unknown. The
/// pointers begin with `base`.
pub fn replace_all(
    tx: &mut Tx,
    loaded: &LoadedAgreement,
    stored: &[GoalWithIndicators],
    (key, base): (&str, &str),
    sent: &[Goal],
) -> Result<bool> {
    let stored: Vec<GoalWithIndicators> = stored.iter().filter(|(row, _)| row.section_key == key).cloned().collect();
    let changes = GoalChanges::between(&stored, sent, tx.new_row(), (loaded.agreement.id, key));
    if changes.is_empty() {
        return Ok(false);
    }
    loaded.check_editable(key)?;
    refuse_used_ids(tx, &stored, base, sent)?;
    let references: Vec<References> = sent.iter().map(|goal| of_sent(goal, &stored)).collect();
    references::check(tx, loaded, &references, |index| format!("{base}/goals/{index}"))?;
    let removed: Vec<Id> = changes.removed.iter().map(|row| row.id).collect();
    let taken_off: Vec<Id> = changes.changed.iter().flat_map(|goal| &goal.removed).map(|row| row.id).collect();
    refuse_observed(tx, (&removed, &taken_off), &format!("{base}/goals"))?;
    store::delete(tx, &removed)?;
    for row in &changes.removed {
        tx.record(goal_event(loaded, EventKind::GoalDeleted, row));
    }
    for goal in changes.changed {
        write(tx, loaded, goal)?;
    }
    Ok(true)
}

fn of_sent(goal: &Goal, stored: &[GoalWithIndicators]) -> References {
    let before = stored.iter().find(|(row, _)| Some(row.id) == goal.id);
    References {
        goal: before.map(|(row, _)| row.id),
        theme: goal.theme_id,
        above: goal.inherited_from_id,
        stored_above: before.and_then(|(row, _)| row.fields.inherited_from_id),
    }
}

/// Goes on when nothing was seen of some goals and indicators that are to be taken away: what was seen stays.
///
/// # Errors
/// 409 `has-observations`.
pub fn refuse_observed(tx: &mut Tx, (goals, indicators): (&[Id], &[Id]), place: &str) -> Result<()> {
    if observations::store::is_any_of(tx, goals, indicators)? {
        return Err(Code::HasObservations.refuse().fault(Fault::at(place, "has-observations")).into());
    }
    Ok(())
}

/// Goes on when no id that is new to the section, or to its goal, is used elsewhere.
fn refuse_used_ids(tx: &mut Tx, stored: &[GoalWithIndicators], base: &str, sent: &[Goal]) -> Result<()> {
    let of_goal = |id: Option<Id>| stored.iter().find(|(row, _)| Some(row.id) == id);
    let is_new = |goal: &Goal, id: Id| of_goal(goal.id).is_none_or(|(_, all)| all.iter().all(|row| row.id != id));
    let new: Vec<Id> = sent.iter().filter(|goal| of_goal(goal.id).is_none()).filter_map(|goal| goal.id).collect();
    let used: Vec<Id> = store::owners(tx, &new)?.into_iter().map(|(id, ..)| id).collect();
    refuse_used(sent.iter().map(|goal| goal.id), |id| used.contains(&id), |at| format!("{base}/goals/{at}/id"))?;
    let new: Vec<Id> = sent
        .iter()
        .flat_map(|goal| goal.indicators.iter().filter_map(|one| one.id).filter(|id| is_new(goal, *id)))
        .collect();
    let used: Vec<Id> = store::indicator_owners(tx, &new)?.into_iter().map(|(id, _)| id).collect();
    for (index, goal) in sent.iter().enumerate() {
        let is_used = |id: Id| used.contains(&id) && is_new(goal, id);
        let place = |at: usize| format!("{base}/goals/{index}/indicators/{at}/id");
        refuse_used(goal.indicators.iter().map(|one| one.id), is_used, place)?;
    }
    Ok(())
}

/// Adds a goal to a section; its indicators know those that they were taken over from, where there are any.
///
/// # Errors
/// 409 when an id is in use.
pub fn create(
    tx: &mut Tx,
    loaded: &LoadedAgreement,
    (key, position): (&str, i64),
    goal: &Goal,
    links: &[Option<Id>],
) -> Result<GoalWithIndicators> {
    refuse_used_ids(tx, &[], "", std::slice::from_ref(goal)).map_err(|_| Code::IdInUse)?;
    let mut made = ChangedGoal::new(tx.new_row(), loaded.agreement.id, (key, position), goal);
    made.indicators.iter_mut().zip(links).for_each(|(one, from)| one.row.inherited_from_id = *from);
    let made = write(tx, loaded, made)?;
    Ok((made.row, made.indicators.into_iter().map(|one| one.row).collect()))
}

/// Takes a goal out of its section, with its indicators.
///
/// # Errors
/// 409 when something was seen of it.
pub fn remove(tx: &mut Tx, loaded: &LoadedAgreement, row: &GoalRow) -> Result<()> {
    refuse_observed(tx, (&[row.id], &[]), "")?;
    store::delete(tx, &[row.id])?;
    tx.record(goal_event(loaded, EventKind::GoalDeleted, row));
    Ok(())
}

/// Writes a goal with those of its indicators that differ, and leaves their events.
///
/// # Errors
/// 409 when an id is taken, or what was measured of an indicator is no longer how it is given; 412 when somebody else
/// wrote it in between.
pub fn write(tx: &mut Tx, loaded: &LoadedAgreement, mut goal: ChangedGoal) -> Result<ChangedGoal> {
    let new = |one: &&ChangedIndicator| one.before.is_none();
    let made: Vec<IndicatorRow> = goal.indicators.iter().filter(new).map(|one| one.row.clone()).collect();
    let Some(before) = &goal.before else {
        store::insert(tx, &goal.row)?;
        store::insert_indicators(tx, &made)?;
        tx.record(goal_event(loaded, EventKind::GoalCreated, &goal.row));
        return Ok(goal);
    };
    let given_otherwise = |one: &&ChangedIndicator| {
        one.before.as_ref().is_some_and(|before| before.fields.given() != one.row.fields.given())
    };
    let given_otherwise: Vec<Id> = goal.indicators.iter().filter(given_otherwise).map(|one| one.row.id).collect();
    refuse_observed(tx, (&[], &given_otherwise), "/aggregation")?;
    store::delete_indicators(tx, &goal.removed.iter().map(|row| row.id).collect::<Vec<Id>>())?;
    store::insert_indicators(tx, &made)?;
    for one in goal.indicators.iter_mut().filter(|one| one.before.is_some()) {
        store::save_indicator(tx, &mut one.row)?;
    }
    let fields = goal.row.differences(before);
    store::save(tx, &mut goal.row)?;
    if !fields.is_empty() {
        tx.record(goal_event(loaded, EventKind::GoalUpdated, &goal.row).changed(fields));
    }
    for row in &goal.removed {
        tx.record(indicator_event(loaded, EventKind::IndicatorDeleted, &goal.row, row));
    }
    for one in &goal.indicators {
        tx.record(match &one.before {
            None => indicator_event(loaded, EventKind::IndicatorCreated, &goal.row, &one.row),
            Some(before) => indicator_event(loaded, EventKind::IndicatorUpdated, &goal.row, &one.row)
                .changed(one.row.differences(before)),
        });
    }
    Ok(goal)
}

fn goal_event(loaded: &LoadedAgreement, kind: EventKind, goal: &GoalRow) -> Event {
    loaded.event(kind, goal.id).section(&goal.section_key).version(goal.version)
}

fn indicator_event(loaded: &LoadedAgreement, kind: EventKind, goal: &GoalRow, row: &IndicatorRow) -> Event {
    loaded.event(kind, row.id).section(&goal.section_key).version(row.version).detail("goal_id", goal.id)
}
