//! The words of agreements, kept as of one version of each.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use serde_json::{Map, Value};

use crate::agreements::draft::frozen::FrozenSection;
use crate::agreements::sections::model::SectionState;
use crate::db::{Author, Conn, Db, Raw, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::{agreement_texts, agreements, goals, section_revisions, sections};
use crate::text::fold_case;
use crate::types::{Id, Json, sql};

/// How many agreements are brought up to date at once: few, since SQLite lets nobody else write meanwhile.
const AT_ONCE: usize = 50;

/// More of a text than anybody writes: a `tsvector` holds a megabyte at most, and no search may fail because of it.
const LONGEST: usize = 250_000;

/// Brings up to date what is searched of a municipality's agreements, as they were when it began: what is changed
/// meanwhile need not be. What is done stays done when it is not finished in time.
///
/// # Errors
/// When the database fails, or time is up.
pub fn keep_up(db: &Db, author: &Author) -> Result<()> {
    loop {
        let behind = db.read(author, behind)?;
        if behind.is_empty() {
            return Ok(());
        }
        db.write(author, |tx| {
            let texts = texts_of(tx, &behind)?;
            keep(tx, &texts)
        })?;
        if behind.len() < AT_ONCE {
            return Ok(());
        }
    }
}

/// An agreement whose words are not those of its version.
struct Behind {
    id: Id,
    version: i64,
    title: String,
}

fn behind(conn: &mut Conn) -> Result<Vec<Behind>> {
    let (scope, most) = (conn.scope(), i64::try_from(AT_ONCE).unwrap_or(i64::MAX));
    let found: Vec<(Id, i64, String)> = each!(conn => agreements::table
        .left_join(agreement_texts::table.on(
            agreement_texts::municipality_id.eq(agreements::municipality_id)
                .and(agreement_texts::agreement_id.eq(agreements::id))
                .and(agreement_texts::version.eq(agreements::version)),
        ))
        .filter(agreements::municipality_id.eq(scope).and(agreement_texts::agreement_id.is_null()))
        .select((agreements::id, agreements::version, agreements::title))
        .limit(most).load(conn))?;
    Ok(found.into_iter().map(|(id, version, title)| Behind { id, version, title }).collect())
}

/// What stands in an agreement.
struct Texts {
    id: Id,
    version: i64,
    /// What everybody reads who may know of it.
    told: String,
    /// What is being written.
    open: String,
}

/// What stands in some agreements now, or stood there when their versions were read: then they are behind again.
fn texts_of(conn: &mut Conn, behind: &[Behind]) -> Result<Vec<Texts>> {
    let ids: Vec<Id> = behind.iter().map(|one| one.id).collect();
    let (mut told, mut open) = (told(conn, &ids)?, open(conn, &ids)?);
    let texts = |one: &Behind| Texts {
        id: one.id,
        version: one.version,
        told: joined(one.title.clone(), told.remove(&one.id)),
        open: joined(String::new(), open.remove(&one.id)),
    };
    Ok(behind.iter().map(texts).collect())
}

fn joined(first: String, texts: Option<Vec<String>>) -> String {
    let mut all = texts.into_iter().flatten().fold(first, |all, text| all + " " + &text);
    all.truncate(all.floor_char_boundary(LONGEST));
    all
}

/// What was submitted last.
fn told(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, Vec<String>>> {
    let scope = conn.scope();
    let newest: Vec<(Id, Json)> = each!(conn => section_revisions::table
        .inner_join(sections::table.on(
            sections::municipality_id.eq(section_revisions::municipality_id)
                .and(sections::agreement_id.eq(section_revisions::agreement_id))
                .and(sections::key.eq(section_revisions::section_key))
                .and(sections::revision.eq(section_revisions::revision)),
        ))
        .filter(section_revisions::municipality_id.eq(scope).and(section_revisions::agreement_id.eq_any(ids)))
        .select((section_revisions::agreement_id, section_revisions::snapshot)).load(conn))?;
    let mut told: HashMap<Id, Vec<String>> = HashMap::new();
    for (agreement, snapshot) in newest {
        let frozen: FrozenSection = snapshot.read()?;
        let texts = told.entry(agreement).or_default();
        texts.extend(frozen.content.values().map(text_of));
        for goal in frozen.goals() {
            texts.extend(said_of(goal.title, goal.assessment, goal.effect));
        }
    }
    Ok(told)
}

type GoalTexts = (Id, String, Option<String>, Option<String>);

/// What stands in the sections that are being written.
fn open(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, Vec<String>>> {
    let (scope, writing) = (conn.scope(), [SectionState::Draft, SectionState::Returned]);
    let contents: Vec<(Id, Json)> = each!(conn => sections::table
        .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq_any(ids)))
        .filter(sections::state.eq_any(writing))
        .select((sections::agreement_id, sections::content)).load(conn))?;
    let goals: Vec<GoalTexts> = each!(conn => goals::table
        .inner_join(sections::table.on(
            sections::municipality_id.eq(goals::municipality_id).and(sections::agreement_id.eq(goals::agreement_id))
                .and(sections::key.eq(goals::section_key)),
        ))
        .filter(goals::municipality_id.eq(scope).and(goals::agreement_id.eq_any(ids)))
        .filter(sections::state.eq_any(writing))
        .select((goals::agreement_id, goals::title, goals::assessment, goals::effect)).load(conn))?;
    let mut open: HashMap<Id, Vec<String>> = HashMap::new();
    for (agreement, content) in contents {
        let content: Map<String, Value> = content.read()?;
        open.entry(agreement).or_default().extend(content.values().map(text_of));
    }
    for (agreement, title, assessment, effect) in goals {
        open.entry(agreement).or_default().extend(said_of(title, assessment, effect));
    }
    Ok(open)
}

/// What is searched of a goal.
fn said_of(title: String, assessment: Option<String>, effect: Option<String>) -> impl Iterator<Item = String> {
    [Some(title), assessment, effect].into_iter().flatten()
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// By stems. Where another search was faster with a later version, the agreement is behind again, and brought up to date
/// by the next.
const KEEP_STEMS: &str = "
INSERT INTO agreement_texts (municipality_id, agreement_id, version, told, whole)
SELECT $1, id, version, to_tsvector('danish', normalize(told)), to_tsvector('danish', normalize(told || ' ' || open))
FROM unnest($2, $3, $4, $5) AS one (id, version, told, open) ORDER BY id
ON CONFLICT (municipality_id, agreement_id) DO UPDATE
SET version = excluded.version, told = excluded.told, whole = excluded.whole";

fn keep(tx: &mut Tx, texts: &[Texts]) -> Result<()> {
    let scope = tx.scope();
    if let Raw::Pg(conn) = tx.raw() {
        diesel::sql_query(KEEP_STEMS)
            .bind::<sql::Id, _>(scope)
            .bind::<Array<sql::Id>, _>(texts.iter().map(|one| one.id).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(texts.iter().map(|one| one.version).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(texts.iter().map(|one| one.told.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(texts.iter().map(|one| one.open.as_str()).collect::<Vec<_>>())
            .execute(conn)?;
        return Ok(());
    }
    texts.iter().try_for_each(|one| keep_words(tx, one))
}

/// As they are written, case aside.
const KEEP_WORDS: [&str; 3] = [
    "DELETE FROM agreement_words WHERE agreement_words MATCH 'place : ' || ?",
    "INSERT INTO agreement_words (place, municipality_id, agreement_id, told, whole) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO agreement_texts (municipality_id, agreement_id, version) VALUES (?, ?, ?) \
     ON CONFLICT (municipality_id, agreement_id) DO UPDATE SET version = excluded.version",
];

fn keep_words(tx: &mut Tx, texts: &Texts) -> Result<()> {
    let (scope, place) = (tx.scope(), texts.id.simple());
    let (told, open) = (fold_case(&texts.told), fold_case(&texts.open));
    let Raw::Sqlite(conn) = tx.raw() else { return Ok(()) };
    let [forget, keep, note] = KEEP_WORDS;
    diesel::sql_query(forget).bind::<Text, _>(&place).execute(conn)?;
    diesel::sql_query(keep)
        .bind::<Text, _>(&place)
        .bind::<sql::Id, _>(scope)
        .bind::<sql::Id, _>(texts.id)
        .bind::<Text, _>(&told)
        .bind::<Text, _>(format!("{told} {open}"))
        .execute(conn)?;
    diesel::sql_query(note)
        .bind::<sql::Id, _>(scope)
        .bind::<sql::Id, _>(texts.id)
        .bind::<BigInt, _>(texts.version)
        .execute(conn)?;
    Ok(())
}
