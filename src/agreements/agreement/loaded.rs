//! An agreement with all that rules about it read: its sections, what its template prescribes, the organisation
//! today, and what the actor is to it.

use std::sync::Arc;

use super::model::Relation;
use super::policy;
use super::store::{self, AgreementRow};
use crate::access::Actor;
use crate::agreements::route::model::{RouteContext, Waiting};
use crate::agreements::sections;
use crate::agreements::sections::model::{SectionAction, SectionState};
use crate::agreements::sections::store::SectionRow;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Error, Result};
use crate::letters::store::ThemeOwners;
use crate::organisation::leaders::holders;
use crate::organisation::{self, Organisation, UnitKind};
use crate::templates::cache::{PublishedTemplate, published};
use crate::templates::model::{FilledBy, SectionDefinition};
use crate::types::Id;

/// An agreement as it lies open before an actor.
pub struct LoadedAgreement {
    /// The agreement.
    pub agreement: AgreementRow,
    /// Its sections, in their order.
    pub sections: Vec<SectionRow>,
    /// The template it follows.
    pub template: Arc<PublishedTemplate>,
    /// The organisation today.
    pub organisation: Arc<Organisation>,
    /// The ids of its units.
    pub units: Vec<Id>,
    /// What the actor is to it.
    pub relation: Relation,
}

impl LoadedAgreement {
    /// Opens an agreement for reading.
    ///
    /// # Errors
    /// 404 when there is none, or the actor may not know of it.
    pub fn read(conn: &mut Conn, actor: &Actor, id: Id) -> Result<Self> {
        let (agreement, sections, _) = store::with_sections(conn, id)?;
        Self::open(conn, actor, agreement, sections)
    }

    /// Opens an agreement for a change of it or of anything in it: it stays locked until the commit.
    ///
    /// # Errors
    /// 404 when there is none, or the actor may not know of it.
    pub fn lock(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Self> {
        let agreement = store::lock(tx, id)?;
        let sections = sections::store::of_agreement(tx, id)?;
        Self::open(tx, actor, agreement, sections)
    }

    /// Opens an agreement that has been read.
    ///
    /// # Errors
    /// 404 when the actor may not know of it.
    pub fn open(conn: &mut Conn, actor: &Actor, agreement: AgreementRow, sections: Vec<SectionRow>) -> Result<Self> {
        let organisation = organisation::current(conn)?;
        let relation = store::relation(conn, actor, &organisation, &agreement)?;
        let exposure = agreement.exposure();
        if !exposure.submitted {
            policy::can_see(&relation, exposure)?;
        }
        let template = published(conn, agreement.template_id)?;
        let units = agreement.units()?;
        LoadedAgreement { agreement, sections, template, organisation, units, relation }.shown_to(conn, actor)
    }

    /// The loaded, for an actor who may know of the agreement. Whoever takes the place of an approver who has left
    /// stood in no route when it was submitted, and is asked today.
    ///
    /// # Errors
    /// 404 when the actor may not know of it.
    pub fn shown_to(mut self, conn: &mut Conn, actor: &Actor) -> Result<Self> {
        let exposure = self.agreement.exposure();
        if let (Err(_), Some(person)) = (policy::can_see(&self.relation, exposure), actor.person_id()) {
            self.relation.involved = self.waits_for(conn, person)?;
        }
        policy::can_see(&self.relation, exposure)?;
        Ok(self)
    }

    /// The definition of a section.
    ///
    /// # Errors
    /// When the template lacks it: a fault of ours.
    pub fn definition(&self, key: &str) -> Result<&SectionDefinition> {
        let found = self.template.prescription.section(key);
        found.ok_or_else(|| Error::unexpected(format!("the template has no section {key}")))
    }

    /// A section.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn section(&self, key: &str) -> Result<&SectionRow> {
        self.sections.iter().find(|section| section.key == key).ok_or_else(|| Code::NotFound.into())
    }

