//! Many agreements, opened at once.

use std::collections::HashMap;

use diesel::prelude::*;

use super::loaded::LoadedAgreement;
use super::model::{KeptReaders, Relation};
use super::store::{self as agreements, AgreementRow, ReaderReason};
use crate::access::Actor;
use crate::agreements::sections::store::{self as sections, SectionRow};
use crate::db::Conn;
use crate::error::{Code, Result};
use crate::schema::agreement_readers;
use crate::templates::cache::published;
use crate::types::Id;
use crate::{each, organisation};

/// The agreements among some that an actor may know of, opened, and the sections of all of them.
///
/// # Errors
/// When the database fails.
pub fn load_many(
    conn: &mut Conn,
    actor: &Actor,
    ids: &[Id],
) -> Result<(HashMap<Id, LoadedAgreement>, Vec<SectionRow>)> {
    let (rows, all) = (agreements::find_all(conn, ids)?, sections::of_agreements(conn, ids)?);
    Ok((open_all(conn, actor, rows, &all)?, all))
}

/// Those of some agreements that an actor may know of, opened; the sections of all of them are at hand.
///
/// # Errors
/// When the database fails.
pub fn open_all(
    conn: &mut Conn,
    actor: &Actor,
    rows: Vec<AgreementRow>,
    all: &[SectionRow],
) -> Result<HashMap<Id, LoadedAgreement>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let reasons = reasons_to_read(conn, actor, &ids)?;
    let organisation = organisation::current(conn)?;
    let (mut found, mut of_each) = (HashMap::new(), HashMap::<Id, Vec<SectionRow>>::new());
    for section in all {
        of_each.entry(section.agreement_id).or_default().push(section.clone());
    }
    for agreement in rows {
        let units = agreement.units()?;
        let reads = |wanted: fn(ReaderReason) -> bool| {
            reasons.iter().any(|(id, reason)| *id == agreement.id && wanted(*reason))
        };
        let kept = KeptReaders {
            by_name: reads(|reason| reason == ReaderReason::Shared),
            with_line: agreement.shared_with_line,
            involved: reads(|reason| reason != ReaderReason::Shared),
        };
        let relation = Relation::of(actor, &organisation, &units).reading(kept);
        let template = published(conn, agreement.template_id)?;
        let sections = of_each.remove(&agreement.id).unwrap_or_default();
        let (id, organisation) = (agreement.id, organisation.clone());
        let loaded = LoadedAgreement { agreement, sections, template, organisation, units, relation };
        match loaded.shown_to(conn, actor) {
            Ok(loaded) => drop(found.insert(id, loaded)),
            Err(error) if error.code() == Code::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn reasons_to_read(conn: &mut Conn, actor: &Actor, ids: &[Id]) -> Result<Vec<(Id, ReaderReason)>> {
    let Some(person) = actor.person_id() else { return Ok(Vec::new()) };
    let scope = conn.scope();
    Ok(each!(conn => agreement_readers::table
        .filter(agreement_readers::municipality_id.eq(scope).and(agreement_readers::agreement_id.eq_any(ids)))
        .filter(agreement_readers::person_id.eq(person))
        .select((agreement_readers::agreement_id, agreement_readers::reason)).load(conn))?)
}
