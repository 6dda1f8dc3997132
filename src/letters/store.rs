//! How strategy letters and their themes are kept.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use super::model::{Heading, LetterState, ThemeFacts};
use crate::db::cache::Cached;
use crate::db::{Conn, NewRow, Raw, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::schema::{strategy_letters, themes};
use crate::types::{Date, Id, Json, Ts};

/// A strategy letter.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = strategy_letters, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct LetterRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The year it is for.
    pub year: i64,
    /// What it is called.
    pub title: String,
    /// The day it was issued.
    pub issued_on: Option<Date>,
    /// The letter as it stands.
    pub source_text: String,
    /// Its headings, in their order.
    pub headings: Json,
    /// Where it stands.
    pub state: LetterState,
    /// When the leaders got it.
    pub published_at: Option<Ts>,
    /// How often it, or a theme of it, was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// A theme of a strategy letter.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = themes, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ThemeRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The letter it stands in.
    pub letter_id: Id,
    /// Its key within the letter, by which sections of templates name it.
    pub key: String,
    /// The heading it stands under.
    pub heading_key: String,
    /// Its place among the themes.
    pub position: i64,
    /// What it is called.
    pub title: String,
    /// What the letter says of it.
    pub body: String,
    /// The director who owns it.
    pub owner_id: Option<Id>,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(LetterRow, ThemeRow);

impl LetterRow {
    /// A new letter, a draft without a word.
    pub fn new(start: NewRow, id: Id, year: i64, title: &str) -> Self {
        LetterRow {
            municipality_id: start.municipality_id,
            id,
            year,
            title: title.to_owned(),
            issued_on: None,
            source_text: String::new(),
            headings: Json::of(&Vec::<Heading>::new()),
            state: LetterState::Draft,
            published_at: None,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }
}

impl ThemeRow {
    /// A new theme below a heading of a letter.
    pub fn new(start: NewRow, id: Id, letter_id: Id, (heading_key, key): (&str, &str), title: &str) -> Self {
        ThemeRow {
            municipality_id: start.municipality_id,
            id,
            letter_id,
            key: key.to_owned(),
            heading_key: heading_key.to_owned(),
            position: 0,
            title: title.to_owned(),
            body: String::new(),
            owner_id: None,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }
}

impl LetterRow {
    /// Its headings.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn headings(&self) -> Result<Vec<Heading>> {
        Ok(self.headings.read()?)
    }
}

impl ThemeRow {
    /// What the letter's rules read of it.
    pub fn facts(&self) -> ThemeFacts<'_> {
        ThemeFacts { heading_key: &self.heading_key, title: &self.title, owner_id: self.owner_id }
    }
}

/// A strategy letter without what it says.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = strategy_letters)]
pub struct LetterHead {
    /// Its id.
    pub id: Id,
    /// The year it is for.
    pub year: i64,
    /// What it is called.
    pub title: String,
    /// The day it was issued.
    pub issued_on: Option<Date>,
    /// Its headings, in their order.
    pub headings: Json,
    /// Where it stands.
    pub state: LetterState,
    /// When the leaders got it.
    pub published_at: Option<Ts>,
    /// How often it, or a theme of it, was written.
    pub version: i64,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// A theme without what the letter says of it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = themes)]
pub struct ThemeHead {
    /// The letter.
    pub letter_id: Id,
    /// The heading it stands under.
    pub heading_key: String,
    /// What it is called.
    pub title: String,
    /// The director who owns it.
    pub owner_id: Option<Id>,
}

impl ThemeHead {
    /// What a letter's rules read of it.
    pub fn facts(&self) -> ThemeFacts<'_> {
        ThemeFacts { heading_key: &self.heading_key, title: &self.title, owner_id: self.owner_id }
    }
}

/// One letter.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, id: Id) -> Result<LetterRow> {
    let scope = conn.scope();
    Ok(each!(conn => strategy_letters::table
        .filter(strategy_letters::municipality_id.eq(scope).and(strategy_letters::id.eq(id)))
        .select(LetterRow::as_select()).first(conn))?)
}

/// Where each of some letters stands.
///
/// # Errors
/// When the database fails.
pub fn states(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, LetterState>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let scope = conn.scope();
    let found: Vec<(Id, LetterState)> = each!(conn => strategy_letters::table
        .filter(strategy_letters::municipality_id.eq(scope).and(strategy_letters::id.eq_any(ids)))
        .select((strategy_letters::id, strategy_letters::state)).load(conn))?;
    Ok(found.into_iter().collect())
}

/// One letter, locked until the commit: whoever changes a theme changes the letter too, and must not be refused
/// because somebody else changed another theme. SQLite has one writer at a time.
///
/// # Errors
/// 404 when there is none.
pub fn lock(tx: &mut Tx, id: Id) -> Result<LetterRow> {
    let scope = tx.scope();
    let letter =
        strategy_letters::table.filter(strategy_letters::municipality_id.eq(scope).and(strategy_letters::id.eq(id)));
    Ok(match tx.raw() {
        Raw::Pg(conn) => letter.select(LetterRow::as_select()).for_update().first(conn)?,
        Raw::Sqlite(conn) => letter.select(LetterRow::as_select()).first(conn)?,
    })
}

