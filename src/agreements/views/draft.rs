//! A draft as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use super::readiness::Readiness;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::commitments::input::DraftCommitment;
use crate::agreements::draft::contents::Contents;
use crate::agreements::draft::input::DraftSection;
use crate::agreements::sections::model::NotApplicable;
use crate::agreements::sections::store::SectionRow;
use crate::error::Result;
use crate::http::Etag;

/// The draft of an agreement, as it can be sent back.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    /// The agreement's version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// Its sections, in their order.
    #[schema(max_items = 100)]
    pub sections: Vec<DraftSection>,
    /// What is missing, and what is advised; the pointers point into `sections`.
    pub readiness: Readiness,
}

impl DraftView {
    /// The draft of an agreement, for who sees it.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn of(loaded: &LoadedAgreement, contents: &Contents, readiness: Readiness) -> Result<Self> {
        let section = |section: &SectionRow| {
            Ok(DraftSection {
                key: section.key.clone(),
                version: section.version,
                content: Some(section.content.read()?),
                not_applicable: Some(section.not_applicable.clone().map(|reason| NotApplicable { reason })),
                goals: Some(contents.goals_in(&section.key).cloned().collect()),
                commitments: Some(contents.commitments_in(&section.key).map(DraftCommitment::of).collect()),
            })
        };
        let sections = loaded.sections.iter().map(section).collect::<Result<Vec<_>>>()?;
        Ok(DraftView { etag: Etag::default(), sections, readiness })
    }
}
