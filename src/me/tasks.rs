//! What waits for a person: computed when it is read, so that a change of people moves it at once.

use actix_web::get;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::agreements::api::view::{UnitName, unit_names};
use crate::agreements::list::{Filter, choose, page};
use crate::agreements::model::{AgreementState, is_holder};
use crate::agreements::store::{self as agreements, AgreementRow};
use crate::auth::Actor;
use crate::auth::action::Reason;
use crate::comments::store as comments;
use crate::commitments::store as commitments;
use crate::cycles::model::Deadlines;
use crate::db::Conn;
use crate::db::types::{Id, Ts};
use crate::error::Result;
use crate::http::{Call, Reply};
use crate::organisation::{self, Organisation, Role};
use crate::sections::model::SectionState;
use crate::sections::store as sections;
use crate::templates::cache::followed;
use crate::templates::model::{Duty, FilledBy};
use crate::text::{Args, Lang, say};
use crate::text_enum;
use crate::workflow::frame::deadlines;
use crate::workflow::permits;
use crate::workflow::route::Ground;
use crate::workflow::store::signatures_on;

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
    /// The id of the agreement it belongs to.
    pub agreement_id: Id,
    /// The section, when it is about one.
    #[schema(required = true, max_length = 60, example = "effects")]
    pub section_key: Option<String>,
    /// The unit whose agreement it is.
    #[schema(required = true)]
    pub org_unit: Option<UnitName>,
    /// Since when it waits.
    pub since: Ts,
    /// The last day on which it is to be done.
    #[schema(required = true)]
    pub due: Option<NaiveDate>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// For whom the reader would do it, as a standing deputy.
    #[schema(required = true)]
    pub on_behalf_of: Option<Id>,
    /// The ETag of the resource that the action demands, for `If-Match`; only its version is compared. A reply demands
    /// none: with a comment it is the section's.
    #[schema(max_length = 60, example = "\"3.0\"")]
    pub etag: String,
    /// The address of the resource.
    #[schema(max_length = 300, example = "/api/v1/agreements/01931f2e-7c00-7000-8000-000000000001/sections/effects")]
    pub href: String,
}

/// What waits for the reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tasks {
    /// The tasks, what is due first coming first.
    #[schema(max_items = 10000)]
    pub items: Vec<Task>,
}

/// What waits for the reader.
///
/// What to do next, the most urgent first: agreements to write, sections to decide on, commitments to answer,
/// agreements to sign.
#[utoipa::path(tag = "me", responses((status = 200, description = "The tasks.", body = Tasks)))]
#[get("/api/v1/me/tasks")]
pub async fn list_my_tasks(call: Call) -> Result<Reply> {
    call.read(|conn, actor| {
        let mut items = of(conn, actor)?;
        items.sort_by(|a, b| (a.due.is_none(), a.due, a.since, &a.id).cmp(&(b.due.is_none(), b.due, b.since, &b.id)));
        Reply::json(&Tasks { items })
    })
    .await
}

/// Everything that waits for a person.
///
/// # Errors
/// 403 for a client; when the database fails.
pub fn of(conn: &mut Conn, actor: &Actor) -> Result<Vec<Task>> {
    let (person, organisation) = (actor.person()?, organisation::current(conn)?);
    let mut tasks = Vec::new();
    let units: Vec<Id> = organisation.units().map(|unit| unit.id).collect();
    let held: Vec<Id> = units.into_iter().filter(|unit| is_holder(&organisation, person, &[*unit])).collect();
    if !held.is_empty() {
        writing(conn, actor, &organisation, &mut tasks)?;
        answering(conn, &organisation, &held, &mut tasks)?;
        replying(conn, &organisation, (person, &held), &mut tasks)?;
    }
    deciding(conn, &organisation, person, &mut tasks)?;
    signing(conn, actor, &organisation, person, &mut tasks)?;
    Ok(tasks)
}

/// What a task is made from.
struct About<'a> {
    agreement: &'a AgreementRow,
    organisation: &'a Organisation,
    deadlines: &'a Deadlines,
    lang: Lang,
}

