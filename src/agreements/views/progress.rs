//! How far agreements have come.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::agreements::agreement::store::AgreementRow;
use crate::agreements::draft::contents::Contents;
use crate::agreements::draft::readiness::gaps;
use crate::agreements::sections::model::SectionState;
use crate::agreements::sections::store::SectionRow;
use crate::db::Conn;
use crate::error::Result;
use crate::templates::cache::published;
use crate::templates::model::Prescription;
use crate::text::Lang;
use crate::types::Id;

/// How far an agreement has come, counted over the sections that every agreement has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// Sections that every agreement has.
    pub demanded: usize,
    /// Those of them in which something is written.
    pub begun: usize,
    /// Those of them that can be handed in, or are.
    pub ready: usize,
    /// Those of them that are handed in.
    pub submitted: usize,
    /// Those of them that are approved.
    pub approved: usize,
}

impl Progress {
    /// All that is demanded is approved.
    fn complete(prescription: &Prescription) -> Self {
        let demanded = prescription.sections.iter().filter(|section| section.demanded).count();
        Progress { demanded, begun: demanded, ready: demanded, submitted: demanded, approved: demanded }
    }

    /// How far an agreement has come; its contents may be empty where nothing depends on them.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn of<'a>(
        sections: impl IntoIterator<Item = &'a SectionRow>,
        prescription: &Prescription,
        contents: &Contents,
    ) -> Result<Self> {
        let mut progress = Progress::default();
        for section in sections.into_iter().filter(|section| section.demanded) {
            let (begun, ready) = match prescription.section(&section.key) {
                Some(definition) if section.state.is_editable() => {
                    let facts = contents.facts(section)?;
                    let lacks = gaps(definition, &facts, 0, Lang::default()).iter().any(|gap| gap.blocking);
                    (!facts.is_untouched(), !lacks)
                }
                _ => (true, true),
            };
            progress.demanded += 1;
            progress.begun += usize::from(begun);
            progress.ready += usize::from(ready);
            progress.submitted +=
                usize::from(matches!(section.state, SectionState::Submitted | SectionState::Approved));
            progress.approved += usize::from(section.state == SectionState::Approved);
        }
        Ok(progress)
    }
}

/// Whether something of an agreement's progress, or of what may be done with it, depends on what is written in it.
pub fn depends_on_contents<'a>(sections: impl IntoIterator<Item = &'a SectionRow>) -> bool {
    sections.into_iter().any(|section| section.state.is_editable())
}

/// The contents of those agreements of which something depends on them; the sections of all are at hand.
///
/// # Errors
/// When the database fails.
pub fn contents_of_all(conn: &mut Conn, sections: &[SectionRow]) -> Result<HashMap<Id, Contents>> {
    let open = sections.iter().filter(|section| depends_on_contents([*section]));
    let mut open: Vec<Id> = open.map(|section| section.agreement_id).collect();
    open.sort_unstable();
    open.dedup();
    Contents::of_all(conn, &open)
}

/// How far each of some agreements has come. Of those that are approved the sections need not be at hand: the template
/// tells how many there are.
///
/// # Errors
/// When the database fails.
pub fn of_all(
    conn: &mut Conn,
    rows: &[AgreementRow],
    sections: &[SectionRow],
    contents: &HashMap<Id, Contents>,
) -> Result<HashMap<Id, Progress>> {
    let (nothing, mut found, mut of_each) = (Contents::default(), HashMap::new(), HashMap::<Id, Vec<_>>::new());
    for section in sections {
        of_each.entry(section.agreement_id).or_default().push(section);
    }
    for row in rows {
        let template = published(conn, row.template_id)?;
        let own = of_each.remove(&row.id).unwrap_or_default();
        let written = contents.get(&row.id).unwrap_or(&nothing);
        found.insert(
            row.id,
            match row.state.is_approved() {
                true => Progress::complete(&template.prescription),
                false => Progress::of(own, &template.prescription, written)?,
            },
        );
    }
    Ok(found)
}
