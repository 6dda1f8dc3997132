//! How sections and their revisions are kept.

mod revision;

use std::sync::Arc;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::revision::{
    RevisionHead, RevisionRow, insert_revision, newest_revision, newest_revisions, revision, revision_heads,
};
use super::model::SectionState;
use crate::agreements::route::model::Route;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::letters;
use crate::letters::store::ThemeOwners;
use crate::schema::sections;
use crate::templates::model::SectionKind;
use crate::types::{Id, Json, Ts};
use crate::{each, later};

/// A section.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sections, primary_key(municipality_id, agreement_id, key))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SectionRow {
    /// The municipality.
    pub municipality_id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// Its key within the agreement.
    pub key: String,
    /// Its id, for events and comments.
    pub id: Id,
    /// Its place in the agreement, from 0.
    pub position: i64,
    /// What it is about.
    pub kind: SectionKind,
    /// Whether every agreement has it.
    pub demanded: bool,
    /// The theme it answers.
    pub theme_id: Option<Id>,
    /// Where it stands.
    pub state: SectionState,
    /// How often its content, a child or its state was written.
    pub version: i64,
    /// How often it was submitted.
    pub revision: i64,
    /// The values of its fields.
    pub content: Json,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// The hash of the revision that was submitted last.
    pub content_sha256: Option<String>,
    /// Who has edited it since it was submitted last.
    pub edited_by: Json,
    /// The route of the revision that was submitted last.
    pub route: Json,
    /// The decision that was made last.
    pub last_decision: Option<Json>,
    /// Comments that are not resolved.
    pub open_comments: i64,
    /// Comments that must be answered and are not.
    pub must_answer: i64,
    /// Partners who have not confirmed.
    pub unconfirmed_partners: i64,
    /// When it was submitted last.
    pub submitted_at: Option<Ts>,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(SectionRow);

impl SectionRow {
    /// The route of the revision that was submitted last; empty before.
    ///
    /// # Errors
    /// When the stored route cannot be read: a fault of ours.
    pub fn route(&self) -> Result<Route> {
        Ok(self.route.read()?)
    }

    /// Who has edited it since it was submitted last.
    ///
    /// # Errors
    /// When the stored list cannot be read: a fault of ours.
    pub fn editors(&self) -> Result<Vec<Id>> {
        Ok(self.edited_by.read()?)
    }

    /// Whether something is written in it.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn is_written(&self) -> Result<bool> {
        let content: serde_json::Map<String, serde_json::Value> = self.content.read()?;
        let is_blank = |value: &serde_json::Value| value.as_str().is_some_and(|text| text.trim().is_empty());
        Ok(content.values().any(|value| !value.is_null() && !is_blank(value)))
    }

    /// Remembers an editor, who may then not decide on the revision (domain rule 2).
    ///
    /// # Errors
    /// When the stored list cannot be read: a fault of ours.
    pub fn add_editor(&mut self, person: Option<Id>) -> Result<()> {
        let mut editors = self.editors()?;
        if let Some(person) = person.filter(|person| !editors.contains(person)) {
            editors.push(person);
            self.edited_by = Json::of(&editors);
        }
        Ok(())
    }
}

/// The decision that was made last, as it stands with its section.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LastDecision {
    /// The id of the decision.
    pub id: Id,
    /// What was decided: `approved`, `returned` or `reopened`.
    pub outcome: String,
    /// The reason, as people are told.
    pub reason: Option<String>,
    /// The id of the person who decided.
    pub person_id: Id,
    /// On whose behalf.
    pub acting_for_id: Option<Id>,
    /// On which revision.
    pub revision: i64,
    /// When the decision was made.
    pub decided_at: Ts,
}

/// The sections of an agreement, in their order.
///
/// # Errors
/// When the database fails.
pub fn of_agreement(conn: &mut Conn, agreement_id: Id) -> Result<Vec<SectionRow>> {
    let scope = conn.scope();
    Ok(each!(conn => sections::table
        .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq(agreement_id)))
        .order(sections::position).select(SectionRow::as_select()).load(conn))?)
}

/// The sections of some agreements, those of each in their order.
///
/// # Errors
/// When the database fails.
pub fn of_agreements(conn: &mut Conn, agreements: &[Id]) -> Result<Vec<SectionRow>> {
    let scope = conn.scope();
    Ok(each!(conn => sections::table
        .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq_any(agreements)))
        .order(sections::position).select(SectionRow::as_select()).load(conn))?)
}

