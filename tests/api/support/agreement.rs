//! An agreement of 2015 for tests, made through the stores: a published letter with two themes, a template with three
//! sections, an open cycle. All of a municipality's agreements share them.

use aftalestyring::agreements::agreement::create::{AgreementPlan, make};
use aftalestyring::db::{Author, Tx};
use aftalestyring::each;
use aftalestyring::error::Result;
use aftalestyring::schema::{agreement_units, cycles, strategy_letters, templates, themes};
use aftalestyring::types::{Date, Id, Json};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Unit, World};

/// The themes of the letter, by key, with the director who owns each.
const THEMES: [(&str, &str); 2] =
    [("borger-og-brugereffekter", "socialdirektør"), ("tvaergaaende-samarbejde", "skoledirektør")];

impl World {
    /// The agreement of a unit in the cycle of 2015: nothing is written in it.
    pub async fn agreement(&self, unit: Unit) -> Id {
        self.agreement_of(&[unit]).await
    }

    /// An agreement that some units share.
    pub async fn agreement_of(&self, units: &[Unit]) -> Id {
        let units: Vec<Id> = units.iter().map(|unit| self.unit(*unit)).collect();
        let owners = THEMES.map(|(_, owner)| self.person(owner));
        let (db, author) = (self.app.app.db.clone(), Author::system(self.scope, "test"));
        aftalestyring::app::blocking(move || {
            db.write(&author, |tx| {
                insert_year(tx, owners)?;
                insert_agreement(tx, &units)
            })
        })
        .await
        .expect("an agreement")
    }
}

impl World {
    /// The id of the agreement that a unit has.
    pub async fn agreement_id(&self, unit: Unit) -> Id {
        let unit = self.unit(unit);
        self.arrange(move |tx| {
            let scope = tx.scope();
            Ok(each!(tx => agreement_units::table
                .filter(agreement_units::municipality_id.eq(scope).and(agreement_units::org_unit_id.eq(unit)))
                .select(agreement_units::agreement_id).first(tx))?)
        })
        .await
    }
}

fn named(municipality: Id, name: &str) -> Id {
    Id::of_name(&format!("{municipality}/2015/{name}"))
}

/// Letter, themes, template and cycle, unless they are there.
fn insert_year(tx: &mut Tx, owners: [Id; 2]) -> Result<()> {
    let municipality_id = tx.scope();
    let cycle = named(municipality_id, "cycle");
    let known: i64 = each!(tx => cycles::table
        .filter(cycles::municipality_id.eq(municipality_id).and(cycles::id.eq(cycle))).count().get_result(tx))?;
    if known == 0 {
        insert_letter(tx, owners)?;
        insert_template(tx)?;
        insert_cycle(tx)?;
    }
    Ok(())
}

fn insert_letter(tx: &mut Tx, owners: [Id; 2]) -> Result<()> {
    let (municipality_id, now) = (tx.scope(), tx.now());
    let letter = named(municipality_id, "letter");
    let row = (
        strategy_letters::municipality_id.eq(municipality_id),
        strategy_letters::id.eq(letter),
        strategy_letters::year.eq(2015_i64),
        strategy_letters::title.eq("Strategibrev 2015"),
        strategy_letters::issued_on.eq(day("2014-11-03")),
        strategy_letters::source_text.eq("Kære leder"),
        strategy_letters::headings.eq(Json::of(&json!([
            {"key": "resultater-for-borgerne", "title": "Resultater for borgerne"},
            {"key": "ledelse-paa-tvaers", "title": "Ledelse på tværs"},
        ]))),
        strategy_letters::state.eq("published"),
        strategy_letters::published_at.eq(now),
        strategy_letters::version.eq(1_i64),
        strategy_letters::created_at.eq(now),
        strategy_letters::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(strategy_letters::table).values(row.clone()).execute(tx))?;
    let headings = ["resultater-for-borgerne", "ledelse-paa-tvaers"];
    let titles = ["Borger- og brugereffekter", "Tværgående samarbejde"];
    for (position, (((key, _), owner), (heading, title))) in
        (0_i64..).zip(THEMES.into_iter().zip(owners).zip(headings.into_iter().zip(titles)))
    {
        let row = (
            themes::municipality_id.eq(municipality_id),
            themes::id.eq(named(municipality_id, key)),
            themes::letter_id.eq(letter),
            themes::key.eq(key),
            themes::heading_key.eq(heading),
            themes::position.eq(position),
            themes::title.eq(title),
            themes::body.eq(""),
            themes::owner_id.eq(owner),
            themes::version.eq(1_i64),
            themes::created_at.eq(now),
            themes::updated_at.eq(now),
        );
        each!(tx => diesel::insert_into(themes::table).values(row).execute(tx))?;
    }
    Ok(())
}

