//! An agreement of 2015 in the small municipality, made through the stores as an opened cycle would make it.

use aftalestyring::agreements::make::{Making, make};
use aftalestyring::db::types::{Id, Json};
use aftalestyring::db::{Author, Tx};
use aftalestyring::each;
use aftalestyring::error::Result;
use aftalestyring::schema::{cycles, strategy_letters, templates, themes};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Unit, World};

/// The sections of the template: two demanded, one optional.
fn sections() -> Value {
    let plan = |demand: &str| json!([{"key": "plan", "type": "text", "label": {"da": "Plan"}, "demand": demand, "max_length": 200}]);
    json!([
        {"key": "effects", "label": "1", "kind": "effects", "heading": {"da": "Borger- og brugereffekter", "en": "Effects"},
         "demanded": true, "theme_key": "effekter", "fields": plan("block"), "demands": {"goal_judged": "advise"}},
        {"key": "cross-cutting", "label": "2", "kind": "cross_cutting", "heading": {"da": "Tværgående samarbejde"},
         "demanded": true, "theme_key": "samarbejde", "fields": plan("block"), "demands": {"partner_named": "advise"}},
        {"key": "service", "label": "3", "kind": "text", "heading": {"da": "Servicekultur"},
         "demanded": false, "allows_not_applicable": true, "theme_key": "service", "fields": plan("advise")}
    ])
}

fn routes() -> Value {
    let step = |role: &str| json!([{"role": role, "duty": "approve", "rule": "all"}]);
    json!([
        {"kinds": ["centre"], "steps": step("theme_director")},
        {"kinds": ["institution"], "steps": step("superior_leader")}
    ])
}

fn signatories() -> Value {
    json!([
        {"kinds": ["centre"], "signatories": ["holder", "chief_executive"]},
        {"kinds": ["institution"], "signatories": ["holder", "superior_leader"]}
    ])
}

impl World {
    /// The agreement of a unit for 2015, a draft.
    pub async fn agreement(&self, unit: Unit) -> Id {
        self.agreement_where(unit, json!({})).await
    }

    /// The agreement of a unit, its template's columns replaced where `template` has them.
    pub async fn agreement_where(&self, unit: Unit, template: Value) -> Id {
        let (db, scope) = (self.app.app.db.clone(), self.scope);
        let owners = [self.person("socialdirektør"), self.person("skoledirektør")];
        let unit = self.unit(unit);
        aftalestyring::http::blocking(move || {
            db.write(&Author::system(scope, "test"), |tx| {
                let letter = letter(tx, owners)?;
                let template_id = insert_template(tx, letter, &template)?;
                let cycle_id = cycle(tx, letter, template_id)?;
                let making = Making {
                    cycle_id,
                    year: 2015,
                    letter_id: Some(letter),
                    template_id,
                    org_units: vec![unit],
                    title: "Aftale 2015".to_owned(),
                    period: ("2015-01-01".parse().expect("a day"), "2015-12-31".parse().expect("a day")),
                };
                Ok(make(tx, &making)?.id)
            })
        })
        .await
        .expect("an agreement")
    }
}

fn letter(tx: &mut Tx, [social, school]: [Id; 2]) -> Result<Id> {
    let (scope, now, id) = (tx.scope(), tx.now(), Id::new());
    let row = (
        strategy_letters::municipality_id.eq(scope),
        strategy_letters::id.eq(id),
        strategy_letters::year.eq(2015_i64),
        strategy_letters::title.eq("Strategibrev 2015"),
        strategy_letters::source_text.eq("Brev"),
        strategy_letters::headings.eq(Json::of(&json!([{"key": "borgerne", "title": "Resultater for borgerne"}]))),
        strategy_letters::state.eq("published"),
        strategy_letters::version.eq(1_i64),
        strategy_letters::created_at.eq(now),
        strategy_letters::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(strategy_letters::table).values(row.clone()).execute(tx))?;
    for (position, (key, owner)) in
        (0_i64..).zip([("effekter", Some(social)), ("samarbejde", Some(school)), ("service", None::<Id>)])
    {
        let row = (
            themes::municipality_id.eq(scope),
            themes::id.eq(Id::new()),
            themes::letter_id.eq(id),
            themes::key.eq(key),
            themes::heading_key.eq("borgerne"),
            themes::position.eq(position),
            themes::title.eq(key),
            themes::body.eq(key),
            themes::owner_id.eq(owner),
            themes::version.eq(1_i64),
            themes::created_at.eq(now),
            themes::updated_at.eq(now),
        );
        each!(tx => diesel::insert_into(themes::table).values(row.clone()).execute(tx))?;
    }
    Ok(id)
}

fn insert_template(tx: &mut Tx, letter: Id, replaced: &Value) -> Result<Id> {
    let (scope, now, id) = (tx.scope(), tx.now(), Id::new());
    let or = |name: &str, usual: Value| replaced.get(name).cloned().unwrap_or(usual);
    let row = (
        templates::municipality_id.eq(scope),
        templates::id.eq(id),
        templates::name.eq("Skabelon 2015"),
        templates::number.eq(1_i64),
        templates::letter_id.eq(letter),
        templates::state.eq("published"),
        templates::applies_to.eq(Json::of(&json!({"kinds": [], "under": []}))),
        templates::sections.eq(Json::of(&or("sections", sections()))),
        templates::routes.eq(Json::of(&or("routes", routes()))),
        templates::signatories.eq(Json::of(&or("signatories", signatories()))),
        templates::resubmission.eq("restart"),
        templates::version.eq(1_i64),
        templates::created_at.eq(now),
        templates::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(templates::table).values(row.clone()).execute(tx))?;
    Ok(id)
}

fn cycle(tx: &mut Tx, letter: Id, template: Id) -> Result<Id> {
    let (scope, now, id) = (tx.scope(), tx.now(), Id::new());
    let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
    let row = (
        cycles::municipality_id.eq(scope),
        cycles::id.eq(id),
        cycles::year.eq(2015_i64),
        cycles::name.eq("Aftaleåret 2015"),
        cycles::letter_id.eq(letter),
        cycles::template_ids.eq(Json::of(&[template])),
        cycles::period_from.eq(day("2015-01-01")),
        cycles::period_to.eq(day("2015-12-31")),
        cycles::scope.eq(Json::of(&json!({}))),
        cycles::deadlines.eq(Json::of(&json!({"submit": "2014-12-15", "approve": "2015-01-15", "sign": "2015-01-31"}))),
        cycles::follow_ups.eq(Json::of(&json!([]))),
        cycles::state.eq("open"),
        cycles::version.eq(1_i64),
        cycles::created_at.eq(now),
        cycles::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(cycles::table).values(row.clone()).execute(tx))?;
    Ok(id)
}
