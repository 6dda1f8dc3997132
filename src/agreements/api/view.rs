//! An agreement as it travels.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::dossier::Dossier;
use super::super::model::AgreementState;
use super::super::store::AgreementRow;
use super::expand::{Expand, Expanded};
use super::read::Readiness;
use crate::auth::Actor;
use crate::auth::action::ActionView;
use crate::cycles::model::{Deadlines, Period};
use crate::db::Conn;
use crate::db::types::{Id, Ts};
use crate::error::Result;
use crate::http::{Etag, Tagged};
use crate::organisation::model::Unit;
use crate::organisation::{Organisation, UnitKind};
use crate::sections::api::{SectionSummary, Shown, WaitingView};
use crate::sections::model::SectionState;
use crate::sections::store::{self as sections, SectionRow};
use crate::templates::model::Signatory;
use crate::workflow::frame;
use crate::workflow::permits::{self, Slot, ThemeOwners};
use crate::workflow::store as workflow;

/// A unit, named.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitName {
    /// The id of the unit.
    pub id: Id,
    /// Its name today.
    #[schema(max_length = 200, example = "Social- og Handicapcentret")]
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
}

/// A holder of an agreement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Holder {
    /// The id of the person.
    pub person_id: Id,
    /// The person's name.
    #[schema(max_length = 200, example = "Centerchef for Social og Handicap")]
    pub name: String,
    /// Whether they lead the unit for a time, until somebody is appointed.
    pub acting: bool,
}

/// A template version that an agreement follows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TemplateName {
    /// The id of the template.
    pub id: Id,
    /// Its number among the versions.
    pub number: i64,
}

/// How far an agreement has come.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Progress {
    /// Sections that every agreement has.
    pub demanded: usize,
    /// Sections that are handed in.
    pub submitted: usize,
    /// Sections that are approved.
    pub approved: usize,
}

/// A signature that an agreement needs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignatureSlot {
    /// In which part the person signs.
    pub signatory: Signatory,
    /// The people who may; any one of them signs.
    #[schema(max_items = 100)]
    pub people: Vec<WaitingView>,
    /// The id of the person who signed.
    #[schema(required = true)]
    pub signed_by: Option<Id>,
    /// When the signature was given.
    #[schema(required = true)]
    pub signed_at: Option<Ts>,
}

/// An agreement as it stands in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgreementSummary {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// The id of the agreement.
    pub id: Id,
    /// The cycle it belongs to.
    pub cycle_id: Id,
    /// The cycle's year.
    #[schema(example = 2015)]
    pub year: i64,
    /// What it is called.
    #[schema(max_length = 300, example = "Aftale 2015 for Social- og Handicapcentret")]
    pub title: String,
    /// The units that make the agreement.
    #[schema(max_items = 100)]
    pub org_units: Vec<UnitName>,
    /// Its holders; empty while vacant.
    #[schema(max_items = 100)]
    pub holders: Vec<Holder>,
    /// The day from which its units have had no leader; null while somebody leads one, or when nobody ever has.
    #[schema(required = true, example = "2014-09-01")]
    pub vacant_since: Option<NaiveDate>,
    /// The unit it is made with: the nearest one above all of its units; null when there is none.
    #[schema(required = true)]
    pub counterpart: Option<UnitName>,
    /// Where it stands.
    pub state: AgreementState,
    /// Whether it was submitted past the deadline.
    pub late: bool,
    /// The number of its case in the municipality's archive.
    #[schema(required = true, max_length = 100, example = "00.30.00-Ø02-1-10")]
    pub case_number: Option<String>,
    /// What the reader may do with it; with `include=actions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<ActionView>>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// A management agreement with the summaries of its sections.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Agreement)]