impl About<'_> {
    fn task(&self, kind: TaskKind, section: Option<(&str, &str, i64)>, since: Ts) -> Result<Task> {
        let (id, units) = (self.agreement.id, self.agreement.units()?);
        let due = match kind {
            TaskKind::Write => self.deadlines.submit,
            TaskKind::AnswerReturn | TaskKind::AnswerComment => self.deadlines.approve,
            TaskKind::Review | TaskKind::Approve => self.deadlines.approve,
            TaskKind::Sign => self.deadlines.sign,
            TaskKind::ConfirmCommitment => self.deadlines.submit,
        };
        let mut args = Args::one("agreement", &self.agreement.title);
        if let Some((_, heading, _)) = section {
            args.set("section", heading);
        }
        let (key, version, address) = match section {
            Some((key, _, version)) => (format!(":{key}"), version, format!("/sections/{key}")),
            None => (String::new(), self.agreement.version, String::new()),
        };
        let code = kind.as_str();
        Ok(Task {
            id: format!("{code}:{id}{key}"),
            kind,
            title: say(self.lang, &format!("task-{}", code.replace('_', "-")), &args),
            why: Reason {
                code: code.replace('_', "-"),
                message: say(self.lang, &format!("task-{}.why", code.replace('_', "-")), &args),
            },
            agreement_id: id,
            section_key: section.map(|(key, ..)| key.to_owned()),
            org_unit: unit_names(self.organisation, &units).into_iter().next(),
            since,
            due,
            overdue: due.is_some_and(|day| day < self.organisation.today),
            on_behalf_of: None,
            etag: format!("\"{version}.0\""),
            href: format!("/api/v1/agreements/{id}{address}"),
        })
    }
}

/// The reader's own agreements that are to be written, and returned sections that are to be mended.
fn writing(conn: &mut Conn, actor: &Actor, organisation: &Organisation, tasks: &mut Vec<Task>) -> Result<()> {
    let person = actor.person()?;
    for state in [AgreementState::Draft, AgreementState::Returned, AgreementState::InReview] {
        let chosen = choose(conn, actor, organisation, &Filter { state: Some(state), ..Filter::default() })?;
        for agreement in page(conn, &chosen, None, i64::MAX)? {
            if !is_holder(organisation, person, &agreement.units()?) {
                continue;
            }
            let (deadlines, lang) = (deadlines(conn, agreement.cycle_id)?, conn.lang());
            let template = followed(conn, agreement.template_id)?;
            let about = About { agreement: &agreement, organisation, deadlines: &deadlines, lang };
            for section in sections::of_agreement(conn, agreement.id)? {
                let definition = template.prescription.section(&section.key);
                let theirs = definition.filter(|definition| definition.filled_by == FilledBy::Holder);
                if let Some(definition) = theirs.filter(|_| section.state == SectionState::Returned) {
                    let heading = definition.heading.to(lang);
                    let place = Some((section.key.as_str(), heading, section.version));
                    tasks.push(about.task(TaskKind::AnswerReturn, place, section.updated_at)?);
                }
            }
            if state == AgreementState::Draft {
                tasks.push(about.task(TaskKind::Write, None, agreement.created_at)?);
            }
        }
    }
    Ok(())
}

/// Commitments that ask the reader's units.
fn answering(conn: &mut Conn, organisation: &Organisation, held: &[Id], tasks: &mut Vec<Task>) -> Result<()> {
    for (row, _) in commitments::asking(conn, held)? {
        let agreement = agreements::find(conn, row.agreement_id)?;
        let deadlines = deadlines(conn, agreement.cycle_id)?;
        let about = About { agreement: &agreement, organisation, deadlines: &deadlines, lang: conn.lang() };
        let task = about.task(
            TaskKind::ConfirmCommitment,
            Some((&row.section_key, &row.title, row.version)),
            row.updated_at,
        )?;
        tasks.push(Task {
            id: format!("confirm_commitment:{}", row.id),
            href: format!("/api/v1/commitments/{}", row.id),
            ..task
        });
    }
    Ok(())
}

