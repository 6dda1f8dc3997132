//! A cycle's states and moves, its shape, and which unit gets which template. Pure.

use chrono::Months;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::error::{Code, Fault, Refusal};
use crate::organisation::model::Unit;
use crate::organisation::{Organisation, UnitKind};
use crate::templates::model::AppliesTo;
use crate::text_enum;
use crate::types::{Date, Id, MAX_KEY, is_key};

text_enum! {
    /// Where a cycle stands.
    pub enum CycleState {
        /// It is being prepared.
        Planned = "planned",
        /// Agreements are made in it.
        Open = "open",
        /// It is over.
        Closed = "closed",
    }
}

text_enum! {
    /// What can be done to a cycle.
    pub enum CycleAction {
        /// Change what its agreements are made from.
        Edit = "edit",
        /// Change its name, its deadlines or its follow-ups.
        Reschedule = "reschedule",
        /// Make its agreements.
        Open = "open",
    }
}

impl CycleState {
    /// The state after an action.
    ///
    /// # Errors
    /// 409 when the state does not permit it.
    pub fn after(self, action: CycleAction) -> Result<Self, Refusal> {
        use CycleAction as A;
        use CycleState as S;
        match (self, action) {
            (S::Planned, A::Edit | A::Reschedule) | (S::Open, A::Reschedule) => Ok(self),
            (S::Planned, A::Open) => Ok(S::Open),
            (S::Open, A::Edit | A::Open) | (S::Closed, _) => Err(Code::IllegalMove.refuse().with("state", self)),
        }
    }
}

text_enum! {
    /// What a follow-up says.
    pub enum FollowUpKind {
        /// How it is going.
        Forecast = "forecast",
        /// How it went.
        Final = "final",
    }
}

/// The years that a period may last: a longer one is a slip of the pen.
const LONGEST_PERIOD: u32 = 10;

/// The days that agreements are for; at most ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_a_term, skip_on_field_errors = false))]
pub struct Period {
    /// The first day.
    #[schema(example = "2015-01-01")]
    pub from: Date,
    /// The last day, inclusive.
    #[schema(example = "2015-12-31")]
    pub to: Date,
}

/// Whether a period ends no earlier than it begins, and within ten years.
///
/// # Errors
/// With the code `period-backwards` or `period-too-long`.
pub fn is_a_term(period: &Period) -> Result<(), ValidationError> {
    let too_late = period.from.day().checked_add_months(Months::new(12 * LONGEST_PERIOD));
    if period.to < period.from {
        return Err(ValidationError::new("period-backwards"));
    }
    if too_late.is_some_and(|day| period.to.day() >= day) {
        return Err(ValidationError::new("period-too-long"));
    }
    Ok(())
}

/// The days by which something is to be done; late is past `submit`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = are_in_order, skip_on_field_errors = false))]
pub struct Deadlines {
    /// The last day to submit on.
    #[serde(default)]
    #[schema(required = true, example = "2014-12-15")]
    pub submit: Option<Date>,
    /// The last day to approve on.
    #[serde(default)]
    #[schema(required = true, example = "2015-01-15")]
    pub approve: Option<Date>,
    /// The last day to sign on.
    #[serde(default)]
    #[schema(required = true, example = "2015-01-31")]
    pub sign: Option<Date>,
}

text_enum! {
    /// What is to be done by a day.
    pub enum DeadlineKey {
        /// The last day to submit on.
        Submit = "submit",
        /// The last day to approve on.
        Approve = "approve",
        /// The last day to sign on.
        Sign = "sign",
    }
}

/// A day by which something is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deadline {
    /// What.
    pub key: DeadlineKey,
    /// The last day on which it is in time.
    #[schema(example = "2014-12-15")]
    pub on: Date,
}

impl Deadlines {
    /// Those that are set, in their order.
    pub fn all(&self) -> Vec<Deadline> {
        DeadlineKey::ALL.iter().filter_map(|key| self.find(*key)).collect()
    }

