//! Making agreements: when a cycle opens, and one by one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::model::AgreementState;
use super::store::{self, AgreementRow};
use crate::agreements::sections::model::SectionState;
use crate::agreements::sections::store::SectionRow;
use crate::cycles::model::{Assignment, Candidate, CycleState, template_for};
use crate::cycles::store::{self as cycles, CycleRow};
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Error, Fault, Result};
use crate::letters::store::theme_ids;
use crate::organisation::{self, Organisation};
use crate::templates::cache::{PublishedTemplate, published};
use crate::templates::store as templates;
use crate::types::{Date, Id, Json};

/// What an agreement is made from.
#[derive(Debug, Clone)]
pub struct AgreementPlan {
    /// Its id.
    pub id: Id,
    /// The cycle.
    pub cycle_id: Id,
    /// The cycle's year.
    pub year: i64,
    /// The cycle's strategy letter.
    pub letter_id: Option<Id>,
    /// The template version it follows.
    pub template_id: Id,
    /// Its units.
    pub org_units: Vec<Id>,
    /// What it is called.
    pub title: String,
    /// The first and the last day it is for.
    pub period: (Date, Date),
}

/// Makes an agreement with the sections that its template prescribes, all as drafts.
///
/// # Errors
/// 409 when one of the units has an agreement in the cycle.
pub fn make(tx: &mut Tx, plan: &AgreementPlan) -> Result<AgreementRow> {
    let mut made = make_all(tx, std::slice::from_ref(plan))?;
    made.pop().ok_or_else(|| Error::unexpected("an agreement was planned and not made"))
}

/// So many are made by one statement.
const AT_ONCE: usize = 100;

/// Makes agreements with the sections that their templates prescribe, all as drafts, in a number of statements that
/// grows with every hundredth.
///
/// # Errors
/// 409 when one of the units has an agreement in the cycle.
pub fn make_all(tx: &mut Tx, plans: &[AgreementPlan]) -> Result<Vec<AgreementRow>> {
    let (mut made, mut prescribed) = (Vec::with_capacity(plans.len()), HashMap::new());
    for plans in plans.chunks(AT_ONCE) {
        let (mut rows, mut all_sections) = (Vec::new(), Vec::new());
        for plan in plans {
            let key = (plan.template_id, plan.letter_id);
            let prescribed = match prescribed.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(Prescribed::read(tx, plan)?),
            };
            let mut agreement = row(tx, plan);
            let sections = prescribed.sections(&agreement);
            let states: Vec<SectionState> = sections.iter().map(|section| section.state).collect();
            agreement.state = AgreementState::phase(&states);
            let event = Event::of(EventKind::AgreementCreated, agreement.id)
                .in_agreement(agreement.id, plan.org_units.first().copied())
                .version(1);
            tx.record(event.detail("cycle_id", plan.cycle_id));
            rows.push(agreement);
            all_sections.extend(sections);
        }
        store::insert(tx, &rows)?;
        crate::agreements::sections::store::insert(tx, &all_sections)?;
        made.extend(rows);
    }
    Ok(made)
}

fn row(tx: &Tx, plan: &AgreementPlan) -> AgreementRow {
    let (municipality_id, now) = (tx.scope(), tx.now());
    AgreementRow {
        municipality_id,
        id: plan.id,
        cycle_id: plan.cycle_id,
        template_id: plan.template_id,
        year: plan.year,
        title: plan.title.clone(),
        org_units: Json::of(&plan.org_units),
        period_from: plan.period.0,
        period_to: plan.period.1,
        case_number: None,
        state: AgreementState::Draft,
        late: false,
        shared_with_line: false,
        first_submitted_at: None,
        first_decided_at: None,
        submitted_at: None,
        approved_at: None,
        in_force_at: None,
        version: 1,
        changed_by: tx.author().id(),
        created_at: now,
        updated_at: now,
    }
}

/// What a template prescribes for the agreements of a letter.
struct Prescribed {
    template: Arc<PublishedTemplate>,
    themes: Vec<(String, Id)>,
}

impl Prescribed {
    fn read(tx: &mut Tx, plan: &AgreementPlan) -> Result<Self> {
        let themes = plan.letter_id.map(|letter| theme_ids(tx, letter)).transpose()?.unwrap_or_default();
        Ok(Prescribed { template: published(tx, plan.template_id)?, themes })
    }

