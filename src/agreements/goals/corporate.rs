//! What the whole organisation aims at: goals on a theme of a letter, which units take over.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::Indicator;
use crate::db::{Conn, NewRow, Tx};
use crate::error::{Code, Result};
use crate::schema::corporate_goals;
use crate::types::{Id, Json, Ts};
use crate::{each, later};

/// The most corporate goals of a theme.
pub const MOST_CORPORATE_GOALS: usize = 50;

/// What is said of a corporate goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCorporateGoal)]
pub struct CorporateGoal {
    /// What is to be reached.
    #[validate(length(min = 1, max = 500), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 500, example = "Flere borgere klarer sig selv")]
    pub title: String,
    /// The people whom it is meant for.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500, example = "Borgere, der får hjælp af kommunen")]
    pub target_group: Option<String>,
    /// The change, for whom.
    #[serde(default)]
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000, example = "Borgeren kan igen klare hverdagen uden hjælp.")]
    pub effect: Option<String>,
    /// By when it is to be reached, in words.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200, example = "Udgangen af 2016")]
    pub horizon: Option<String>,
    /// How its effect is measured: units take these over with it.
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub indicators: Vec<Indicator>,
}

impl CorporateGoal {
    /// The same, in which each indicator has an id.
    #[must_use]
    pub fn with_ids(mut self) -> Self {
        self.indicators.iter_mut().for_each(|one| one.id = Some(one.id.unwrap_or_else(Id::new)));
        self
    }
}

/// A corporate goal.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = corporate_goals, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CorporateGoalRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The letter it stands in.
    pub letter_id: Id,
    /// The theme it stands under.
    pub theme_id: Id,
    /// Its place among the goals of the theme, from 0.
    pub position: i64,
    /// What is said of it.
    pub content: Json,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(CorporateGoalRow);

impl CorporateGoalRow {
    /// A new corporate goal.
    pub fn new(start: NewRow, (letter_id, theme_id): (Id, Id), position: i64, goal: &CorporateGoal) -> Self {
        CorporateGoalRow {
            municipality_id: start.municipality_id,
            id: Id::new(),
            letter_id,
            theme_id,
            position,
            content: Json::of(goal),
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }

    /// What is said of it.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn goal(&self) -> Result<CorporateGoal> {
        Ok(self.content.read()?)
    }
}

/// The corporate goals of a theme, in their order.
///
/// # Errors
/// When the database fails.
pub fn of_theme(conn: &mut Conn, theme: Id) -> Result<Vec<CorporateGoalRow>> {
    let scope = conn.scope();
    Ok(each!(conn => corporate_goals::table
        .filter(corporate_goals::municipality_id.eq(scope).and(corporate_goals::theme_id.eq(theme)))
        .order((corporate_goals::position, corporate_goals::id)).select(CorporateGoalRow::as_select()).load(conn))?)
}

/// The corporate goals of some letters, in their order.
///
/// # Errors
/// When the database fails.
pub fn of_letters(conn: &mut Conn, letters: &[Id]) -> Result<Vec<CorporateGoalRow>> {
    let scope = conn.scope();
    Ok(each!(conn => corporate_goals::table
        .filter(corporate_goals::municipality_id.eq(scope).and(corporate_goals::letter_id.eq_any(letters)))
        .order((corporate_goals::position, corporate_goals::id)).select(CorporateGoalRow::as_select()).load(conn))?)
}

/// A corporate goal, wherever it stands.
///
/// # Errors
/// When the database fails.
pub fn find_any(conn: &mut Conn, id: Id) -> Result<Option<CorporateGoalRow>> {
    let scope = conn.scope();
    Ok(each!(conn => corporate_goals::table
        .filter(corporate_goals::municipality_id.eq(scope).and(corporate_goals::id.eq(id)))
        .select(CorporateGoalRow::as_select()).first(conn).optional())?)
}

/// A corporate goal of a theme.
///
/// # Errors
/// 404 when the theme has no such goal.
pub fn find(conn: &mut Conn, theme: Id, id: Id) -> Result<CorporateGoalRow> {
    find_any(conn, id)?.filter(|row| row.theme_id == theme).ok_or_else(|| Code::NotFound.into())
}

/// Which of some ids are corporate goals of the municipality.
///
/// # Errors
/// When the database fails.
pub fn known(conn: &mut Conn, ids: &[Id]) -> Result<Vec<Id>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let scope = conn.scope();
    Ok(each!(conn => corporate_goals::table
        .filter(corporate_goals::municipality_id.eq(scope).and(corporate_goals::id.eq_any(ids)))
        .select(corporate_goals::id).load(conn))?)
}

/// Keeps a new corporate goal.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert(tx: &mut Tx, row: &CorporateGoalRow) -> Result<()> {
    later!(
        tx,
        ("corporate_goals", row.id, String::new()),
        diesel::insert_into(corporate_goals::table).values(row.clone())
    )
}

/// Saves a corporate goal that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut CorporateGoalRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = corporate_goals::table.filter(
        corporate_goals::municipality_id
            .eq(scope)
            .and(corporate_goals::id.eq(row.id))
            .and(corporate_goals::version.eq(seen)),
    );
    later!(tx, ("corporate_goals", row.id, String::new()), diesel::update(target).set(row.clone()))
}

/// Takes a corporate goal away.
///
/// # Errors
/// 412 when it is not there any more.
pub fn delete(tx: &mut Tx, id: Id) -> Result<()> {
    let target =
        corporate_goals::table.filter(corporate_goals::municipality_id.eq(tx.scope()).and(corporate_goals::id.eq(id)));
    later!(tx, ("corporate_goals", id, String::new()), diesel::delete(target))
}
