//! A section as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use super::comment::CommentView;
use super::commitment::CommitmentView;
use super::decision::{DecisionView, LastDecisionView};
use super::revision::PreviousView;
use super::section_expansions::SectionExpansions;
use crate::access::action::ActionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::draft::frozen::FrozenSection;
use crate::agreements::goals::model::Goal;
use crate::agreements::route::model::{Assignee, Decided, Route, Waiting};
use crate::agreements::sections::model::{NotApplicable, SectionState};
use crate::agreements::sections::store::{RevisionRow, SectionRow};
use crate::error::Result;
use crate::http::{Etag, Tagged};
use crate::organisation::Organisation;
use crate::templates::model::{Duty, Field, FilledBy, RouteRole, SectionDefinition, SectionKind, StepRule};
use crate::text::Lang;
use crate::types::{Id, Json, Ts};

/// Somebody a section waits for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = WaitingFor)]
pub struct WaitingView {
    /// The id of the person.
    pub person_id: Id,
    /// The person's name.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
    /// For whom they would decide, as a standing deputy.
    #[schema(required = true)]
    pub on_behalf_of: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub on_behalf_of_name: Option<String>,
}

/// A section as it stands in its agreement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SectionSummary {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// Its key within the agreement.
    #[schema(max_length = 60, example = "effects")]
    pub key: String,
    /// The municipality's own numbering.
    #[schema(max_length = 20, example = "1")]
    pub label: String,
    /// What it is about.
    pub kind: SectionKind,
    /// Its heading, in the reader's language.
    #[schema(max_length = 4000, example = "Borger- og brugereffekter")]
    pub heading: String,
    /// Whether every agreement has it.
    pub demanded: bool,
    /// Where it stands.
    pub state: SectionState,
    /// How often its content, a child or its state was written.
    pub version: i64,
    /// How often it was submitted.
    pub revision: i64,
    /// Whether the reader may change its content now.
    pub editable: bool,
    /// Whom it waits for.
    #[schema(max_items = 100)]
    pub waiting_for: Vec<WaitingView>,
    /// The decision that was made last.
    #[schema(required = true)]
    pub last_decision: Option<LastDecisionView>,
    /// Comments that are not resolved.
    pub open_comments: i64,
    /// Partners who have not confirmed.
    pub unconfirmed_partners: i64,
    /// What the template says of it; with `expand=definitions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<SectionDefinition>,
    /// The values of its fields; with `expand=sections.content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({"plan": "Vi følger hvert kvartal, om borgerne klarer mere selv efter et forløb."}))]
    pub content: Option<Json>,
    /// Its goals; with `expand=sections.goals`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub goals: Option<Vec<Goal>>,
    /// Its commitments that the reader may see, withdrawn ones too; with `expand=commitments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<CommitmentView>>, max_items = 1000)]
    pub commitments: Option<Vec<Tagged>>,
    /// The comments on it, oldest first; with `expand=comments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<CommentView>>, max_items = 10000)]
    pub comments: Option<Vec<Tagged>>,
}

