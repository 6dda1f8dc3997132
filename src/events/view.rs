//! What happened, as it is told.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::store::{self, Filter};
use crate::accounts::names::Names;
use crate::db::Conn;
use crate::db::journal::EventRow;
use crate::error::Result;
use crate::http::{Page, Paging};
use crate::types::{Id, Json, Ts};

/// Which page of a history.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
}

/// Something that happened, as the audit log holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its number in the municipality, from 1, without gaps.
    pub sequence: i64,
    /// Its id.
    pub id: Id,
    /// What happened, as `noun.past-tense`.
    #[schema(max_length = 100, example = "section.approved")]
    pub kind: String,
    /// The id of the resource.
    pub subject_id: Id,
    /// The section's key, when it is a section.
    #[schema(required = true, max_length = 60, example = "effects")]
    pub section_key: Option<String>,
    /// The agreement it belongs to.
    #[schema(required = true)]
    pub agreement_id: Option<Id>,
    /// The unit it belongs to.
    #[schema(required = true)]
    pub org_unit_id: Option<Id>,
    /// The resource's version afterwards.
    #[schema(required = true)]
    pub version: Option<i64>,
    /// The names of the changed fields.
    #[schema(value_type = Vec<String>, max_items = 100, example = json!(["content"]))]
    pub changed: Json,
    /// Ids and codes that tell more.
    #[schema(value_type = Object)]
    pub detail: Json,
    /// The person who did it.
    #[schema(required = true)]
    pub person_id: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for det sociale område")]
    pub person_name: Option<String>,
    /// The machine client that did it.
    #[schema(required = true)]
    pub client_id: Option<Id>,
    /// Its name; null when it is no more.
    #[schema(required = true, max_length = 200, example = "Lønsystemet")]
    pub client_name: Option<String>,
    /// The person on whose behalf it was done.
    #[schema(required = true)]
    pub on_behalf_of_id: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub on_behalf_of_name: Option<String>,
    /// The request, or the command.
    #[schema(max_length = 100, example = "01931f2e-7c00-7000-8000-000000000001")]
    pub request_id: String,
    /// When.
    pub occurred_at: Ts,
    /// SHA-256 over the hash before it and all of the above but the names, in hexadecimal digits.
    #[schema(max_length = 64, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub hash: String,
}

impl AuditEntry {
    fn of(row: EventRow, names: &Names) -> Self {
        let named = |id: Option<Id>| id.and_then(|id| names.of(id));
        AuditEntry {
            person_name: named(row.person_id),
            client_name: named(row.client_id),
            on_behalf_of_name: named(row.on_behalf_of_id),
            sequence: row.sequence,
            id: row.id,
            kind: row.kind,
            subject_id: row.subject_id,
            section_key: row.section_key,
            agreement_id: row.agreement_id,
            org_unit_id: row.org_unit_id,
            version: row.version,
            changed: row.changed,
            detail: row.detail,
            person_id: row.person_id,
            client_id: row.client_id,
            on_behalf_of_id: row.on_behalf_of_id,
            request_id: row.request_id,
            occurred_at: row.occurred_at,
            hash: row.hash,
        }
    }
}

/// A page of the audit log, newest first.
///
/// # Errors
/// When the database fails.
pub fn audit_page(conn: &mut Conn, filter: &Filter, paging: &Paging<i64>) -> Result<Page<AuditEntry>> {
    let rows = store::newest_first(conn, filter, paging.after, paging.fetch())?;
    let (rows, next_cursor) = paging.cut(rows, |row| row.sequence);
    let names = Names::read(conn)?;
    let items = rows.into_iter().map(|row| AuditEntry::of(row, &names)).collect();
    Ok(Page { items, next_cursor, total: None })
}
