//! What waits for a decision or a signature.

use std::collections::{HashMap, HashSet};

use super::found::{Found, id_of, kind_of};
use super::task::{About, Place, Task, TaskKind};
use super::viewer::{Viewer, by_id};
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store as agreements;
use crate::agreements::approval::places::{self, WaitingPlace};
use crate::agreements::approval::store::{returned_by, signatures_on_all};
use crate::agreements::route::model::RouteContext;
use crate::agreements::sections::store::{SectionHead, heads_in};
use crate::cycles::cache::deadlines;
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::model::Appointed;
use crate::organisation::{Organisation, Role};
use crate::templates::cache::published;
use crate::types::Id;

/// Sections that wait for the reader's decision.
///
/// # Errors
/// When the database fails.
pub fn to_decide(conn: &mut Conn, viewer: &Viewer) -> Result<Vec<Found>> {
    let waiting = places::waiting_for(conn, &viewer.organisation, viewer.person)?;
    let found = |place: WaitingPlace| Ok(Found::Decision { due: deadlines(conn, place.cycle_id)?.approve, place });
    waiting.into_iter().map(found).collect()
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
        let task = about.task(kind_of(place), Some(&on), place.since)?;
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
