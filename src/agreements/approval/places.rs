//! Whom submitted sections wait for, found by person (domain rules 2 and 3): a row for each place without a decision in
//! the step that waits. They are written with the route; who takes the place of somebody who has left or is barred today
//! is looked up by the few places where that is so.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::route::model::{Assignee, RouteContext, Waiting};
use crate::agreements::sections::model::SectionState;
use crate::agreements::sections::store::{self as sections, SectionRow};
use crate::db::cache::Cached;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::organisation::leaders::{heads, is_holder};
use crate::organisation::{Organisation, leaders};
use crate::schema::{agreements, route_places};
use crate::templates::model::Duty;
use crate::types::{Id, Json, Ts};
use crate::{each, later};

/// A place in the step of a route that waits, without a decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Queryable, Selectable, Insertable)]
#[diesel(table_name = route_places, treat_none_as_default_value = false)]
pub struct PlaceRow {
    /// The municipality.
    pub municipality_id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The section's key.
    pub section_key: String,
    /// The step, from 0.
    pub step: i64,
    /// The place in it, from 0.
    pub place: i64,
    /// Whom the step was resolved to.
    pub person_id: Id,
    /// The barred person whose standing deputy that is.
    pub on_behalf_of_id: Option<Id>,
    /// What the step is for.
    pub duty: Duty,
    /// The cycle of the agreement.
    pub cycle_id: Id,
    /// When the section was submitted.
    pub waiting_since: Ts,
}

/// Lets the places follow a section: what it was, and what is saved of it now.
///
/// # Errors
/// When the database fails.
pub fn follow(tx: &mut Tx, loaded: &LoadedAgreement, before: &SectionRow, now: &SectionRow) -> Result<()> {
    let (old, new) = (places(loaded, before)?, places(loaded, now)?);
    for row in old.iter().filter(|row| !new.contains(row)) {
        let target = route_places::table
            .filter(route_places::municipality_id.eq(tx.scope()).and(route_places::agreement_id.eq(row.agreement_id)))
            .filter(route_places::section_key.eq(row.section_key.clone()))
            .filter(route_places::step.eq(row.step).and(route_places::place.eq(row.place)));
        later!(tx, target_of(row), diesel::delete(target))?;
    }
    for row in new.into_iter().filter(|row| !old.contains(row)) {
        if !loaded.may_take(now, row.person_id)? {
            tx.invalidate::<Replaced>();
        }
        later!(tx, target_of(&row), diesel::insert_into(route_places::table).values(row.clone()))?;
    }
    Ok(())
}

fn target_of(row: &PlaceRow) -> crate::db::Target {
    ("route_places", row.agreement_id, format!("{}/{}/{}", row.section_key, row.step, row.place))
}

/// The places on which a section waits.
fn places(loaded: &LoadedAgreement, section: &SectionRow) -> Result<Vec<PlaceRow>> {
    let route = section.route()?;
    let current = route.current().filter(|_| section.state == SectionState::Submitted);
    let Some((index, step)) = current.and_then(|at| Some((at, route.steps.get(at)?))) else { return Ok(Vec::new()) };
    let open = step.people.iter().zip(0..).filter(|(assignee, _)| assignee.decided.is_none());
    let row = |(assignee, place): (&Assignee, i64)| PlaceRow {
        municipality_id: section.municipality_id,
        agreement_id: section.agreement_id,
        section_key: section.key.clone(),
        step: i64::try_from(index).unwrap_or(0),
        place,
        person_id: assignee.person_id,
        on_behalf_of_id: assignee.on_behalf_of,
        duty: step.duty,
        cycle_id: loaded.agreement.cycle_id,
        waiting_since: section.submitted_at.unwrap_or(section.updated_at),
    };
    Ok(open.map(row).collect())
}

/// A decision that waits for somebody.
#[derive(Debug, Clone)]
pub struct WaitingPlace {
    /// The agreement.
    pub agreement_id: Id,
    /// The section's key.
    pub section_key: String,
    /// What is asked.
    pub duty: Duty,
    /// For whom they would decide, as a standing deputy.
    pub on_behalf_of: Option<Id>,
    /// The cycle of the agreement.
    pub cycle_id: Id,
    /// Since when.
    pub since: Ts,
}

impl WaitingPlace {
    pub(super) fn of(row: PlaceRow, on_behalf_of: Option<Id>) -> Self {
        let PlaceRow { agreement_id, section_key, duty, cycle_id, waiting_since: since, .. } = row;
        WaitingPlace { agreement_id, section_key, duty, on_behalf_of, cycle_id, since }
    }
}

/// What waits for a person's decision today, in terms that a query can use.
pub struct WaitingFor {
    /// Whose places wait for them; none when they may not decide.
    pub person: Option<Id>,
    /// The units whose agreements they hold: on those they do not decide.
    pub held: Vec<Id>,
    /// The places of others who have left or are barred, which are theirs today.
    pub taken_over: Vec<WaitingPlace>,
}

