//! Reading agreements.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::expand::ExpandQuery;
use super::view::{AgreementSummary, AgreementView, view};
use crate::agreements::contents::Contents;
use crate::agreements::dossier::Dossier;
use crate::agreements::list::{self, Filter};
use crate::agreements::model::AgreementState;
use crate::auth::Actor;
use crate::db::Conn;
use crate::db::types::Id;
use crate::error::{FaultView, Result};
use crate::http::{Call, Ids, Page, Paging, PersonRef, Query, Reply, Tagged, words};
use crate::organisation;
use crate::workflow::readiness::Gap;
use crate::workflow::submission::all_gaps;

/// Which agreements a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgreementQuery {
    /// Of a cycle.
    cycle: Option<Id>,
    /// Of a year.
    #[validate(range(min = 1990, max = 2100))]
    #[param(minimum = 1990, maximum = 2100, example = 2015)]
    year: Option<i64>,
    /// In a state.
    state: Option<AgreementState>,
    /// Of a unit.
    org_unit: Option<Id>,
    /// Of a unit and all below it.
    under: Option<Id>,
    /// Held by a person; `me` for the caller.
    #[param(value_type = Option<String>, max_length = 36, example = "me")]
    holder: Option<PersonRef>,
    /// Waiting for a person's decision; `me` for the caller.
    #[param(value_type = Option<String>, max_length = 36, example = "me")]
    waiting_for: Option<PersonRef>,
    /// With a section that answers a theme.
    theme: Option<Id>,
    /// Submitted past the deadline, or in time.
    late: Option<bool>,
    /// Words that all must stand in the title, in the content of the sections, or in the title, assessment or effect of
    /// goals: in any order, as they were submitted last, and in drafts that the reader sees. On PostgreSQL a word is
    /// found in all its forms ("borgerne" finds "borger"), and the commonest words are passed over; on SQLite it is
    /// found by its beginning. Punctuation is no word; without any word nothing is found.
    #[validate(length(min = 1, max = 1000))]
    #[param(min_length = 1, max_length = 1000, example = "borgernes hverdag")]
    q: Option<String>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
    /// `total` counts all items; `actions` adds what the reader may do. Separated by commas.
    #[param(max_length = 50, pattern = "^(total|actions)(,(total|actions))*$", example = "total")]
    include: Option<String>,
}

/// The agreements that the reader may know of, in the order in which they were made.
///
/// The overview of a year. Filter by unit, holder, state or who it waits for; `include=actions` adds what the reader
/// may do with each.
#[utoipa::path(tag = "agreements", params(AgreementQuery), responses(
    (status = 200, description = "A page of agreements.", body = Page<AgreementSummary>)
))]
#[get("/api/v1/agreements")]
pub async fn list_agreements(call: Call, query: Query<AgreementQuery>) -> Result<Reply> {
    let (paging, address) = (Paging::<Id>::of(query.limit, query.cursor.as_deref())?, call.address());
    let [counted, acting] = words(query.include.as_deref(), "include", ["total", "actions"])?;
    let several = counted || acting || query.waiting_for.is_some() || query.q.is_some();
    let work = move |conn: &mut Conn, actor: &Actor| {
        let organisation = organisation::current(conn)?;
        let person = |one: Option<PersonRef>| match one {
            Some(PersonRef::Me) => actor.person().map(Some),
            Some(PersonRef::Person(id)) => Ok(Some(id)),
            None => Ok(None),
        };
        let filter = Filter {
            cycle: query.cycle,
            year: query.year,
            state: query.state,
            org_unit: query.org_unit,
            under: query.under,
            holder: person(query.holder)?,
            waiting_for: person(query.waiting_for)?,
            theme: query.theme,
            late: query.late,
            q: query.q.clone(),
        };
        let chosen = list::choose(conn, actor, &organisation, &filter)?;
        let rows = list::page(conn, &chosen, paging.after, paging.fetch())?;
        let total = counted.then(|| list::count(conn, &chosen)).transpose()?;
        let (rows, next_cursor) = paging.cut(rows, |row| row.id);
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let actions = if acting { Some(list::actions(conn, actor, &row)?) } else { None };
            items.push(Tagged::of(row.version, &AgreementSummary::of(&row, &organisation, actions)?)?);
        }
        Page { items, next_cursor, total }.reply(&address)
    };
    if several { call.read(work).await } else { call.glance(work).await }
}

/// One agreement, with the summaries of its sections.
///
/// What is expanded is shown as its own address shows it, and left out for a reader who may not ask there: comments
/// for machine clients, readiness for who does not see the draft.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement."), ExpandQuery), responses(
    (status = 200, description = "The agreement.", body = AgreementView, headers(("ETag" = String)))
))]
#[get("/api/v1/agreements/{id}")]
pub async fn get_agreement(call: Call, id: Ids<1>, query: Query<ExpandQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    let expand = query.read()?;
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, id)?;
        Reply::item(dossier.agreement.version, &view(conn, actor, &dossier, expand)?)
    })
    .await
}

/// Whether an agreement can be submitted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether nothing blocks.
    pub ready: bool,
    /// All that must be mended first; the pointers point into the draft.
    #[schema(max_items = 10000)]
    pub blocking: Vec<FaultView>,
    /// All that is merely advised.
    #[schema(max_items = 10000)]
    pub advice: Vec<FaultView>,
}

impl Readiness {
    /// Tells what was found, in the reader's language.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn of(conn: &mut Conn, dossier: &Dossier, contents: &Contents) -> Result<Self> {
        let gaps = all_gaps(conn, dossier, contents)?;
        let (blocking, advice): (Vec<Gap>, Vec<Gap>) = gaps.into_iter().partition(|gap| gap.blocking);
        let told = |gaps: Vec<Gap>| gaps.iter().map(|gap| gap.fault.view(conn.lang())).collect::<Vec<_>>();
        Ok(Readiness { ready: blocking.is_empty(), blocking: told(blocking), advice: told(advice) })
    }
}

/// All that is missing before an agreement can be submitted, and all that is merely advised.
///
/// Ask before submitting, to show all gaps at once, each with its place. What is advised stops nobody.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement.")), responses(
    (status = 200, description = "What is missing, and what is advised.", body = Readiness)
))]
#[get("/api/v1/agreements/{id}/readiness")]
pub async fn get_readiness(call: Call, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, id)?;
        crate::agreements::policy::can_see_draft(&dossier.relation)?;
        let contents = Contents::read(conn, id)?;
        Reply::json(&Readiness::of(conn, &dossier, &contents)?)
    })
    .await
}
