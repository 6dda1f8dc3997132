//! Which agreements hold some words.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::Conn;
use crate::each;
use crate::error::Result;
use crate::schema::{agreement_readers, agreement_units, agreements};
use crate::text::fold_case;
use crate::types::Id;

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

/// A condition on the id of an agreement: which are found, as a query of either database says it.
#[derive(Debug, Clone)]
pub struct Found {
    /// What stands before the municipality.
    pub before: &'static str,
    /// What stands between it and the words.
    pub between: &'static str,
    /// The words, in the language of the index.
    pub words: String,
    /// What stands after them.
    pub after: &'static str,
}

/// Which agreements hold every word of a text.
#[derive(Debug, Clone)]
pub struct Words {
    /// In what everybody reads who may know of them.
    pub told: Found,
    /// In that and in what is being written.
    pub whole: Found,
    /// Whose drafts are searched.
    pub drafts: Drafts,
}

impl Words {
    /// What a text asks for. A text without words finds nothing, as do words on PostgreSQL that Danish texts are full of
    /// when there are no others.
    pub fn of(conn: &Conn, text: &str, drafts: Drafts) -> Self {
        let found = |column| if conn.is_postgres() { by_stems(column, text) } else { by_beginnings(column, text) };
        Words { told: found(Column::Told), whole: found(Column::Whole), drafts }
    }
}

#[derive(Debug, Clone, Copy)]
enum Column {
    Told,
    Whole,
}

fn by_stems(column: Column, text: &str) -> Found {
    Found {
        before: "agreements.id IN (SELECT t.agreement_id FROM agreement_texts AS t WHERE t.municipality_id = ",
        between: match column {
            Column::Told => " AND t.told @@ plainto_tsquery('danish', normalize(",
            Column::Whole => " AND t.whole @@ plainto_tsquery('danish', normalize(",
        },
        words: text.to_owned(),
        after: ")))",
    }
}

/// A word consists of letters and digits, which mean nothing to the index but themselves.
fn by_beginnings(column: Column, text: &str) -> Found {
    let asked: Vec<String> = words(text).into_iter().map(|word| format!("\"{word}\" *")).collect();
    let asked = match (column, asked.is_empty()) {
        // No place is one.
        (_, true) => "place : none".to_owned(),
        (Column::Told, false) => format!("told : ({})", asked.join(" AND ")),
        (Column::Whole, false) => format!("whole : ({})", asked.join(" AND ")),
    };
    Found {
        before: "agreements.id IN (SELECT t.agreement_id FROM agreement_words AS t WHERE t.municipality_id = ",
        between: " AND t.agreement_words MATCH ",
        words: asked,
        after: ")",
    }
}

/// The words of a text, each once: letters and digits in a row, case aside.
fn words(text: &str) -> BTreeSet<String> {
    let text = fold_case(text);
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
