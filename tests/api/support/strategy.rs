//! What the directorate asks for, made over HTTP: a letter, a template, a cycle.

use aftalestyring::db::Author;
use aftalestyring::events::store::{Filter, newest_first};
use serde_json::{Value, json};

use super::World;

/// A letter without themes.
pub fn letter(year: i64) -> Value {
    json!({
        "year": year,
        "title": format!("Direktionens strategibrev {year}"),
        "issued_on": "2014-11-03",
        "source_text": "Direktionens strategibrev er ingen facitliste!",
        "headings": [
            {"key": "borgerne", "title": "Resultater for borgerne"},
            {"key": "tvaers", "title": "Ledelse på tværs"},
        ],
    })
}

/// Makes a letter with the theme `effekter`, as a draft, and gives its address.
pub async fn themed_letter(world: &World, year: i64) -> String {
    let coordinator = world.as_person("koordinator");
    let path = coordinator.post("/api/v1/strategy-letters", letter(year)).await.header("location").to_owned();
    let theme = json!({"key": "effekter", "heading_key": "borgerne", "title": "Borger- og brugereffekter"});
    coordinator.post(&format!("{path}/themes"), theme).await.ok();
    path
}

/// A template with the two compulsory sections of 2015.
pub fn template(name: &str) -> Value {
    json!({
        "name": name,
        "sections": [
            {"key": "effects", "label": "1A", "kind": "effects", "demanded": true,
             "heading": {"da": "Borger- og brugereffekter", "en": "Citizen and user effects"},
             "fields": [{"key": "plan", "type": "text", "label": {"da": "Plan", "en": "Plan"}, "demand": "block"}]},
            {"key": "cross_cutting", "kind": "cross_cutting", "demanded": true,
             "heading": {"da": "Tværgående samarbejde"},
             "fields": [{"key": "plan", "type": "text", "label": {"da": "Plan"}, "demand": "block"}]},
        ],
        "routes": [
            {"kinds": ["centre"], "steps": [{"role": "area_director", "duty": "approve", "rule": "any"}]},
            {"kinds": ["institution"], "steps": [{"role": "superior_leader", "duty": "approve", "rule": "any"}]},
        ],
        "signatories": [{"kinds": ["centre", "institution"], "signatories": ["holder", "superior_leader"]}],
    })
}

/// Makes a template, publishes it, and gives its id.
pub async fn published_template(world: &World, body: Value) -> String {
    let coordinator = world.as_person("koordinator");
    let path = coordinator.post("/api/v1/templates", body).await.header("location").to_owned();
    coordinator.act(&path, "publish", json!({})).await.ok();
    path.rsplit('/').next().expect("an id").to_owned()
}

/// A cycle of a calendar year from some templates.
pub fn cycle(templates: &[&str]) -> Value {
    json!({
        "year": 2015,
        "name": "Aftaler 2015",
        "template_ids": templates,
        "period": {"from": "2015-01-01", "to": "2015-12-31"},
        "deadlines": {"submit": "2014-12-15", "approve": "2015-01-15", "sign": "2015-01-31"},
        "follow_ups": [{"key": "midtvejs", "kind": "forecast", "opens_on": "2015-06-01", "due_on": "2015-06-30"}],
    })
}

/// What happened, oldest first: the kinds of the events with the fields they changed.
pub fn happened(world: &World) -> Vec<(String, Value)> {
    let db = &world.app.app.db;
    let rows = db.read(&Author::system(world.scope, "test"), |conn| newest_first(conn, &Filter::default(), None, 100));
    let rows = rows.expect("the events").into_iter().rev();
    rows.map(|row| (row.kind, row.changed.read().expect("field names"))).collect()
}
