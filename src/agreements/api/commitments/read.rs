//! Finding commitments.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::context::CommitmentContext;
use crate::access::Actor;
use crate::agreements::commitments::input::{AwaitedAnswer, CommitmentDirection};
use crate::agreements::commitments::model::CommitmentState;
use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::commitments::policy::PartyRole;
use crate::agreements::commitments::seen::Surroundings;
use crate::agreements::commitments::store::{self, Filter};
use crate::agreements::views::commitment::{CommitmentView, view};
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Ids, Page, Paging, Query, Reply, Tagged};
use crate::organisation;
use crate::types::{Date, Id, Ts};

/// Which commitments a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommitmentQuery {
    /// Of a cycle.
    cycle: Option<Id>,
    /// With a unit among the parties.
    org_unit: Option<Id>,
    /// On which side the unit is or, without `org_unit`, a unit that the caller leads or writes for.
    direction: Option<CommitmentDirection>,
    /// In a state, as it is read today: `lapsed` when it was confirmed and its day has passed.
    state: Option<CommitmentState>,
    /// Due before a day.
    #[param(example = "2015-06-01")]
    due_before: Option<Date>,
    /// `me`: those that wait for an answer of the caller's.
    waiting_for: Option<AwaitedAnswer>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

impl CommitmentQuery {
    fn asks_for(&self, commitment: &CommitmentWithParties, role: &PartyRole<'_>) -> bool {
        let is_asked_side = |proposer: bool| match self.direction {
            Some(CommitmentDirection::Given) => proposer,
            Some(CommitmentDirection::Asked) => !proposer,
            None => true,
        };
        let meant = |unit: Id| self.org_unit.map_or_else(|| role.is_of(unit), |wanted| wanted == unit);
        let by_unit = self.org_unit.is_some() || self.direction.is_some();
        let on_side =
            commitment.1.iter().any(|party| is_asked_side(party.proposer) && party.org_unit_id.is_some_and(meant));
        (!by_unit || on_side) && (self.waiting_for.is_none() || role.is_awaited(commitment))
    }
}

/// Commitments, newest first: of the agreements the reader sees, and those that ask the reader's units.
///
/// A party sees the commitment alone, and nothing else of the agreement that it belongs to.
#[utoipa::path(tag = "agreements", params(CommitmentQuery), responses(
    (status = 200, description = "A page of commitments.", body = Page<CommitmentView>)
))]
#[get("/api/v1/commitments")]
pub async fn list_commitments(call: RequestContext, query: Query<CommitmentQuery>) -> Result<Reply> {
    let (paging, address) = (Paging::<(Ts, Id)>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let today = organisation::current(conn)?.today;
        let state = query.state.map(|state| (state, today));
        let filter = Filter { cycle: query.cycle, state, due_before: query.due_before };
        let (mut after, mut rows) = (paging.after, Vec::new());
        // What the reader sees is no condition of the query, so batches are read until the page is full.
        loop {
            let batch = store::newest_first(conn, &filter, after, BATCH)?;
            let (read, last) = (batch.len(), batch.last().map(place));
            rows.extend(visible(conn, actor, &query, batch)?);
            after = last;
            if rows.len() >= usize::try_from(paging.fetch()).unwrap_or(usize::MAX) || read < BATCH as usize {
                break;
            }
        }
        let (items, next_cursor) = paging.cut(rows, |(at, _)| *at);
        Page { items: items.into_iter().map(|(_, item)| item).collect(), next_cursor, total: None }.reply(&address)
    })
    .await
}

const BATCH: i64 = 500;

fn place((row, _): &CommitmentWithParties) -> (Ts, Id) {
    (row.created_at, row.id)
}

/// Those of a batch that the reader sees and asks for, each with its place in the list.
fn visible(
    conn: &mut Conn,
    actor: &Actor,
    query: &CommitmentQuery,
    batch: Vec<CommitmentWithParties>,
) -> Result<Vec<((Ts, Id), Tagged)>> {
    let (around, lang) = (Surroundings::of(conn, actor, &batch)?, conn.lang());
    let mut found = Vec::new();
    for commitment in batch {
        if let Some(role) = around.role(&commitment)?.filter(|role| query.asks_for(&commitment, role)) {
            let item = Tagged::of(commitment.0.version, &view(&commitment, &role, lang))?;
            found.push((place(&commitment), item));
        }
    }
    Ok(found)
}

/// Reads one commitment.
///
/// With every party, what it promised, and whether it has answered.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The commitment.")), responses(
    (status = 200, description = "The commitment.", body = CommitmentView, headers(("ETag" = String)))
))]
#[get("/api/v1/commitments/{id}")]
pub async fn get_commitment(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| CommitmentContext::read(conn, actor, id)?.reply(actor, conn.lang())).await
}
