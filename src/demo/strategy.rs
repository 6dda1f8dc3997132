//! The demonstration's strategy: the letter of 2015, the template, the cycle, opened.

use chrono::NaiveDate;

use super::letter::{HEADINGS, text, themes};
use super::organisation::{id, key_of};
use super::template::prescription;
use crate::agreements::agreement::create as make;
use crate::agreements::goals::corporate::{self, CorporateGoal, CorporateGoalRow};
use crate::agreements::goals::model::{Aggregation, Direction, Indicator, IndicatorFields, Interval};
use crate::cycles::model::{Candidate, CycleState, Deadlines, FollowUpKind, Period, PlannedFollowUp, plan_open};
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
use crate::types::{Date, Id, Json, Quantity};

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
    let letter_id = id("strategy-letter", "2015");
    let headings: Vec<Heading> =
        HEADINGS.iter().map(|one| Heading { key: one.key.to_owned(), title: one.title.to_owned() }).collect();
    let row = LetterRow {
        issued_on: Some(day(2014, 11, 3)),
        source_text: text().to_owned(),
        headings: Json::of(&headings),
        state: LetterState::Published,
        published_at: Some(tx.now()),
        ..LetterRow::new(tx.new_row(), letter_id, 2015, "Direktionens strategibrev 2015")
    };
    letters::insert(tx, &row)?;
    for ((theme, owner), position) in themes().into_iter().zip(OWNERS).zip(0..) {
        let theme_row = ThemeRow {
            position,
            body: theme.text.to_owned(),
            owner_id: Some(id("person", owner)),
            ..ThemeRow::new(tx.new_row(), id("theme", theme.key), letter_id, (theme.heading, theme.key), theme.title)
        };
        letters::insert_theme(tx, &theme_row)?;
    }
    corporate_goal(tx, letter_id)?;
    tx.record(Event::of(EventKind::StrategyLetterPublished, letter_id).version(1));
    Ok(letter_id)
}

/// What the whole organisation aims at under the first theme: an invented goal, for the letter names no figures.
fn corporate_goal(tx: &mut Tx, letter_id: Id) -> Result<()> {
    let indicator = Indicator::saying(
        IndicatorFields {
            name: "Andel uden hjælp tre måneder efter et forløb".to_owned(),
            unit: "%".to_owned(),
            direction: Direction::Up,
            aggregation: Aggregation::Ratio,
            baseline: Some(Quantity::of_whole(58)),
            target: Some(Quantity::of_whole(65)),
            baseline_on: None,
            target_on: None,
            tolerance: None,
            interval: Some(Interval::Quarter),
        },
        Some(id("corporate-indicator", "selvhjulpne")),
    );
    let goal = CorporateGoal {
        title: "Flere borgere klarer hverdagen selv".to_owned(),
        target_group: Some("Borgere, der får hjælp af kommunen".to_owned()),
        effect: Some("Borgeren klarer igen hverdagen uden hjælp.".to_owned()),
        horizon: Some("Udgangen af 2015".to_owned()),
        indicators: vec![indicator],
    };
    let theme = id("theme", "borger-og-brugereffekter");
    let row = CorporateGoalRow {
        id: id("corporate-goal", "selvhjulpne"),
        ..CorporateGoalRow::new(tx.new_row(), (letter_id, theme), 0, &goal)
    };
    corporate::insert(tx, &row)?;
    let event = Event::of(EventKind::CorporateGoalCreated, row.id).version(1);
    tx.record(event.detail("letter_id", letter_id).detail("theme_id", theme));
    Ok(())
}

fn template(tx: &mut Tx, letter_id: Id) -> Result<Id> {
    let (template_id, prescription) = (id("template", "2015"), prescription());
    let row = TemplateRow {
        letter_id: Some(letter_id),
        state: TemplateState::Published,
        sections: Json::of(&prescription.sections),
        routes: Json::of(&prescription.routes),
        signatories: Json::of(&prescription.signatories),
        resubmission: prescription.resubmission,
        published_at: Some(tx.now()),
        ..TemplateRow::new(tx.new_row(), template_id, "Aftaleskabelon 2015")
    };
    templates::insert(tx, &row)?;
    tx.record(Event::of(EventKind::TemplatePublished, template_id).version(1));
    Ok(template_id)
}

fn cycle(tx: &mut Tx, letter_id: Id, template_id: Id) -> Result<CycleRow> {
    let period = Period { from: day(2015, 1, 1), to: day(2015, 12, 31) };
    let deadlines =
        Deadlines { submit: Some(day(2014, 12, 15)), approve: Some(day(2015, 1, 16)), sign: Some(day(2015, 1, 30)) };
    let follow_up = |key: &str, kind, opens_on, due_on| PlannedFollowUp { key: key.to_owned(), kind, opens_on, due_on };
    let follow_ups = [
        follow_up("midtvejs", FollowUpKind::Forecast, day(2015, 6, 1), day(2015, 6, 30)),
        follow_up("aarets-resultat", FollowUpKind::Final, day(2016, 1, 4), day(2016, 1, 29)),
    ];
    let row = CycleRow {
        letter_id: Some(letter_id),
        template_ids: Json::of(&[template_id]),
        deadlines: Json::of(&deadlines),
        follow_ups: Json::of(&follow_ups),
        state: CycleState::Open,
        opened_at: Some(tx.now()),
        ..CycleRow::new(tx.new_row(), id("cycle", "2015"), (2015, "Aftaleåret 2015"), period)
    };
    cycles::insert(tx, &row)?;
    tx.record(Event::of(EventKind::CycleOpened, row.id).version(1));
    Ok(row)
}
