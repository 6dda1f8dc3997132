//! How agreements are kept: the row, its units, its readers.

use diesel::prelude::*;

use super::model::{AgreementState, KeptReaders, Relation};
use super::policy::Exposure;
use crate::access::Actor;
use crate::agreements::sections::store::SectionRow;
use crate::db::{Conn, Raw, Tx};
use crate::error::{Code, Result};
use crate::organisation::Organisation;
use crate::schema::{agreement_readers, agreement_units, agreements, events, sections};
use crate::types::{Date, Id, Json, Ts};
use crate::{each, later, text_enum};

/// An agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AgreementRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The cycle it belongs to.
    pub cycle_id: Id,
    /// The template version it follows.
    pub template_id: Id,
    /// The cycle's year.
    pub year: i64,
    /// What it is called.
    pub title: String,
    /// The ids of its units.
    pub org_units: Json,
    /// The first day it is for.
    pub period_from: Date,
    /// The last day it is for.
    pub period_to: Date,
    /// The number of its case in the municipality's archive.
    pub case_number: Option<String>,
    /// Where it stands: derived from its sections and signatures.
    pub state: AgreementState,
    /// Whether it was submitted past the deadline.
    pub late: bool,
    /// Whether the leaders above may read its draft.
    pub shared_with_line: bool,
    /// When it was submitted for the first time.
    pub first_submitted_at: Option<Ts>,
    /// When somebody decided on a section of it for the first time.
    pub first_decided_at: Option<Ts>,
    /// When it was submitted last.
    pub submitted_at: Option<Ts>,
    /// When its last section was approved.
    pub approved_at: Option<Ts>,
    /// When the last signatory signed.
    pub in_force_at: Option<Ts>,
    /// How often it, or anything in it, was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(AgreementRow);

impl AgreementRow {
    /// The ids of its units.
    ///
    /// # Errors
    /// When the stored list cannot be read: a fault of ours.
    pub fn units(&self) -> Result<Vec<Id>> {
        Ok(self.org_units.read()?)
    }

    /// What its visibility depends on.
    pub fn exposure(&self) -> Exposure {
        Exposure { state: self.state, submitted: self.first_submitted_at.is_some() }
    }
}

text_enum! {
    /// Why somebody reads an agreement.
    pub enum ReaderReason {
        /// The holder shared it with them.
        Shared = "shared",
        /// They stand in a route of it.
        Route = "route",
        /// They sign it.
        Signatory = "signatory",
    }
}

/// One agreement.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, id: Id) -> Result<AgreementRow> {
    let scope = conn.scope();
    Ok(each!(conn => agreements::table
        .filter(agreements::municipality_id.eq(scope).and(agreements::id.eq(id)))
        .select(AgreementRow::as_select()).first(conn))?)
}

/// The number of the last event in an agreement: found once, however many rows it is told with.
macro_rules! last_event_in {
    ($scope:expr, $id:expr) => {
        events::table
            .filter(events::municipality_id.eq($scope).and(events::agreement_id.eq($id)))
            .select(diesel::dsl::max(events::sequence))
            .single_value()
    };
}

/// One agreement, and the last event in it.
///
/// # Errors
/// 404 when there is none.
pub fn find_with_last_event(conn: &mut Conn, id: Id) -> Result<(AgreementRow, Option<i64>)> {
    let scope = conn.scope();
    Ok(each!(conn => agreements::table
        .filter(agreements::municipality_id.eq(scope).and(agreements::id.eq(id)))
        .select((AgreementRow::as_select(), last_event_in!(scope, id))).first(conn))?)
}

