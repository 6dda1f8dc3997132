//! What is sent, by operation: each can be sent to the demonstration as it stands, and a test does.

use serde_json::{Value, json};

use super::story::{SOMETHING, made, of_demo, person, unit};
use crate::auth::opaque;
use crate::demo;

const PASSWORD: &str = "en god lang adgangskode";
const CLIENT_SECRET: &str = "en god lang hemmelighed";

/// The example of an operation's body; none when it takes none.
pub(super) fn of(operation: &str) -> Option<Value> {
    of_sessions(operation)
        .or_else(|| of_organisation(operation))
        .or_else(|| of_administration(operation))
        .or_else(|| of_strategy(operation))
        .or_else(|| of_cycles(operation))
        .or_else(|| of_agreements(operation))
        .or_else(|| of_goals(operation))
        .or_else(|| of_effects(operation))
        .or_else(|| of_commitments(operation))
        .or_else(|| of_workflow(operation))
}

fn of_sessions(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_session" => json!({ "email": "centerchef.social@demo.example", "password": PASSWORD }),
        "refresh_session" => json!({ "refresh_token": opaque::of_text(demo::scope(), SOMETHING).0 }),
        "create_token" => json!({
            "grant_type": "client_credentials", "client_id": demo::HR_CLIENT,
            "client_secret": opaque::of_text(demo::scope(), CLIENT_SECRET).0
        }),
        "change_password" => json!({ "current_password": PASSWORD, "new_password": "en ny og lang adgangskode" }),
        _ => return None,
    })
}

fn of_organisation(operation: &str) -> Option<Value> {
    Some(match operation {
        "update_municipality" => json!({ "last_resort_id": person("kommunaldirektoer") }),
        "put_org_unit" => json!({
            "validities": [{
                "from": "2014-01-01", "parent_id": unit("direktionen"), "name": "Social- og Handicapcentret",
                "kind": "centre"
            }],
            "external_keys": { "kle": "27.00.00" }
        }),
        "update_org_unit" => json!({ "holds_agreement": true }),
        "put_person" => json!({
            "name": "Centerchef for Social og Handicap", "email": "centerchef.social@demo.example",
            "identities": [{ "issuer": demo::HR_CLIENT, "subject": "medarbejder-4711" }]
        }),
        "update_person" => json!({ "name": "Centerchef for Social- og Handicapcentret" }),
        "put_appointment" => json!({
            "person_id": person("centerchef.social"), "org_unit_id": unit("social"), "role": "leader",
            "from": "2014-01-01", "to": null, "standing_deputy_id": person("konsulent.social")
        }),
        _ => return None,
    })
}

fn of_administration(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_user" => json!({
            "email": "leder.ny@demo.example",
            "newcomer": { "name": "Leder af et nyt botilbud", "org_unit_id": unit("social"), "role": "contributor" }
        }),
        "update_user" => json!({ "email": "chef.social@demo.example" }),
        "create_client" => json!({
            "client_key": "hr-reserve", "name": "Det andet personalesystem", "source": "hr-reserve",
            "scopes": ["organisation:read"]
        }),
        "update_client" => json!({ "name": "Løn- og personalesystemet" }),
        "create_client_secret" => json!({ "expires_at": "2099-12-31T22:59:59Z" }),
        _ => return None,
    })
}