pub struct AgreementView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// The id of the agreement.
    pub id: Id,
    /// The cycle it belongs to.
    pub cycle_id: Id,
    /// The cycle's year.
    #[schema(example = 2015)]
    pub year: i64,
    /// What it is called.
    #[schema(max_length = 300, example = "Aftale 2015 for Social- og Handicapcentret")]
    pub title: String,
    /// The days it is for.
    pub period: Period,
    /// The template it follows.
    pub template: TemplateName,
    /// The units that make the agreement.
    #[schema(max_items = 100)]
    pub org_units: Vec<UnitName>,
    /// Its holders; empty while vacant.
    #[schema(max_items = 100)]
    pub holders: Vec<Holder>,
    /// The day from which its units have had no leader; null while somebody leads one, or when nobody ever has.
    #[schema(required = true, example = "2014-09-01")]
    pub vacant_since: Option<NaiveDate>,
    /// The unit it is made with: the nearest one above all of its units; null when there is none.
    #[schema(required = true)]
    pub counterpart: Option<UnitName>,
    /// Where it stands.
    pub state: AgreementState,
    /// Whether it was submitted past the deadline.
    pub late: bool,
    /// The days by which something is to be done.
    pub deadlines: Deadlines,
    /// The number of its case in the municipality's archive.
    #[schema(required = true, max_length = 100, example = "00.30.00-Ø02-1-10")]
    pub case_number: Option<String>,
    /// Whether the leaders above may read its draft.
    pub shared_with_line: bool,
    /// How far it has come.
    pub progress: Progress,
    /// Its sections, in their order.
    #[schema(max_items = 100, value_type = Vec<SectionSummary>)]
    pub sections: Vec<Tagged>,
    /// Whether it can be submitted; with `expand=readiness`, for who sees its draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness: Option<Readiness>,
    /// The signatures it needs and has.
    #[schema(max_items = 10)]
    pub signatures: Vec<SignatureSlot>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was submitted last.
    #[schema(required = true)]
    pub submitted_at: Option<Ts>,
    /// When its last section was approved.
    #[schema(required = true)]
    pub approved_at: Option<Ts>,
    /// When the last signatory signed.
    #[schema(required = true)]
    pub in_force_at: Option<Ts>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl UnitName {
    fn of(unit: &Unit) -> Self {
        UnitName { id: unit.id, name: unit.name.clone(), kind: unit.kind }
    }
}

/// The units of an agreement, named.
pub fn unit_names(organisation: &Organisation, units: &[Id]) -> Vec<UnitName> {
    let named = |id: &Id| {
        let unit = organisation.unit(*id);
        UnitName {
            id: *id,
            name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            kind: unit.map_or(UnitKind::Other, |unit| unit.kind),
        }
    };
    units.iter().map(named).collect()
}

fn holders(organisation: &Organisation, units: &[Id]) -> Vec<Holder> {
    let named = |held: &crate::organisation::model::Appointed| Holder {
        person_id: held.person_id,
        name: organisation.name_of(held.person_id).to_owned(),
        acting: held.acting,
    };
    organisation.leaders_of(units).into_iter().map(named).collect()
}