/// Comments in the reader's agreements that demand an answer; whoever asks does not answer themselves.
fn replying(
    conn: &mut Conn,
    organisation: &Organisation,
    (person, held): (Id, &[Id]),
    tasks: &mut Vec<Task>,
) -> Result<()> {
    let asked = comments::unanswered(conn, held)?;
    if asked.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<Id> = asked.iter().map(|(row, _)| row.agreement_id).collect();
    ids.sort();
    ids.dedup();
    for agreement in agreements::find_all(conn, &ids)?.iter().filter(|one| !one.state.is_over()) {
        if !is_holder(organisation, person, &agreement.units()?) {
            continue;
        }
        let (deadlines, lang) = (deadlines(conn, agreement.cycle_id)?, conn.lang());
        let template = followed(conn, agreement.template_id)?;
        let about = About { agreement, organisation, deadlines: &deadlines, lang };
        for (row, version) in
            asked.iter().filter(|(row, _)| row.agreement_id == agreement.id && row.author_id != person)
        {
            let definition = template.prescription.section(&row.section_key);
            let Some(definition) = definition.filter(|one| one.filled_by == FilledBy::Holder) else { continue };
            let place = Some((row.section_key.as_str(), definition.heading.to(lang), *version));
            let task = about.task(TaskKind::AnswerComment, place, row.updated_at)?;
            tasks.push(Task {
                id: format!("answer_comment:{}", row.id),
                href: format!("/api/v1/agreements/{}/comments/{}", agreement.id, row.id),
                ..task
            });
        }
    }
    Ok(())
}

/// Sections that wait for the reader's decision.
fn deciding(conn: &mut Conn, organisation: &Organisation, person: Id, tasks: &mut Vec<Task>) -> Result<()> {
    for (agreement, section, waiting) in permits::all_waiting(conn, organisation)? {
        for mine in waiting.iter().filter(|one| one.person_id == person) {
            let (deadlines, lang) = (deadlines(conn, agreement.cycle_id)?, conn.lang());
            let template = followed(conn, agreement.template_id)?;
            let heading = template.prescription.section(&section.key).map_or("", |one| one.heading.to(lang));
            let route = section.route()?;
            let duty = route.current().and_then(|at| route.steps.get(at)).map_or(Duty::Approve, |step| step.duty);
            let kind = if duty == Duty::Review { TaskKind::Review } else { TaskKind::Approve };
            let about = About { agreement: &agreement, organisation, deadlines: &deadlines, lang };
            let since = section.submitted_at.unwrap_or(section.updated_at);
            let task = about.task(kind, Some((&section.key, heading, section.version)), since)?;
            tasks.push(Task { on_behalf_of: mine.on_behalf_of, ..task });
        }
    }
    Ok(())
}

/// Approved agreements that the reader is to sign.
fn signing(
    conn: &mut Conn,
    actor: &Actor,
    organisation: &Organisation,
    person: Id,
    tasks: &mut Vec<Task>,
) -> Result<()> {
    if !actor.has_any(&[Role::Leader, Role::Director, Role::ChiefExecutive]) {
        return Ok(());
    }
    let approved = Filter { state: Some(AgreementState::Approved), ..Filter::default() };
    let chosen = choose(conn, actor, organisation, &approved)?;
    for agreement in page(conn, &chosen, None, i64::MAX)? {
        let (units, template) = (agreement.units()?, followed(conn, agreement.template_id)?);
        let kind = units.first().and_then(|unit| organisation.unit(*unit)).map(|unit| unit.kind);
        let ground = Ground { organisation, units: &units, theme_owner: None, editors: &[] };
        let signatories = kind.map_or(&[][..], |kind| template.prescription.signatories(kind));
        let signed = signatures_on(conn, agreement.id)?;
        let left = signatories.iter().filter(|one| !signed.iter().any(|row| row.signatory == **one));
        if left.into_iter().any(|one| ground.signers(*one).contains(&person)) {
            let deadlines = deadlines(conn, agreement.cycle_id)?;
            let about = About { agreement: &agreement, organisation, deadlines: &deadlines, lang: conn.lang() };
            tasks.push(about.task(TaskKind::Sign, None, agreement.approved_at.unwrap_or(agreement.updated_at))?);
        }
    }
    Ok(())
}
