//! Writing the rows of an import: all of them, or none.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::read::{Row, refused};
use crate::access::Actor;
use crate::agreements::agreement::load_many::load_many;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::effects::exact::can_be_told;
use crate::agreements::goals::model::{GoalRow, IndicatorRow};
use crate::agreements::goals::store as goals;
use crate::agreements::observations::input::{Given, faults};
use crate::agreements::observations::model::{ObservationFields, ObservationKind, ObservationRow, Observed};
use crate::agreements::observations::{policy, store};
use crate::db::Tx;
use crate::db::journal::EventKind;
use crate::error::{Code, Fault, Result};
use crate::types::{Date, Id};

/// What an import came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportView {
    /// Observations that are new.
    #[schema(minimum = 0, example = 240)]
    pub created: usize,
    /// Observations that say something else now.
    #[schema(minimum = 0, example = 12)]
    pub replaced: usize,
    /// Observations that were there already, and say the same.
    #[schema(minimum = 0, example = 0)]
    pub unchanged: usize,
    /// Agreements in which something was written.
    #[schema(minimum = 0, example = 12)]
    pub agreements: usize,
}

/// A row whose goal was found.
struct Placed {
    place: String,
    id: Option<Id>,
    of: Observed,
    kind: ObservationKind,
    observed_on: Date,
    fields: ObservationFields,
}

/// The goals and indicators that rows name.
struct Known {
    goals: HashMap<Id, GoalRow>,
    indicators: HashMap<Id, IndicatorRow>,
}

/// Writes the rows, with one event for each agreement in which anything is changed.
///
/// # Errors
/// 422 with each row that is wrong, 403 when the actor writes in some agreement not; then nothing is written.
pub fn write(tx: &mut Tx, actor: &Actor, rows: Vec<Row>) -> Result<ImportView> {
    let known = known(tx, &rows)?;
    let mut agreements: Vec<Id> = known.goals.values().map(|goal| goal.agreement_id).collect();
    agreements.sort_unstable();
    agreements.dedup();
    tx.lock("agreements", &agreements)?;
    let (loaded, _) = load_many(tx, actor, &agreements)?;
    let placed = place(rows, &known, &loaded)?;
    check_rights(&placed, &loaded)?;
    keep(tx, placed, &loaded)
}

fn known(tx: &mut Tx, rows: &[Row]) -> Result<Known> {
    let indicators: Vec<Id> = rows.iter().filter_map(|row| row.observation.indicator_id).collect();
    let indicators = goals::indicators_with(tx, &distinct(indicators))?;
    let named = rows.iter().filter_map(|row| row.observation.goal_id);
    let above = indicators.iter().map(|indicator| indicator.goal_id);
    let goals = goals::goals_with(tx, &distinct(named.chain(above).collect()))?;
    Ok(Known {
        goals: goals.into_iter().map(|goal| (goal.id, goal)).collect(),
        indicators: indicators.into_iter().map(|one| (one.id, one)).collect(),
    })
}

fn distinct(mut ids: Vec<Id>) -> Vec<Id> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Finds what each row is of, in agreements that the actor may know of, and checks what it says.
fn place(rows: Vec<Row>, known: &Known, loaded: &HashMap<Id, LoadedAgreement>) -> Result<Vec<Placed>> {
    let (mut placed, mut wrong, mut seen) = (Vec::with_capacity(rows.len()), Vec::new(), HashSet::new());
    for row in rows {
        match of_row(&row, known, loaded) {
            Ok((of, found)) => {
                wrong.extend(found.into_iter().map(|fault| row.fault(fault)));
                let one = row.observation.clone();
                let same = (one.kind == ObservationKind::Measurement).then_some((of.indicator_id, one.observed_on));
                if same.is_some_and(|same| !seen.insert((Some(same), None))) {
                    wrong.push(row.fault(Fault::at("/observed_on", "measured-twice")));
                }
                if one.id.is_some_and(|id| !seen.insert((None, Some(id)))) {
                    wrong.push(row.fault(Fault::at("/id", "id-in-use")));
                }
                let (id, kind, observed_on, fields) = (one.id, one.kind, one.observed_on, one.fields().kept());
                placed.push(Placed { place: row.place, id, of, kind, observed_on, fields });
            }
            Err(found) => wrong.extend(found.into_iter().map(|fault| row.fault(fault))),
        }
    }
    if wrong.is_empty() { Ok(placed) } else { Err(refused(wrong)) }
}

/// What a row is of, and what is wrong with what it says.
fn of_row(
    row: &Row,
    known: &Known,
    loaded: &HashMap<Id, LoadedAgreement>,
) -> std::result::Result<(Observed, Vec<Fault>), Vec<Fault>> {
    let one = &row.observation;
    let indicator = match one.indicator_id {
        Some(id) => Some(known.indicators.get(&id).ok_or_else(|| unknown("/indicator_id"))?),
        None if one.kind == ObservationKind::Measurement => return Err(vec![Fault::at("/indicator_id", "required")]),
        None => None,
    };
    let goal_id = indicator.map(|indicator| indicator.goal_id).or(one.goal_id);
    let named = if indicator.is_some() { "/indicator_id" } else { "/goal_id" };
    let goal_id = goal_id.ok_or_else(|| vec![Fault::at("/goal_id", "required")])?;
    if one.goal_id.is_some_and(|named| named != goal_id) {
        return Err(unknown("/goal_id"));
    }
    let goal = known.goals.get(&goal_id).ok_or_else(|| unknown(named))?;
    let agreement = loaded.get(&goal.agreement_id).filter(|one| one.shows_goals_in(&goal.section_key));
    let agreement = agreement.ok_or_else(|| unknown(named))?;
    let given = indicator.map_or(Given::Whole, |indicator| indicator.fields.given());
    let mut found = faults(one.kind, given, &one.fields().kept());
    let fits = indicator.is_none_or(|indicator| can_be_told(&indicator.fields, &one.fields()));
    found.extend((!fits).then(|| Fault::at("/denominator", "ratio-too-large")));
    let is_ahead = one.observed_on > agreement.organisation.today;
    found.extend(is_ahead.then(|| Fault::at("/observed_on", "in-future")));
    let indicator_id = indicator.map(|indicator| indicator.id);
    Ok((Observed { agreement_id: goal.agreement_id, goal_id, indicator_id }, found))
}

