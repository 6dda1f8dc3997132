//! A stored event, and the chain it is a link of.

use diesel::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::schema::events;
use crate::types::{Id, Json, Ts, hex};

/// The hash before the first event.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A stored event.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct EventRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its number within the municipality, from 1, without gaps, in the order of the commits.
    pub sequence: i64,
    /// Its id, for whoever receives it more than once.
    pub id: Id,
    /// What happened, as `noun.past-tense`.
    pub kind: String,
    /// The noun.
    pub resource: String,
    /// The id of the resource it happened to.
    pub subject_id: Id,
    /// The section's key, when it is a section.
    pub section_key: Option<String>,
    /// The agreement it belongs to.
    pub agreement_id: Option<Id>,
    /// The unit it belongs to.
    pub org_unit_id: Option<Id>,
    /// The resource's version afterwards.
    pub version: Option<i64>,
    /// The names of the changed fields.
    pub changed: Json,
    /// Ids and codes that tell more.
    pub detail: Json,
    /// The person who did it.
    pub person_id: Option<Id>,
    /// The machine client that did it.
    pub client_id: Option<Id>,
    /// The person on whose behalf it was done.
    pub on_behalf_of_id: Option<Id>,
    /// The request, or the command.
    pub request_id: String,
    /// When.
    pub occurred_at: Ts,
    /// SHA-256 over the hash before it and all of the above.
    pub hash: String,
}

impl EventRow {
    /// The hash it must have after the one before it: over a JSON array of that hash and all that the event says.
    ///
    /// # Errors
    /// When a stored JSON value cannot be read.
    pub fn chained(&self, previous: &str) -> Result<String> {
        let numbered = format!("[\"{previous}\",\"{}\",{}{}", self.municipality_id, self.sequence, self.unchained()?);
        Ok(hex(&Sha256::digest(numbered)))
    }

    /// What its hash covers besides the hash before it, the municipality and the number: the rest of the array, from
    /// the comma on. Objects are read and written again in the order of their keys, since a database may keep them in an
    /// order of its own.
    ///
    /// # Errors
    /// When a stored JSON value cannot be read.
    pub fn unchained(&self) -> Result<String> {
        let rest = json!([
            self.id,
            self.kind,
            self.subject_id,
            self.section_key,
            self.agreement_id,
            self.org_unit_id,
            self.version,
            self.changed.read::<Value>()?,
            self.detail.read::<Value>()?,
            self.person_id,
            self.client_id,
            self.on_behalf_of_id,
            self.request_id,
            self.occurred_at.to_string(),
        ]);
        Ok(serde_json::to_string(&rest)?.replacen('[', ",", 1))
    }
}