    /// One of them, where it is set.
    pub fn find(&self, key: DeadlineKey) -> Option<Deadline> {
        let on = match key {
            DeadlineKey::Submit => self.submit,
            DeadlineKey::Approve => self.approve,
            DeadlineKey::Sign => self.sign,
        };
        on.map(|on| Deadline { key, on })
    }
}

/// Whether submitting comes before approving, and that before signing.
///
/// # Errors
/// With the code `deadlines-out-of-order`.
pub fn are_in_order(deadlines: &Deadlines) -> Result<(), ValidationError> {
    let given = [deadlines.submit, deadlines.approve, deadlines.sign];
    if given.iter().flatten().is_sorted() { Ok(()) } else { Err(ValidationError::new("deadlines-out-of-order")) }
}

/// A time at which agreements are followed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlannedFollowUp)]
#[validate(schema(function = opens_before_due, skip_on_field_errors = false))]
pub struct PlannedFollowUp {
    /// Its key within the cycle.
    #[validate(length(min = 1, max = MAX_KEY), custom(function = is_key))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9_-]+$", example = "midtvejs")]
    pub key: String,
    /// What it says.
    pub kind: FollowUpKind,
    /// The day it begins.
    #[schema(example = "2015-06-01")]
    pub opens_on: Date,
    /// The day by which it is to be done.
    #[schema(example = "2015-06-30")]
    pub due_on: Date,
}

fn opens_before_due(planned: &PlannedFollowUp) -> Result<(), ValidationError> {
    if planned.opens_on <= planned.due_on { Ok(()) } else { Err(ValidationError::new("period-backwards")) }
}

/// Whether each follow-up has a key of its own.
///
/// # Errors
/// With the code `duplicate-key`.
pub fn have_own_keys(planned: &[PlannedFollowUp]) -> Result<(), ValidationError> {
    let repeated =
        planned.iter().enumerate().any(|(at, one)| planned.iter().skip(at + 1).any(|other| other.key == one.key));
    if repeated { Err(ValidationError::new("duplicate-key")) } else { Ok(()) }
}

/// Which units a cycle is for: of those that hold agreements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CycleScope)]
pub struct Scope {
    /// The kinds of unit; none means centres and institutions.
    #[validate(length(max = 5))]
    #[schema(max_items = 5)]
    pub kinds: Vec<UnitKind>,
    /// The units with all below them; none means the whole municipality.
    #[validate(length(max = 100))]
    #[schema(max_items = 100)]
    pub under: Vec<Id>,
    /// Units that make no agreement in this cycle; those below them do.
    #[validate(length(max = 1000))]
    #[schema(max_items = 1000)]
    pub exceptions: Vec<Id>,
}

/// Why a unit that a cycle's scope covers makes no agreement in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// It never makes agreements.
    HoldsNone,
    /// The scope excepts it.
    Excepted,
}

impl LeftOut {
    /// The code of the reason.
    pub const fn code(self) -> &'static str {
        match self {
            LeftOut::HoldsNone => "holds-no-agreement",
            LeftOut::Excepted => "excepted",
        }
    }
}

impl Scope {
    fn covers(&self, organisation: &Organisation, unit: &Unit) -> bool {
        let kind = match self.kinds.as_slice() {
            [] => matches!(unit.kind, UnitKind::Centre | UnitKind::Institution),
            kinds => kinds.contains(&unit.kind),
        };
        let place = self.under.is_empty() || self.under.iter().any(|root| organisation.is_within(unit.id, *root));
        kind && place
    }

    fn leaves_out(&self, unit: &Unit) -> Option<LeftOut> {
        if self.exceptions.contains(&unit.id) {
            Some(LeftOut::Excepted)
        } else {
            (!unit.holds_agreement).then_some(LeftOut::HoldsNone)
        }
    }
}

