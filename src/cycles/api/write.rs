//! Cycles as they are planned.

use actix_web::{patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::read::{CycleView, view};
use crate::app::RequestContext;
use crate::cycles::model::{
    CycleAction, Deadlines, Period, PlannedFollowUp, Scope, are_in_order, have_own_keys, is_a_term,
};
use crate::cycles::policy;
use crate::cycles::store::{self, CycleRow};
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Reply, patch, rule_fault};
use crate::organisation::{self, UnitKind};
use crate::types::{Date, Id, Json as StoredJson};
use crate::{letters, templates};

/// A cycle to be planned.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCycle {
    /// The year it is for.
    #[validate(range(min = 1990, max = 2100))]
    #[schema(minimum = 1990, maximum = 2100, example = 2015)]
    pub year: i64,
    /// What it is called.
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Aftaler 2015")]
    pub name: String,
    /// The strategy letter that its agreements answer.
    #[serde(default)]
    pub letter_id: Option<Id>,
    /// The templates its agreements are made from; the narrowest for a unit is used.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub template_ids: Vec<Id>,
    /// The days its agreements are for: a calendar year, a school year, two years.
    #[validate(nested)]
    pub period: Period,
    /// Which units it is for; all centres and institutions that hold agreements when absent.
    #[serde(default)]
    #[validate(nested)]
    pub scope: Scope,
    /// By when something is to be done, in the municipality's time zone.
    #[serde(default)]
    #[validate(nested)]
    pub deadlines: Deadlines,
    /// When its agreements are followed up.
    #[serde(default)]
    #[validate(length(max = 20), nested, custom(function = have_own_keys))]
    #[schema(max_items = 20)]
    pub follow_ups: Vec<PlannedFollowUp>,
}

/// What may be changed of a cycle; of an open one, its name, its deadlines and its follow-ups.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CyclePatch {
    /// The year it is for.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1990, max = 2100))]
    #[schema(nullable = false, minimum = 1990, maximum = 2100, example = 2015)]
    pub year: Option<i64>,
    /// What it is called.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Aftaler 2015")]
    pub name: Option<String>,
    /// The strategy letter that its agreements answer.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Id>)]
    pub letter_id: Option<Option<Id>>,
    /// The templates its agreements are made from; all of them.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50))]
    #[schema(nullable = false, max_items = 50)]
    pub template_ids: Option<Vec<Id>>,
    /// The days its agreements are for; a day that is not sent stays.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub period: Option<PeriodPatch>,
    /// Which units it is for; a list that is not sent stays.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(nested)]
    #[schema(nullable = false)]
    pub scope: Option<CycleScopePatch>,
    /// By when something is to be done; a day that is not sent stays.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub deadlines: Option<DeadlinesPatch>,
    /// When its agreements are followed up; all of it.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 20), nested, custom(function = have_own_keys))]
    #[schema(nullable = false, max_items = 20)]
    pub follow_ups: Option<Vec<PlannedFollowUp>>,
}

/// What may be changed of a cycle's period.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodPatch {
    /// The first day.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, example = "2015-01-01")]
    pub from: Option<Date>,
    /// The last day, inclusive.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false, example = "2015-12-31")]
    pub to: Option<Date>,
}

/// What may be changed of which units a cycle is for.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleScopePatch {
    /// The kinds of unit.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 5))]
    #[schema(nullable = false, max_items = 5)]
    pub kinds: Option<Vec<UnitKind>>,
    /// The units with all below them.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100))]
    #[schema(nullable = false, max_items = 100)]
    pub under: Option<Vec<Id>>,
    /// Units that make no agreement in this cycle.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 1000))]
    #[schema(nullable = false, max_items = 1000)]
    pub exceptions: Option<Vec<Id>>,
}

/// What may be changed of a cycle's deadlines; null takes one away.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlinesPatch {
    /// The last day to submit on.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Date>, example = "2014-12-15")]
    pub submit: Option<Option<Date>>,
    /// The last day to approve on.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Date>, example = "2015-01-15")]
    pub approve: Option<Option<Date>>,
    /// The last day to sign on.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Date>, example = "2015-01-31")]
    pub sign: Option<Option<Date>>,
}

impl CyclePatch {
    fn applied_to(&self, stored: &CycleRow) -> Result<CycleRow> {
        let (mut period, mut scope, mut deadlines) = (stored.period(), stored.scope()?, stored.deadlines()?);
        if let Some(change) = self.period {
            period = Period { from: change.from.unwrap_or(period.from), to: change.to.unwrap_or(period.to) };
        }
        if let Some(change) = self.scope.clone() {
            scope = Scope {
                kinds: change.kinds.unwrap_or(scope.kinds),
                under: change.under.unwrap_or(scope.under),
                exceptions: change.exceptions.unwrap_or(scope.exceptions),
            };
        }
        if let Some(change) = self.deadlines {
            deadlines = Deadlines {
                submit: change.submit.unwrap_or(deadlines.submit),
                approve: change.approve.unwrap_or(deadlines.approve),
                sign: change.sign.unwrap_or(deadlines.sign),
            };
        }
        Ok(CycleRow {
            year: self.year.unwrap_or(stored.year),
            name: self.name.clone().unwrap_or_else(|| stored.name.clone()),
            letter_id: self.letter_id.unwrap_or(stored.letter_id),
            template_ids: self.template_ids.as_ref().map_or_else(|| stored.template_ids.clone(), StoredJson::of),
            period_from: period.from,
            period_to: period.to,
            scope: StoredJson::of(&scope),
            deadlines: StoredJson::of(&deadlines),
            follow_ups: self.follow_ups.as_ref().map_or_else(|| stored.follow_ups.clone(), StoredJson::of),
            ..stored.clone()
        })
    }
}

