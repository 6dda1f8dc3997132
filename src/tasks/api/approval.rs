//! What waits for a decision or a signature.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::found::{Found, Key, id_of, kind_of};
use super::task::{About, Place, Task, TaskKind};
use super::viewer::{Viewer, by_id};
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store as agreements;
use crate::agreements::approval::places::{WaitingFor, WaitingPlace};
use crate::agreements::approval::store::{returned_by, signatures_on_all};
use crate::agreements::approval::waiting::{PageStart, WaitingCount, count_own, own_in};
use crate::agreements::route::model::RouteContext;
use crate::agreements::sections::store::{SectionHead, heads_in};
use crate::cycles::cache::deadlines;
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::model::Appointed;
use crate::organisation::{Organisation, Role};
use crate::templates::cache::published;
use crate::types::{Date, Id};

/// The decisions that wait for the reader: how many, and those from which a page is cut.
pub struct Decisions {
    /// How many there are of each kind and day, besides those found.
    pub counted: Vec<Counted>,
    /// Those of others that are the reader's today, all of them.
    pub taken_over: Vec<Found>,
    /// The first of the reader's own that stand behind the page before.
    pub own: Vec<Found>,
}

/// How many decisions of a kind wait until a day.
pub struct Counted {
    /// The last day.
    pub due: Option<Date>,
    /// What is asked, and in which cycle.
    pub waiting: WaitingCount,
}

/// Sections that wait for the reader's decision, with as many of their own as a page takes.
///
/// # Errors
/// When the database fails.
pub fn to_decide(conn: &mut Conn, viewer: &Viewer, (after, most): (Option<&Key>, i64)) -> Result<Decisions> {
    let waiting = WaitingFor::of(conn, &viewer.organisation, viewer.person)?;
    let mut counted = Vec::new();
    for one in count_own(conn, &waiting)? {
        counted.push(Counted { due: deadlines(conn, one.cycle_id)?.approve, waiting: one });
    }
    counted.sort_by_key(|one| (one.due.is_none(), one.due));
    let mut own: Vec<Found> = Vec::new();
    for same_day in counted.chunk_by(|a, b| a.due == b.due) {
        if i64::try_from(own.len()).is_ok_and(|found| found >= most) {
            break;
        }
        for one in same_day {
            let Some(from) = begin(one, after) else { continue };
            // The place where the page before ended may be met again, on behalf of several.
            let rows = own_in(conn, &waiting, &one.waiting, (&from, most.saturating_add(MOST_IN_ONE)))?;
            let found = rows.into_iter().map(|place| Found::Decision { due: one.due, place });
            own.extend(found.filter(|one| after.is_none_or(|after| one.key() > *after)));
        }
    }
    let mut taken_over = Vec::new();
    for place in waiting.taken_over {
        taken_over.push(Found::Decision { due: deadlines(conn, place.cycle_id)?.approve, place });
    }
    Ok(Decisions { counted, taken_over, own })
}

/// More places than a person has in one step of a route.
const MOST_IN_ONE: i64 = 20;

/// Where the decisions of a day and kind begin on a page; none when all of them stand on pages before.
fn begin(counted: &Counted, after: Option<&Key>) -> Option<PageStart> {
    let Some((without_day, day, since, id)) = after else { return Some(PageStart::Oldest) };
    match (counted.due.is_none(), counted.due).cmp(&(*without_day, *day)) {
        Ordering::Less => return None,
        Ordering::Greater => return Some(PageStart::Oldest),
        Ordering::Equal => {}
    }
    let kind = kind_of(counted.waiting.duty).as_str();
    match (kind.cmp(id.first().map_or("", String::as_str)), id.as_slice()) {
        (Ordering::Greater, _) => Some(PageStart::At(*since)),
        (Ordering::Equal, [_, agreement, key, ..]) => Some(
            Id::parse(agreement)
                .map_or(PageStart::At(*since), |agreement| PageStart::Place(*since, agreement, key.clone())),
        ),
        _ => Some(PageStart::After(*since)),
    }
}

