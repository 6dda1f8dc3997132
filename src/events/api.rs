//! The audit log and the change feed over HTTP.

use crate::app::Routes;
use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::store::Filter;
use super::view::{AuditEntry, audit_page};
use crate::app::RequestContext;
use crate::error::Result;
use crate::http::{Page, Paging, Query, Reply};
use crate::types::Id;

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
pub async fn list_audit(call: RequestContext, query: Query<AuditQuery>) -> Result<Reply> {
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
