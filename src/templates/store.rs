//! How templates are kept.

use diesel::prelude::*;

use super::model::{AppliesTo, Prescription, Resubmission};
use super::state::TemplateState;
use crate::db::{Conn, NewRow, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::schema::templates;
use crate::types::{Id, Json, Ts};

/// A version of a template.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = templates, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct TemplateRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// Its number among the versions.
    pub number: i64,
    /// The version it was made from.
    pub based_on_id: Option<Id>,
    /// The strategy letter whose themes its sections answer.
    pub letter_id: Option<Id>,
    /// Where it stands.
    pub state: TemplateState,
    /// Which units it is for.
    pub applies_to: Json,
    /// Its sections, in their order.
    pub sections: Json,
    /// Who decides, per kind of unit.
    pub routes: Json,
    /// Who signs, per kind of unit.
    pub signatories: Json,
    /// Where the route of a returned section begins again.
    pub resubmission: Resubmission,
    /// When it was published.
    pub published_at: Option<Ts>,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(TemplateRow);

impl TemplateRow {
    /// A new template, a draft that prescribes nothing yet.
    pub fn new(start: NewRow, id: Id, name: &str) -> Self {
        let none = Json::of(&Vec::<Id>::new());
        TemplateRow {
            municipality_id: start.municipality_id,
            id,
            name: name.to_owned(),
            number: 1,
            based_on_id: None,
            letter_id: None,
            state: TemplateState::Draft,
            applies_to: Json::of(&AppliesTo::default()),
            sections: none.clone(),
            routes: none.clone(),
            signatories: none,
            resubmission: Resubmission::Restart,
            published_at: None,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }
}

impl TemplateRow {
    /// Which units it is for.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn applies_to(&self) -> Result<AppliesTo> {
        Ok(self.applies_to.read()?)
    }

    /// What it prescribes.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn prescription(&self) -> Result<Prescription> {
        Ok(Prescription {
            sections: self.sections.read()?,
            routes: self.routes.read()?,
            signatories: self.signatories.read()?,
            resubmission: self.resubmission,
        })
    }
}

/// One template.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, id: Id) -> Result<TemplateRow> {
    find_some(conn, &[id])?.pop().ok_or_else(|| Code::NotFound.into())
}

/// Some templates; unknown ones are left out.
///
/// # Errors
/// When the database fails.
pub fn find_some(conn: &mut Conn, ids: &[Id]) -> Result<Vec<TemplateRow>> {
    let scope = conn.scope();
    Ok(each!(conn => templates::table
        .filter(templates::municipality_id.eq(scope).and(templates::id.eq_any(ids)))
        .select(TemplateRow::as_select()).load(conn))?)
}

/// Which templates are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// In a state.
    pub state: Option<TemplateState>,
    /// In another state that its reader is confined to.
    pub visible: Option<TemplateState>,
    /// Of a strategy letter.
    pub letter: Option<Id>,
}

/// Templates, the newest first, after the last one of the page before.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, filter: Filter, after: Option<Id>, limit: i64) -> Result<Vec<TemplateRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = templates::table.filter(templates::municipality_id.eq(scope))
            .order(templates::id.desc()).limit(limit).select(TemplateRow::as_select()).into_boxed();
        for state in [filter.state, filter.visible].into_iter().flatten() {
            query = query.filter(templates::state.eq(state));
        }
        if let Some(letter) = filter.letter {
            query = query.filter(templates::letter_id.eq(letter));
        }
        if let Some(after) = after {
            query = query.filter(templates::id.lt(after));
        }
        query.load(conn)
    })?)
}

/// Whether another version was made from a template.
///
/// # Errors
/// When the database fails.
pub fn is_based_on(conn: &mut Conn, id: Id) -> Result<bool> {
    let scope = conn.scope();
    let found: Option<Id> = each!(conn => templates::table
        .filter(templates::municipality_id.eq(scope).and(templates::based_on_id.eq(id)))
        .select(templates::id).first(conn).optional())?;
    Ok(found.is_some())
}

/// Keeps a new template.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx, row: &TemplateRow) -> Result<()> {
    each!(tx => diesel::insert_into(templates::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a template that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut TemplateRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = templates::table
        .filter(templates::municipality_id.eq(scope).and(templates::id.eq(row.id)).and(templates::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// Removes a template that was read in this transaction.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn delete(tx: &mut Tx, row: &TemplateRow) -> Result<()> {
    let scope = tx.scope();
    let target = templates::table
        .filter(templates::municipality_id.eq(scope).and(templates::id.eq(row.id)))
        .filter(templates::version.eq(row.version));
    match each!(tx => diesel::delete(target).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}
