//! How goals and indicators are kept.

use diesel::prelude::*;

use super::model::{GoalRow, GoalWithIndicators, IndicatorRow};
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store::AgreementRow;
use crate::agreements::sections::store::SectionRow;
use crate::db::{Conn, Tx};
use crate::error::{Code, Result};
use crate::schema::{agreements, cycles, goals, indicators, sections, themes};
use crate::types::{Id, Json, sql};
use crate::{each, later};

/// One goal of an agreement.
///
/// # Errors
/// 404 when the agreement has no such goal.
pub fn find(conn: &mut Conn, agreement_id: Id, id: Id) -> Result<GoalRow> {
    let scope = conn.scope();
    Ok(each!(conn => goals::table
        .filter(goals::municipality_id.eq(scope).and(goals::agreement_id.eq(agreement_id)).and(goals::id.eq(id)))
        .select(GoalRow::as_select()).first(conn))?)
}

/// One indicator of a goal.
///
/// # Errors
/// 404 when the goal has no such indicator.
pub fn find_indicator(conn: &mut Conn, goal_id: Id, id: Id) -> Result<IndicatorRow> {
    let scope = conn.scope();
    Ok(each!(conn => indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::goal_id.eq(goal_id)).and(indicators::id.eq(id)))
        .select(IndicatorRow::as_select()).first(conn))?)
}

/// The ids that one statement asks for: SQLite takes no more than so many values.
const ASKED: usize = 5000;

/// The indicators among some ids, of whatever agreements.
///
/// # Errors
/// When the database fails.
pub fn indicators_with(conn: &mut Conn, ids: &[Id]) -> Result<Vec<IndicatorRow>> {
    let (scope, mut found) = (conn.scope(), Vec::new());
    for some in ids.chunks(ASKED) {
        let rows: Vec<IndicatorRow> = each!(conn => indicators::table
            .filter(indicators::municipality_id.eq(scope).and(indicators::id.eq_any(some)))
            .select(IndicatorRow::as_select()).load(conn))?;
        found.extend(rows);
    }
    Ok(found)
}

/// The goals among some ids, of whatever agreements.
///
/// # Errors
/// When the database fails.
pub fn goals_with(conn: &mut Conn, ids: &[Id]) -> Result<Vec<GoalRow>> {
    let (scope, mut found) = (conn.scope(), Vec::new());
    for some in ids.chunks(ASKED) {
        let rows: Vec<GoalRow> = each!(conn => goals::table
            .filter(goals::municipality_id.eq(scope).and(goals::id.eq_any(some)))
            .select(GoalRow::as_select()).load(conn))?;
        found.extend(rows);
    }
    Ok(found)
}

/// The indicators of a goal, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn indicators_of(conn: &mut Conn, goal_id: Id) -> Result<Vec<IndicatorRow>> {
    let scope = conn.scope();
    Ok(each!(conn => indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::goal_id.eq(goal_id)))
        .order((indicators::position, indicators::id)).select(IndicatorRow::as_select()).load(conn))?)
}

/// The themes a cycle's goals may serve: those of its letter.
///
/// # Errors
/// When the database fails.
pub fn themes_of_cycle(conn: &mut Conn, cycle_id: Id) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => themes::table
        .inner_join(cycles::table.on(cycles::municipality_id.eq(themes::municipality_id)
            .and(cycles::letter_id.eq(themes::letter_id.nullable()))))
        .filter(themes::municipality_id.eq(scope).and(cycles::id.eq(cycle_id)))
        .select(themes::id).load(conn))?)
}

/// The goals of an agreement, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn of_agreement(conn: &mut Conn, agreement_id: Id) -> Result<Vec<GoalRow>> {
    let scope = conn.scope();
    Ok(each!(conn => goals::table
        .filter(goals::municipality_id.eq(scope).and(goals::agreement_id.eq(agreement_id)))
        .order((goals::position, goals::id)).select(GoalRow::as_select()).load(conn))?)
}

/// The indicators of an agreement, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn indicators_of_agreement(conn: &mut Conn, agreement_id: Id) -> Result<Vec<IndicatorRow>> {
    let scope = conn.scope();
    Ok(each!(conn => indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::agreement_id.eq(agreement_id)))
        .order((indicators::position, indicators::id)).select(IndicatorRow::as_select()).load(conn))?)
}

