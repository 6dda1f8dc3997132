//! Submitted revisions of a section as they travel.

use serde::Serialize;
use utoipa::ToSchema;

use super::decision::DecisionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::approval::store::{DecisionRow, Outcome};
use crate::agreements::sections::store::{self, RevisionHead, RevisionRow, SectionRow};
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::Organisation;
use crate::types::{Id, Json, Ts};

/// A submitted revision of a section.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Revision)]
pub struct RevisionView {
    /// Its number, from 1.
    pub revision: i64,
    /// The SHA-256 of the snapshot in canonical JSON (RFC 8785).
    #[schema(max_length = 64, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub content_sha256: String,
    /// Who submitted it.
    #[schema(required = true)]
    pub submitted_by: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Centerchef for Social og Handicap")]
    pub submitted_by_name: Option<String>,
    /// When.
    pub submitted_at: Ts,
    /// Content, goals and own promises as they were submitted.
    #[schema(value_type = Object)]
    pub snapshot: Json,
}

/// A submitted revision of a section, as it stands in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionSummary {
    /// Its number, from 1.
    pub revision: i64,
    /// The SHA-256 of the snapshot in canonical JSON (RFC 8785).
    #[schema(max_length = 64, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub content_sha256: String,
    /// Who submitted it.
    #[schema(required = true)]
    pub submitted_by: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Centerchef for Social og Handicap")]
    pub submitted_by_name: Option<String>,
    /// When.
    pub submitted_at: Ts,
}

impl RevisionView {
    /// A revision, whole.
    pub fn of(row: RevisionRow, organisation: &Organisation) -> Self {
        RevisionView {
            submitted_by_name: row.submitted_by.map(|person| organisation.name_of(person).to_owned()),
            revision: row.revision,
            content_sha256: row.content_sha256,
            submitted_by: row.submitted_by,
            submitted_at: row.submitted_at,
            snapshot: row.snapshot,
        }
    }
}

impl RevisionSummary {
    /// A revision in a list.
    pub fn of(row: RevisionHead, organisation: &Organisation) -> Self {
        RevisionSummary {
            revision: row.revision,
            content_sha256: row.content_sha256,
            submitted_by: row.submitted_by,
            submitted_by_name: row.submitted_by.map(|person| organisation.name_of(person).to_owned()),
            submitted_at: row.submitted_at,
        }
    }
}

/// An earlier revision of a section, to compare with what is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PreviousRevision)]
pub struct PreviousView {
    /// The revision.
    pub revision: RevisionView,
    /// The decision on it.
    pub decision: DecisionView,
    /// Whether the reader made that decision.
    pub decided_by_reader: bool,
}

impl PreviousView {
    /// The revision before a number that a reader decided on last or, where they decided on none, anybody.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(
        conn: &mut Conn,
        loaded: &LoadedAgreement,
        section: &SectionRow,
        decisions: &[DecisionRow],
        (reader, before): (Option<Id>, i64),
    ) -> Result<Option<Self>> {
        let about = |row: &&DecisionRow| {
            row.section_key == section.key && row.outcome != Outcome::Reopened && row.revision < before
        };
        let own = decisions.iter().rev().filter(about).find(|row| Some(row.person_id) == reader);
        let Some(decision) = own.or_else(|| decisions.iter().rev().find(about)) else { return Ok(None) };
        let row = store::revision(conn, section.agreement_id, &section.key, decision.revision)?;
        Ok(Some(PreviousView {
            revision: RevisionView::of(row, &loaded.organisation),
            decision: DecisionView::of(decision, &loaded.organisation),
            decided_by_reader: own.is_some(),
        }))
    }
}
