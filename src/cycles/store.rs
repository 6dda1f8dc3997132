//! How cycles are kept.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{CycleState, Deadlines, Period, PlannedFollowUp, Scope};
use crate::db::cache::Cached;
use crate::db::{Conn, NewRow, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::schema::cycles;
use crate::types::{Date, Id, Json, Ts};

/// A cycle.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cycles, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CycleRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The year it is for.
    pub year: i64,
    /// What it is called.
    pub name: String,
    /// The strategy letter that its agreements answer.
    pub letter_id: Option<Id>,
    /// The templates its agreements are made from.
    pub template_ids: Json,
    /// The first day its agreements are for.
    pub period_from: Date,
    /// The last day its agreements are for.
    pub period_to: Date,
    /// Which units it is for.
    pub scope: Json,
    /// By when something is to be done.
    pub deadlines: Json,
    /// When its agreements are followed up.
    pub follow_ups: Json,
    /// Where it stands.
    pub state: CycleState,
    /// When its agreements were made.
    pub opened_at: Option<Ts>,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(CycleRow);

impl CycleRow {
    /// A new cycle, planned for the units that usually make agreements.
    pub fn new(start: NewRow, id: Id, (year, name): (i64, &str), period: Period) -> Self {
        CycleRow {
            municipality_id: start.municipality_id,
            id,
            year,
            name: name.to_owned(),
            letter_id: None,
            template_ids: Json::of(&Vec::<Id>::new()),
            period_from: period.from,
            period_to: period.to,
            scope: Json::of(&Scope::default()),
            deadlines: Json::of(&Deadlines::default()),
            follow_ups: Json::of(&Vec::<PlannedFollowUp>::new()),
            state: CycleState::Planned,
            opened_at: None,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }
}

impl CycleRow {
    /// The days its agreements are for.
    pub fn period(&self) -> Period {
        Period { from: self.period_from, to: self.period_to }
    }

    /// The templates its agreements are made from.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn template_ids(&self) -> Result<Vec<Id>> {
        Ok(self.template_ids.read()?)
    }

    /// Which units it is for.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn scope(&self) -> Result<Scope> {
        Ok(self.scope.read()?)
    }

    /// By when something is to be done.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn deadlines(&self) -> Result<Deadlines> {
        Ok(self.deadlines.read()?)
    }

    /// When its agreements are followed up.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn follow_ups(&self) -> Result<Vec<PlannedFollowUp>> {
        Ok(self.follow_ups.read()?)
    }
}

/// One cycle.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, id: Id) -> Result<CycleRow> {
    let scope = conn.scope();
    Ok(each!(conn => cycles::table
        .filter(cycles::municipality_id.eq(scope).and(cycles::id.eq(id)))
        .select(CycleRow::as_select()).first(conn))?)
}

/// Which cycles are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of a year.
    pub year: Option<i64>,
    /// In one of some states.
    pub states: Vec<CycleState>,
}

/// Cycles, the newest year first, after the last one of the page before.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, filter: &Filter, after: Option<&(i64, Id)>, limit: i64) -> Result<Vec<CycleRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = cycles::table
            .filter(cycles::municipality_id.eq(scope).and(cycles::state.eq_any(&filter.states)))
            .order((cycles::year.desc(), cycles::id.desc())).limit(limit).select(CycleRow::as_select()).into_boxed();
        if let Some(year) = filter.year {
            query = query.filter(cycles::year.eq(year));
        }
        if let Some((year, id)) = after {
            query = query.filter(cycles::year.lt(*year).or(cycles::year.eq(*year).and(cycles::id.lt(*id))));
        }
        query.load(conn)
    })?)
}

/// The cycles of a letter, newest year first.
///
/// # Errors
/// When the database fails.
pub fn of_letter(conn: &mut Conn, letter: Id) -> Result<Vec<CycleRow>> {
    let scope = conn.scope();
    Ok(each!(conn => cycles::table
        .filter(cycles::municipality_id.eq(scope).and(cycles::letter_id.eq(letter)))
        .order((cycles::year.desc(), cycles::id)).select(CycleRow::as_select()).load(conn))?)
}

/// The cycles of a year.
///
/// # Errors
/// When the database fails.
pub fn of_year(conn: &mut Conn, year: i64) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => cycles::table
        .filter(cycles::municipality_id.eq(scope).and(cycles::year.eq(year))).select(cycles::id).load(conn))?)
}

/// Keeps a new cycle.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx, row: &CycleRow) -> Result<()> {
    tx.invalidate::<CycleDeadlines>();
    each!(tx => diesel::insert_into(cycles::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a cycle that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut CycleRow) -> Result<()> {
    tx.invalidate::<CycleDeadlines>();
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = cycles::table
        .filter(cycles::municipality_id.eq(scope).and(cycles::id.eq(row.id)).and(cycles::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// The cycles of a municipality, each with its deadlines.
pub struct CycleDeadlines(pub HashMap<Id, Deadlines>);

impl Cached for CycleDeadlines {
    type Key = ();
}

/// The cycles of the municipality, each with its deadlines.
///
/// # Errors
/// When the database fails.
pub fn deadlines(conn: &mut Conn) -> Result<CycleDeadlines> {
    let scope = conn.scope();
    let stored: Vec<(Id, Json)> = each!(conn => cycles::table
        .filter(cycles::municipality_id.eq(scope)).select((cycles::id, cycles::deadlines)).load(conn))?;
    let read = stored.into_iter().map(|(id, deadlines)| Ok((id, deadlines.read()?)));
    read.collect::<Result<_>>().map(CycleDeadlines)
}