/// One agreement with its sections, in their order, and the last event in it.
///
/// # Errors
/// 404 when there is none.
pub fn with_sections(conn: &mut Conn, id: Id) -> Result<(AgreementRow, Vec<SectionRow>, Option<i64>)> {
    let scope = conn.scope();
    let joined: Vec<(AgreementRow, Option<i64>, Option<SectionRow>)> = each!(conn => agreements::table
        .left_join(sections::table.on(
            sections::municipality_id.eq(agreements::municipality_id).and(sections::agreement_id.eq(agreements::id)),
        ))
        .filter(agreements::municipality_id.eq(scope).and(agreements::id.eq(id)))
        .order(sections::position)
        .select((AgreementRow::as_select(), last_event_in!(scope, id), Option::<SectionRow>::as_select()))
        .load(conn))?;
    let mut found = None;
    let mut sections = Vec::with_capacity(joined.len());
    for (agreement, last_event, section) in joined {
        found = Some((agreement, last_event));
        sections.extend(section);
    }
    let (agreement, last_event) = found.ok_or(Code::NotFound)?;
    Ok((agreement, sections, last_event))
}

/// Some agreements.
///
/// # Errors
/// When the database fails.
pub fn find_all(conn: &mut Conn, ids: &[Id]) -> Result<Vec<AgreementRow>> {
    let scope = conn.scope();
    Ok(each!(conn => agreements::table
        .filter(agreements::municipality_id.eq(scope).and(agreements::id.eq_any(ids)))
        .select(AgreementRow::as_select()).load(conn))?)
}

/// The agreements in some states, of some units or of all.
///
/// # Errors
/// When the database fails.
pub fn in_states_of(conn: &mut Conn, states: &[AgreementState], units: Option<&[Id]>) -> Result<Vec<AgreementRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = agreements::table
            .filter(agreements::municipality_id.eq(scope).and(agreements::state.eq_any(states)))
            .order(agreements::id).select(AgreementRow::as_select()).into_boxed();
        if let Some(units) = units {
            let theirs = agreement_units::table
                .filter(agreement_units::municipality_id.eq(scope).and(agreement_units::org_unit_id.eq_any(units)))
                .select(agreement_units::agreement_id);
            query = query.filter(agreements::id.eq_any(theirs));
        }
        query.load(conn)
    })?)
}

/// The agreements of a cycle.
///
/// # Errors
/// When the database fails.
pub fn of_cycle(conn: &mut Conn, cycle_id: Id) -> Result<Vec<AgreementRow>> {
    let scope = conn.scope();
    Ok(each!(conn => agreements::table
        .filter(agreements::municipality_id.eq(scope).and(agreements::cycle_id.eq(cycle_id)))
        .select(AgreementRow::as_select()).load(conn))?)
}

/// One agreement, locked until the commit: whatever changes it or anything in it begins here, so that its derived state
/// is always derived from what is committed. SQLite has one writer at a time.
///
/// # Errors
/// 404 when there is none.
pub fn lock(tx: &mut Tx, id: Id) -> Result<AgreementRow> {
    let scope = tx.scope();
    match tx.raw() {
        Raw::Pg(conn) => Ok(agreements::table
            .filter(agreements::municipality_id.eq(scope).and(agreements::id.eq(id)))
            .select(AgreementRow::as_select())
            .for_no_key_update()
            .first(conn)?),
        Raw::Sqlite(_) => find(tx, id),
    }
}

/// Locks agreements until the commit without reading them, as the transaction begins.
///
/// # Errors
/// When the database fails.
pub fn lock_all(tx: &mut Tx, ids: &[Id]) -> Result<()> {
    tx.lock("agreements", ids)
}

/// Keeps new agreements with their units.
///
/// # Errors
/// 409 when one of the units has an agreement in the cycle.
pub fn insert(tx: &mut Tx, rows: &[AgreementRow]) -> Result<()> {
    each!(tx => diesel::insert_into(agreements::table).values(rows).execute(tx))?;
    let (scope, mut units) = (tx.scope(), Vec::new());
    for row in rows {
        units.extend(row.units()?.into_iter().map(|unit| {
            (
                agreement_units::municipality_id.eq(scope),
                agreement_units::cycle_id.eq(row.cycle_id),
                agreement_units::org_unit_id.eq(unit),
                agreement_units::agreement_id.eq(row.id),
            )
        }));
    }
    each!(tx => diesel::insert_into(agreement_units::table).values(&units).execute(tx))?;
    Ok(())
}

