//! What stands beside sections, when it is asked for: commitments, decisions and comments, each with the key of its
//! section.

use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::comment::shown_in;
use super::commitment::seen_among;
use super::decision::DecisionView;
use super::revision::PreviousView;
use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::approval::store::decisions_on;
use crate::agreements::commitments::store as commitments;
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Tagged, words};

/// What of a section is wanted besides itself.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SectionExpandQuery {
    /// `commitments`, `decisions`, `comments` and `previous`, separated by commas.
    #[param(
        max_length = 100,
        pattern = "^(commitments|decisions|comments|previous)(,(commitments|decisions|comments|previous))*$",
        example = "commitments,decisions"
    )]
    expand: Option<String>,
}

impl SectionExpandQuery {
    /// What is asked for.
    ///
    /// # Errors
    /// 422 for a word that means nothing here, or stands twice.
    pub fn read(&self) -> Result<SectionExpand> {
        let known = ["commitments", "decisions", "comments", "previous"];
        let [commitments, decisions, comments, previous] = words(self.expand.as_deref(), "expand", known)?;
        Ok(SectionExpand { commitments, decisions, comments, previous })
    }
}

/// What of a section is wanted besides itself.
#[derive(Debug, Clone, Copy)]
pub struct SectionExpand {
    /// Its commitments.
    pub commitments: bool,
    /// The decisions on it.
    pub decisions: bool,
    /// The comments on it.
    pub comments: bool,
    /// The revision to compare with.
    pub previous: bool,
}

/// What was read of that, as its reader is shown it; what is none was not asked for, or is not theirs to ask for.
#[derive(Default)]
pub struct SectionExpansions {
    /// Commitments, in the order of their places.
    pub commitments: Option<Vec<(String, Tagged)>>,
    /// Decisions, oldest first.
    pub decisions: Option<Vec<(String, DecisionView)>>,
    /// Comments, oldest first.
    pub comments: Option<Vec<(String, Tagged)>>,
    /// The revision to compare with, where there is one; of one section alone.
    pub previous: Option<Option<PreviousView>>,
}

impl SectionExpansions {
    /// Reads what is wanted of one section.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(
        conn: &mut Conn,
        actor: &Actor,
        loaded: &LoadedAgreement,
        key: &str,
        wanted: SectionExpand,
    ) -> Result<Self> {
        let (id, lang, mut beside) = (loaded.agreement.id, conn.lang(), SectionExpansions::default());
        if wanted.commitments {
            beside.commitments = Some(seen_among(&commitments::of_agreement(conn, id)?, actor, loaded, lang)?);
        }
        let rows = if wanted.decisions || wanted.previous { decisions_on(conn, id)? } else { Vec::new() };
        if wanted.decisions {
            let shown = rows.iter().map(|row| (row.section_key.clone(), DecisionView::of(row, &loaded.organisation)));
            beside.decisions = Some(shown.collect());
        }
        if wanted.previous {
            let section = loaded.section(key)?;
            // Whoever sees what is being mended compares it with what was submitted last.
            let is_mended = section.state.is_editable() && loaded.sees_draft();
            let before = section.revision + i64::from(is_mended);
            let reader = (actor.person_id(), before);
            beside.previous = Some(PreviousView::read(conn, loaded, section, &rows, reader)?);
        }
        if wanted.comments {
            beside.comments = shown_in(conn, actor, loaded, Some(key))?;
        }
        Ok(beside)
    }

    /// The commitments of a section.
    pub fn commitments_in(&self, key: &str) -> Option<Vec<Tagged>> {
        in_section(self.commitments.as_deref()?, key)
    }

    /// The decisions on a section.
    pub fn decisions_in(&self, key: &str) -> Option<Vec<DecisionView>> {
        in_section(self.decisions.as_deref()?, key)
    }

    /// The comments on a section.
    pub fn comments_in(&self, key: &str) -> Option<Vec<Tagged>> {
        in_section(self.comments.as_deref()?, key)
    }
}

fn in_section<T: Clone>(all: &[(String, T)], key: &str) -> Option<Vec<T>> {
    Some(all.iter().filter(|(of, _)| of == key).map(|(_, one)| one.clone()).collect())
}
