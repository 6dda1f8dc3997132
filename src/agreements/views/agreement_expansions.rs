//! What an agreement carries besides its own fields, when it is asked for: one query for each kind, whatever the number
//! of its sections.

use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::comment::shown_in;
use super::commitment::seen_among;
use super::progress::depends_on_contents;
use super::readiness::Readiness;
use super::section_expansions::SectionExpansions;
use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::draft::contents::{Contents, Parts};
use crate::db::Conn;
use crate::error::Result;
use crate::http::words;

/// What of an agreement is wanted besides its summary.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpandQuery {
    /// `sections.content`, `sections.goals`, `commitments` and `comments` of each section, and the agreement's
    /// `readiness`; separated by commas.
    #[param(
        max_length = 100,
        pattern = "^(sections\\.(content|goals)|commitments|comments|readiness)(,(sections\\.(content|goals)|commitments|comments|readiness))*$",
        example = "sections.content,sections.goals"
    )]
    expand: Option<String>,
}

impl ExpandQuery {
    /// What is asked for.
    ///
    /// # Errors
    /// 422 for a word that means nothing here, or stands twice.
    pub fn read(&self) -> Result<Expand> {
        let known = ["sections.content", "sections.goals", "commitments", "comments", "readiness"];
        let [content, goals, commitments, comments, readiness] = words(self.expand.as_deref(), "expand", known)?;
        Ok(Expand { content, goals, commitments, comments, readiness })
    }
}

/// What of an agreement is wanted besides its summary.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expand {
    /// The values of its sections' fields.
    pub content: bool,
    /// Its sections' goals.
    pub goals: bool,
    /// Its sections' commitments.
    pub commitments: bool,
    /// The comments on its sections.
    pub comments: bool,
    /// Whether it can be submitted.
    pub readiness: bool,
}

/// What was read of that.
pub struct AgreementExpansions {
    /// The goals and commitments that are needed.
    pub contents: Contents,
    /// What stands beside the sections.
    pub beside: SectionExpansions,
    /// Whether it can be submitted, for who may ask.
    pub readiness: Option<Readiness>,
}

impl AgreementExpansions {
    /// Reads what is wanted, for its reader.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(conn: &mut Conn, actor: &Actor, loaded: &LoadedAgreement, expand: Expand) -> Result<Self> {
        let (id, lang, told) = (loaded.agreement.id, conn.lang(), expand.readiness && loaded.sees_draft());
        let whole = told || depends_on_contents(&loaded.sections);
        let wanted = Parts { goals: expand.goals || whole, commitments: expand.commitments || whole };
        let contents = Contents::read_parts(conn, id, wanted)?;
        let commitments = expand.commitments.then(|| seen_among(&contents.commitments, actor, loaded, lang));
        let beside = SectionExpansions {
            commitments: commitments.transpose()?,
            decisions: None,
            comments: if expand.comments { shown_in(conn, actor, loaded, None)? } else { None },
        };
        let readiness = if told { Some(Readiness::of(conn, loaded, &contents)?) } else { None };
        Ok(AgreementExpansions { contents, beside, readiness })
    }
}