/// The goals of some agreements, or of one section of them, each with its indicators, in the order of their places.
///
/// # Errors
/// When the database fails.
pub fn with_indicators(
    conn: &mut Conn,
    agreements: &[Id],
    section_key: Option<&str>,
) -> Result<Vec<GoalWithIndicators>> {
    let scope = conn.scope();
    let joined: Vec<(GoalRow, Option<IndicatorRow>)> = each!(conn => {
        let mut query = goals::table
            .left_join(indicators::table.on(
                indicators::municipality_id.eq(goals::municipality_id).and(indicators::goal_id.eq(goals::id)),
            ))
            .filter(goals::municipality_id.eq(scope))
            .order((goals::position, goals::id, indicators::position, indicators::id))
            .select((GoalRow::as_select(), Option::<IndicatorRow>::as_select())).into_boxed();
        query = match agreements {
            [one] => query.filter(goals::agreement_id.eq(*one)),
            many => query.filter(goals::agreement_id.eq_any(many)),
        };
        if let Some(key) = section_key {
            query = query.filter(goals::section_key.eq(key.to_owned()));
        }
        query.load(conn)
    })?;
    let mut found: Vec<GoalWithIndicators> = Vec::new();
    for (goal, indicator) in joined {
        add(&mut found, goal, indicator);
    }
    Ok(found)
}

/// An agreement with its sections, in their order, and its goals with their indicators, in the order of their places.
///
/// # Errors
/// 404 when there is no such agreement.
pub fn with_agreement(conn: &mut Conn, id: Id) -> Result<(AgreementRow, Vec<SectionRow>, Vec<GoalWithIndicators>)> {
    let scope = conn.scope();
    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    let joined: Vec<(AgreementRow, Option<SectionRow>, Option<GoalRow>, Option<IndicatorRow>)> = each!(conn => agreements::table
        .left_join(sections::table.on(
            sections::municipality_id.eq(agreements::municipality_id).and(sections::agreement_id.eq(agreements::id)),
        ))
        .left_join(goals::table.on(
            goals::municipality_id.eq(agreements::municipality_id).and(goals::agreement_id.eq(agreements::id))
                .and(goals::section_key.eq(sections::key)),
        ))
        .left_join(indicators::table.on(
            indicators::municipality_id.eq(agreements::municipality_id).and(indicators::goal_id.eq(goals::id)),
        ))
        .filter(agreements::municipality_id.eq(scope).and(agreements::id.eq(id)))
        .order((sections::position, goals::position, goals::id, indicators::position, indicators::id))
        .select((
            AgreementRow::as_select(),
            Option::<SectionRow>::as_select(),
            Option::<GoalRow>::as_select(),
            Option::<IndicatorRow>::as_select(),
        ))
        .load(conn))?;
    let (mut found, mut all_sections, mut all_goals) = (None, Vec::<SectionRow>::new(), Vec::new());
    for (agreement, section, goal, indicator) in joined {
        found = Some(agreement);
        if let Some(section) = section.filter(|one| all_sections.last().is_none_or(|last| last.key != one.key)) {
            all_sections.push(section);
        }
        goal.into_iter().for_each(|goal| add(&mut all_goals, goal, indicator.clone()));
    }
    Ok((found.ok_or(Code::NotFound)?, all_sections, all_goals))
}

/// The sections of an agreement, in their order, and one section's goals with their indicators. Of the other sections
/// what is written in them is not read: a null stands there, which nothing takes for content.
///
/// # Errors
/// When the database fails.
pub fn with_sections(conn: &mut Conn, id: Id, key: &str) -> Result<(Vec<SectionRow>, Vec<GoalWithIndicators>)> {
    let scope = conn.scope();
    let content = diesel::dsl::case_when::<_, _, sql::Json>(sections::key.eq(key.to_owned()), sections::content)
        .otherwise(Json::of(&()));
    let joined: Vec<(SectionRow, Option<GoalRow>, Option<IndicatorRow>)> = each!(conn => sections::table
        .left_join(goals::table.on(
            goals::municipality_id.eq(sections::municipality_id).and(goals::agreement_id.eq(sections::agreement_id))
                .and(goals::section_key.eq(sections::key)).and(goals::section_key.eq(key.to_owned())),
        ))
        .left_join(indicators::table.on(
            indicators::municipality_id.eq(sections::municipality_id).and(indicators::goal_id.eq(goals::id)),
        ))
        .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq(id)))
        .order((sections::position, goals::position, goals::id, indicators::position, indicators::id))
        .select((
            (
                sections::municipality_id, sections::agreement_id, sections::key, sections::id, sections::position,
                sections::kind, sections::demanded, sections::theme_id, sections::state, sections::version,
                sections::revision, content, sections::not_applicable, sections::content_sha256,
                sections::edited_by, sections::route, sections::last_decision, sections::open_comments,
                sections::must_answer, sections::unconfirmed_partners, sections::submitted_at,
                sections::changed_by, sections::created_at, sections::updated_at,
            ),
            Option::<GoalRow>::as_select(),
            Option::<IndicatorRow>::as_select(),
        ))
        .load(conn))?;
    let (mut all_sections, mut all_goals) = (Vec::<SectionRow>::new(), Vec::new());
    for (section, goal, indicator) in joined {
        goal.into_iter().for_each(|goal| add(&mut all_goals, goal, indicator.clone()));
        if all_sections.last().is_none_or(|last| last.key != section.key) {
            all_sections.push(section);
        }
    }
    Ok((all_sections, all_goals))
}

