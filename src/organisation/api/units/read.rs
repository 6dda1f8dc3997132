//! Finding units.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::view::{OrgUnitView, reply};
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::Result;
use crate::events;
use crate::http::{Ids, Page, Paging, Query, Reply, Tagged, query_fault};
use crate::organisation::model::UnitKind;
use crate::organisation::store::ValidityRow;
use crate::organisation::{self, store};
use crate::text::fold;
use crate::types::{Date, Id};

/// Which units a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrgUnitQuery {
    /// Of a kind.
    kind: Option<UnitKind>,
    /// Directly below a unit.
    parent: Option<Id>,
    /// A unit and all below it.
    under: Option<Id>,
    /// As of a day; today when absent.
    #[param(example = "2014-11-10")]
    valid_at: Option<Date>,
    /// Part of the name.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, example = "skole")]
    q: Option<String>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
    /// `total` counts all items.
    #[param(pattern = "^total$", max_length = 5)]
    include: Option<String>,
}

/// Units by name, as of a day.
///
/// The organisation as it is, or was, on a day. Filter by kind, parent or a part of the name.
#[utoipa::path(tag = "organisation", params(OrgUnitQuery), responses(
    (status = 200, description = "A page of units.", body = Page<OrgUnitView>)
))]
#[get("/api/v1/org-units")]
pub async fn list_org_units(call: RequestContext, query: Query<OrgUnitQuery>) -> Result<Reply> {
    let paging = Paging::<(String, Id)>::of(query.limit, query.cursor.as_deref())?;
    let counted = match query.include.as_deref() {
        None => false,
        Some("total") => true,
        Some(_) => return Err(query_fault("include", "unknown-value")),
    };
    let address = call.address();
    call.read(move |conn, actor| {
        let today = organisation::current(conn)?.today;
        let mut found = matching(conn, &query, query.valid_at.unwrap_or(today))?;
        let total = counted.then(|| i64::try_from(found.len()).unwrap_or(i64::MAX));
        found.sort_by(|a, b| (&a.folded_name, a.org_unit_id).cmp(&(&b.folded_name, b.org_unit_id)));
        let key = |row: &ValidityRow| (row.folded_name.clone(), row.org_unit_id);
        let rest = found.into_iter().filter(|row| paging.after.as_ref().is_none_or(|after| key(row) > *after));
        let (page, next_cursor) = paging.cut(rest.collect(), key);
        let ids: Vec<Id> = page.iter().map(|row| row.org_unit_id).collect();
        let items = store::find_units(conn, &ids)?
            .iter()
            .map(|unit| Tagged::of(unit.0.version, &OrgUnitView::of(unit, actor, conn, today)))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total }.reply(&address)
    })
    .await
}

fn matching(conn: &mut Conn, query: &OrgUnitQuery, day: Date) -> Result<Vec<ValidityRow>> {
    let all = store::validities_on(conn, day)?;
    let parent_of = |id: Id| all.iter().find(|row| row.org_unit_id == id).and_then(|row| row.parent_id);
    let is_under = |row: &ValidityRow, root: Id| {
        std::iter::successors(Some(row.org_unit_id), |id| parent_of(*id)).take(64).any(|id| id == root)
    };
    let wanted = query.q.as_deref().map(fold);
    Ok(all
        .iter()
        .filter(|row| query.kind.is_none_or(|kind| row.kind == kind))
        .filter(|row| query.parent.is_none_or(|parent| row.parent_id == Some(parent)))
        .filter(|row| query.under.is_none_or(|root| is_under(row, root)))
        .filter(|row| wanted.as_ref().is_none_or(|q| row.folded_name.contains(q.as_str())))
        .cloned()
        .collect())
}

/// Reads one unit.
///
/// With its whole timeline: names, parents and kinds, and from when to when.
#[utoipa::path(tag = "organisation", params(("id" = Id, Path, description = "The unit.")), responses(
    (status = 200, description = "The unit.", body = OrgUnitView, headers(("ETag" = String)))
))]
#[get("/api/v1/org-units/{id}")]
pub async fn get_org_unit(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let unit = store::find_unit(conn, id)?;
        reply(conn, actor, &unit)
    })
    .await
}

/// What happened to a unit, newest first.
///
/// Sentences for people, in the reader's language.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The unit."), events::view::HistoryQuery
), responses(
    (status = 200, description = "A page of what happened.", body = Page<events::view::AuditEntry>)
))]
#[get("/api/v1/org-units/{id}/history")]
pub async fn get_org_unit_history(
    call: RequestContext,
    id: Ids<1>,
    query: Query<events::view::HistoryQuery>,
) -> Result<Reply> {
    let Ids([id]) = id;
    let (paging, address) = (Paging::<i64>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, _| {
        store::find_unit(conn, id)?;
        let filter = events::store::Filter { subject: Some(id), ..Default::default() };
        events::view::audit_page(conn, &filter, &paging)?.reply(&address)
    })
    .await
}