/// What the template prescribes, as it is stored.
fn definitions() -> Value {
    let text = |da: &str, en: &str| json!({"da": da, "en": en});
    let plan = |demand: &str| {
        json!({
            "key": "plan", "type": "text", "label": text("Plan", "Plan"), "help": text("Skriv kort.", "Be brief."),
            "demand": demand, "max_length": 200, "minutes": 60
        })
    };
    json!([
        {
            "key": "effects", "label": "1A", "kind": "effects", "demanded": true, "theme_key": THEMES[0].0,
            "heading": text("Borger- og brugereffekter", "Citizen and user effects"),
            "guidance": text("Beskriv, hvordan I arbejder med effekter.", ""), "fields": [plan("block")],
            "demands": {"goal_present": "off"}
        },
        {
            "key": "cross-cutting", "label": "3", "kind": "cross_cutting", "demanded": true, "theme_key": THEMES[1].0,
            "heading": text("Tværgående samarbejde", "Cross-cutting work"),
            "allows_not_applicable": true, "fields": [plan("block")], "demands": {"partner_named": "advise"}
        },
        {
            "key": "service", "label": "4", "kind": "text", "demanded": false,
            "heading": text("Servicekultur", "Service culture"), "fields": [plan("advise")]
        },
    ])
}

fn insert_template(tx: &mut Tx) -> Result<()> {
    let (municipality_id, now) = (tx.scope(), tx.now());
    let step = |role: &str| json!([{"role": role, "duty": "approve", "rule": "all"}]);
    let row = (
        templates::municipality_id.eq(municipality_id),
        templates::id.eq(named(municipality_id, "template")),
        templates::name.eq("Aftale 2015"),
        templates::number.eq(1_i64),
        templates::letter_id.eq(named(municipality_id, "letter")),
        templates::state.eq("published"),
        templates::applies_to.eq(Json::of(&json!({"kinds": [], "under": []}))),
        templates::sections.eq(Json::of(&definitions())),
        templates::routes.eq(Json::of(&json!([
            {"kinds": ["centre"], "steps": step("theme_director")},
            {"kinds": ["institution"], "steps": step("superior_leader")},
        ]))),
        templates::signatories.eq(Json::of(&json!([
            {"kinds": ["centre"], "signatories": ["holder", "chief_executive"]},
            {"kinds": ["institution"], "signatories": ["holder", "superior_leader"]},
        ]))),
        templates::resubmission.eq("restart"),
        templates::published_at.eq(now),
        templates::version.eq(1_i64),
        templates::created_at.eq(now),
        templates::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(templates::table).values(row.clone()).execute(tx))?;
    Ok(())
}

fn insert_cycle(tx: &mut Tx) -> Result<()> {
    let (municipality_id, now) = (tx.scope(), tx.now());
    let row = (
        cycles::municipality_id.eq(municipality_id),
        cycles::id.eq(named(municipality_id, "cycle")),
        cycles::year.eq(2015_i64),
        cycles::name.eq("Aftaler 2015"),
        cycles::letter_id.eq(named(municipality_id, "letter")),
        cycles::template_ids.eq(Json::of(&[named(municipality_id, "template")])),
        cycles::period_from.eq(day("2015-01-01")),
        cycles::period_to.eq(day("2015-12-31")),
        cycles::scope.eq(Json::of(&json!({"kinds": ["centre", "institution"], "under": [], "exceptions": []}))),
        cycles::deadlines.eq(Json::of(&json!({"submit": "2014-12-15", "approve": "2015-01-15", "sign": "2015-01-31"}))),
        cycles::follow_ups.eq(Json::of(&json!([]))),
        cycles::state.eq("open"),
        cycles::opened_at.eq(now),
        cycles::version.eq(1_i64),
        cycles::created_at.eq(now),
        cycles::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(cycles::table).values(row.clone()).execute(tx))?;
    Ok(())
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn insert_agreement(tx: &mut Tx, units: &[Id]) -> Result<Id> {
    let municipality_id = tx.scope();
    let making = AgreementPlan {
        id: Id::new(),
        cycle_id: named(municipality_id, "cycle"),
        year: 2015,
        letter_id: Some(named(municipality_id, "letter")),
        template_id: named(municipality_id, "template"),
        org_units: units.to_vec(),
        title: "Aftale 2015".to_owned(),
        period: (day("2015-01-01"), day("2015-12-31")),
    };
    Ok(make(tx, &making)?.id)
}
