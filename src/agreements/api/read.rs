//! Reading agreements.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::policy::can_see;
use crate::agreements::agreement::store;
use crate::agreements::draft::contents::Contents;
use crate::agreements::search::texts;
use crate::agreements::views::agreement::{AgreementView, digest, view};
use crate::agreements::views::agreement_expansions::{Expand, ExpandQuery};
use crate::agreements::views::list::{self, Beside, Filter};
use crate::agreements::views::readiness::Readiness;
use crate::agreements::views::summary::AgreementSummary;
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Ids, Known, Page, Paging, PersonRef, Query, Reply, Tagged, words};
use crate::organisation;
use crate::types::Id;

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
pub async fn list_agreements(call: RequestContext, query: Query<AgreementQuery>) -> Result<Reply> {
    let (paging, address) = (Paging::<Id>::of(query.limit, query.cursor.as_deref())?, call.address());
    let [counted, acting] = words(query.include.as_deref(), "include", ["total", "actions"])?;
    if query.q.is_some() {
        call.keep_up(texts::keep_up).await?;
    }
    call.read(move |conn, actor| {
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
        let mut beside =
            if acting { Beside::read_with_actions(conn, actor, &rows) } else { Beside::read(conn, &rows) }?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let progress = beside.progress.get(&row.id).copied().unwrap_or_default();
            let actions = beside.actions.as_mut().map(|all| all.remove(&row.id).unwrap_or_default());
            items.push(Tagged::of(row.version, &AgreementSummary::of(&row, &organisation, progress, actions)?)?);
        }
        Page { items, next_cursor, total }.reply(&address)
    })
    .await
}

/// One agreement, with the summaries of its sections.
///
/// What is expanded is shown as its own address shows it, and left out for a reader who may not ask there: comments
/// for machine clients, readiness for who does not see the draft.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement."), ExpandQuery), responses(
    (status = 200, description = "The agreement.", body = AgreementView, headers(("ETag" = String)))
))]
#[get("/api/v1/agreements/{id}")]
pub async fn get_agreement(call: RequestContext, id: Ids<1>, query: Query<ExpandQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    let (expand, known) = (query.read()?, call.known());
    call.read(move |conn, actor| {
        if let Some(unchanged) = unchanged(conn, actor, id, (expand, &known))? {
            return Ok(unchanged);
        }
        let (agreement, sections, last_event) = store::with_sections(conn, id)?;
        let loaded = LoadedAgreement::open(conn, actor, agreement, sections)?;
        let whole = (&loaded.agreement, last_event);
        let digest = digest(conn, actor, whole, (&loaded.organisation, &loaded.relation), expand)?;
        Reply::item_of(loaded.agreement.version, digest, &view(conn, actor, &loaded, expand)?)
    })
    .await
}

/// That a reader has the agreement as it is: told without its sections, so that asking again costs little.
fn unchanged(conn: &mut Conn, actor: &Actor, id: Id, (expand, known): (Expand, &Known)) -> Result<Option<Reply>> {
    if !known.is_told() {
        return Ok(None);
    }
    let (agreement, last_event) = store::find_with_last_event(conn, id)?;
    let organisation = organisation::current(conn)?;
    let relation = store::relation(conn, actor, &organisation, &agreement)?;
    if can_see(&relation, agreement.exposure()).is_err() {
        return Ok(None);
    }
    let digest = digest(conn, actor, (&agreement, last_event), (&organisation, &relation), expand)?;
    Ok(Reply::unchanged(known, agreement.version, digest))
}

/// All that is missing before an agreement can be submitted, and all that is merely advised.
///
/// Ask before submitting, to show all gaps at once, each with its place. What is advised stops nobody.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement.")), responses(
    (status = 200, description = "What is missing, and what is advised.", body = Readiness)
))]
#[get("/api/v1/agreements/{id}/readiness")]
pub async fn get_readiness(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        crate::agreements::agreement::policy::can_see_draft(&loaded.relation)?;
        let contents = Contents::read(conn, id)?;
        Reply::json(&Readiness::of(conn, &loaded, &contents)?)
    })
    .await
}