/// Saves an agreement that was locked in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut AgreementRow) -> Result<()> {
    let seen = row.version;
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    compare_and_set(tx, row, seen)
}

/// Saves what stands beside an agreement without being it: that somebody has decided.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_aside(tx: &mut Tx, row: &AgreementRow) -> Result<()> {
    compare_and_set(tx, row, row.version)
}

fn compare_and_set(tx: &mut Tx, row: &AgreementRow, seen: i64) -> Result<()> {
    let target = agreements::table.filter(
        agreements::municipality_id.eq(tx.scope()).and(agreements::id.eq(row.id)).and(agreements::version.eq(seen)),
    );
    later!(tx, ("agreements", row.id, String::new()), diesel::update(target).set(row.clone()))
}

/// Lets people read an agreement from now on.
///
/// # Errors
/// When the database fails.
pub fn add_readers(tx: &mut Tx, agreement_id: Id, people: &[Id], reason: ReaderReason) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let (scope, now) = (tx.scope(), tx.now());
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            (
                agreement_readers::municipality_id.eq(scope),
                agreement_readers::agreement_id.eq(agreement_id),
                agreement_readers::person_id.eq(*person),
                agreement_readers::reason.eq(reason.as_str()),
                agreement_readers::created_at.eq(now),
            )
        })
        .collect();
    each!(tx => diesel::insert_into(agreement_readers::table).values(&rows).on_conflict_do_nothing().execute(tx))?;
    Ok(())
}

/// Takes back what the holder shared with people by name.
///
/// # Errors
/// When the database fails.
pub fn remove_shared(tx: &mut Tx, agreement_id: Id) -> Result<()> {
    let scope = tx.scope();
    let target = agreement_readers::table
        .filter(agreement_readers::municipality_id.eq(scope).and(agreement_readers::agreement_id.eq(agreement_id)))
        .filter(agreement_readers::reason.eq(ReaderReason::Shared.as_str()));
    each!(tx => diesel::delete(target).execute(tx))?;
    Ok(())
}

/// Why a person reads an agreement.
///
/// # Errors
/// When the database fails.
pub fn reasons_to_read(conn: &mut Conn, agreement_id: Id, person: Id) -> Result<Vec<ReaderReason>> {
    let scope = conn.scope();
    Ok(each!(conn => agreement_readers::table
        .filter(agreement_readers::municipality_id.eq(scope).and(agreement_readers::agreement_id.eq(agreement_id)))
        .filter(agreement_readers::person_id.eq(person))
        .select(agreement_readers::reason).load(conn))?)
}

/// The people with whom the holder shared an agreement by name.
///
/// # Errors
/// When the database fails.
pub fn shared_with(conn: &mut Conn, agreement_id: Id) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => agreement_readers::table
        .filter(agreement_readers::municipality_id.eq(scope).and(agreement_readers::agreement_id.eq(agreement_id)))
        .filter(agreement_readers::reason.eq(ReaderReason::Shared.as_str()))
        .order(agreement_readers::person_id)
        .select(agreement_readers::person_id).load(conn))?)
}

/// What an actor is to an agreement; who reads it by name is looked up only where nothing else decides.
///
/// # Errors
/// When the database fails.
pub fn relation(conn: &mut Conn, actor: &Actor, organisation: &Organisation, row: &AgreementRow) -> Result<Relation> {
    let relation = Relation::of(actor, organisation, &row.units()?);
    if relation.holder || relation.contributor || relation.coordinator {
        return Ok(relation);
    }
    let Some(person) = actor.person_id() else { return Ok(relation) };
    let reasons = reasons_to_read(conn, row.id, person)?;
    let involved = reasons.iter().any(|reason| *reason != ReaderReason::Shared);
    let by_name = reasons.contains(&ReaderReason::Shared);
    Ok(relation.reading(KeptReaders { by_name, with_line: row.shared_with_line, involved }))
}
