//! Finding agreements by their words (`?q=`). Every word must stand somewhere in the agreement: in its title, in the
//! content of its sections, or in the title, assessment or effect of its goals.
//!
//! - What was submitted last stands still and is read by all who may know of the agreement: it is indexed when it is
//!   submitted, as `section_revisions.words` on PostgreSQL and as `revision_texts` on SQLite.
//! - What is being written is found by those alone who see the draft. It changes with every save and there is little
//!   of it, as of titles: it is read when somebody searches, so that saving costs nothing.
//! - PostgreSQL finds words by their Danish stems, SQLite by their beginnings.

use std::collections::{BTreeSet, HashSet};
use std::ops::Bound;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use serde_json::{Map, Value};

use crate::agreements::sections::model::SectionState;
use crate::db::{Conn, Raw};
use crate::each;
use crate::error::Result;
use crate::schema::{agreement_readers, agreement_units, agreements, goals, sections};
use crate::text::{decomposed, fold_case};
use crate::types::{Id, Json, sql};

/// Whose drafts are searched too.
#[derive(Debug, Clone)]
pub enum Drafts {
    /// Everybody's.
    All,
    /// Those of some agreements.
    Of(Vec<Id>),
}

impl Drafts {
    /// The drafts that somebody sees: of their own units, of units without a leader where no leader of another unit
    /// holds the agreement, shared with them by name, or shared with the leaders above.
    ///
    /// # Errors
    /// When the database fails.
    pub fn seen(
        conn: &mut Conn,
        own: &[Id],
        (vacant, led): (&[Id], &[Id]),
        below: &[Id],
        reader: Option<Id>,
    ) -> Result<Self> {
        let scope = conn.scope();
        let of = |units: &[Id]| {
            agreement_units::table
                .filter(agreement_units::municipality_id.eq(scope))
                .filter(agreement_units::org_unit_id.eq_any(units.to_vec()))
                .select(agreement_units::agreement_id)
        };
        let shared = agreement_readers::table
            .filter(agreement_readers::municipality_id.eq(scope).and(agreement_readers::reason.eq("shared")))
            .filter(agreement_readers::person_id.nullable().eq(reader))
            .select(agreement_readers::agreement_id);
        let seen = agreements::id
            .eq_any(of(own))
            .or(agreements::id.eq_any(of(vacant)).and(agreements::id.ne_all(of(led))))
            .or(agreements::id.eq_any(shared))
            .or(agreements::shared_with_line.eq(true).and(agreements::id.eq_any(of(below))));
        let seen = agreements::table.filter(agreements::municipality_id.eq(scope)).filter(seen).select(agreements::id);
        Ok(Drafts::Of(each!(conn => seen.load(conn))?))
    }
}

/// The agreements in which every word of a text is found, whether or not the searcher may know of them. A text
/// without words finds nothing.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, text: &str, drafts: &Drafts) -> Result<Vec<Id>> {
    match conn.raw() {
        Raw::Pg(_) => by_stems(conn, text, drafts),
        Raw::Sqlite(_) => by_beginnings(conn, text, drafts),
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = sql::Id)]
    agreement_id: Id,
}

/// Stems are words of their own, so that a stem of the text is looked for as it is. Words that Danish texts are full
/// of are no stems: they are not looked for.
const BY_STEMS: &str = "
WITH asked AS (
    SELECT plainto_tsquery('simple', lexeme) AS word FROM unnest(to_tsvector('danish', normalize($2)))
), written AS MATERIALIZED (
    SELECT id AS agreement_id, to_tsvector('danish', normalize(title)) AS words FROM agreements WHERE municipality_id = $1
    UNION ALL
    SELECT agreement_id, danish_words(jsonb_path_query_array(content::jsonb, '$.*')) FROM sections
    WHERE municipality_id = $1 AND state IN ('draft', 'returned') AND ($3 OR agreement_id = ANY($4))
    UNION ALL
    SELECT g.agreement_id, to_tsvector('danish', normalize(concat_ws(' ', g.title, g.assessment, g.effect)))
    FROM goals AS g JOIN sections AS s
        ON s.municipality_id = g.municipality_id AND s.agreement_id = g.agreement_id AND s.key = g.section_key
    WHERE g.municipality_id = $1 AND s.municipality_id = $1
        AND s.state IN ('draft', 'returned') AND ($3 OR s.agreement_id = ANY($4))
), found AS (
    SELECT agreement_id, word FROM asked JOIN written ON words @@ word
    UNION ALL
    SELECT r.agreement_id, word FROM asked JOIN section_revisions AS r ON r.words @@ word
    JOIN sections AS s ON s.municipality_id = r.municipality_id AND s.agreement_id = r.agreement_id
        AND s.key = r.section_key AND s.revision = r.revision
    WHERE r.municipality_id = $1 AND s.municipality_id = $1
)
SELECT agreement_id FROM found GROUP BY agreement_id
HAVING count(DISTINCT word) = (SELECT count(DISTINCT word) FROM asked)";