fn of_strategy(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_strategy_letter" => json!({
            "year": 2016, "title": "Direktionens strategibrev 2016", "issued_on": "2015-11-02",
            "source_text": "I 2016 bygger vi videre på de effektmål, der blev aftalt i 2015.",
            "headings": [{ "key": "borgerne", "title": "Resultater for borgerne" }]
        }),
        "update_strategy_letter" => json!({ "title": "Direktionens strategibrev for 2016" }),
        "create_theme" => json!({
            "key": "tidlig-indsats", "heading_key": "borgerne", "title": "Tidlig indsats",
            "text": "Vi sætter ind, før en borgers problem vokser.", "owner_id": person("direktoer.social")
        }),
        "update_theme" => json!({ "owner_id": person("direktoer.boern") }),
        "create_corporate_goal" => json!({
            "title": "Flere borgere klarer sig selv", "target_group": "Borgere, der får hjælp af kommunen",
            "effect": "Borgeren klarer igen hverdagen uden hjælp.",
            "indicators": [{
                "id": made("corporate-indicator"), "name": "Andel uden hjælp efter et forløb", "unit": "%",
                "aggregation": "ratio", "baseline": 52, "target": 60, "interval": "quarter"
            }]
        }),
        "update_corporate_goal" => json!({ "horizon": "Udgangen af 2016" }),
        "create_template" => json!({
            "name": "Aftaleskabelon 2016", "letter_id": of_demo("strategy-letter", "2015"), "sections": [section()],
            "routes": [{
                "kinds": ["centre"], "steps": [{ "role": "theme_director", "duty": "approve", "rule": "all" }]
            }],
            "signatories": [{ "kinds": ["centre"], "signatories": ["holder", "chief_executive"] }]
        }),
        "update_template" => json!({ "name": "Aftaleskabelon for centre 2016" }),
        _ => return None,
    })
}

fn section() -> Value {
    json!({
        "key": "effects", "label": "1", "kind": "effects", "demanded": true,
        "heading": { "da": "Borger- og brugereffekter", "en": "Citizen and user effects" },
        "guidance": { "da": "Sæt få effektmål.", "en": "Set few effect goals." },
        "theme_key": "borger-og-brugereffekter",
        "fields": [
            {
                "key": "plan", "type": "text", "demand": "block", "max_length": 8000,
                "label": { "da": "Plan for arbejdet", "en": "Plan for the work" },
                "help": { "da": "Hvem gør hvad, og hvornår?", "en": "Who does what, and when?" }
            },
            {
                "key": "maalgruppe", "type": "choice",
                "label": { "da": "Hvem er målgruppen?", "en": "Who is it for?" },
                "choices": [
                    { "key": "boern", "label": { "da": "Børn og unge", "en": "Children and young people" } },
                    { "key": "voksne", "label": { "da": "Voksne", "en": "Adults" } }
                ]
            }
        ],
        "demands": { "goal_present": "advise" }
    })
}

fn of_cycles(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_cycle" => json!({
            "year": 2016, "name": "Aftaleåret 2016", "period": { "from": "2016-01-01", "to": "2016-12-31" },
            "letter_id": of_demo("strategy-letter", "2015"), "template_ids": [of_demo("template", "2015")],
            "scope": { "under": [unit("social")], "exceptions": [unit("lindehuset")] },
            "deadlines": { "submit": "2015-12-15", "approve": "2016-01-15", "sign": "2016-01-29" },
            "follow_ups": [{
                "key": "midtvejs", "kind": "forecast", "opens_on": "2016-06-01", "due_on": "2016-06-30"
            }]
        }),
        "update_cycle" => json!({ "deadlines": { "submit": "2014-12-19" } }),
        _ => return None,
    })
}

fn of_agreements(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_agreement" => json!({ "cycle_id": of_demo("cycle", "2015"), "org_unit_ids": [unit("strategi")] }),
        "update_agreement" => json!({ "case_number": "00.30.00-Ø02-1-14" }),
        "share_agreement" => json!({ "line": true, "people": [person("laeser")] }),
        "put_draft" => json!({ "sections": [
            {
                "key": "effects", "version": 1,
                "content": { "plan": "Vi følger hvert kvartal, om borgerne klarer mere selv efter et forløb hos os." },
                "goals": [{
                    "title": "Flere borgere klarer hverdagen uden hjælp efter et forløb", "indicators": [indicator()]
                }]
            },
            {
                "key": "cross-cutting", "version": 1,
                "content": { "plan": "Vi samarbejder med Arbejdsmarkedscentret om unge med handicap." },
                "commitments": [{
                    "title": "Fra botilbud til job", "promise": "Vi finder de unge, der er klar.",
                    "expected_gain": "Den unge møder én samlet indgang.", "due_on": "2015-10-01",
                    "partners": [partner()]
                }]
            }
        ] }),
        "update_section" => json!({
            "content": { "plan": "Teamlederne følger op hvert kvartal; centerledelsen samler op i december." }
        }),
        "create_comment" => json!({
            "section_key": "effects", "body": "Hvordan og hvornår vurderer I, om målet er nået?", "kind": "question",
            "pointer": "/content/plan"
        }),
        "update_comment" => json!({ "body": "Hvem vurderer, om målet er nået, og hvornår?" }),
        _ => return None,
    })
}

