//! A year at a glance: every unit in scope, and how far its agreement has come.

use std::collections::{BTreeSet, HashMap};

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::load_many::open_all;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store::{self as agreements, AgreementRow};
use crate::agreements::sections::model::SectionState;
use crate::agreements::sections::store::{self as sections, SectionRow};
use crate::agreements::views::agreement::{Holder, UnitName, holders, unit_names};
use crate::agreements::views::progress::{self, Progress};
use crate::app::RequestContext;
use crate::cycles::model::{CycleState, Deadline, DeadlineKey, Deadlines, units_in_scope};
use crate::cycles::policy;
use crate::cycles::store::{self, CycleRow};
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Ids, Query, Reply};
use crate::organisation::{self, Organisation};
use crate::types::{Date, Id};

/// Which units an overview is of.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverviewQuery {
    /// A unit and all below it.
    under: Option<Id>,
}

/// A year at a glance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CycleOverview)]
pub struct OverviewView {
    /// A row for each unit, those below a unit following it.
    #[schema(max_items = 10000)]
    pub items: Vec<OverviewRow>,
}

/// A unit, and how far its agreement has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverviewRow {
    /// The unit.
    pub org_unit: UnitName,
    /// The unit above it.
    #[schema(required = true)]
    pub parent_id: Option<Id>,
    /// Its agreement in the cycle; null while it has none.
    #[schema(required = true)]
    pub agreement_id: Option<Id>,
    /// Whether the reader may open the agreement: its content is hidden until it is submitted.
    pub readable: bool,
    /// Who leads it; empty while vacant.
    #[schema(max_items = 100)]
    pub holders: Vec<Holder>,
    /// The day from which it has had no leader; null while somebody leads it, or when nobody ever has.
    #[schema(required = true, example = "2014-09-01")]
    pub vacant_since: Option<Date>,
    /// Where its agreement stands.
    #[schema(required = true)]
    pub state: Option<AgreementState>,
    /// Whether it was submitted past the deadline.
    pub late: bool,
    /// What is to be done next, and by when; null when nothing is.
    #[schema(required = true)]
    pub deadline: Option<Deadline>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// How far it has come.
    #[schema(required = true)]
    pub progress: Option<Progress>,
    /// Its sections, in their order.
    #[schema(max_items = 100)]
    pub sections: Vec<SectionStand>,
}

/// Where a section stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SectionStand {
    /// Its key within the agreement.
    #[schema(max_length = 60, example = "effects")]
    pub key: String,
    /// Where it stands.
    pub state: SectionState,
}

/// How far every unit has come with its agreement, also those that have none or have not begun.
///
/// The directorate and the coordinator see all units in the cycle's scope, a leader their own and all below it. What
/// is written stays hidden until it is submitted.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The cycle."), OverviewQuery), responses(
    (status = 200, description = "The overview.", body = OverviewView)
))]
#[get("/api/v1/cycles/{id}/overview")]
pub async fn get_cycle_overview(call: RequestContext, id: Ids<1>, query: Query<OverviewQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let cycle = store::find(conn, id)?;
        policy::can_see(actor, cycle.state)?;
        let organisation = organisation::current(conn)?;
        let asked = |unit: &Id| query.under.is_none_or(|root| organisation.is_within(*unit, root));
        let made = Made::read(conn, actor, &cycle)?;
        let units = made.units.keys().copied().chain(units_in_scope(&organisation, &cycle.scope()?));
        let units: BTreeSet<Id> =
            units.filter(asked).filter(|unit| policy::oversees(actor, &organisation, *unit)).collect();
        let deadlines = cycle.deadlines()?;
        let rows = in_order(&organisation, units).into_iter().map(|unit| made.row(&organisation, &deadlines, unit));
        Reply::json(&OverviewView { items: rows.collect() })
    })
    .await
}

/// The agreements that a cycle has.
struct Made {
    rows: HashMap<Id, AgreementRow>,
    /// The agreement of each unit that has one.
    units: HashMap<Id, Id>,
    sections: Vec<SectionRow>,
    progress: HashMap<Id, Progress>,
    readable: BTreeSet<Id>,
    is_open: bool,
}

impl Made {
    fn read(conn: &mut Conn, actor: &Actor, cycle: &CycleRow) -> Result<Self> {
        let rows = agreements::of_cycle(conn, cycle.id)?;
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let sections = sections::of_agreements(conn, &ids)?;
        let contents = progress::contents_of_all(conn, &sections)?;
        let progress = progress::of_all(conn, &rows, &sections, &contents)?;
        let readable = open_all(conn, actor, rows.clone(), &sections)?.into_keys().collect();
        let mut units = HashMap::new();
        for row in &rows {
            units.extend(row.units()?.into_iter().map(|unit| (unit, row.id)));
        }
        let rows = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(Made { rows, units, sections, progress, readable, is_open: cycle.state == CycleState::Open })
    }

    fn row(&self, organisation: &Organisation, deadlines: &Deadlines, unit: Id) -> OverviewRow {
        let row = self.units.get(&unit).and_then(|id| self.rows.get(id));
        let state = row.map(|row| row.state);
        let next = next_step(state.unwrap_or(AgreementState::Draft)).filter(|_| self.is_open);
        let deadline = next.and_then(|key| deadlines.find(key));
        let own = self.sections.iter().filter(|section| row.is_some_and(|row| row.id == section.agreement_id));
        let named = unit_names(organisation, &[unit]).into_iter().next();
        OverviewRow {
            org_unit: named.unwrap_or(UnitName { id: unit, name: String::new(), kind: organisation::UnitKind::Other }),
            parent_id: organisation.unit(unit).and_then(|unit| unit.parent_id),
            agreement_id: row.map(|row| row.id),
            readable: row.is_some_and(|row| self.readable.contains(&row.id)),
            holders: holders(organisation, &[unit]),
            vacant_since: organisation.vacant_since(&[unit]),
            state,
            late: row.is_some_and(|row| row.late),
            deadline,
            overdue: deadline.is_some_and(|due| due.on < organisation.today),
            progress: row.and_then(|row| self.progress.get(&row.id).copied()),
            sections: own.map(|one| SectionStand { key: one.key.clone(), state: one.state }).collect(),
        }
    }
}

/// What is to be done next with an agreement.
fn next_step(state: AgreementState) -> Option<DeadlineKey> {
    match state {
        AgreementState::Draft | AgreementState::Returned => Some(DeadlineKey::Submit),
        AgreementState::InReview => Some(DeadlineKey::Approve),
        AgreementState::Approved => Some(DeadlineKey::Sign),
        _ => None,
    }
}

/// Units as a tree reads from top to bottom, each level by name.
fn in_order(organisation: &Organisation, units: BTreeSet<Id>) -> Vec<Id> {
    let name = |id: Id| (organisation.unit(id).map_or("", |unit| unit.folded_name.as_str()), id);
    let path = |id: &Id| {
        let mut path = organisation.ancestors(*id);
        path.reverse();
        path.into_iter().chain([*id]).map(name).collect::<Vec<_>>()
    };
    let mut units: Vec<Id> = units.into_iter().collect();
    units.sort_by_cached_key(path);
    units
}