impl WaitingFor {
    /// What waits for a person.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, organisation: &Organisation, person: Id) -> Result<Self> {
        let decides = organisation.may_decide(person) && !organisation.gives_roles(person);
        Ok(WaitingFor {
            person: Some(person).filter(|_| decides),
            held: leaders::held_by(organisation, person),
            taken_over: taken_over(conn, organisation, person)?,
        })
    }
}

/// The places of others that are a person's today, as far as nobody has decided on them since that was found out.
fn taken_over(conn: &mut Conn, organisation: &Organisation, person: Id) -> Result<Vec<WaitingPlace>> {
    let replaced = conn.cached_or_load((), |conn| Replaced::load(conn, organisation))?;
    let Some(mine) = replaced.0.get(&person) else { return Ok(Vec::new()) };
    let (scope, ids) = (conn.scope(), mine.iter().map(|(row, _)| row.agreement_id).collect::<Vec<Id>>());
    let open: Vec<PlaceRow> = each!(conn => route_places::table
        .filter(route_places::municipality_id.eq(scope).and(route_places::agreement_id.eq_any(&ids)))
        .select(PlaceRow::as_select()).load(conn))?;
    let open: HashSet<PlaceRow> = open.into_iter().collect();
    let still = mine.iter().filter(|(row, _)| open.contains(row));
    Ok(still.map(|(row, on_behalf_of)| WaitingPlace::of(row.clone(), *on_behalf_of)).collect())
}

/// By person, the places that are theirs today because those they were resolved to may not take them: they have left,
/// lead the unit by now, or give roles; each with whom the person stands in for. Kept in memory: people change seldom,
/// and whoever takes over sees it within seconds.
struct Replaced(HashMap<Id, Vec<(PlaceRow, Option<Id>)>>);

impl Cached for Replaced {
    type Key = ();
}

impl Replaced {
    fn load(conn: &mut Conn, organisation: &Organisation) -> Result<Self> {
        let mut found = HashMap::<Id, Vec<(PlaceRow, Option<Id>)>>::new();
        let rows = vacant(conn, organisation)?;
        if rows.is_empty() {
            return Ok(Replaced(found));
        }
        let mut ids: Vec<Id> = rows.iter().map(|(row, _)| row.agreement_id).collect();
        ids.dedup();
        let submitted = sections::submitted_in(conn, &ids)?;
        let owners = sections::theme_owners(conn, &submitted)?;
        let sections: HashMap<(Id, &str), &SectionRow> =
            submitted.iter().map(|one| ((one.agreement_id, one.key.as_str()), one)).collect();
        for (row, units) in rows {
            let Some(section) = sections.get(&(row.agreement_id, row.section_key.as_str())) else { continue };
            let (editors, theme_owner) = (section.editors()?, owners.owner_of(section.theme_id));
            let asked = RouteContext { organisation, units: &units, theme_owner, editors: &editors };
            let waiting = section.route()?.waiting(&asked).into_iter();
            let is_it = |one: &Waiting| one.instead_of.is_some() && i64::try_from(one.assignee) == Ok(row.place);
            for one in waiting.filter(is_it) {
                found.entry(one.person_id).or_default().push((row.clone(), one.on_behalf_of));
            }
        }
        Ok(Replaced(found))
    }
}

/// The places whose person may not take them today, each with the units of its agreement.
fn vacant(conn: &mut Conn, organisation: &Organisation) -> Result<Vec<(PlaceRow, Vec<Id>)>> {
    let scope = conn.scope();
    let asked: Vec<Id> = each!(conn => route_places::table
        .filter(route_places::municipality_id.eq(scope)).select(route_places::person_id).distinct().load(conn))?;
    let is_out = |person: &Id| !organisation.may_decide(*person) || organisation.gives_roles(*person);
    let suspects: Vec<Id> = asked.into_iter().filter(|one| is_out(one) || heads(organisation, *one)).collect();
    if suspects.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(PlaceRow, Json)> = each!(conn => route_places::table
        .inner_join(agreements::table.on(agreements::municipality_id.eq(route_places::municipality_id)
            .and(agreements::id.eq(route_places::agreement_id))))
        .filter(route_places::municipality_id.eq(scope).and(route_places::person_id.eq_any(&suspects)))
        .order(route_places::agreement_id)
        .select((PlaceRow::as_select(), agreements::org_units))
        .load(conn))?;
    let mut found = Vec::new();
    for (row, units) in rows {
        let units: Vec<Id> = units.read()?;
        if is_out(&row.person_id) || is_holder(organisation, row.person_id, &units) {
            found.push((row, units));
        }
    }
    Ok(found)
}