/// Letters, the newest year first: of a year, in a state, after the last one of the page before.
///
/// # Errors
/// When the database fails.
pub fn list(
    conn: &mut Conn,
    year: Option<i64>,
    state: Option<LetterState>,
    after: Option<&(i64, Id)>,
    limit: i64,
) -> Result<Vec<LetterHead>> {
    use strategy_letters::dsl;
    let scope = conn.scope();
    Ok(each!(conn => {
        let mut query = dsl::strategy_letters.filter(dsl::municipality_id.eq(scope))
            .order((dsl::year.desc(), dsl::id.desc())).limit(limit).select(LetterHead::as_select()).into_boxed();
        if let Some(year) = year {
            query = query.filter(dsl::year.eq(year));
        }
        if let Some(state) = state {
            query = query.filter(dsl::state.eq(state));
        }
        if let Some((year, id)) = after {
            query = query.filter(dsl::year.lt(*year).or(dsl::year.eq(*year).and(dsl::id.lt(*id))));
        }
        query.load(conn)
    })?)
}

/// Keeps a new letter.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx, row: &LetterRow) -> Result<()> {
    each!(tx => diesel::insert_into(strategy_letters::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a letter that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut LetterRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = strategy_letters::table
        .filter(strategy_letters::municipality_id.eq(scope).and(strategy_letters::id.eq(row.id)))
        .filter(strategy_letters::version.eq(seen));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// The themes of some letters, in their order.
///
/// # Errors
/// When the database fails.
pub fn themes_of(conn: &mut Conn, letters: &[Id]) -> Result<Vec<ThemeRow>> {
    let scope = conn.scope();
    Ok(each!(conn => themes::table
        .filter(themes::municipality_id.eq(scope).and(themes::letter_id.eq_any(letters)))
        .order((themes::position, themes::key))
        .select(ThemeRow::as_select()).load(conn))?)
}

/// The themes of some letters, in their order, without what the letters say of them.
///
/// # Errors
/// When the database fails.
pub fn theme_heads(conn: &mut Conn, letters: &[Id]) -> Result<Vec<ThemeHead>> {
    let scope = conn.scope();
    Ok(each!(conn => themes::table
        .filter(themes::municipality_id.eq(scope).and(themes::letter_id.eq_any(letters)))
        .order((themes::position, themes::key))
        .select(ThemeHead::as_select()).load(conn))?)
}

/// One theme of a letter.
///
/// # Errors
/// 404 when the letter has none with that id.
pub fn find_theme(conn: &mut Conn, letter: Id, id: Id) -> Result<ThemeRow> {
    let scope = conn.scope();
    Ok(each!(conn => themes::table
        .filter(themes::municipality_id.eq(scope).and(themes::letter_id.eq(letter)).and(themes::id.eq(id)))
        .select(ThemeRow::as_select()).first(conn))?)
}

/// Keeps a new theme.
///
/// # Errors
/// 409 when its key is taken in the letter.
pub fn insert_theme(tx: &mut Tx, row: &ThemeRow) -> Result<()> {
    tx.invalidate::<ThemeOwners>();
    each!(tx => diesel::insert_into(themes::table).values(row).execute(tx))?;
    Ok(())
}

/// Saves a theme that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between; 409 when its key is taken in the letter.
pub fn save_theme(tx: &mut Tx, row: &mut ThemeRow) -> Result<()> {
    tx.invalidate::<ThemeOwners>();
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = themes::table
        .filter(themes::municipality_id.eq(scope).and(themes::id.eq(row.id)).and(themes::version.eq(seen)));
    match each!(tx => diesel::update(target).set(&*row).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// Removes a theme that was read in this transaction.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn delete_theme(tx: &mut Tx, row: &ThemeRow) -> Result<()> {
    tx.invalidate::<ThemeOwners>();
    let scope = tx.scope();
    let target = themes::table
        .filter(themes::municipality_id.eq(scope).and(themes::id.eq(row.id)).and(themes::version.eq(row.version)));
    match each!(tx => diesel::delete(target).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

/// The themes of a municipality, each with the director who owns it.
#[derive(Debug, Default, Hash)]
pub struct ThemeOwners(BTreeMap<Id, Option<Id>>);

impl ThemeOwners {
    /// Whether a theme is among them.
    pub fn knows(&self, theme: Id) -> bool {
        self.0.contains_key(&theme)
    }

    /// The director who owns a theme.
    pub fn owner_of(&self, theme: Option<Id>) -> Option<Id> {
        self.0.get(&theme?).copied().flatten()
    }
}

impl Cached for ThemeOwners {
    type Key = ();
}

/// The themes of the municipality, each with the director who owns it.
///
/// # Errors
/// When the database fails.
pub fn theme_owners(conn: &mut Conn) -> Result<ThemeOwners> {
    let scope = conn.scope();
    let owners: Vec<(Id, Option<Id>)> = each!(conn => themes::table
        .filter(themes::municipality_id.eq(scope)).select((themes::id, themes::owner_id)).load(conn))?;
    Ok(ThemeOwners(owners.into_iter().collect()))
}

/// The themes of a letter, by key.
///
/// # Errors
/// When the database fails.
pub fn theme_ids(conn: &mut Conn, letter: Id) -> Result<Vec<(String, Id)>> {
    let scope = conn.scope();
    Ok(each!(conn => themes::table
        .filter(themes::municipality_id.eq(scope).and(themes::letter_id.eq(letter)))
        .select((themes::key, themes::id)).load(conn))?)
}