/// The units of the day that a cycle's scope covers, by name, each with the reason why it makes no agreement.
pub fn covered_units<'a>(organisation: &'a Organisation, scope: &Scope) -> Vec<(&'a Unit, Option<LeftOut>)> {
    let mut units: Vec<&Unit> = organisation.units().filter(|unit| scope.covers(organisation, unit)).collect();
    units.sort_by(|a, b| (&a.folded_name, a.id).cmp(&(&b.folded_name, b.id)));
    units.into_iter().map(|unit| (unit, scope.leaves_out(unit))).collect()
}

/// The units of the day that a cycle is for, by name.
pub fn units_in_scope(organisation: &Organisation, scope: &Scope) -> Vec<Id> {
    let covered = covered_units(organisation, scope).into_iter();
    covered.filter(|(_, left_out)| left_out.is_none()).map(|(unit, _)| unit.id).collect()
}

/// A template as the choice among templates reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The template.
    pub id: Id,
    /// Which units it is for.
    pub applies_to: AppliesTo,
}

/// Why a unit has no one template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTemplate {
    /// None is for it.
    NoneApplies,
    /// Two are, and neither is narrower.
    Tied,
}

impl NoTemplate {
    const fn code(self) -> &'static str {
        match self {
            NoTemplate::NoneApplies => "no-template-applies",
            NoTemplate::Tied => "templates-tied",
        }
    }
}

/// How narrowly a template is for a unit. The order of the fields is the order of the rules: a subtree beats what is
/// for the whole municipality, and a deeper one a shallower one; then a named kind beats what is for all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Narrowness {
    depth: Option<usize>,
    names_kind: bool,
}

fn narrowness(organisation: &Organisation, unit: &Unit, applies_to: &AppliesTo) -> Option<Narrowness> {
    let names_kind = !applies_to.kinds.is_empty();
    if names_kind && !applies_to.kinds.contains(&unit.kind) {
        return None;
    }
    let roots = applies_to.under.iter().filter(|root| organisation.is_within(unit.id, **root));
    let depth = roots.map(|root| organisation.ancestors(*root).len()).max();
    (applies_to.under.is_empty() || depth.is_some()).then_some(Narrowness { depth, names_kind })
}

/// The template that is narrowest for a unit.
///
/// # Errors
/// When none is for it, or the narrowest are several.
pub fn template_for(organisation: &Organisation, unit: &Unit, templates: &[Candidate]) -> Result<Id, NoTemplate> {
    let fitting = templates
        .iter()
        .filter_map(|template| Some((narrowness(organisation, unit, &template.applies_to)?, template.id)));
    let fitting: Vec<(Narrowness, Id)> = fitting.collect();
    let narrowest = fitting.iter().map(|(narrowness, _)| *narrowness).max().ok_or(NoTemplate::NoneApplies)?;
    let mut best = fitting.iter().filter(|(narrowness, _)| *narrowness == narrowest).map(|(_, id)| *id);
    match (best.next(), best.next()) {
        (Some(id), None) => Ok(id),
        _ => Err(NoTemplate::Tied),
    }
}

/// An agreement to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// The unit.
    pub org_unit_id: Id,
    /// The template it follows.
    pub template_id: Id,
}

/// The agreements that a cycle's opening makes: one per unit in scope.
///
/// # Errors
/// A fault for each unit without one template, at `/org_units/{id}`.
pub fn plan_open(
    organisation: &Organisation,
    scope: &Scope,
    templates: &[Candidate],
) -> Result<Vec<Assignment>, Vec<Fault>> {
    let (mut plan, mut faults) = (Vec::new(), Vec::new());
    for org_unit_id in units_in_scope(organisation, scope) {
        let Some(unit) = organisation.unit(org_unit_id) else { continue };
        match template_for(organisation, unit, templates) {
            Ok(template_id) => plan.push(Assignment { org_unit_id, template_id }),
            Err(why) => {
                faults.push(Fault::at(format!("/org_units/{org_unit_id}"), why.code()).with("unit", &unit.name));
            }
        }
    }
    if faults.is_empty() { Ok(plan) } else { Err(faults) }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
