//! Cycles as they are read.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::cycles::model::{CycleAction, CycleState, Deadlines, Period, PlannedFollowUp, Scope};
use crate::cycles::opening::Surroundings;
use crate::cycles::policy;
use crate::cycles::store::{self, CycleRow, Filter};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::http::{Etag, Ids, Page, Paging, Query, Reply, Tagged};
use crate::text::Lang;
use crate::types::{Id, Ts};

/// A cycle: one year of agreements.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cycle)]
pub struct CycleView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the cycle.
    pub id: Id,
    /// The year it is for.
    #[schema(example = 2015)]
    pub year: i64,
    /// What it is called.
    #[schema(max_length = 200, example = "Aftaler 2015")]
    pub name: String,
    /// The strategy letter that its agreements answer.
    #[schema(required = true)]
    pub letter_id: Option<Id>,
    /// The templates its agreements are made from; the narrowest for a unit is used.
    #[schema(max_items = 50)]
    pub template_ids: Vec<Id>,
    /// The days its agreements are for.
    pub period: Period,
    /// Which units it is for.
    pub scope: Scope,
    /// By when something is to be done, in the municipality's time zone.
    pub deadlines: Deadlines,
    /// When its agreements are followed up.
    #[schema(max_items = 20)]
    pub follow_ups: Vec<PlannedFollowUp>,
    /// Where it stands.
    pub state: CycleState,
    /// When its agreements were made.
    #[schema(required = true)]
    pub opened_at: Option<Ts>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl CycleView {
    fn of(cycle: &CycleRow, actor: &Actor, around: &Surroundings, lang: Lang) -> Result<Self> {
        let may = |action| policy::can_write(actor).and(cycle.state.after(action).map(|_| ()).map_err(|no| no.code));
        let open = may(CycleAction::Open).map_err(Error::from).and_then(|()| around.plan(cycle));
        Ok(CycleView {
            etag: Etag::default(),
            id: cycle.id,
            year: cycle.year,
            name: cycle.name.clone(),
            letter_id: cycle.letter_id,
            template_ids: cycle.template_ids()?,
            period: cycle.period(),
            scope: cycle.scope()?,
            deadlines: cycle.deadlines()?,
            follow_ups: cycle.follow_ups()?,
            state: cycle.state,
            opened_at: cycle.opened_at,
            available_actions: vec![
                ActionView::of("update", may(CycleAction::Edit), lang),
                ActionView::of("reschedule", may(CycleAction::Reschedule), lang),
                ActionView::of_result("open", open.map(drop), lang)?,
            ],
            created_at: cycle.created_at,
            updated_at: cycle.updated_at,
        })
    }
}

/// A cycle, for its reader.
pub(super) fn view(conn: &mut Conn, actor: &Actor, cycle: &CycleRow) -> Result<CycleView> {
    let around = surroundings(conn, actor, std::slice::from_ref(cycle))?;
    CycleView::of(cycle, actor, &around, conn.lang())
}

/// What decides whether some cycles can be opened: read for who may open those that are planned, else empty.
fn surroundings(conn: &mut Conn, actor: &Actor, cycles: &[CycleRow]) -> Result<Surroundings> {
    let may_open = policy::can_write(actor).is_ok();
    let planned = cycles.iter().filter(|cycle| may_open && cycle.state == CycleState::Planned);
    Surroundings::read(conn, &planned.cloned().collect::<Vec<_>>())
}

/// Which cycles a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CycleQuery {
    /// Of a year.
    #[validate(range(min = 1990, max = 2100))]
    #[param(minimum = 1990, maximum = 2100, example = 2015)]
    year: Option<i64>,
    /// In a state.
    state: Option<CycleState>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// Cycles, the newest year first.
///
/// Planned ones are listed for the coordinator and the directorate alone.
#[utoipa::path(tag = "strategy", params(CycleQuery), responses(
    (status = 200, description = "A page of cycles.", body = Page<CycleView>)
))]
#[get("/api/v1/cycles")]
pub async fn list_cycles(call: RequestContext, query: Query<CycleQuery>) -> Result<Reply> {
    let paging = Paging::<(i64, Id)>::of(query.limit, query.cursor.as_deref())?;
    let address = call.address();
    call.read(move |conn, actor| {
        let asked = CycleState::ALL.iter().filter(|state| query.state.is_none_or(|only| only == **state));
        let states = asked.copied().filter(|state| policy::can_see(actor, *state).is_ok()).collect();
        let filter = Filter { year: query.year, states };
        let found = store::list(conn, &filter, paging.after.as_ref(), paging.fetch())?;
        let (cycles, next_cursor) = paging.cut(found, |cycle| (cycle.year, cycle.id));
        let around = surroundings(conn, actor, &cycles)?;
        let items = cycles
            .iter()
            .map(|cycle| Tagged::of(cycle.version, &CycleView::of(cycle, actor, &around, conn.lang())?))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}

/// Reads one cycle.
///
/// With its scope, its deadlines and its follow-ups.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The cycle.")), responses(
    (status = 200, description = "The cycle.", body = CycleView, headers(("ETag" = String)))
))]
#[get("/api/v1/cycles/{id}")]
pub async fn get_cycle(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let cycle = store::find(conn, id)?;
        policy::can_see(actor, cycle.state)?;
        Reply::item(cycle.version, &view(conn, actor, &cycle)?)
    })
    .await
}