    /// A section, to be changed.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn section_mut(&mut self, key: &str) -> Result<&mut SectionRow> {
        self.sections.iter_mut().find(|section| section.key == key).ok_or_else(|| Code::NotFound.into())
    }

    /// What its units are: the kind of the first one decides on routes and signatories.
    pub fn unit_kind(&self) -> UnitKind {
        let first = self.units.first().and_then(|unit| self.organisation.unit(*unit));
        first.map_or(UnitKind::Other, |unit| unit.kind)
    }

    /// The people a holder's work goes to.
    pub fn holders(&self) -> Vec<Id> {
        holders(&self.organisation, &self.units)
    }

    /// Whether the actor writes in a section.
    ///
    /// # Errors
    /// 403: `not-holder`, or `filled-by-coordinator`.
    pub fn can_write(&self, key: &str) -> Result<()> {
        match self.definition(key)?.filled_by {
            FilledBy::Holder => Ok(policy::can_write(&self.relation)?),
            FilledBy::Coordinator if self.relation.coordinator => Ok(()),
            FilledBy::Coordinator => Err(Code::FilledByCoordinator.into()),
        }
    }

    /// Goes on when a section's content may be changed in its state.
    ///
    /// # Errors
    /// 404 when there is no such section; 409 when it is locked.
    pub fn check_editable(&self, key: &str) -> Result<()> {
        self.section(key)?.state.after(SectionAction::Edit)?;
        Ok(())
    }

    /// Saves a section whose content or child was edited, and the agreement above it: both versions rise, and the
    /// editor may not decide on the revision.
    ///
    /// # Errors
    /// 409 when the section is locked; 412 when somebody else wrote it in between.
    pub fn save_edited(&mut self, tx: &mut Tx, key: &str) -> Result<()> {
        let editor = tx.author().person;
        let section = self.section_mut(key)?;
        section.state = section.state.after(SectionAction::Edit)?;
        section.add_editor(editor)?;
        sections::store::save(tx, section)?;
        store::save(tx, &mut self.agreement)
    }

    /// Whether the actor sees what is being written, and not only what was submitted last.
    pub fn sees_draft(&self) -> bool {
        policy::can_see_draft(&self.relation).is_ok()
    }

    /// Whether the actor sees the goals of a section: while it is being written, those who see drafts do.
    pub fn shows_goals_in(&self, key: &str) -> bool {
        self.sees_draft() || self.section(key).is_ok_and(|section| !section.state.is_editable())
    }

    /// An event of something in the agreement.
    pub fn event(&self, kind: EventKind, subject: Id) -> Event {
        Event::of(kind, subject).in_agreement(self.agreement.id, self.units.first().copied())
    }

    /// An event of the agreement itself, with its version.
    pub fn agreement_event(&self, kind: EventKind) -> Event {
        self.event(kind, self.agreement.id).version(self.agreement.version)
    }

    /// An event of a section, with its version.
    pub fn section_event(&self, kind: EventKind, section: &SectionRow) -> Event {
        self.event(kind, section.id).section(&section.key).version(section.version)
    }

    /// What the route of a section is resolved on today.
    pub fn route_context<'a>(
        &'a self,
        section: &SectionRow,
        owners: &ThemeOwners,
        editors: &'a [Id],
    ) -> RouteContext<'a> {
        let theme_owner = owners.owner_of(section.theme_id);
        RouteContext { organisation: &self.organisation, units: &self.units, theme_owner, editors }
    }

    /// Whom a section waits for now.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn waiting(&self, section: &SectionRow, owners: &ThemeOwners) -> Result<Vec<Waiting>> {
        if section.state != SectionState::Submitted {
            return Ok(Vec::new());
        }
        let editors = section.editors()?;
        Ok(section.route()?.waiting(&self.route_context(section, owners, &editors)))
    }

    /// Whether a person who stands in a section's route may take their place today.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn may_take(&self, section: &SectionRow, person: Id) -> Result<bool> {
        let editors = section.editors()?;
        let units = &self.units;
        let asked = RouteContext { organisation: &self.organisation, units, theme_owner: None, editors: &editors };
        Ok(asked.is_free(person))
    }

    /// Whether a section waits for a person now, whoever stood in its route when it was submitted.
    fn waits_for(&self, conn: &mut Conn, person: Id) -> Result<bool> {
        let owners = sections::store::theme_owners(conn, &self.sections)?;
        for section in &self.sections {
            if self.waiting(section, &owners)?.iter().any(|one| one.person_id == person) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
