//! What would happen: the answer to `?dry_run=true`.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::accounts::names::Names;
use crate::db::journal::{Event, EventKind};
use crate::error::{Error, Problem, Refusal, Result};
use crate::http::Outcome;
use crate::text::Lang;
use crate::types::Id;

/// The media type of a dry run's answer: a client that asks for none never meets it.
pub const MEDIA_TYPE: &str = "application/vnd.aftalestyring.dry-run+json";

/// What an action would do, without it being done.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRun {
    /// Whether it would be done.
    pub would_succeed: bool,
    /// Why not. Where only a part of it would be refused, as in decisions in bulk, that part is named here, and the rest
    /// stands in `changes`.
    #[schema(max_items = 200)]
    pub problems: Vec<Problem>,
    /// What would have changed.
    #[schema(max_items = 10000)]
    pub changes: Vec<Change>,
    /// What it would have come to for each thing it is about, also where that is nothing; empty where `changes` tells
    /// it all.
    #[schema(max_items = 10000)]
    pub outcomes: Vec<Outcome>,
    /// The people it would have concerned.
    #[schema(max_items = 10000)]
    pub notifies: Vec<Notified>,
}

/// Somebody whom it would have concerned.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notified {
    /// The person.
    pub person_id: Id,
    /// The name of that person.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
}

/// What a rehearsal found, before it was taken back.
pub struct Rehearsed {
    /// What happened.
    pub events: Vec<Event>,
    /// The parts that were refused.
    pub refused: Vec<Refusal>,
    /// What it came to.
    pub outcomes: Vec<Outcome>,
    /// The names of those whom it concerned.
    pub names: Names,
}

/// One change that a dry run found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// What would have happened, as `noun.past-tense`.
    #[schema(example = "section.submitted")]
    pub kind: EventKind,
    /// The id of the resource.
    pub subject: Id,
    /// The section's key, when it is a section.
    #[schema(required = true, max_length = 60, example = "effects")]
    pub section_key: Option<String>,
    /// Ids and codes that tell more: states, revision.
    #[schema(value_type = Object)]
    pub detail: Map<String, Value>,
}

impl DryRun {
    /// Tells an outcome. What depends on the row or on rights becomes a problem; what cannot be read or found
    /// stays a refusal.
    ///
    /// # Errors
    /// 400, 401, 404 and faults of ours, as they came.
    pub fn of(outcome: Result<Rehearsed>, lang: Lang, request_id: &str) -> Result<Self> {
        match outcome {
            Ok(Rehearsed { events, refused, outcomes, names }) => Ok(DryRun {
                outcomes,
                would_succeed: refused.is_empty(),
                problems: refused.iter().map(|refusal| refusal.problem(lang, request_id)).collect(),
                notifies: {
                    let mut people: Vec<Id> = events.iter().flat_map(|event| event.notifies.clone()).collect();
                    people.sort();
                    people.dedup();
                    let named = |person_id| Notified { person_id, name: names.of(person_id).unwrap_or_default() };
                    people.into_iter().map(named).collect()
                },
                changes: events.into_iter().map(Change::of).collect(),
            }),
            Err(Error::Refused(refusal)) if matches!(refusal.code.status(), 403 | 409 | 412 | 422) => Ok(DryRun {
                would_succeed: false,
                problems: vec![refusal.problem(lang, request_id)],
                changes: Vec::new(),
                outcomes: Vec::new(),
                notifies: Vec::new(),
            }),
            Err(error) => Err(error),
        }
    }
}

impl Change {
    fn of(event: Event) -> Self {
        Change { kind: event.kind, subject: event.subject, section_key: event.section_key, detail: event.detail }
    }
}
