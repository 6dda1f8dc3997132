//! A decision as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use crate::agreements::approval::store::{DecisionRow, Outcome};
use crate::agreements::sections::store::{LastDecision, SectionRow};
use crate::error::Result;
use crate::organisation::Organisation;
use crate::templates::model::Duty;
use crate::types::{Id, Ts};

/// A decision on a section: written once.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionView {
    /// The id of the decision.
    pub id: Id,
    /// The revision it is about.
    pub revision: i64,
    /// The step of the route, from 1; null for a reopening, which is no step.
    #[schema(required = true)]
    pub step: Option<i64>,
    /// What the step is for; null for a reopening.
    #[schema(required = true)]
    pub duty: Option<Duty>,
    /// What was decided.
    pub outcome: Outcome,
    /// The reason, as people are told.
    #[schema(required = true, max_length = 4000, example = "Skriv, hvordan effekten måles.")]
    pub reason: Option<String>,
    /// The id of the person who decided.
    pub person_id: Id,
    /// The person's name.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
    /// The barred person whose standing deputy that is.
    #[schema(required = true)]
    pub acting_for: Option<PersonName>,
    /// Whom the step was resolved to at submission, when that was somebody else.
    #[schema(required = true)]
    pub instead_of: Option<PersonName>,
    /// When the decision was made.
    pub decided_at: Ts,
}

/// The decision that was made last, as it stands with its section.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = LastDecision)]
pub struct LastDecisionView {
    /// The decision.
    pub id: Id,
    /// What was decided: `approved`, `returned` or `reopened`.
    #[schema(max_length = 20, example = "returned")]
    pub outcome: String,
    /// The reason, as people are told.
    #[schema(required = true, max_length = 4000, example = "Skriv, hvordan effekten måles.")]
    pub reason: Option<String>,
    /// By whom.
    pub person_id: Id,
    /// The name of that person.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
    /// On whose behalf.
    #[schema(required = true)]
    pub acting_for_id: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub acting_for_name: Option<String>,
    /// On which revision.
    pub revision: i64,
    /// When.
    pub decided_at: Ts,
}

impl LastDecisionView {
    /// The last decision on a section, with the names of its people.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn of(section: &SectionRow, organisation: &Organisation) -> Result<Option<Self>> {
        let Some(stored) = &section.last_decision else { return Ok(None) };
        let stored: LastDecision = stored.read()?;
        Ok(Some(LastDecisionView {
            id: stored.id,
            outcome: stored.outcome,
            reason: stored.reason,
            person_id: stored.person_id,
            name: organisation.name_of(stored.person_id).to_owned(),
            acting_for_id: stored.acting_for_id,
            acting_for_name: stored.acting_for_id.map(|person| organisation.name_of(person).to_owned()),
            revision: stored.revision,
            decided_at: stored.decided_at,
        }))
    }
}

/// A person, named.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonName {
    /// The id of the person.
    pub person_id: Id,
    /// The person's name.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
}

impl DecisionView {
    /// A decision, with the names of its people.
    pub fn of(row: &DecisionRow, organisation: &Organisation) -> Self {
        let named = |person: Id| PersonName { person_id: person, name: organisation.name_of(person).to_owned() };
        let at_step = row.outcome != Outcome::Reopened;
        DecisionView {
            id: row.id,
            revision: row.revision,
            step: at_step.then_some(row.step + 1),
            duty: at_step.then_some(row.duty),
            outcome: row.outcome,
            reason: row.reason.clone(),
            person_id: row.person_id,
            name: organisation.name_of(row.person_id).to_owned(),
            acting_for: row.acting_for_id.map(named),
            instead_of: row.instead_of_id.map(named),
            decided_at: row.decided_at,
        }
    }
}
