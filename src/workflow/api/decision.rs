//! A decision as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::types::{Id, Ts};
use crate::organisation::Organisation;
use crate::templates::model::Duty;
use crate::workflow::store::{DecisionRow, Outcome};

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
