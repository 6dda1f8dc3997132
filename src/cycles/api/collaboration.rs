//! Which units of a year work together.

use std::collections::BTreeMap;

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Actor;
use crate::agreements::collaboration::graph::{Counts, Graph, Part};
use crate::agreements::collaboration::picture::{self, Collaboration, Pair};
use crate::agreements::commitments::model::CommitmentWithParties;
use crate::agreements::commitments::seen::Surroundings;
use crate::agreements::commitments::store as commitments;
use crate::agreements::views::agreement::{UnitName, unit_names};
use crate::app::RequestContext;
use crate::cycles::model::units_in_scope;
use crate::cycles::policy;
use crate::cycles::store::{self, CycleRow};
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Ids, Reply, SVG};
use crate::organisation::{self, Organisation, UnitKind};
use crate::text::{Args, Lang, say};
use crate::types::Id;

/// Which units of a year work together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CollaborationGraph)]
pub struct GraphView {
    /// The cycle.
    pub cycle_id: Id,
    /// What it comes to, in a sentence.
    #[schema(
        max_length = 1000,
        example = "12 enheder: 9 par har aftalt noget, og 2 par fra sidste år har ingen tilsagn i år."
    )]
    pub finding: String,
    /// The units, by area and name.
    #[schema(max_items = 10000)]
    pub nodes: Vec<NodeView>,
    /// From who proposed to who was asked.
    #[schema(max_items = 100000)]
    pub edges: Vec<EdgeView>,
    /// Units that agreed on something the year before, and have nothing together this year.
    #[schema(max_items = 100000)]
    pub silent_pairs: Vec<SilentPairView>,
}

/// A unit, and what it has to do with the commitments of the year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CollaborationNode)]
pub struct NodeView {
    /// The unit itself.
    pub org_unit: UnitName,
    /// The centre it belongs to, or what stands above it.
    #[schema(required = true)]
    pub area: Option<UnitName>,
    /// How many commitments it has proposed.
    #[schema(minimum = 0, example = 3)]
    pub given: usize,
    /// How many it was asked for.
    #[schema(minimum = 0, example = 2)]
    pub received: usize,
    /// How many of them all have confirmed and are not over, or were kept.
    #[schema(minimum = 0, example = 4)]
    pub confirmed: usize,
    /// How many of them were not kept in time.
    #[schema(minimum = 0, example = 0)]
    pub lapsed: usize,
    /// How many are still to be answered or kept.
    #[schema(minimum = 0, example = 5)]
    pub open: usize,
    /// Whether that is more than the municipality's limit.
    pub overloaded: bool,
}

/// What a unit has proposed to another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CollaborationEdge)]
pub struct EdgeView {
    /// The unit that proposed.
    pub from: Id,
    /// The unit that was asked.
    pub to: Id,
    /// Some party has not answered.
    #[schema(minimum = 0, example = 1)]
    pub proposed: usize,
    /// All have confirmed, and it is not over.
    #[schema(minimum = 0, example = 2)]
    pub confirmed: usize,
    /// How many were kept.
    #[schema(minimum = 0, example = 0)]
    pub fulfilled: usize,
    /// How many were not kept in time.
    #[schema(minimum = 0, example = 0)]
    pub lapsed: usize,
    /// How many every partner has declined.
    #[schema(minimum = 0, example = 0)]
    pub declined: usize,
}

/// Two units that agreed on something the year before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SilentPair)]
pub struct SilentPairView {
    /// The two units.
    #[schema(min_items = 2, max_items = 2)]
    pub org_units: Vec<UnitName>,
}

/// Which units of a year have promised each other something, as data or as a picture.
///
/// From the commitments that the reader sees. The directorate and the coordinator are shown all units, a leader their
/// own and those they work with. With `Accept: image/svg+xml` it is drawn: up to twelve units in a circle, more in a table
/// by area.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The cycle.")), responses(
    (status = 200, description = "Who works with whom.", content((GraphView = "application/json"), (String = "image/svg+xml")))
))]
#[get("/api/v1/cycles/{id}/collaboration-graph")]
pub async fn get_collaboration_graph(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let (Ids([id]), drawn) = (id, call.prefers(SVG));
    call.read(move |conn, actor| {
        let cycle = store::find(conn, id)?;
        policy::can_see(actor, cycle.state)?;
        let organisation = organisation::current(conn)?;
        let is_shown = |unit: Id| policy::oversees(actor, &organisation, unit);
        let graph = read(conn, actor, &cycle, &organisation)?.around(is_shown);
        let (nodes, lang) = (nodes(&graph, &organisation), conn.lang());
        if drawn {
            return Ok(Reply::text(SVG, draw(&graph, &nodes, cycle.year, lang)));
        }
        Reply::json(&view(id, &graph, nodes, &organisation, lang))
    })
    .await
}

fn read(conn: &mut Conn, actor: &Actor, cycle: &CycleRow, organisation: &Organisation) -> Result<Graph> {
    let this_year = seen(conn, actor, &[cycle.id])?;
    let before = store::of_year(conn, cycle.year - 1)?;
    let last_year = seen(conn, actor, &before)?;
    let units = units_in_scope(organisation, &cycle.scope()?).into_iter().filter(|unit| {
        policy::oversees(actor, organisation, *unit)
            && organisation.unit(*unit).is_some_and(|unit| unit.holds_agreement)
    });
    let mut graph = Graph::of(units, &this_year, &last_year, organisation.today);
    // What is no more has no name, and works with nobody.
    graph.units.retain(|unit, _| organisation.unit(*unit).is_some());
    graph.edges.retain(|(a, b), _| graph.units.contains_key(a) && graph.units.contains_key(b));
    graph.silent.retain(|(a, b)| graph.units.contains_key(a) && graph.units.contains_key(b));
    Ok(graph)
}

