//! The demonstration's strategy: the letter of 2015, the template, the cycle, opened.

use chrono::NaiveDate;

use super::letter::{HEADINGS, text, themes};
use super::organisation::{id, key_of};
use super::template::prescription;
use crate::agreements::agreement::create as make;
use crate::cycles::model::{Candidate, CycleState, Deadlines, FollowUpKind, PlannedFollowUp, Scope, plan_open};
use crate::cycles::store::{self as cycles, CycleRow};
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Error, Result};
use crate::letters::model::{Heading, LetterState};
use crate::letters::store::{self as letters, LetterRow, ThemeRow};
use crate::organisation;
use crate::templates::model::AppliesTo;
use crate::templates::state::TemplateState;
use crate::templates::store::{self as templates, TemplateRow};
use crate::types::{Date, Id, Json};

/// The log-ins of the directors who own the themes, in the order of the letter.
const OWNERS: [&str; 6] = [
    "direktoer.social",
    "direktoer.teknik",
    "direktoer.boern",
    "direktoer.teknik",
    "kommunaldirektoer",
    "direktoer.boern",
];

fn day(year: i32, month: u32, day: u32) -> Date {
    Date::of(NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default())
}

/// Makes the letter, the template and the cycle, and opens it.
///
/// # Errors
/// When the database fails.
pub fn load(tx: &mut Tx) -> Result<()> {
    let letter = letter(tx)?;
    let template = template(tx, letter)?;
    let cycle = cycle(tx, letter, template)?;
    let organisation = organisation::current(tx)?;
    let candidates = [Candidate { id: template, applies_to: AppliesTo::default() }];
    let plan = plan_open(&organisation, &cycle.scope()?, &candidates)
        .map_err(|_| Error::unexpected("the demonstration's template fits every unit"))?;
    let agreement = |unit| key_of(unit).map_or_else(Id::new, |key| id("agreement", key));
    make::for_cycle(tx, &cycle, &plan, &organisation, agreement)
}

fn letter(tx: &mut Tx) -> Result<Id> {
    let (municipality_id, now, letter_id) = (tx.scope(), tx.now(), id("strategy-letter", "2015"));
    let headings: Vec<Heading> =
        HEADINGS.iter().map(|one| Heading { key: one.key.to_owned(), title: one.title.to_owned() }).collect();
    let row = LetterRow {
        municipality_id,
        id: letter_id,
        year: 2015,
        title: "Direktionens strategibrev 2015".to_owned(),
        issued_on: Some(day(2014, 11, 3)),
        source_text: text().to_owned(),
        headings: Json::of(&headings),
        state: LetterState::Published,
        published_at: Some(now),
        version: 1,
        changed_by: None,
        created_at: now,
        updated_at: now,
    };
    letters::insert(tx, &row)?;
    for ((theme, owner), position) in themes().into_iter().zip(OWNERS).zip(0..) {
        let theme_row = ThemeRow {
            municipality_id,
            id: id("theme", theme.key),
            letter_id,
            key: theme.key.to_owned(),
            heading_key: theme.heading.to_owned(),
            position,
            title: theme.title.to_owned(),
            body: theme.text.to_owned(),
            owner_id: Some(id("person", owner)),
            version: 1,
            changed_by: None,
            created_at: now,
            updated_at: now,
        };
        letters::insert_theme(tx, &theme_row)?;
    }
    tx.record(Event::of(EventKind::StrategyLetterPublished, letter_id).version(1));
    Ok(letter_id)
}

fn template(tx: &mut Tx, letter_id: Id) -> Result<Id> {
    let (now, template_id, prescription) = (tx.now(), id("template", "2015"), prescription());
    let row = TemplateRow {
        municipality_id: tx.scope(),
        id: template_id,
        name: "Aftaleskabelon 2015".to_owned(),
        number: 1,
        based_on_id: None,
        letter_id: Some(letter_id),
        state: TemplateState::Published,
        applies_to: Json::of(&AppliesTo::default()),
        sections: Json::of(&prescription.sections),
        routes: Json::of(&prescription.routes),
        signatories: Json::of(&prescription.signatories),
        resubmission: prescription.resubmission,
        published_at: Some(now),
        version: 1,
        changed_by: None,
        created_at: now,
        updated_at: now,
    };
    templates::insert(tx, &row)?;
    tx.record(Event::of(EventKind::TemplatePublished, template_id).version(1));
    Ok(template_id)
}

fn cycle(tx: &mut Tx, letter_id: Id, template_id: Id) -> Result<CycleRow> {
    let now = tx.now();
    let deadlines =
        Deadlines { submit: Some(day(2014, 12, 15)), approve: Some(day(2015, 1, 16)), sign: Some(day(2015, 1, 30)) };
    let follow_up = |key: &str, kind, opens_on, due_on| PlannedFollowUp { key: key.to_owned(), kind, opens_on, due_on };
    let follow_ups = [
        follow_up("midtvejs", FollowUpKind::Forecast, day(2015, 6, 1), day(2015, 6, 30)),
        follow_up("aarets-resultat", FollowUpKind::Final, day(2016, 1, 4), day(2016, 1, 29)),
    ];
    let row = CycleRow {
        municipality_id: tx.scope(),
        id: id("cycle", "2015"),
        year: 2015,
        name: "Aftaleåret 2015".to_owned(),
        letter_id: Some(letter_id),
        template_ids: Json::of(&[template_id]),
        period_from: day(2015, 1, 1),
        period_to: day(2015, 12, 31),
        scope: Json::of(&Scope::default()),
        deadlines: Json::of(&deadlines),
        follow_ups: Json::of(&follow_ups),
        state: CycleState::Open,
        opened_at: Some(now),
        version: 1,
        changed_by: None,
        created_at: now,
        updated_at: now,
    };
    cycles::insert(tx, &row)?;
    tx.record(Event::of(EventKind::CycleOpened, row.id).version(1));
    Ok(row)
}
