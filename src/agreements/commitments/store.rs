//! How commitments and their parties are kept.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Answer, CommitmentRow, CommitmentState, CommitmentWithParties, PartyRow};
use crate::db::{Conn, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::schema::{commitment_parties, commitments};
use crate::types::{Date, Id, Ts};

/// The commitments of an agreement, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn of_agreement(conn: &mut Conn, agreement_id: Id) -> Result<Vec<CommitmentWithParties>> {
    of_agreements(conn, &[agreement_id])
}

/// The commitments of some agreements, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn of_agreements(conn: &mut Conn, agreements: &[Id]) -> Result<Vec<CommitmentWithParties>> {
    let scope = conn.scope();
    let joined: Vec<(CommitmentRow, Option<PartyRow>)> = each!(conn => {
        let query = commitments::table
            .left_join(commitment_parties::table.on(commitment_parties::municipality_id.eq(commitments::municipality_id)
                .and(commitment_parties::commitment_id.eq(commitments::id))))
            .filter(commitments::municipality_id.eq(scope))
            .order((commitments::position, commitments::id, commitment_parties::position))
            .select((CommitmentRow::as_select(), Option::<PartyRow>::as_select())).into_boxed();
        match agreements {
            [one] => query.filter(commitments::agreement_id.eq(*one)),
            many => query.filter(commitments::agreement_id.eq_any(many)),
        }.load(conn)
    })?;
    let mut found: Vec<CommitmentWithParties> = Vec::new();
    for (commitment, party) in joined {
        match found.last_mut().filter(|(last, _)| last.id == commitment.id) {
            Some((_, parties)) => parties.extend(party),
            None => found.push((commitment, party.into_iter().collect())),
        }
    }
    Ok(found)
}

/// The commitments of some cycles.
///
/// # Errors
/// When the database fails.
pub fn of_cycles(conn: &mut Conn, cycles: &[Id]) -> Result<Vec<CommitmentWithParties>> {
    let scope = conn.scope();
    let rows: Vec<CommitmentRow> = each!(conn => commitments::table
        .filter(commitments::municipality_id.eq(scope).and(commitments::cycle_id.eq_any(cycles)))
        .order(commitments::id).select(CommitmentRow::as_select()).load(conn))?;
    let parties: Vec<PartyRow> = each!(conn => commitment_parties::table
        .inner_join(commitments::table.on(commitments::municipality_id.eq(commitment_parties::municipality_id)
            .and(commitments::id.eq(commitment_parties::commitment_id))))
        .filter(commitments::municipality_id.eq(scope).and(commitments::cycle_id.eq_any(cycles)))
        .order((commitment_parties::commitment_id, commitment_parties::position))
        .select(PartyRow::as_select()).load(conn))?;
    let mut of_each = HashMap::<Id, Vec<PartyRow>>::new();
    for party in parties {
        of_each.entry(party.commitment_id).or_default().push(party);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = of_each.remove(&row.id).unwrap_or_default();
            (row, own)
        })
        .collect())
}

/// Adds the parties of commitments.
///
/// # Errors
/// When the database fails.
pub fn with_parties(conn: &mut Conn, rows: Vec<CommitmentRow>) -> Result<Vec<CommitmentWithParties>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (scope, ids) = (conn.scope(), rows.iter().map(|row| row.id).collect::<Vec<Id>>());
    let parties: Vec<PartyRow> = each!(conn => commitment_parties::table
        .filter(commitment_parties::municipality_id.eq(scope).and(commitment_parties::commitment_id.eq_any(&ids)))
        .order(commitment_parties::position).select(PartyRow::as_select()).load(conn))?;
    let of = |id: Id| parties.iter().filter(|party| party.commitment_id == id).cloned().collect();
    Ok(rows.into_iter().map(|row| (row.clone(), of(row.id))).collect())
}

/// One commitment.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, id: Id) -> Result<CommitmentWithParties> {
    let scope = conn.scope();
    let rows: Vec<CommitmentRow> = each!(conn => commitments::table
        .filter(commitments::municipality_id.eq(scope).and(commitments::id.eq(id)))
        .select(CommitmentRow::as_select()).load(conn))?;
    with_parties(conn, rows)?.pop().ok_or_else(|| Code::NotFound.into())
}

/// Which of some ids are commitments anywhere in the municipality, and of which agreement.
///
/// # Errors
/// When the database fails.
pub fn owners(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Id, String)>> {
    let scope = conn.scope();
    Ok(each!(conn => commitments::table
        .filter(commitments::municipality_id.eq(scope).and(commitments::id.eq_any(ids)))
        .select((commitments::id, commitments::agreement_id, commitments::section_key)).load(conn))?)
}

/// Which commitments are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of a cycle.
    pub cycle: Option<Id>,
    /// In a state on a day.
    pub state: Option<(CommitmentState, Date)>,
    /// Due before a day.
    pub due_before: Option<Date>,
}

