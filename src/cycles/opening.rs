//! Whether cycles can be opened, and what their opening makes.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{Assignment, Candidate, plan_open};
use super::store::CycleRow;
use crate::db::Conn;
use crate::error::{Code, Fault, Result};
use crate::letters::model::LetterState;
use crate::organisation::{self, Organisation};
use crate::templates::state::TemplateState;
use crate::templates::store::TemplateRow;
use crate::types::Id;
use crate::{letters, templates};

/// What the opening of some cycles depends on besides themselves.
pub struct Surroundings {
    organisation: Arc<Organisation>,
    letters: HashMap<Id, LetterState>,
    templates: Vec<TemplateRow>,
}

impl Surroundings {
    /// Reads them, for all of the cycles at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(conn: &mut Conn, cycles: &[CycleRow]) -> Result<Self> {
        let letters: Vec<Id> = cycles.iter().filter_map(|cycle| cycle.letter_id).collect();
        let mut wanted = Vec::new();
        for cycle in cycles {
            wanted.extend(cycle.template_ids()?);
        }
        let templates = if wanted.is_empty() { Vec::new() } else { templates::store::find_some(conn, &wanted)? };
        Ok(Surroundings {
            organisation: organisation::current(conn)?,
            letters: letters::store::states(conn, &letters)?,
            templates,
        })
    }

    /// The templates that the cycles name.
    pub fn templates(&self) -> &[TemplateRow] {
        &self.templates
    }

    /// The agreements that the opening of a cycle makes.
    ///
    /// # Errors
    /// 409 `not-ready` with a letter or templates that are not published, or a scope without units; `no-template` with
    /// the units for which no template, or no single narrowest one, applies.
    pub fn plan(&self, cycle: &CycleRow) -> Result<Vec<Assignment>> {
        let wanted = cycle.template_ids()?;
        let mut faults = self.unpublished(&wanted);
        if cycle.letter_id.is_some_and(|letter| self.letters.get(&letter) != Some(&LetterState::Published)) {
            faults.push(Fault::at("/letter_id", "letter-not-published"));
        }
        if !faults.is_empty() {
            return Err(Code::NotReady.refuse().faults(faults).into());
        }
        let named = self.templates.iter().filter(|template| wanted.contains(&template.id));
        let candidates = named
            .map(|template| Ok(Candidate { id: template.id, applies_to: template.applies_to()? }))
            .collect::<Result<Vec<Candidate>>>()?;
        let plan = plan_open(&self.organisation, &cycle.scope()?, &candidates);
        match plan.map_err(|faults| Code::NoTemplate.refuse().faults(faults))? {
            plan if plan.is_empty() => Err(Code::NotReady.refuse().fault(Fault::at("/scope", "no-units")).into()),
            plan => Ok(plan),
        }
    }

    /// A template may be gone: it could be thrown away while it was a draft.
    fn unpublished(&self, wanted: &[Id]) -> Vec<Fault> {
        if wanted.is_empty() {
            return vec![Fault::at("/template_ids", "no-templates")];
        }
        let state = |id: Id| self.templates.iter().find(|template| template.id == id).map(|template| template.state);
        let faults = wanted.iter().enumerate().filter_map(|(at, id)| {
            let code = match state(*id) {
                Some(TemplateState::Published) => return None,
                Some(TemplateState::Draft) => "template-not-published",
                None => "unknown-id",
            };
            Some(Fault::at(format!("/template_ids/{at}"), code))
        });
        faults.collect()
    }
}