fn by_stems(conn: &mut Conn, text: &str, drafts: &Drafts) -> Result<Vec<Id>> {
    let (all, some) = match drafts {
        Drafts::All => (true, Vec::new()),
        Drafts::Of(some) => (false, some.clone()),
    };
    let scope = conn.scope();
    let Raw::Pg(conn) = conn.raw() else { return Ok(Vec::new()) };
    let found: Vec<Found> = diesel::sql_query(BY_STEMS)
        .bind::<sql::Id, _>(scope)
        .bind::<Text, _>(text)
        .bind::<Bool, _>(all)
        .bind::<Array<sql::Id>, _>(some)
        .load(conn)?;
    Ok(found.into_iter().map(|found| found.agreement_id).collect())
}

fn by_beginnings(conn: &mut Conn, text: &str, drafts: &Drafts) -> Result<Vec<Id>> {
    // The longest first: it is found in the fewest texts.
    let mut asked: Vec<String> = words(text).into_iter().collect();
    asked.sort_by_key(|word| std::cmp::Reverse(word.len()));
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let written: Vec<(Id, BTreeSet<String>)> =
        written(conn, drafts)?.into_iter().map(|(id, text)| (id, words(&text))).collect();
    let mut found: Option<HashSet<Id>> = None;
    for word in asked {
        let mut with: HashSet<Id> = in_revisions(conn, &word)?;
        with.extend(written.iter().filter(|(_, words)| begins_any(words, &word)).map(|(id, _)| *id));
        let both = found.map_or_else(|| with.clone(), |found| found.intersection(&with).copied().collect());
        if both.is_empty() {
            return Ok(Vec::new());
        }
        found = Some(both);
    }
    Ok(found.into_iter().flatten().collect())
}

/// The words of a text, each once: letters and digits in a row, case aside.
fn words(text: &str) -> BTreeSet<String> {
    let text = fold_case(text);
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn begins_any(words: &BTreeSet<String>, beginning: &str) -> bool {
    let from = (Bound::Included(beginning), Bound::Unbounded);
    words.range::<str, _>(from).next().is_some_and(|word| word.starts_with(beginning))
}

const IN_REVISIONS: &str = "
SELECT DISTINCT t.agreement_id FROM revision_texts AS t
JOIN sections AS s ON s.municipality_id = t.municipality_id AND s.agreement_id = t.agreement_id
    AND s.key = t.section_key AND s.revision = t.revision
WHERE t.municipality_id = ? AND s.municipality_id = t.municipality_id AND t.revision_texts MATCH ?";

/// The agreements whose newest revisions hold a word that begins so; it consists of letters and digits, which mean
/// nothing to the index but themselves. The index holds letters as they were sent, composed or with marks.
fn in_revisions(conn: &mut Conn, beginning: &str) -> Result<HashSet<Id>> {
    let scope = conn.scope();
    let Raw::Sqlite(conn) = conn.raw() else { return Ok(HashSet::new()) };
    let found: Vec<Found> = diesel::sql_query(IN_REVISIONS)
        .bind::<sql::Id, _>(scope)
        .bind::<Text, _>(format!("\"{beginning}\" * OR \"{}\" *", decomposed(beginning)))
        .load(conn)?;
    Ok(found.into_iter().map(|found| found.agreement_id).collect())
}

/// All titles, and what is being written in some drafts.
fn written(conn: &mut Conn, drafts: &Drafts) -> Result<Vec<(Id, String)>> {
    let scope = conn.scope();
    let mut texts: Vec<(Id, String)> = each!(conn => agreements::table
        .filter(agreements::municipality_id.eq(scope)).select((agreements::id, agreements::title)).load(conn))?;
    let open: Vec<(Id, String, Json)> = each!(conn => {
        let mut open = sections::table.filter(sections::municipality_id.eq(scope)).into_boxed()
            .filter(sections::state.eq_any([SectionState::Draft, SectionState::Returned]));
        if let Drafts::Of(some) = drafts {
            open = open.filter(sections::agreement_id.eq_any(some));
        }
        open.select((sections::agreement_id, sections::key, sections::content)).load(conn)
    })?;
    let goals = goals_in(conn, open.iter().map(|(agreement, key, _)| (*agreement, key.as_str())).collect())?;
    for (agreement, _, content) in open {
        let content: Map<String, Value> = content.read()?;
        texts.extend(content.into_values().map(|value| (agreement, text_of(value))));
    }
    texts.extend(goals);
    Ok(texts)
}

type GoalTexts = (Id, String, String, Option<String>, Option<String>);

/// What the goals of some sections say.
fn goals_in(conn: &mut Conn, places: HashSet<(Id, &str)>) -> Result<Vec<(Id, String)>> {
    let scope = conn.scope();
    let agreements: BTreeSet<Id> = places.iter().map(|(agreement, _)| *agreement).collect();
    let found: Vec<GoalTexts> = each!(conn => goals::table
        .filter(goals::municipality_id.eq(scope).and(goals::agreement_id.eq_any(agreements)))
        .select((goals::agreement_id, goals::section_key, goals::title, goals::assessment, goals::effect)).load(conn))?;
    let open = found.into_iter().filter(|(agreement, key, ..)| places.contains(&(*agreement, key.as_str())));
    let texts = open.flat_map(|(agreement, _, title, assessment, effect)| {
        [Some(title), assessment, effect].into_iter().flatten().map(move |text| (agreement, text))
    });
    Ok(texts.collect())
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