/// Commitments, newest first, before the place of one.
///
/// # Errors
/// When the database fails.
pub fn newest_first(
    conn: &mut Conn,
    filter: &Filter,
    before: Option<(Ts, Id)>,
    limit: i64,
) -> Result<Vec<CommitmentWithParties>> {
    let scope = conn.scope();
    let rows: Vec<CommitmentRow> = each!(conn => {
        let mut query = commitments::table.filter(commitments::municipality_id.eq(scope))
            .order((commitments::created_at.desc(), commitments::id.desc())).limit(limit)
            .select(CommitmentRow::as_select()).into_boxed();
        if let Some(cycle) = filter.cycle {
            query = query.filter(commitments::cycle_id.eq(cycle));
        }
        query = match filter.state {
            Some((CommitmentState::Lapsed, today)) => query
                .filter(commitments::state.eq(CommitmentState::Confirmed))
                .filter(commitments::due_on.lt(today)),
            Some((CommitmentState::Confirmed, today)) => query
                .filter(commitments::state.eq(CommitmentState::Confirmed))
                .filter(commitments::due_on.is_null().or(commitments::due_on.ge(today))),
            Some((state, _)) => query.filter(commitments::state.eq(state)),
            None => query,
        };
        if let Some(day) = filter.due_before {
            query = query.filter(commitments::due_on.lt(day));
        }
        if let Some((at, id)) = before {
            let same = commitments::created_at.eq(at).and(commitments::id.lt(id));
            query = query.filter(commitments::created_at.lt(at).or(same));
        }
        query.load(conn)
    })?;
    with_parties(conn, rows)
}

/// How many commitments stand in a section, and the place of the next one.
///
/// # Errors
/// When the database fails.
pub fn room_in(conn: &mut Conn, agreement_id: Id, key: &str) -> Result<(i64, i64)> {
    let scope = conn.scope();
    let (count, last): (i64, Option<i64>) = each!(conn => commitments::table
        .filter(commitments::municipality_id.eq(scope).and(commitments::agreement_id.eq(agreement_id)))
        .filter(commitments::section_key.eq(key))
        .select((diesel::dsl::count_star(), diesel::dsl::max(commitments::position))).first(conn))?;
    Ok((count, last.map_or(0, |last| last + 1)))
}

/// The commitments that ask some units for an answer they have not given.
///
/// # Errors
/// When the database fails.
pub fn asking(conn: &mut Conn, units: &[Id]) -> Result<Vec<CommitmentWithParties>> {
    let scope = conn.scope();
    let rows: Vec<CommitmentRow> = each!(conn => commitments::table
        .inner_join(commitment_parties::table.on(commitment_parties::municipality_id.eq(commitments::municipality_id)
            .and(commitment_parties::commitment_id.eq(commitments::id))))
        .filter(commitments::municipality_id.eq(scope).and(commitments::state.eq(CommitmentState::Proposed)))
        .filter(commitment_parties::org_unit_id.eq_any(units).and(commitment_parties::state.eq(Answer::Proposed)))
        .order(commitments::created_at).select(CommitmentRow::as_select()).load(conn))?;
    with_parties(conn, rows)
}

/// The commitments that some units are parties of and that stand: agreed on or not yet, in time or not.
///
/// # Errors
/// When the database fails.
pub fn standing(conn: &mut Conn, units: &[Id]) -> Result<Vec<CommitmentWithParties>> {
    let scope = conn.scope();
    let rows: Vec<CommitmentRow> = each!(conn => {
        let own = commitment_parties::table
            .filter(commitment_parties::municipality_id.eq(scope))
            .filter(commitment_parties::org_unit_id.eq_any(units))
            .select(commitment_parties::commitment_id);
        commitments::table
            .filter(commitments::municipality_id.eq(scope).and(commitments::id.eq_any(own)))
            .filter(commitments::state.eq_any([CommitmentState::Proposed, CommitmentState::Confirmed]))
            .order(commitments::created_at).select(CommitmentRow::as_select()).load(conn)
    })?;
    with_parties(conn, rows)
}

/// Keeps a new commitment with its parties.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert(tx: &mut Tx, (row, parties): &CommitmentWithParties) -> Result<()> {
    each!(tx => diesel::insert_into(commitments::table).values(row).execute(tx))?;
    each!(tx => diesel::insert_into(commitment_parties::table).values(parties).execute(tx))?;
    Ok(())
}

/// Saves a commitment that was read in this transaction, with all its parties; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, (row, parties): &mut CommitmentWithParties) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = commitments::table.filter(
        commitments::municipality_id.eq(scope).and(commitments::id.eq(row.id)).and(commitments::version.eq(seen)),
    );
    if each!(tx => diesel::update(target).set(&*row).execute(tx))? == 0 {
        return Err(Code::StaleVersion.into());
    }
    let own = commitment_parties::table
        .filter(commitment_parties::municipality_id.eq(scope).and(commitment_parties::commitment_id.eq(row.id)));
    each!(tx => diesel::delete(own).execute(tx))?;
    each!(tx => diesel::insert_into(commitment_parties::table).values(&*parties).execute(tx))?;
    Ok(())
}

/// Takes commitments away.
///
/// # Errors
/// When the database fails.
pub fn delete(tx: &mut Tx, ids: &[Id]) -> Result<()> {
    let target =
        commitments::table.filter(commitments::municipality_id.eq(tx.scope()).and(commitments::id.eq_any(ids)));
    each!(tx => diesel::delete(target).execute(tx))?;
    Ok(())
}