/// What an open cycle may still be changed in.
const SCHEDULE: [&str; 3] = ["name", "deadlines", "follow_ups"];

fn changes(before: &CycleRow, after: &CycleRow) -> Vec<&'static str> {
    let fields = [
        ("year", after.year != before.year),
        ("name", after.name != before.name),
        ("letter_id", after.letter_id != before.letter_id),
        ("template_ids", after.template_ids != before.template_ids),
        ("period", after.period() != before.period()),
        ("scope", after.scope != before.scope),
        ("deadlines", after.deadlines != before.deadlines),
        ("follow_ups", after.follow_ups != before.follow_ups),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// Plans a cycle.
///
/// The year's plan: which units, which templates, which deadlines. Nothing is made until it is opened.
#[utoipa::path(tag = "strategy", request_body = NewCycle, responses(
    (status = 201, description = "The cycle, made.", body = CycleView)
))]
#[post("/api/v1/cycles")]
pub async fn create_cycle(call: RequestContext, body: Json<NewCycle>) -> Result<Reply> {
    call.write(move |tx, actor| {
        policy::can_write(actor)?;
        let cycle = CycleRow {
            letter_id: body.letter_id,
            template_ids: StoredJson::of(&body.template_ids),
            scope: StoredJson::of(&body.scope),
            deadlines: StoredJson::of(&body.deadlines),
            follow_ups: StoredJson::of(&body.follow_ups),
            ..CycleRow::new(tx.new_row(), Id::new(), (body.year, &body.name), body.period)
        };
        check_references(tx, &cycle)?;
        store::insert(tx, &cycle)?;
        tx.record(Event::of(EventKind::CycleCreated, cycle.id).version(1));
        let address = format!("/api/v1/cycles/{}", cycle.id);
        Reply::created(address, 1, &view(tx, actor, &cycle)?)
    })
    .await
}

fn check_references(tx: &mut Tx, cycle: &CycleRow) -> Result<()> {
    let mut faults = Vec::new();
    if let Some(letter) = cycle.letter_id {
        match letters::store::find(tx, letter) {
            Err(error) if error.code() == Code::NotFound => faults.push(Fault::at("/letter_id", "unknown-id")),
            found => drop(found?),
        }
    }
    let (wanted, scope) = (cycle.template_ids()?, cycle.scope()?);
    let known: Vec<Id> = templates::store::find_some(tx, &wanted)?.iter().map(|template| template.id).collect();
    faults.extend(unknown("/template_ids", &wanted, &known));
    for (pointer, wanted) in [("/scope/under", &scope.under), ("/scope/exceptions", &scope.exceptions)] {
        faults.extend(unknown(pointer, wanted, &organisation::store::known_units(tx, wanted)?));
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

fn unknown(pointer: &str, wanted: &[Id], known: &[Id]) -> Vec<Fault> {
    let missing = wanted.iter().enumerate().filter(|(_, id)| !known.contains(id));
    missing.map(|(at, _)| Fault::at(format!("{pointer}/{at}"), "unknown-id")).collect()
}

/// Changes a cycle; of an open one, its name, its deadlines and its follow-ups.
///
/// What is left out stays as it is. Once it is open, its scope and templates stand.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The cycle."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = CyclePatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The cycle.", body = CycleView)
))]
#[patch("/api/v1/cycles/{id}")]
pub async fn update_cycle(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<CyclePatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let stored = store::find(tx, id)?;
        policy::can_write(actor)?;
        if_match.accepts(&stored)?;
        let mut cycle = body.applied_to(&stored)?;
        let changed = changes(&stored, &cycle);
        if !changed.is_empty() {
            check_days(&cycle)?;
            check_references(tx, &cycle)?;
            let schedule = changed.iter().all(|field| SCHEDULE.contains(field));
            let action = if schedule { CycleAction::Reschedule } else { CycleAction::Edit };
            cycle.state = stored.state.after(action)?;
            store::save(tx, &mut cycle)?;
            tx.record(Event::of(EventKind::CycleUpdated, id).version(cycle.version).changed(changed));
        }
        Reply::item(cycle.version, &view(tx, actor, &cycle)?)
    })
    .await
}

/// Days that are right by themselves may be wrong beside those that stay.
fn check_days(cycle: &CycleRow) -> Result<()> {
    let mut faults = Vec::new();
    if let Err(error) = is_a_term(&cycle.period()) {
        faults.push(rule_fault(&error, "/period"));
    }
    if let Err(error) = are_in_order(&cycle.deadlines()?) {
        faults.push(rule_fault(&error, "/deadlines"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::InvalidBody.refuse().faults(faults).into()) }
}