/// A section in full, as its reader sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Section)]
pub struct SectionView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// The id of the section.
    pub id: Id,
    /// The agreement it belongs to.
    pub agreement_id: Id,
    /// Its key within the agreement.
    #[schema(max_length = 60, example = "effects")]
    pub key: String,
    /// The municipality's own numbering.
    #[schema(max_length = 20, example = "1")]
    pub label: String,
    /// What it is about.
    pub kind: SectionKind,
    /// Its heading, in the reader's language.
    #[schema(max_length = 4000, example = "Borger- og brugereffekter")]
    pub heading: String,
    /// What is expected in it, in the reader's language.
    #[schema(max_length = 4000, example = "Beskriv, hvordan I planlægger at arbejde med borger- og brugereffekter.")]
    pub guidance: String,
    /// Whether every agreement has it.
    pub demanded: bool,
    /// Who fills it.
    pub filled_by: FilledBy,
    /// The fields that are filled in, in their order.
    #[schema(max_items = 50)]
    pub fields: Vec<Field>,
    /// Why it does not apply.
    #[schema(required = true)]
    pub not_applicable: Option<NotApplicable>,
    /// The values of its fields.
    #[schema(value_type = Object, example = json!({"plan": "Vi følger hvert kvartal, om borgerne klarer mere selv efter et forløb."}))]
    pub content: Json,
    /// The goals of the section, in their order.
    #[schema(max_items = 100)]
    pub goals: Vec<Goal>,
    /// Its commitments that the reader may see, withdrawn ones too; with `expand=commitments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<CommitmentView>>, max_items = 1000)]
    pub commitments: Option<Vec<Tagged>>,
    /// Where it stands.
    pub state: SectionState,
    /// How often its content, a child or its state was written.
    pub version: i64,
    /// How often it was submitted.
    pub revision: i64,
    /// Whether this is what was submitted last, while it is being mended.
    pub is_last_submitted: bool,
    /// The SHA-256 of the revision that was submitted last, in canonical JSON (RFC 8785).
    #[schema(
        required = true,
        max_length = 64,
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub content_sha256: Option<String>,
    /// The route of the revision that was submitted last.
    #[schema(max_items = 10)]
    pub route: Vec<StepView>,
    /// Whom it waits for.
    #[schema(max_items = 100)]
    pub waiting_for: Vec<WaitingView>,
    /// The decision that was made last.
    #[schema(required = true)]
    pub last_decision: Option<LastDecisionView>,
    /// Every decision on it, oldest first; with `expand=decisions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 10000)]
    pub decisions: Option<Vec<DecisionView>>,
    /// The revision before what is shown that the reader decided on last or, where they decided on none, anybody; null
    /// when there is none; with `expand=previous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PreviousView>)]
    pub previous: Option<Option<PreviousView>>,
    /// Comments that are not resolved.
    pub open_comments: i64,
    /// The comments on it, oldest first; with `expand=comments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<CommentView>>, max_items = 10000)]
    pub comments: Option<Vec<Tagged>>,
    /// Partners who have not confirmed.
    pub unconfirmed_partners: i64,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was submitted last.
    #[schema(required = true)]
    pub submitted_at: Option<Ts>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// A step of a resolved route.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RouteStepOfSection)]
pub struct StepView {
    /// Its number, from 1.
    pub step: usize,
    /// Whom it asks.
    pub role: RouteRole,
    /// What the step is for.
    pub duty: Duty,
    /// How many of its people must decide.
    pub rule: StepRule,
    /// The people who take the step.
    #[schema(max_items = 100)]
    pub people: Vec<SeatView>,
}

/// A place in a step.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RouteSeat)]
pub struct SeatView {
    /// Whom the step was resolved to.
    pub person_id: Id,
    /// The person's name.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
    /// The barred person whose standing deputy that is.
    #[schema(required = true)]
    pub on_behalf_of: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub on_behalf_of_name: Option<String>,
    /// The decision, once it is made.
    #[schema(required = true)]
    pub decided: Option<DecidedView>,
}

/// A decision on a place.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Decided)]
pub struct DecidedView {
    /// The decision.
    pub decision_id: Id,
    /// Who decided.
    pub person_id: Id,
    /// The name of that person.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
    /// Whether it was approved; else returned.
    pub approved: bool,
    /// When.
    pub at: Ts,
}

impl WaitingView {
    /// Somebody, with their name.
    pub fn of(waiting: &Waiting, organisation: &Organisation) -> Self {
        WaitingView {
            person_id: waiting.person_id,
            name: organisation.name_of(waiting.person_id).to_owned(),
            on_behalf_of: waiting.on_behalf_of,
            on_behalf_of_name: waiting.on_behalf_of.map(|person| organisation.name_of(person).to_owned()),
        }
    }
}