/// One section.
///
/// # Errors
/// 404 when there is none.
pub fn find(conn: &mut Conn, agreement_id: Id, key: &str) -> Result<SectionRow> {
    let scope = conn.scope();
    Ok(each!(conn => sections::table
        .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq(agreement_id)).and(sections::key.eq(key)))
        .select(SectionRow::as_select()).first(conn))?)
}

/// The sections of some agreements that wait for a decision.
///
/// # Errors
/// When the database fails.
pub fn submitted_in(conn: &mut Conn, agreements: &[Id]) -> Result<Vec<SectionRow>> {
    let scope = conn.scope();
    Ok(each!(conn => sections::table
        .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq_any(agreements)))
        .filter(sections::state.eq(SectionState::Submitted))
        .order((sections::agreement_id, sections::position)).select(SectionRow::as_select()).load(conn))?)
}

/// A section without what is written in it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sections)]
pub struct SectionHead {
    /// The agreement.
    pub agreement_id: Id,
    /// Its key within the agreement.
    pub key: String,
    /// How often its content, a child or its state was written.
    pub version: i64,
    /// How often it was submitted.
    pub revision: i64,
}

/// The sections of some agreements, without what is written in them.
///
/// # Errors
/// When the database fails.
pub fn heads_in(conn: &mut Conn, agreements: &[Id]) -> Result<Vec<SectionHead>> {
    let scope = conn.scope();
    Ok(each!(conn => sections::table
        .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq_any(agreements)))
        .select(SectionHead::as_select()).load(conn))?)
}

/// More rows have more values than one statement may have: a cycle opens with many agreements, of many sections each.
const AT_ONCE: usize = 1000;

/// Keeps new sections.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx, rows: &[SectionRow]) -> Result<()> {
    for rows in rows.chunks(AT_ONCE) {
        each!(tx => diesel::insert_into(sections::table).values(rows).execute(tx))?;
    }
    Ok(())
}

/// A section as it was seen, and what of the database is written with it.
macro_rules! seen {
    ($tx:ident, $row:ident, $seen:ident) => {
        (
            sections::table.filter(
                sections::municipality_id
                    .eq($tx.scope())
                    .and(sections::agreement_id.eq($row.agreement_id))
                    .and(sections::key.eq($row.key.clone()))
                    .and(sections::version.eq($seen)),
            ),
            ("sections", $row.agreement_id, $row.key.clone()),
        )
    };
}

/// Saves a section whose content, child or state changed; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut SectionRow) -> Result<()> {
    let seen = row.version;
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    compare_and_set(tx, row, seen)
}

/// What a step of the workflow changes of a section: all but what is written in it.
#[derive(AsChangeset)]
#[diesel(table_name = sections, treat_none_as_null = true)]
struct Moved {
    state: SectionState,
    version: i64,
    edited_by: Json,
    route: Json,
    last_decision: Option<Json>,
    changed_by: Option<Id>,
    updated_at: Ts,
}

/// Saves a section whose state a decision changed; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_moved(tx: &mut Tx, row: &mut SectionRow) -> Result<()> {
    let seen = row.version;
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    write_decision(tx, row, seen)
}

/// Saves a section on which somebody decided while its state stayed: its version stays, too.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_endorsed(tx: &mut Tx, row: &SectionRow) -> Result<()> {
    write_decision(tx, row, row.version)
}

fn write_decision(tx: &mut Tx, row: &SectionRow, seen: i64) -> Result<()> {
    let moved = Moved {
        state: row.state,
        version: row.version,
        edited_by: row.edited_by.clone(),
        route: row.route.clone(),
        last_decision: row.last_decision.clone(),
        changed_by: row.changed_by,
        updated_at: row.updated_at,
    };
    let (seen, place) = seen!(tx, row, seen);
    later!(tx, place, diesel::update(seen).set(moved))
}

/// Saves what stands beside a section without being it: decisions that leave its state, counts of comments.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_aside(tx: &mut Tx, row: &SectionRow) -> Result<()> {
    compare_and_set(tx, row, row.version)
}

fn compare_and_set(tx: &mut Tx, row: &SectionRow, seen: i64) -> Result<()> {
    if row.content.text() == "null" {
        return Err(Error::unexpected("a section would be written whose content was not read"));
    }
    let (seen, place) = seen!(tx, row, seen);
    later!(tx, place, diesel::update(seen).set(row.clone()))
}

/// The directors who own the themes of some sections.
///
/// # Errors
/// When the database fails.
pub fn theme_owners(conn: &mut Conn, sections: &[SectionRow]) -> Result<Arc<ThemeOwners>> {
    let mut themes: Vec<Id> = sections.iter().filter_map(|section| section.theme_id).collect();
    themes.dedup();
    letters::cache::theme_owners(conn, &themes)
}