/// Some of these decisions, as they are told.
///
/// # Errors
/// When the database fails.
pub fn decisions(conn: &mut Conn, viewer: &Viewer, waiting: &[WaitingPlace]) -> Result<HashMap<String, Task>> {
    let mut tasks = HashMap::new();
    let agreements = by_id(conn, waiting.iter().map(|place| place.agreement_id))?;
    let ids: Vec<Id> = agreements.keys().copied().collect();
    if ids.is_empty() {
        return Ok(tasks);
    }
    let (sections, returned) = (heads_in(conn, &ids)?, returned_by(conn, viewer.person, &ids)?);
    for place in waiting {
        let is_it =
            |section: &&SectionHead| section.agreement_id == place.agreement_id && section.key == place.section_key;
        let found = (agreements.get(&place.agreement_id), sections.iter().find(is_it));
        let (Some(agreement), Some(section)) = found else { continue };
        let template = published(conn, agreement.template_id)?;
        let Some(definition) = template.prescription.section(&section.key) else { continue };
        let returned_before = returned.iter().any(|(id, key)| *id == agreement.id && *key == section.key);
        let about = About::of(conn, agreement, &viewer.organisation)?;
        let (version, revision) = (section.version, Some(section.revision));
        let on = Place { definition, revision, version, called: None, returned_before };
        let task = about.task(kind_of(place.duty), Some(&on), place.since)?;
        let name = |person| viewer.organisation.name_of(person).to_owned();
        let (id, on_behalf_of) = (id_of(place), place.on_behalf_of);
        tasks.insert(id.clone(), Task { id, on_behalf_of, on_behalf_of_name: on_behalf_of.map(name), ..task });
    }
    Ok(tasks)
}

/// Approved agreements that the reader is to sign.
///
/// # Errors
/// When the database fails.
pub fn to_sign(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let (mut tasks, organisation) = (Vec::new(), &*viewer.organisation);
    let signs = signs_for(organisation, viewer.person);
    let approved = match &signs {
        Some(units) if units.is_empty() => return Ok(Vec::new()),
        signs => agreements::in_states_of(conn, &[AgreementState::Approved], signs.as_deref())?,
    };
    let ids: Vec<Id> = approved.iter().map(|agreement| agreement.id).collect();
    let signed = if ids.is_empty() { Vec::new() } else { signatures_on_all(conn, &ids)? };
    for agreement in &approved {
        let (units, template) = (agreement.units()?, published(conn, agreement.template_id)?);
        let kind = units.first().and_then(|unit| organisation.unit(*unit)).map(|unit| unit.kind);
        let route_context = RouteContext { organisation, units: &units, theme_owner: None, editors: &[] };
        let signatories = kind.map_or(&[][..], |kind| template.prescription.signatories(kind));
        let is_given =
            |signatory| signed.iter().any(|row| row.agreement_id == agreement.id && row.signatory == signatory);
        let mut left = signatories.iter().filter(|one| !is_given(**one));
        if left.any(|one| route_context.signers(*one).contains(&viewer.person)) {
            let since = agreement.approved_at.unwrap_or(agreement.updated_at);
            tasks.push(Found::told(About::of(conn, agreement, organisation)?.task(TaskKind::Sign, None, since)?));
        }
    }
    Ok(tasks)
}

/// The units for which a person may have to sign, as a head, as the director above or as somebody's deputy: each of
/// theirs with all below it. None when it may be any: chief executives, their deputies and the last resort.
fn signs_for(organisation: &Organisation, person: Id) -> Option<Vec<Id>> {
    let stands = |held: &&Appointed| held.person_id == person || held.standing_deputy_id == Some(person);
    let [leaders, directors, chiefs] = [Role::Leader, Role::Director, Role::ChiefExecutive]
        .map(|role| organisation.with_role(role).filter(stands).collect::<Vec<_>>());
    if !chiefs.is_empty() || organisation.settings.last_resort_id == Some(person) {
        return None;
    }
    let answered = directors.iter().flat_map(|held| held.responsible_for.iter().copied());
    let roots: HashSet<Id> = leaders.iter().map(|held| held.org_unit_id).chain(answered).collect();
    if roots.is_empty() {
        return Some(Vec::new());
    }
    let is_below =
        |unit: Id| roots.contains(&unit) || organisation.ancestors(unit).iter().any(|one| roots.contains(one));
    Some(organisation.units().map(|unit| unit.id).filter(|unit| is_below(*unit)).collect())
}
