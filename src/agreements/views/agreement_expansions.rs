//! What an agreement carries besides its own fields, when it is asked for: one query for each kind, whatever the number
//! of its sections.

use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::comment::shown_in;
use super::commitment::seen_among;
use super::draft::DraftView;
use super::progress::depends_on_contents;
use super::readiness::Readiness;
use super::section_expansions::SectionExpansions;
use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::draft::contents::{Contents, Parts};
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Tagged, words};

/// What of an agreement is wanted besides its summary.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpandQuery {
    /// `sections.content`, `sections.goals`, `commitments` and `comments` of each section, the `definitions` of the
    /// sections in the template, the agreement's `readiness`, and its `draft` as it is sent; separated by commas.
    #[param(
        max_length = 150,
        pattern = "^(sections\\.(content|goals)|commitments|comments|definitions|readiness|draft)(,(sections\\.(content|goals)|commitments|comments|definitions|readiness|draft))*$",
        example = "definitions,draft"
    )]
    expand: Option<String>,
}

impl ExpandQuery {
    /// What is asked for.
    ///
    /// # Errors
    /// 422 for a word that means nothing here, or stands twice.
    pub fn read(&self) -> Result<Expand> {
        let known =
            ["sections.content", "sections.goals", "commitments", "comments", "definitions", "readiness", "draft"];
        let [content, goals, commitments, comments, definitions, readiness, draft] =
            words(self.expand.as_deref(), "expand", known)?;
        Ok(Expand { content, goals, commitments, comments, definitions, readiness, draft })
    }
}

/// What of an agreement is wanted besides its summary.
#[derive(Debug, Clone, Copy, Default, Hash)]
pub struct Expand {
    /// The values of its sections' fields.
    pub content: bool,
    /// Its sections' goals.
    pub goals: bool,
    /// Its sections' commitments.
    pub commitments: bool,
    /// The comments on its sections.
    pub comments: bool,
    /// What the template says of its sections.
    pub definitions: bool,
    /// Whether it can be submitted.
    pub readiness: bool,
    /// Its draft, in the shape in which it is sent.
    pub draft: bool,
}

/// What was read of that.
pub struct AgreementExpansions {
    /// The goals and commitments that are needed.
    pub contents: Contents,
    /// What stands beside the sections.
    pub beside: SectionExpansions,
    /// Whether it can be submitted, for who may ask.
    pub readiness: Option<Readiness>,
    /// Its draft, for who sees it.
    pub draft: Option<Tagged>,
}

impl AgreementExpansions {
    /// Reads what is wanted, for its reader.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(conn: &mut Conn, actor: &Actor, loaded: &LoadedAgreement, expand: Expand) -> Result<Self> {
        let (id, lang) = (loaded.agreement.id, conn.lang());
        let told = (expand.readiness || expand.draft) && loaded.sees_draft();
        let whole = told || depends_on_contents(&loaded.sections);
        let wanted = Parts { goals: expand.goals || whole, commitments: expand.commitments || whole };
        let contents = Contents::read_parts(conn, id, wanted)?;
        let commitments = expand.commitments.then(|| seen_among(&contents.commitments, actor, loaded, lang));
        let beside = SectionExpansions {
            commitments: commitments.transpose()?,
            decisions: None,
            previous: None,
            comments: if expand.comments { shown_in(conn, actor, loaded, None)? } else { None },
        };
        let readiness = if told { Some(Readiness::of(conn, loaded, &contents)?) } else { None };
        let draft = match &readiness {
            Some(readiness) if expand.draft => {
                let draft = DraftView::of(loaded, &contents, readiness.clone())?;
                Some(Tagged::of(loaded.agreement.version, &draft)?)
            }
            _ => None,
        };
        let readiness = readiness.filter(|_| expand.readiness);
        Ok(AgreementExpansions { contents, beside, readiness, draft })
    }
}