/// The commitments of some cycles that the reader sees.
fn seen(conn: &mut Conn, actor: &Actor, cycles: &[Id]) -> Result<Vec<CommitmentWithParties>> {
    let all = commitments::of_cycles(conn, cycles)?;
    let around = Surroundings::of(conn, actor, &all)?;
    let mut seen = Vec::with_capacity(all.len());
    for one in all {
        if around.role(&one)?.is_some() {
            seen.push(one);
        }
    }
    Ok(seen)
}

/// The units as they are shown: by area and name.
fn nodes(graph: &Graph, organisation: &Organisation) -> Vec<NodeView> {
    let overloaded = graph.overloaded(organisation.settings.open_promise_limit);
    let named = |unit: Id| unit_names(organisation, &[unit]).into_iter().next();
    let folded = |unit: Option<Id>| {
        unit.and_then(|unit| organisation.unit(unit)).map(|unit| unit.folded_name.clone()).unwrap_or_default()
    };
    let mut units: Vec<(&Id, &Part)> = graph.units.iter().collect();
    units.sort_by_cached_key(|(unit, _)| {
        let area = area_of(organisation, **unit);
        // A centre stands before those that belong to it.
        (folded(area), area, area != Some(**unit), folded(Some(**unit)), **unit)
    });
    let node = |(unit, part): (&Id, &Part)| {
        Some(NodeView {
            org_unit: named(*unit)?,
            area: area_of(organisation, *unit).and_then(named),
            given: part.given,
            received: part.received,
            confirmed: part.counts.confirmed + part.counts.fulfilled,
            lapsed: part.counts.lapsed,
            open: part.counts.open(),
            overloaded: overloaded.contains(unit),
        })
    };
    units.into_iter().filter_map(node).collect()
}

/// The centre that a unit is or belongs to, or what stands above it.
fn area_of(organisation: &Organisation, unit: Id) -> Option<Id> {
    let is_centre = |id: &Id| organisation.unit(*id).is_some_and(|unit| unit.kind == UnitKind::Centre);
    let ancestors = organisation.ancestors(unit);
    let centre = std::iter::once(unit).chain(ancestors.iter().copied()).find(is_centre);
    centre.or_else(|| ancestors.first().copied())
}

fn view(cycle_id: Id, graph: &Graph, nodes: Vec<NodeView>, organisation: &Organisation, lang: Lang) -> GraphView {
    let edge = |((from, to), counts): (&(Id, Id), &Counts)| EdgeView {
        from: *from,
        to: *to,
        proposed: counts.proposed,
        confirmed: counts.confirmed,
        fulfilled: counts.fulfilled,
        lapsed: counts.lapsed,
        declined: counts.declined,
    };
    let silent = |(a, b): &(Id, Id)| SilentPairView { org_units: unit_names(organisation, &[*a, *b]) };
    GraphView {
        cycle_id,
        finding: finding(graph, lang),
        nodes,
        edges: graph.edges.iter().map(edge).collect(),
        silent_pairs: graph.silent.iter().map(silent).collect(),
    }
}

fn finding(graph: &Graph, lang: Lang) -> String {
    let pairs = graph.pairs();
    let mut args = Args::default();
    args.set("units", graph.units.len());
    args.set("agreed", pairs.values().filter(|counts| counts.agreed() > 0).count());
    args.set("asked", pairs.values().filter(|counts| counts.agreed() == 0 && counts.proposed > 0).count());
    args.set("silent", graph.silent.len());
    say(lang, "collaboration-finding", &args)
}

fn draw(graph: &Graph, nodes: &[NodeView], year: i64, lang: Lang) -> String {
    let places: BTreeMap<Id, usize> = nodes.iter().enumerate().map(|(at, node)| (node.org_unit.id, at)).collect();
    let units: Vec<(&str, &str)> = nodes
        .iter()
        .map(|node| (node.org_unit.name.as_str(), node.area.as_ref().map_or("", |area| area.name.as_str())))
        .collect();
    let placed = |(a, b): (Id, Id)| Some((*places.get(&a)?, *places.get(&b)?));
    let pairs = graph.pairs().into_iter().filter_map(|(pair, counts)| {
        let (a, b) = placed(pair)?;
        let confirmed = counts.confirmed + counts.fulfilled;
        let has_any = confirmed + counts.proposed + counts.lapsed > 0;
        has_any.then_some(Pair { a, b, confirmed, proposed: counts.proposed, lapsed: counts.lapsed })
    });
    let silent: Vec<(usize, usize)> = graph.silent.iter().filter_map(|pair| placed(*pair)).collect();
    picture::svg(&Collaboration {
        title: &say(lang, "collaboration-title", &Args::one("year", year)),
        finding: &finding(graph, lang),
        units: &units,
        pairs: &pairs.collect::<Vec<_>>(),
        silent: &silent,
        lang,
    })
}
