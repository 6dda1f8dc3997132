//! A task as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::action::Reason;
use crate::agreements::agreement::store::AgreementRow;
use crate::agreements::sections::store::SectionRow;
use crate::agreements::views::agreement::{Holder, UnitName, holders, unit_names};
use crate::cycles::cache::deadlines;
use crate::cycles::model::Deadlines;
use crate::db::Conn;
use crate::error::Result;
use crate::organisation::Organisation;
use crate::templates::model::SectionDefinition;
use crate::text::{Args, Lang, say};
use crate::text_enum;
use crate::types::{Date, Id, Ts};

text_enum! {
    /// What kind of thing waits.
    pub enum TaskKind {
        /// An agreement to be written and submitted.
        Write = "write",
        /// A returned section to be mended.
        AnswerReturn = "answer_return",
        /// A section to be looked at.
        Review = "review",
        /// A section to be decided on.
        Approve = "approve",
        /// An agreement to be signed.
        Sign = "sign",
        /// A commitment to be answered.
        ConfirmCommitment = "confirm_commitment",
        /// A commitment that a partner has countered.
        AnswerCounter = "answer_counter",
        /// A commitment of which another party says that it was kept.
        ConfirmFulfilment = "confirm_fulfilment",
        /// A commitment whose day has come.
        FulfilCommitment = "fulfil_commitment",
        /// A commitment of which a unit is no more.
        ReplacePartner = "replace_partner",
        /// A comment that an approver demands an answer to.
        AnswerComment = "answer_comment",
    }
}

/// Something that waits for the reader.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Task {
    /// The same as long as the task is the same.
    #[schema(max_length = 200, example = "approve:01931f2e-7c00-7000-8000-000000000001:effects")]
    pub id: String,
    /// What kind of thing waits.
    pub kind: TaskKind,
    /// What it is, in the reader's language.
    #[schema(
        max_length = 1000,
        example = "Godkend »Borger- og brugereffekter« i Aftale 2015 for Social- og Handicapcentret"
    )]
    pub title: String,
    /// Why it waits for the reader.
    pub why: Reason,
    /// The agreement.
    pub agreement_id: Id,
    /// The section, when it is about one.
    #[schema(required = true, max_length = 60, example = "effects")]
    pub section_key: Option<String>,
    /// The section's heading, in the reader's language.
    #[schema(required = true, max_length = 4000, example = "Borger- og brugereffekter")]
    pub heading: Option<String>,
    /// The municipality's own numbering of the section.
    #[schema(required = true, max_length = 20, example = "1")]
    pub label: Option<String>,
    /// How often the section was submitted.
    #[schema(required = true, example = 2)]
    pub revision: Option<i64>,
    /// The unit whose agreement it is.
    #[schema(required = true)]
    pub org_unit: Option<UnitName>,
    /// Who holds the agreement; empty while vacant.
    #[schema(max_items = 100)]
    pub holders: Vec<Holder>,
    /// Whether the reader has returned the section before.
    pub returned_before: bool,
    /// Since when.
    pub since: Ts,
    /// The last day on which it is to be done.
    #[schema(required = true)]
    pub due: Option<Date>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// For whom the reader would do it, as a standing deputy.
    #[schema(required = true)]
    pub on_behalf_of: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub on_behalf_of_name: Option<String>,
    /// The ETag of the resource that the action demands, for `If-Match`; only its version is compared. A reply demands
    /// none: with a comment it is the section's.
    #[schema(max_length = 60, example = "\"3.0\"")]
    pub etag: String,
    /// The address of the resource.
    #[schema(max_length = 300, example = "/api/v1/agreements/01931f2e-7c00-7000-8000-000000000001/sections/effects")]
    pub href: String,
}

/// The section that a task is about.
pub struct Place<'a> {
    /// Its definition.
    pub definition: &'a SectionDefinition,
    /// How often it was submitted; none where the task's reader does not read it.
    pub revision: Option<i64>,
    /// The version that the action is compared with.
    pub version: i64,
    /// What the title calls it; its heading when none.
    pub called: Option<&'a str>,
    /// Whether the reader has returned it before.
    pub returned_before: bool,
}

impl<'a> Place<'a> {
    /// A section as it stands.
    pub fn of(section: &SectionRow, definition: &'a SectionDefinition) -> Self {
        let revision = Some(section.revision);
        Place { definition, revision, version: section.version, called: None, returned_before: false }
    }
}

/// What a task is made from.
pub struct About<'a> {
    agreement: &'a AgreementRow,
    organisation: &'a Organisation,
    deadlines: Deadlines,
    lang: Lang,
}

impl<'a> About<'a> {
    /// A task about an agreement.
    pub fn of(conn: &mut Conn, agreement: &'a AgreementRow, organisation: &'a Organisation) -> Result<Self> {
        let deadlines = deadlines(conn, agreement.cycle_id)?;
        Ok(About { agreement, organisation, deadlines, lang: conn.lang() })
    }

    fn due(&self, kind: TaskKind) -> Option<Date> {
        match kind {
            TaskKind::Write | TaskKind::ConfirmCommitment => self.deadlines.submit,
            TaskKind::AnswerReturn | TaskKind::AnswerComment | TaskKind::Review | TaskKind::Approve => {
                self.deadlines.approve
            }
            TaskKind::Sign => self.deadlines.sign,
            // These have a day of their own, or none.
            TaskKind::AnswerCounter
            | TaskKind::ConfirmFulfilment
            | TaskKind::FulfilCommitment
            | TaskKind::ReplacePartner => None,
        }
    }

    /// The task.
    pub fn task(&self, kind: TaskKind, place: Option<&Place<'_>>, since: Ts) -> Result<Task> {
        let (id, units, due) = (self.agreement.id, self.agreement.units()?, self.due(kind));
        let heading = place.map(|place| place.definition.heading.to(self.lang));
        let mut args = Args::one("agreement", &self.agreement.title);
        if let (Some(place), Some(heading)) = (place, heading) {
            args.set("section", place.called.unwrap_or(heading));
            args.set("revision", place.revision.unwrap_or_default());
        }
        let key = place.map(|place| place.definition.key.as_str());
        let returned_before = place.is_some_and(|place| place.returned_before);
        let code = kind.as_str().replace('_', "-");
        let why = if returned_before { "why-again" } else { "why" };
        Ok(Task {
            id: format!("{kind}:{id}{}", key.map(|key| format!(":{key}")).unwrap_or_default()),
            kind,
            title: say(self.lang, &format!("task-{code}"), &args),
            why: Reason { message: say(self.lang, &format!("task-{code}.{why}"), &args), code, count: None },
            agreement_id: id,
            section_key: key.map(str::to_owned),
            heading: heading.map(str::to_owned),
            label: place.map(|place| place.definition.label.clone()),
            revision: place.and_then(|place| place.revision),
            org_unit: unit_names(self.organisation, &units).into_iter().next(),
            holders: holders(self.organisation, &units),
            returned_before,
            since,
            due,
            overdue: due.is_some_and(|day| day < self.organisation.today),
            on_behalf_of: None,
            on_behalf_of_name: None,
            etag: format!("\"{}.0\"", place.map_or(self.agreement.version, |place| place.version)),
            href: format!("/api/v1/agreements/{id}{}", key.map(|key| format!("/sections/{key}")).unwrap_or_default()),
        })
    }
}
