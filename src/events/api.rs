//! The audit log and the change feed over HTTP.

use crate::http::Routes;
use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::EventRow;
use super::store::{self, Filter};
use crate::db::Conn;
use crate::db::types::{Id, Json, Ts};
use crate::error::Result;
use crate::http::{Call, Page, Paging, Query, Reply};

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config.service(super::feed::list_events).service(list_audit);
}

/// Which entries of the audit log.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Of a noun, as in `section`.
    #[validate(length(min = 1, max = 50))]
    #[param(min_length = 1, max_length = 50, example = "section")]
    resource: Option<String>,
    /// Of one resource.
    subject: Option<Id>,
    /// By a person or a machine client.
    actor: Option<Id>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// The audit log, newest first: hash-chained, never changed.
///
/// For administrators and coordinators: who did what, when, in which request.
#[utoipa::path(tag = "events", params(AuditQuery), responses(
    (status = 200, description = "A page of the audit log.", body = Page<AuditEntry>)
))]
#[get("/api/v1/audit")]
pub async fn list_audit(call: Call, query: Query<AuditQuery>) -> Result<Reply> {
    let (paging, address) = (Paging::<i64>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, _| {
        let filter = Filter {
            subject: query.subject,
            actor: query.actor,
            resource: query.resource.clone(),
            ..Filter::default()
        };
        audit_page(conn, &filter, &paging)?.reply(&address)
    })
    .await
}

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
    /// The id of the event.
    pub id: Id,
    /// What happened, as `noun.past-tense`.
    #[schema(max_length = 100, example = "section.approved")]
    pub kind: String,
    /// The id of the resource.
    pub subject_id: Id,
    /// The section's key, when it is a section.
    #[schema(required = true, max_length = 100, example = "effects")]
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
    /// The machine client that did it.
    #[schema(required = true)]
    pub client_id: Option<Id>,
    /// The person on whose behalf it was done.
    #[schema(required = true)]
    pub on_behalf_of_id: Option<Id>,
    /// The request, or the command.
    #[schema(max_length = 100, example = "01931f2e-7c00-7000-8000-000000000001")]
    pub request_id: String,
    /// When that happened.
    pub occurred_at: Ts,
    /// SHA-256 over the hash before it and all of the above, in hexadecimal digits.
    #[schema(max_length = 64, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub hash: String,
}

impl From<EventRow> for AuditEntry {
    fn from(row: EventRow) -> Self {
        AuditEntry {
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
    Ok(Page { items: rows.into_iter().map(AuditEntry::from).collect(), next_cursor, total: None })
}
