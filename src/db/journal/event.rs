//! Something that happened, on its way into the transaction.

use serde_json::{Map, Value};

use super::kind::EventKind;
use crate::types::Id;

/// Something that happened, on its way into the transaction.
#[derive(Debug, Clone)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The id of the resource it happened to.
    pub subject: Id,
    /// The section's key, when it is a section.
    pub section_key: Option<String>,
    /// The agreement it belongs to.
    pub agreement_id: Option<Id>,
    /// The unit it belongs to.
    pub org_unit_id: Option<Id>,
    /// The resource's version afterwards.
    pub version: Option<i64>,
    /// The names of the changed fields.
    pub changed: Vec<String>,
    /// Ids and codes that tell more: states, revision, decision.
    pub detail: Map<String, Value>,
    /// The person on whose behalf it was done.
    pub on_behalf_of: Option<Id>,
    /// The people whom it concerns: they are told after the commit.
    pub notifies: Vec<Id>,
}

impl Event {
    /// An event of a resource.
    pub fn of(kind: EventKind, subject: Id) -> Self {
        Event {
            kind,
            subject,
            section_key: None,
            agreement_id: None,
            org_unit_id: None,
            version: None,
            changed: Vec::new(),
            detail: Map::new(),
            on_behalf_of: None,
            notifies: Vec::new(),
        }
    }

    /// The resource's version after it.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// The agreement it belongs to, with the first of its units: what happens in an agreement happens in its unit.
    #[must_use]
    pub fn in_agreement(mut self, id: Id, org_unit: Option<Id>) -> Self {
        (self.agreement_id, self.org_unit_id) = (Some(id), org_unit);
        self
    }

    /// The section it belongs to.
    #[must_use]
    pub fn section(mut self, key: &str) -> Self {
        self.section_key = Some(key.to_owned());
        self
    }

    /// The unit it belongs to.
    #[must_use]
    pub fn org_unit(mut self, id: Id) -> Self {
        self.org_unit_id = Some(id);
        self
    }

    /// The names of the changed fields.
    #[must_use]
    pub fn changed<S: ToString>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.changed = fields.into_iter().map(|field| field.to_string()).collect();
        self
    }

    /// An id or a code that tells more.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl ToString) -> Self {
        self.detail.insert(name.to_owned(), Value::String(value.to_string()));
        self
    }

    /// The person on whose behalf it was done.
    #[must_use]
    pub fn on_behalf_of(mut self, person: Option<Id>) -> Self {
        self.on_behalf_of = person;
        self
    }

    /// The people whom it concerns.
    #[must_use]
    pub fn notifies(mut self, people: impl IntoIterator<Item = Id>) -> Self {
        self.notifies.extend(people);
        self.notifies.sort();
        self.notifies.dedup();
        self
    }
}