/// Adds a row of a join, which is sorted by goals.
fn add(found: &mut Vec<GoalWithIndicators>, goal: GoalRow, indicator: Option<IndicatorRow>) {
    match found.last_mut().filter(|(last, _)| last.id == goal.id) {
        Some((_, indicators)) => indicators.extend(indicator),
        None => found.push((goal, indicator.into_iter().collect())),
    }
}

/// Which of some ids are goals anywhere in the municipality, and of which agreement.
///
/// # Errors
/// When the database fails.
pub fn owners(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Id, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let scope = conn.scope();
    Ok(each!(conn => goals::table
        .filter(goals::municipality_id.eq(scope).and(goals::id.eq_any(ids)))
        .select((goals::id, goals::agreement_id, goals::section_key)).load(conn))?)
}

/// Of some goals, the goal above each, and where its agreement stands.
///
/// # Errors
/// When the database fails.
pub fn above(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Option<Id>, AgreementState)>> {
    let scope = conn.scope();
    Ok(each!(conn => goals::table
        .inner_join(agreements::table.on(agreements::municipality_id.eq(goals::municipality_id)
            .and(agreements::id.eq(goals::agreement_id))))
        .filter(goals::municipality_id.eq(scope).and(goals::id.eq_any(ids)))
        .select((goals::id, goals::inherited_from_id, agreements::state)).load(conn))?)
}

/// Whether any goal was taken over from one.
///
/// # Errors
/// When the database fails.
pub fn is_inherited(conn: &mut Conn, from: Id) -> Result<bool> {
    let scope = conn.scope();
    let found: Option<Id> = each!(conn => goals::table
        .filter(goals::municipality_id.eq(scope).and(goals::inherited_from_id.eq(from)))
        .select(goals::id).first(conn).optional())?;
    Ok(found.is_some())
}

/// The indicators that were taken over from some.
///
/// # Errors
/// When the database fails.
pub fn inheriting(conn: &mut Conn, from: &[Id]) -> Result<Vec<IndicatorRow>> {
    let (scope, mut found) = (conn.scope(), Vec::new());
    for some in from.chunks(ASKED) {
        let rows: Vec<IndicatorRow> = each!(conn => indicators::table
            .filter(indicators::municipality_id.eq(scope).and(indicators::inherited_from_id.eq_any(some)))
            .order(indicators::id).select(IndicatorRow::as_select()).load(conn))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Which of some ids are indicators anywhere in the municipality, and of which goal.
///
/// # Errors
/// When the database fails.
pub fn indicator_owners(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Id)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let scope = conn.scope();
    Ok(each!(conn => indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::id.eq_any(ids)))
        .select((indicators::id, indicators::goal_id)).load(conn))?)
}

/// Keeps a new goal.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert(tx: &mut Tx, row: &GoalRow) -> Result<()> {
    later!(tx, ("goals", row.id, String::new()), diesel::insert_into(goals::table).values(row.clone()))
}

/// Saves a goal that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save(tx: &mut Tx, row: &mut GoalRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target =
        goals::table.filter(goals::municipality_id.eq(scope).and(goals::id.eq(row.id)).and(goals::version.eq(seen)));
    later!(tx, ("goals", row.id, String::new()), diesel::update(target).set(row.clone()))
}

/// Takes goals away, with their indicators.
///
/// # Errors
/// 412 when one is not there any more.
pub fn delete(tx: &mut Tx, ids: &[Id]) -> Result<()> {
    for id in ids {
        let target = goals::table.filter(goals::municipality_id.eq(tx.scope()).and(goals::id.eq(*id)));
        later!(tx, ("goals", *id, String::new()), diesel::delete(target))?;
    }
    Ok(())
}

/// Keeps new indicators.
///
/// # Errors
/// 409 when an id is taken.
pub fn insert_indicators(tx: &mut Tx, rows: &[IndicatorRow]) -> Result<()> {
    for row in rows {
        let place = ("indicators", row.id, String::new());
        later!(tx, place, diesel::insert_into(indicators::table).values(row.clone()))?;
    }
    Ok(())
}

/// Saves an indicator that was read in this transaction; its version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_indicator(tx: &mut Tx, row: &mut IndicatorRow) -> Result<()> {
    let (scope, seen) = (tx.scope(), row.version);
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = indicators::table
        .filter(indicators::municipality_id.eq(scope).and(indicators::id.eq(row.id)).and(indicators::version.eq(seen)));
    later!(tx, ("indicators", row.id, String::new()), diesel::update(target).set(row.clone()))
}

/// Takes indicators away.
///
/// # Errors
/// 412 when one is not there any more.
pub fn delete_indicators(tx: &mut Tx, ids: &[Id]) -> Result<()> {
    for id in ids {
        let target = indicators::table.filter(indicators::municipality_id.eq(tx.scope()).and(indicators::id.eq(*id)));
        later!(tx, ("indicators", *id, String::new()), diesel::delete(target))?;
    }
    Ok(())
}
