//! An agreement as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use super::agreement_expansions::{AgreementExpansions, Expand};
use super::decision::LastDecisionView;
use super::draft::DraftView;
use super::progress::Progress;
use super::readiness::Readiness;
use super::section::{SectionSummary, VisibleContent, WaitingView};
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::{AgreementState, Relation};
use crate::agreements::agreement::store::AgreementRow;
use crate::agreements::approval::guards::{self, Slot};
use crate::agreements::approval::store as workflow;
use crate::agreements::sections::model::SectionState;
use crate::agreements::sections::store::{self as sections, SectionRow};
use crate::cycles::cache::deadlines;
use crate::cycles::model::{Deadline, Period};
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Etag, Tagged, digest_of};
use crate::letters::cache::all_theme_owners;
use crate::letters::store::ThemeOwners;
use crate::organisation::model::Unit;
use crate::organisation::{Organisation, UnitKind};
use crate::templates::model::Signatory;
use crate::types::{Date, Id, Ts};

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
    #[schema(example = 1)]
    pub version: i64,
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
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Kommunaldirektør")]
    pub signed_by_name: Option<String>,
    /// When the signature was given.
    #[schema(required = true)]
    pub signed_at: Option<Ts>,
}

/// An agreement, as its reader may see it.
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
    pub vacant_since: Option<Date>,
    /// The unit it is made with: the nearest one above all of its units; null when there is none.
    #[schema(required = true)]
    pub counterpart: Option<UnitName>,
    /// Where it stands.
    pub state: AgreementState,
    /// Whether it was submitted past the deadline.
    pub late: bool,
    /// The days by which something is to be done, in their order; those that are set.
    #[schema(max_items = 3)]
    pub deadlines: Vec<Deadline>,
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
    /// Its draft, in the shape in which it is sent back; with `expand=draft`, for who sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DraftView>)]
    pub draft: Option<Tagged>,
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
    /// A unit, named.
    pub fn of(unit: &Unit) -> Self {
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

/// The holders of the agreement of some units, named.
pub fn holders(organisation: &Organisation, units: &[Id]) -> Vec<Holder> {
    let named = |held: &crate::organisation::model::Appointed| Holder {
        person_id: held.person_id,
        name: organisation.name_of(held.person_id).to_owned(),
        acting: held.acting,
    };
    organisation.leaders_of(units).into_iter().map(named).collect()
}

/// A digest of what a reader's view of an agreement is made from: what happened in it last, the organisation of a day,
/// the cycle's deadlines, who owns themes, who reads, and what of it.
///
/// # Errors
/// When the database fails.
pub fn digest(
    conn: &mut Conn,
    actor: &Actor,
    (agreement, last_event): (&AgreementRow, Option<i64>),
    (organisation, relation): (&Organisation, &Relation),
    expand: Expand,
) -> Result<u64> {
    let deadlines = deadlines(conn, agreement.cycle_id)?;
    let owners = all_theme_owners(conn)?;
    let reader = (actor.id(), &actor.appointments, actor.scopes(), relation, conn.lang());
    let around = (organisation.version, organisation.today, deadlines, owners);
    Ok(digest_of(&(agreement.id, agreement.version, last_event, around, reader, expand)))
}

/// An agreement in full, for its reader.
///
/// # Errors
/// When the database fails.
pub fn view(conn: &mut Conn, actor: &Actor, loaded: &LoadedAgreement, expand: Expand) -> Result<AgreementView> {
    let signed = match loaded.agreement.state {
        AgreementState::Approved | AgreementState::InForce => workflow::signatures_on(conn, loaded.agreement.id)?,
        _ => Vec::new(),
    };
    let slots = guards::slots(loaded, &signed);
    let deadlines = deadlines(conn, loaded.agreement.cycle_id)?.all();
    let expanded = AgreementExpansions::read(conn, actor, loaded, expand)?;
    let summaries = summaries(conn, loaded, expand, &expanded)?;
    let owners = sections::theme_owners(conn, &loaded.sections)?;
    let available_actions =
        super::actions::of_agreement(actor, loaded, (&expanded.contents, &owners), &slots, conn.lang())?;
    let row = &loaded.agreement;
    Ok(AgreementView {
        etag: Etag::default(),
        id: row.id,
        cycle_id: row.cycle_id,
        year: row.year,
        title: row.title.clone(),
        period: Period { from: row.period_from, to: row.period_to },
        template: TemplateName { id: row.template_id, version: loaded.template.number },
        org_units: unit_names(&loaded.organisation, &loaded.units),
        holders: holders(&loaded.organisation, &loaded.units),
        vacant_since: loaded.organisation.vacant_since(&loaded.units),
        counterpart: loaded.organisation.nearest_above(&loaded.units).map(UnitName::of),
        state: row.state,
        late: row.late,
        deadlines,
        case_number: row.case_number.clone(),
        shared_with_line: row.shared_with_line,
        progress: Progress::of(&loaded.sections, &loaded.template.prescription, &expanded.contents)?,
        sections: summaries,
        readiness: expanded.readiness,
        draft: expanded.draft,
        available_actions,
        signatures: slots.into_iter().map(|slot| SignatureSlot::of(slot, &loaded.organisation)).collect(),
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
            on_behalf_of_name: None,
        };
        let signed_by = slot.signed.as_ref().map(|row| row.person_id);
        SignatureSlot {
            signatory: slot.signatory,
            people: slot.people.into_iter().map(named).collect(),
            signed_by,
            signed_by_name: signed_by.map(|person| organisation.name_of(person).to_owned()),
            signed_at: slot.signed.as_ref().map(|row| row.signed_at),
        }
    }
}

fn summaries(
    conn: &mut Conn,
    loaded: &LoadedAgreement,
    expand: Expand,
    expanded: &AgreementExpansions,
) -> Result<Vec<Tagged>> {
    let submitted: Vec<SectionRow> =
        loaded.sections.iter().filter(|one| one.state == SectionState::Submitted).cloned().collect();
    let owners = sections::theme_owners(conn, &submitted)?;
    // Only who may not see the mending needs what was submitted last.
    let hidden = (expand.content || expand.goals)
        && !loaded.sees_draft()
        && loaded.sections.iter().any(|one| one.state.is_editable());
    let revisions = if hidden { sections::newest_revisions(conn, loaded.agreement.id)? } else { Vec::new() };
    let summary = |section: &SectionRow| {
        let own = || expanded.contents.goals_in(&section.key).cloned().collect();
        let shown = if hidden && section.state.is_editable() {
            VisibleContent::submitted(revisions.iter().find(|one| one.section_key == section.key))?
        } else {
            VisibleContent::written(section, own())?
        };
        let summary = section_summary(conn, loaded, section, &owners, (expand, shown))?;
        let beside = &expanded.beside;
        let (commitments, comments) = (beside.commitments_in(&section.key), beside.comments_in(&section.key));
        Tagged::of(section.version, &SectionSummary { commitments, comments, ..summary })
    };
    loaded.sections.iter().map(summary).collect()
}

fn section_summary(
    conn: &Conn,
    loaded: &LoadedAgreement,
    section: &SectionRow,
    owners: &ThemeOwners,
    (expand, shown): (Expand, VisibleContent),
) -> Result<SectionSummary> {
    let definition = loaded.definition(&section.key)?;
    let waiting = loaded.waiting(section, owners)?;
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
        editable: section.state.is_editable() && loaded.can_write(&section.key).is_ok(),
        waiting_for: waiting.iter().map(|one| WaitingView::of(one, &loaded.organisation)).collect(),
        last_decision: LastDecisionView::of(section, &loaded.organisation)?,
        open_comments: section.open_comments,
        unconfirmed_partners: section.unconfirmed_partners,
        definition: expand.definitions.then(|| definition.clone()),
        content: expand.content.then_some(shown.content),
        goals: expand.goals.then_some(shown.goals),
        commitments: None,
        comments: None,
    })
}