impl StepView {
    fn of(route: &Route, organisation: &Organisation) -> Vec<Self> {
        let name = |person: Id| organisation.name_of(person).to_owned();
        let decided = |decided: &Decided| DecidedView {
            decision_id: decided.decision_id,
            person_id: decided.person_id,
            name: name(decided.person_id),
            approved: decided.approved,
            at: decided.at,
        };
        let seat = |seat: &Assignee| SeatView {
            person_id: seat.person_id,
            name: name(seat.person_id),
            on_behalf_of: seat.on_behalf_of,
            on_behalf_of_name: seat.on_behalf_of.map(name),
            decided: seat.decided.as_ref().map(decided),
        };
        let steps = route.steps.iter().zip(1..);
        steps
            .map(|(step, number)| StepView {
                step: number,
                role: step.role,
                duty: step.duty,
                rule: step.rule,
                people: step.people.iter().map(seat).collect(),
            })
            .collect()
    }
}

/// What a reader is shown of a section's content: what is being written, or what was submitted last (domain rule 6).
pub struct VisibleContent {
    /// Why it does not apply.
    pub not_applicable: Option<NotApplicable>,
    /// The values of its fields.
    pub content: Json,
    /// Its goals.
    pub goals: Vec<Goal>,
    /// Whether this is what was submitted last, while it is being mended.
    pub is_last_submitted: bool,
}

impl VisibleContent {
    /// What is being written, or waits, or is approved.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn written(section: &SectionRow, goals: Vec<Goal>) -> Result<Self> {
        let not_applicable = section.not_applicable.clone().map(|reason| NotApplicable { reason });
        Ok(VisibleContent { not_applicable, content: section.content.clone(), goals, is_last_submitted: false })
    }

    /// What was submitted last; nothing before the first time.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn submitted(revision: Option<&RevisionRow>) -> Result<Self> {
        let Some(revision) = revision else {
            let (content, goals) = (Json::default(), Vec::new());
            return Ok(VisibleContent { not_applicable: None, content, goals, is_last_submitted: true });
        };
        let frozen: FrozenSection = revision.snapshot.read()?;
        let (not_applicable, goals) = (frozen.not_applicable(), frozen.goals());
        let content = Json::of(&frozen.content);
        Ok(VisibleContent { not_applicable, content, goals, is_last_submitted: true })
    }
}

/// A section in full, for its reader.
///
/// # Errors
/// When what is stored cannot be read: a fault of ours.
pub fn view(
    loaded: &LoadedAgreement,
    section: &SectionRow,
    (shown, beside): (VisibleContent, &SectionExpansions),
    waiting: &[Waiting],
    actions: Vec<ActionView>,
    lang: Lang,
) -> Result<SectionView> {
    let definition = loaded.definition(&section.key)?;
    Ok(SectionView {
        etag: Etag::default(),
        id: section.id,
        agreement_id: section.agreement_id,
        key: section.key.clone(),
        label: definition.label.clone(),
        kind: section.kind,
        heading: definition.heading.to(lang).to_owned(),
        guidance: definition.guidance.to(lang).to_owned(),
        demanded: section.demanded,
        filled_by: definition.filled_by,
        fields: definition.fields.clone(),
        not_applicable: shown.not_applicable,
        content: shown.content,
        goals: shown.goals,
        commitments: beside.commitments_in(&section.key),
        state: section.state,
        version: section.version,
        revision: section.revision,
        is_last_submitted: shown.is_last_submitted,
        content_sha256: section.content_sha256.clone(),
        route: StepView::of(&section.route()?, &loaded.organisation),
        waiting_for: waiting.iter().map(|one| WaitingView::of(one, &loaded.organisation)).collect(),
        last_decision: LastDecisionView::of(section, &loaded.organisation)?,
        decisions: beside.decisions_in(&section.key),
        previous: beside.previous.clone(),
        open_comments: section.open_comments,
        comments: beside.comments_in(&section.key),
        unconfirmed_partners: section.unconfirmed_partners,
        available_actions: actions,
        submitted_at: section.submitted_at,
        created_at: section.created_at,
        updated_at: section.updated_at,
    })
}