fn unknown(place: &str) -> Vec<Fault> {
    vec![Fault::at(place, "unknown-id")]
}

/// Goes on when the actor observes in every agreement that rows are of, and each still stands.
fn check_rights(placed: &[Placed], loaded: &HashMap<Id, LoadedAgreement>) -> Result<()> {
    for one in placed {
        let Some(agreement) = loaded.get(&one.of.agreement_id) else { continue };
        let at = |code: Code| code.refuse().fault(Fault::at(one.place.clone(), "refused-item"));
        policy::can_observe(&agreement.relation).map_err(at)?;
        let state = agreement.agreement.state;
        policy::is_observed(state).map_err(|code| at(code).with("state", state))?;
    }
    Ok(())
}

/// Writes what differs from what is stored.
fn keep(tx: &mut Tx, placed: Vec<Placed>, loaded: &HashMap<Id, LoadedAgreement>) -> Result<ImportView> {
    let mut stored = Stored::of(tx, &placed)?;
    let (mut made, mut changed, mut told) = (Vec::new(), Vec::new(), BTreeMap::<Id, ImportView>::new());
    for one in placed {
        let in_agreement = told.entry(one.of.agreement_id).or_default();
        match stored.take(&one)? {
            None => {
                in_agreement.created += 1;
                let id = one.id.unwrap_or_else(Id::new);
                made.push(ObservationRow::new(tx.new_row(), id, one.of, (one.kind, one.observed_on), one.fields));
            }
            Some(row) if row.fields == one.fields => in_agreement.unchanged += 1,
            Some(row) => {
                in_agreement.replaced += 1;
                changed.push(ObservationRow { fields: one.fields, ..row });
            }
        }
    }
    store::insert_all(tx, &made)?;
    for mut row in changed {
        store::save(tx, &mut row)?;
    }
    let mut all = ImportView::default();
    for (agreement, one) in told {
        (all.created, all.replaced) = (all.created + one.created, all.replaced + one.replaced);
        all.unchanged += one.unchanged;
        if one.created + one.replaced == 0 {
            continue;
        }
        all.agreements += 1;
        if let Some(loaded) = loaded.get(&agreement) {
            let event = loaded.agreement_event(EventKind::AgreementObservationsImported);
            tx.record(event.detail("created", one.created).detail("replaced", one.replaced));
        }
    }
    Ok(all)
}

/// What is stored already of what is imported.
struct Stored {
    measured: HashMap<(Id, Date), ObservationRow>,
    by_id: HashMap<Id, ObservationRow>,
}

impl Stored {
    fn of(tx: &mut Tx, placed: &[Placed]) -> Result<Self> {
        let is_measured = |one: &&Placed| one.kind == ObservationKind::Measurement;
        let indicators = distinct(placed.iter().filter(is_measured).filter_map(|one| one.of.indicator_id).collect());
        let days = placed.iter().map(|one| one.observed_on);
        let measured = match days.clone().min().zip(days.max()) {
            Some(days) => store::measured_between(tx, &indicators, days)?,
            None => Vec::new(),
        };
        let ids = distinct(placed.iter().filter_map(|one| one.id).collect());
        let by_id = store::with_ids(tx, &ids)?;
        let of_day = |row: ObservationRow| Some(((row.indicator_id?, row.observed_on), row));
        Ok(Stored {
            measured: measured.into_iter().filter_map(of_day).collect(),
            by_id: by_id.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// What a row replaces.
    fn take(&mut self, one: &Placed) -> Result<Option<ObservationRow>> {
        let used = || Code::IdInUse.refuse().fault(Fault::at(format!("{}/id", one.place), "id-in-use"));
        let by_id = one.id.and_then(|id| self.by_id.remove(&id));
        let is_same = |row: &ObservationRow| {
            let of = Observed { agreement_id: row.agreement_id, goal_id: row.goal_id, indicator_id: row.indicator_id };
            (of, row.kind, row.observed_on) == (one.of, one.kind, one.observed_on)
        };
        match by_id {
            Some(row) if is_same(&row) => return Ok(Some(row)),
            Some(_) => return Err(used().into()),
            None => {}
        }
        let measured = one.of.indicator_id.filter(|_| one.kind == ObservationKind::Measurement);
        let row = measured.and_then(|indicator| self.measured.remove(&(indicator, one.observed_on)));
        // A measurement is found by its day; who gives it another id than it has means another one.
        if one.id.is_some() && row.is_some() { Err(used().into()) } else { Ok(row) }
    }
}