fn indicator() -> Value {
    json!({
        "name": "Andel uden hjælp tre måneder efter", "unit": "%", "direction": "up", "baseline": 58, "target": 65
    })
}

fn of_goals(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_goal" => json!({
            "id": made("goal"), "section_key": "effects",
            "title": "Borgerne oplever, at de har indflydelse på deres forløb",
            "assessment": "Teamlederne og brugerrådet vurderer det sammen i december.",
            "theme_id": of_demo("theme", "borger-og-brugereffekter"), "origin": "political",
            "target_group": "Borgere i et botilbud", "horizon": "Udgangen af 2015"
        }),
        "inherit_goal" => json!({ "inherit_from": made("goal"), "section_key": "effects" }),
        "update_goal" => json!({ "horizon": "Efteråret 2015" }),
        "create_indicator" => {
            let mut one = indicator();
            one.as_object_mut().map(|fields| fields.insert("id".to_owned(), json!(made("indicator"))));
            one
        }
        "update_indicator" => json!({ "target": 68 }),
        _ => return None,
    })
}

fn of_effects(operation: &str) -> Option<Value> {
    Some(match operation {
        "put_measurement" => json!({ "value": 59.5, "source": "Omsorgssystemet", "n": 240 }),
        "create_observation" => json!({
            "id": made("observation"), "kind": "citizen_voice", "goal_id": made("goal"), "observed_on": "2014-11-07",
            "text": "Brugerrådet oplever, at planerne nu laves sammen med borgeren.", "judgement": "on_track",
            "method": "Samtale på rådets møde", "n": 9
        }),
        "import_observations" => json!({ "rows": [
            { "indicator_id": made("indicator"), "observed_on": "2014-09-30", "value": 58.5 },
            { "indicator_id": made("indicator"), "observed_on": "2014-10-31", "value": 59 }
        ] }),
        "update_observation" => json!({ "confidence": "medium" }),
        _ => return None,
    })
}

fn partner() -> Value {
    json!({ "org_unit_id": unit("arbejdsmarked"), "promise": "Arbejdsmarkedscentret finder praktikpladserne." })
}

fn of_commitments(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_commitment" => json!({
            "id": made("commitment"), "agreement_id": of_demo("agreement", "social"), "section_key": "cross-cutting",
            "title": "Fælles overgang fra ungdomsuddannelse til job", "promise": "Vi melder de unge i maj.",
            "expected_gain": "Ingen unge venter mellem to tilbud.", "due_on": "2015-06-01", "partners": [partner()]
        }),
        "update_commitment" => json!({ "title": "Overgang fra ungdomsuddannelse til job" }),
        "confirm_commitment" => json!({ "org_unit_id": unit("arbejdsmarked") }),
        "decline_commitment" => json!({ "reason": "Vi har ingen praktikpladser før august." }),
        "counter_commitment" => json!({
            "promise": "Arbejdsmarkedscentret finder fire praktikpladser om året.", "due_on": "2015-08-01"
        }),
        "fulfil_commitment" => json!({ "reason": "Begge centre meldte det på dialogmødet." }),
        "withdraw_commitment" => json!({ "reason": "Projektet er lagt sammen med et andet." }),
        _ => return None,
    })
}

fn of_workflow(operation: &str) -> Option<Value> {
    Some(match operation {
        "return_section" => json!({
            "reason": "Skriv, hvem der følger op, og hvornår.",
            "comments": [{ "body": "Hvem måler det?", "pointer": "/content/plan" }]
        }),
        "approve_section" | "sign_agreement" => json!({}),
        "reopen_section" => json!({ "reason": "Byrådet har ændret budgettet." }),
        "decide_sections" => json!({ "items": [{
            "agreement_id": of_demo("agreement", "social"), "section_key": "effects", "outcome": "approved",
            "etag": "\"3.0\""
        }] }),
        _ => return None,
    })
}