    fn sections(&self, agreement: &AgreementRow) -> Vec<SectionRow> {
        let theme = |key: &str| self.themes.iter().find(|(known, _)| known == key).map(|(_, id)| *id);
        let definitions = self.template.prescription.sections.iter().zip(0_i64..);
        definitions
            .map(|(definition, position)| SectionRow {
                municipality_id: agreement.municipality_id,
                agreement_id: agreement.id,
                key: definition.key.clone(),
                id: Id::new(),
                position,
                kind: definition.kind,
                demanded: definition.demanded,
                theme_id: definition.theme_key.as_deref().and_then(theme),
                state: SectionState::Draft,
                version: 1,
                revision: 0,
                content: Json::default(),
                not_applicable: None,
                content_sha256: None,
                edited_by: Json::of(&Vec::<Id>::new()),
                route: Json::of(&Vec::<Id>::new()),
                last_decision: None,
                open_comments: 0,
                must_answer: 0,
                unconfirmed_partners: 0,
                submitted_at: None,
                changed_by: agreement.changed_by,
                created_at: agreement.created_at,
                updated_at: agreement.updated_at,
            })
            .collect()
    }
}

/// Makes the agreements that the opening of a cycle plans, in the order of the plan; a unit that has one already
/// keeps it. `id` chooses the id of a unit's agreement.
///
/// # Errors
/// When the database fails.
pub fn for_cycle(
    tx: &mut Tx,
    cycle: &CycleRow,
    plan: &[Assignment],
    organisation: &Organisation,
    id: impl Fn(Id) -> Id,
) -> Result<()> {
    let plans = plan.iter().map(|assignment| {
        let unit = assignment.org_unit_id;
        AgreementPlan { id: id(unit), ..of_cycle(cycle, assignment.template_id, vec![unit], organisation) }
    });
    make_all(tx, &plans.collect::<Vec<_>>())?;
    Ok(())
}

fn of_cycle(cycle: &CycleRow, template_id: Id, org_units: Vec<Id>, organisation: &Organisation) -> AgreementPlan {
    let names: Vec<&str> =
        org_units.iter().filter_map(|unit| organisation.unit(*unit)).map(|unit| unit.name.as_str()).collect();
    AgreementPlan {
        id: Id::new(),
        cycle_id: cycle.id,
        year: cycle.year,
        letter_id: cycle.letter_id,
        template_id,
        title: format!("Aftale {} for {}", cycle.year, names.join(" og ")),
        org_units,
        period: (cycle.period_from, cycle.period_to),
    }
}

/// What an agreement of some units is made from in an open cycle: the template that is narrowest for the first.
///
/// # Errors
/// 422 when there is no such cycle or unit; 409 when the cycle is not open, or no single template applies.
pub fn in_cycle(tx: &mut Tx, cycle_id: Id, org_units: Vec<Id>) -> Result<AgreementPlan> {
    let organisation = organisation::current(tx)?;
    let unknown = org_units.iter().enumerate().filter(|(_, unit)| organisation.unit(**unit).is_none());
    let mut faults: Vec<Fault> =
        unknown.map(|(at, _)| Fault::at(format!("/org_unit_ids/{at}"), "unknown-id")).collect();
    let cycle = match cycles::find(tx, cycle_id) {
        Ok(cycle) => Some(cycle),
        Err(error) if error.code() == Code::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(cycle) = cycle.filter(|_| faults.is_empty()) else {
        if faults.is_empty() {
            faults.push(Fault::at("/cycle_id", "unknown-id"));
        }
        return Err(Code::UnknownReference.refuse().faults(faults).into());
    };
    if cycle.state != CycleState::Open {
        return Err(Code::IllegalMove.refuse().with("state", cycle.state).into());
    }
    let found = templates::find_some(tx, &cycle.template_ids()?)?;
    let candidates = found
        .iter()
        .map(|template| Ok(Candidate { id: template.id, applies_to: template.applies_to()? }))
        .collect::<Result<Vec<Candidate>>>()?;
    let first = org_units.first().and_then(|unit| organisation.unit(*unit));
    let template = first.and_then(|unit| template_for(&organisation, unit, &candidates).ok());
    let template = template.ok_or(Code::NoTemplate)?;
    Ok(of_cycle(&cycle, template, org_units, &organisation))
}
