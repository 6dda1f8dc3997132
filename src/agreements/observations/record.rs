//! Writing down what was seen, and taking it back. Whichever address it came by, the same is checked and the same events
//! are left.

use super::input::{Given, faults};
use super::model::{ObservationFields, ObservationKind, ObservationRow, Observed};
use super::policy;
use super::store;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Fault, Result};
use crate::types::{Date, Id};

/// What is written down: of what, when, and what of it.
#[derive(Debug, Clone)]
pub struct NewObserved {
    /// Its id; made here when there is none.
    pub id: Option<Id>,
    /// What it is of.
    pub of: Observed,
    /// The section in which the goal stands.
    pub section_key: String,
    /// What kind it is.
    pub kind: ObservationKind,
    /// The day it is about.
    pub observed_on: Date,
    /// How the values of the indicator are given.
    pub given: Given,
    /// What is said of it.
    pub fields: ObservationFields,
}

/// What writing something down came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is new.
    New,
    /// The measurement of that day was replaced, or was the same.
    Replaced,
}

/// Whether an actor may write down what was seen in an agreement, now.
///
/// # Errors
/// 403 `not-holder`.
pub fn check_observer(loaded: &LoadedAgreement) -> Result<()> {
    Ok(policy::can_observe(&loaded.relation)?)
}

/// Whether anything is still observed in it.
///
/// # Errors
/// 409 `illegal-move`.
pub fn check_observed(loaded: &LoadedAgreement) -> Result<()> {
    let state = loaded.agreement.state;
    policy::is_observed(state).map_err(|code| code.refuse().with("state", state).into())
}

/// Goes on when what is said fits the kind, and the day, which stands at a place, is not in the future.
///
/// # Errors
/// 422 with the places that are wrong.
pub fn check(loaded: &LoadedAgreement, one: &NewObserved, day: &str) -> Result<()> {
    let today = loaded.organisation.today;
    let mut found = faults(one.kind, one.given, &one.fields);
    found.extend((one.observed_on > today).then(|| Fault::at(day, "in-future")));
    if found.is_empty() { Ok(()) } else { Err(Code::InvalidBody.refuse().faults(found).into()) }
}

/// Writes something down that was checked. A measurement replaces the one of its day; one that is equal writes nothing.
///
/// # Errors
/// 409 when the id is in use.
pub fn record(tx: &mut Tx, loaded: &LoadedAgreement, one: NewObserved) -> Result<(ObservationRow, Recorded)> {
    let fields = one.fields.kept();
    let before = match one.of.indicator_id {
        Some(indicator) if one.kind == ObservationKind::Measurement => {
            store::measured_on(tx, indicator, one.observed_on)?
        }
        _ => None,
    };
    if let Some(before) = before {
        return Ok((change(tx, loaded, (before, &one.section_key), fields)?, Recorded::Replaced));
    }
    let id = one.id.unwrap_or_else(Id::new);
    if one.id.is_some() && store::is_used(tx, id)? {
        return Err(Code::IdInUse.refuse().fault(Fault::at("/id", "id-in-use")).into());
    }
    let row = ObservationRow::new(tx.new_row(), id, one.of, (one.kind, one.observed_on), fields);
    store::insert(tx, &row)?;
    tx.record(event(loaded, EventKind::ObservationCreated, &row, &one.section_key));
    Ok((row, Recorded::New))
}

/// Says something else of an observation; the same writes nothing.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn change(
    tx: &mut Tx,
    loaded: &LoadedAgreement,
    (mut row, section_key): (ObservationRow, &str),
    fields: ObservationFields,
) -> Result<ObservationRow> {
    let changed = fields.differences(&row.fields);
    if changed.is_empty() {
        return Ok(row);
    }
    row.fields = fields;
    store::save(tx, &mut row)?;
    tx.record(event(loaded, EventKind::ObservationUpdated, &row, section_key).changed(changed));
    Ok(row)
}

/// Takes an observation back.
///
/// # Errors
/// 412 when it is not there any more.
pub fn remove(tx: &mut Tx, loaded: &LoadedAgreement, row: &ObservationRow, section_key: &str) -> Result<()> {
    store::delete(tx, row.id)?;
    tx.record(event(loaded, EventKind::ObservationDeleted, row, section_key));
    Ok(())
}

/// An event of an observation: its ids and its kind, never its words or its value.
fn event(loaded: &LoadedAgreement, kind: EventKind, row: &ObservationRow, section_key: &str) -> Event {
    let event = loaded.event(kind, row.id).section(section_key).version(row.version);
    let event = event.detail("goal_id", row.goal_id).detail("kind", row.kind);
    match row.indicator_id {
        Some(indicator) => event.detail("indicator_id", indicator),
        None => event,
    }
}