impl AgreementSummary {
    /// An agreement in a list.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn of(row: &AgreementRow, organisation: &Organisation, actions: Option<Vec<ActionView>>) -> Result<Self> {
        let units = row.units()?;
        Ok(AgreementSummary {
            etag: Etag::default(),
            id: row.id,
            cycle_id: row.cycle_id,
            year: row.year,
            title: row.title.clone(),
            org_units: unit_names(organisation, &units),
            holders: holders(organisation, &units),
            vacant_since: organisation.vacant_since(&units),
            counterpart: organisation.nearest_above(&units).map(UnitName::of),
            state: row.state,
            late: row.late,
            case_number: row.case_number.clone(),
            available_actions: actions,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// An agreement in full, for its reader.
///
/// # Errors
/// When the database fails.
pub fn view(conn: &mut Conn, actor: &Actor, dossier: &Dossier, expand: Expand) -> Result<AgreementView> {
    let signed = match dossier.agreement.state {
        AgreementState::Approved | AgreementState::InForce => workflow::signatures_on(conn, dossier.agreement.id)?,
        _ => Vec::new(),
    };
    let slots = permits::slots(dossier, &signed);
    let deadlines = frame::deadlines(conn, dossier.agreement.cycle_id)?;
    let expanded = Expanded::read(conn, actor, dossier, expand)?;
    let sections = summaries(conn, dossier, expand, &expanded)?;
    let row = &dossier.agreement;
    let in_state = |states: &[SectionState]| dossier.sections.iter().filter(|one| states.contains(&one.state)).count();
    Ok(AgreementView {
        etag: Etag::default(),
        id: row.id,
        cycle_id: row.cycle_id,
        year: row.year,
        title: row.title.clone(),
        period: Period { from: row.period_from, to: row.period_to },
        template: TemplateName { id: row.template_id, number: dossier.template.number },
        org_units: unit_names(&dossier.organisation, &dossier.units),
        holders: holders(&dossier.organisation, &dossier.units),
        vacant_since: dossier.organisation.vacant_since(&dossier.units),
        counterpart: dossier.organisation.nearest_above(&dossier.units).map(UnitName::of),
        state: row.state,
        late: row.late,
        deadlines,
        case_number: row.case_number.clone(),
        shared_with_line: row.shared_with_line,
        progress: Progress {
            demanded: dossier.sections.iter().filter(|one| one.demanded).count(),
            submitted: in_state(&[SectionState::Submitted, SectionState::Approved]),
            approved: in_state(&[SectionState::Approved]),
        },
        sections,
        readiness: expanded.readiness,
        available_actions: super::actions::of_agreement(actor, dossier, &slots, conn.lang())?,
        signatures: slots.into_iter().map(|slot| SignatureSlot::of(slot, &dossier.organisation)).collect(),
        submitted_at: row.submitted_at,
        approved_at: row.approved_at,
        in_force_at: row.in_force_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

impl SignatureSlot {
    fn of(slot: Slot, organisation: &Organisation) -> Self {
        let named = |person: Id| WaitingView {
            person_id: person,
            name: organisation.name_of(person).to_owned(),
            on_behalf_of: None,
        };
        SignatureSlot {
            signatory: slot.signatory,
            people: slot.people.into_iter().map(named).collect(),
            signed_by: slot.signed.as_ref().map(|row| row.person_id),
            signed_at: slot.signed.as_ref().map(|row| row.signed_at),
        }
    }
}

fn summaries(conn: &mut Conn, dossier: &Dossier, expand: Expand, expanded: &Expanded) -> Result<Vec<Tagged>> {
    let submitted: Vec<SectionRow> =
        dossier.sections.iter().filter(|one| one.state == SectionState::Submitted).cloned().collect();
    let owners: ThemeOwners = permits::theme_owners(conn, &submitted)?;
    // Only who may not see the mending needs what was submitted last.
    let hidden = (expand.content || expand.goals)
        && !dossier.sees_draft()
        && dossier.sections.iter().any(|one| one.state.is_editable());
    let revisions = if hidden { sections::newest_revisions(conn, dossier.agreement.id)? } else { Vec::new() };
    let summary = |section: &SectionRow| {
        let own = || expanded.contents.goals_in(&section.key).cloned().collect();
        let shown = if hidden && section.state.is_editable() {
            Shown::submitted(revisions.iter().find(|one| one.section_key == section.key))?
        } else {
            Shown::written(section, own())?
        };
        let summary = section_summary(conn, dossier, section, &owners, (expand, shown))?;
        let beside = &expanded.beside;
        let (commitments, comments) = (beside.commitments_in(&section.key), beside.comments_in(&section.key));
        Tagged::of(section.version, &SectionSummary { commitments, comments, ..summary })
    };
    dossier.sections.iter().map(summary).collect()
}

fn section_summary(
    conn: &Conn,
    dossier: &Dossier,
    section: &SectionRow,
    owners: &ThemeOwners,
    (expand, shown): (Expand, Shown),
) -> Result<SectionSummary> {
    let definition = dossier.definition(&section.key)?;
    let waiting = permits::waiting(dossier, section, owners)?;
    Ok(SectionSummary {
        etag: Etag::default(),
        key: section.key.clone(),
        label: definition.label.clone(),
        kind: section.kind,
        heading: definition.heading.to(conn.lang()).to_owned(),
        demanded: section.demanded,
        state: section.state,
        version: section.version,
        revision: section.revision,
        editable: section.state.is_editable() && dossier.can_write(&section.key).is_ok(),
        waiting_for: waiting.iter().map(|one| WaitingView::of(one, &dossier.organisation)).collect(),
        last_decision: section.last_decision.clone(),
        open_comments: section.open_comments,
        unconfirmed_partners: section.unconfirmed_partners,
        content: expand.content.then_some(shown.content),
        goals: expand.goals.then_some(shown.goals),
        commitments: None,
        comments: None,
    })
}
