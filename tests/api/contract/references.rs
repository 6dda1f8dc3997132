//! What is sent refers to nothing of another municipality, at whatever place.

use std::collections::BTreeSet;

use aftalestyring::app::DocumentedOperation;
use aftalestyring::openapi::{document, operations};
use aftalestyring::types::Id;
use serde_json::{Value, json};

use super::foreign::{MAKE_THEIR_OWN, two};
use super::places::in_bodies;
use crate::support::{Everything, Response, Unit, World, strategy};

/// A body of ours with something foreign in it.
pub struct Reference {
    pub operation: &'static str,
    /// The address, as the document writes it.
    template: &'static str,
    /// The places where something foreign stands.
    places: &'static [&'static str],
    pub body: Value,
}

fn refer(operation: &'static str, template: &'static str, places: &'static [&'static str], body: Value) -> Reference {
    Reference { operation, template, places, body }
}

/// What of ours refers to something of the organisation's.
fn of_organisation(foreign: &Everything) -> Vec<Reference> {
    let (person, unit) = (foreign.id("people"), foreign.id("org-units"));
    let validity = json!({"from": "2014-01-01", "parent_id": unit, "name": "Ny", "kind": "centre"});
    let held = json!({
        "person_id": person, "org_unit_id": unit, "role": "leader", "from": "2014-01-01",
        "standing_deputy_id": person, "responsible_for": [unit]
    });
    let held_by = &["/person_id", "/org_unit_id", "/standing_deputy_id", "/responsible_for/0"];
    let log_in = json!({"person_id": person, "email": "ny@lilleby.example"});
    let newcomer = json!({"name": "Ny", "org_unit_id": unit, "role": "leader"});
    let newcomer = json!({"newcomer": newcomer, "email": "ny@lilleby.example"});
    let last_resort = json!({"last_resort_id": person});
    let (units, parent) = ("/api/v1/org-units/{id}", &["/validities/0/parent_id"]);
    vec![
        refer("update_municipality", "/api/v1/municipality", &["/last_resort_id"], last_resort),
        refer("put_org_unit", units, parent, json!({"validities": [validity]})),
        refer("put_appointment", "/api/v1/appointments/{id}", held_by, held),
        refer("create_user", "/api/v1/users", &["/person_id"], log_in),
        refer("create_user", "/api/v1/users", &["/newcomer/org_unit_id"], newcomer),
    ]
}

/// What of ours refers to something of a letter's, a template's or a cycle's.
fn of_strategy(foreign: &Everything) -> Vec<Reference> {
    let (person, unit, letter) = (foreign.id("people"), foreign.id("org-units"), foreign.id("strategy-letters"));
    let (cycles, cycle) = ("/api/v1/cycles", "/api/v1/cycles/{id}");
    let (templates, template) = ("/api/v1/templates", "/api/v1/templates/{id}");
    let made_from = json!({
        "letter_id": letter, "template_ids": [foreign.id("templates")],
        "scope": {"kinds": [], "under": [unit], "exceptions": [unit]}
    });
    let places = &["/letter_id", "/template_ids/0", "/scope/under/0", "/scope/exceptions/0"];
    let (of_letter, of_unit) = (json!({"letter_id": letter}), json!({"applies_to": {"kinds": [], "under": [unit]}}));
    let new_template = |part: &Value| with(strategy::template("Fremmed"), part);
    let theme = json!({"key": "ny", "heading_key": "borgerne", "title": "Ny", "owner_id": person});
    let (themes, one_theme) =
        ("/api/v1/strategy-letters/{id}/themes", "/api/v1/strategy-letters/{id}/themes/{theme_id}");
    let based_on = json!({"based_on_id": foreign.id("templates")});
    vec![
        refer("create_cycle", cycles, places, with(strategy::cycle(&[]), &made_from)),
        refer("update_cycle", cycle, places, made_from),
        refer("create_template", templates, &["/letter_id"], new_template(&of_letter)),
        refer("create_template", templates, &["/applies_to/under/0"], new_template(&of_unit)),
        refer("create_template", templates, &["/based_on_id"], based_on),
        refer("update_template", template, &["/letter_id"], of_letter),
        refer("update_template", template, &["/applies_to/under/0"], of_unit),
        refer("create_theme", themes, &["/owner_id"], theme),
        refer("update_theme", one_theme, &["/owner_id"], json!({"owner_id": person})),
    ]
}

/// A body with some of its fields replaced.
fn with(mut whole: Value, part: &Value) -> Value {
    for (name, value) in part.as_object().expect("fields") {
        whole[name] = value.clone();
    }
    whole
}

/// What of ours refers to something around an agreement.
fn of_agreement(ours: &World, own: &Everything, foreign: &Everything) -> Vec<Reference> {
    let (person, unit, local) = (foreign.id("people"), foreign.id("org-units"), ours.unit(Unit::Nursery).to_string());
    let agreement = |cycle: &str, unit: &str| json!({"cycle_id": cycle, "org_unit_ids": [unit]});
    let comment = json!({"section_key": "effects", "body": "Ny", "reply_to_id": foreign.id("comments")});
    let (agreements, share) = ("/api/v1/agreements", "/api/v1/agreements/{id}/share");
    vec![
        refer("create_agreement", agreements, &["/cycle_id"], agreement(foreign.id("cycles"), &local)),
        refer("create_agreement", agreements, &["/org_unit_ids/0"], agreement(own.id("open"), unit)),
        refer("share_agreement", share, &["/people/0"], json!({"people": [person]})),
        refer("create_comment", "/api/v1/agreements/{id}/comments", &["/reply_to_id"], comment),
    ]
}

/// What of ours refers to something from a goal or a commitment.
fn of_content(own: &Everything, foreign: &Everything) -> Vec<Reference> {
    let (theme, goal) = (foreign.id("themes"), foreign.id("goals"));
    let (goals, one_goal) = ("/api/v1/agreements/{id}/goals", "/api/v1/agreements/{id}/goals/{goal_id}");
    let places = &["/theme_id", "/inherited_from_id"];
    let new_goal = json!({"section_key": "effects", "title": "Ny", "theme_id": theme, "inherited_from_id": goal});
    let changed_goal = json!({"theme_id": theme, "inherited_from_id": goal});
    let partners = json!([{"org_unit_id": foreign.id("org-units")}]);
    let commitment = |agreement: &str, partners: Value| json!({"agreement_id": agreement, "section_key": "cross-cutting", "title": "Ny", "partners": partners});
    let (commitments, one_commitment) = ("/api/v1/commitments", "/api/v1/commitments/{id}");
    let (of_foreign, of_own) =
        (commitment(foreign.id("agreements"), json!([])), commitment(own.id("agreements"), partners.clone()));
    let partner = &["/partners/0/org_unit_id"];
    let draft = |name: &str, list: Value| json!({"sections": [{"key": "service", "version": 1, name: list}]});
    let draft_at = "/api/v1/agreements/{id}/draft";
    let of_goals = &["/sections/0/goals/0/theme_id", "/sections/0/goals/0/inherited_from_id"];
    let of_partners = &["/sections/0/commitments/0/partners/0/org_unit_id"];
    let draft_goals = draft("goals", json!([{"title": "Ny", "theme_id": theme, "inherited_from_id": goal}]));
    let draft_commitments = draft("commitments", json!([{"title": "Ny", "partners": partners}]));
    let seen = json!({
        "kind": "assessment", "goal_id": goal, "indicator_id": foreign.id("indicators"), "observed_on": "2014-11-03",
        "text": "Det går fremad."
    });
    let own_course = &["/indicators/0/inherited_from_id"];
    let strange = json!([{"inherited_from_id": foreign.id("indicators"), "target": 1}]);
    let taken_over = json!({"inherit_from": own.id("goals"), "indicators": strange});
    let rows = json!({"rows": [
        {"kind": "assessment", "goal_id": goal, "observed_on": "2014-11-03", "text": "Godt"},
        {"indicator_id": foreign.id("indicators"), "observed_on": "2014-11-03", "value": 1}
    ]});
    let (observations, seen_of) = ("/api/v1/agreements/{id}/observations", &["/goal_id", "/indicator_id"]);
    vec![
        refer(
            "import_observations",
            "/api/v1/observations/imports",
            &["/rows/0/goal_id", "/rows/1/indicator_id"],
            rows,
        ),
        refer("create_observation", observations, seen_of, seen),
        refer(
            "inherit_goal",
            "/api/v1/agreements/{id}/inherited-goals",
            &["/inherit_from"],
            json!({"inherit_from": goal}),
        ),
        refer("inherit_goal", "/api/v1/agreements/{id}/inherited-goals", own_course, taken_over),
        refer("create_goal", goals, places, new_goal),
        refer("update_goal", one_goal, places, changed_goal),
        refer("create_commitment", commitments, &["/agreement_id"], of_foreign),
        refer("create_commitment", commitments, partner, of_own),
        refer("update_commitment", one_commitment, partner, json!({"partners": partners})),
        refer("put_draft", draft_at, of_goals, draft_goals),
        refer("put_draft", draft_at, of_partners, draft_commitments),
    ]
}

/// Every place in a body that refers to something by its id, with something foreign in it.
pub fn references(ours: &World, own: &Everything, foreign: &Everything) -> Vec<Reference> {
    let groups =
        [of_organisation(foreign), of_strategy(foreign), of_agreement(ours, own, foreign), of_content(own, foreign)];
    groups.into_iter().flatten().collect()
}

/// Places that name one of several things that are the caller's to choose from: whatever they do not have is refused
/// for that, known or not.
const CHOICES: [(&str, &str); 7] = [
    ("approve_section", "/on_behalf_of"),
    ("return_section", "/on_behalf_of"),
    ("decide_sections", "/items/*/on_behalf_of"),
    ("confirm_commitment", "/org_unit_id"),
    ("decline_commitment", "/org_unit_id"),
    ("counter_commitment", "/org_unit_id"),
    ("fulfil_commitment", "/org_unit_id"),
];

/// Places with an id that the client makes, that is told in an answer to each item, or that says where to log in.
const OTHERS: [(&str, &str); 13] = [
    ("create_session", "/municipality"),
    ("create_goal", "/id"),
    ("create_goal", "/indicators/*/id"),
    ("create_indicator", "/id"),
    ("create_commitment", "/id"),
    ("create_observation", "/id"),
    ("create_corporate_goal", "/indicators/*/id"),
    ("update_corporate_goal", "/indicators/*/id"),
    ("import_observations", "/rows/*/id"),
    ("put_draft", "/sections/*/goals/*/id"),
    ("put_draft", "/sections/*/goals/*/indicators/*/id"),
    ("put_draft", "/sections/*/commitments/*/id"),
    ("decide_sections", "/items/*/agreement_id"),
];

/// A pointer with its numbers left open.
fn pattern(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| if part.parse::<u32>().is_ok() { "*" } else { part });
    parts.collect::<Vec<&str>>().join("/")
}

/// Sends a body of ours to something of ours, as somebody who may.
async fn sent(ours: &World, own: &Everything, operation: &DocumentedOperation, one: &Reference) -> Response {
    let of_agreement = ["agreements/", "commitments", "observations/"].iter().any(|part| one.template.contains(part));
    let caller = ours.as_person(if of_agreement { "socialchef" } else { "alt" });
    let is_new = MAKE_THEIR_OWN.contains(&one.operation);
    let list = one.template.trim_end_matches("/{id}");
    let address = if is_new { format!("{list}/{}", Id::new()) } else { own.address(one.template) };
    let request = caller.request(&operation.method.to_uppercase(), &address);
    match operation.method.as_str() {
        "patch" => {
            let etag = caller.get(&address).await.header("etag").to_owned();
            request.if_match(&etag).merge_patch(one.body.clone()).send().await
        }
        "put" => request.json(one.body.clone()).send().await,
        _ => {
            let agreement = caller.get(&own.address("/api/v1/agreements/{id}")).await;
            request.if_match(agreement.header("etag")).json(one.body.clone()).send().await
        }
    }
}

#[actix_web::test]
async fn nothing_foreign_is_referred_to_in_any_body() {
    let (ours, _, own, foreign) = two().await;
    let all = references(&ours, &own, &foreign);
    let places_of = |one: &Reference| {
        let operation = one.operation.to_owned();
        one.places.iter().map(move |place| (operation.clone(), pattern(place))).collect::<Vec<_>>()
    };
    let mut tried: BTreeSet<(String, String)> = all.iter().flat_map(places_of).collect();
    tried
        .extend(CHOICES.iter().chain(&OTHERS).map(|(operation, place)| ((*operation).to_owned(), (*place).to_owned())));
    let places = in_bodies(&document(), |schema| schema["format"] == "uuid");
    let (missing, gone): (Vec<_>, Vec<_>) = (places.difference(&tried).collect(), tried.difference(&places).collect());
    assert!(missing.is_empty() && gone.is_empty(), "not tried: {missing:?}; not there: {gone:?}");
    let documented = operations(&document());
    for one in all {
        let operation = documented.iter().find(|operation| operation.id == one.operation).expect("an operation");
        let answer = sent(&ours, &own, operation, &one).await;
        let pointers: Vec<&Value> =
            answer.body["errors"].as_array().into_iter().flatten().map(|fault| &fault["pointer"]).collect();
        let refused = (answer.status, answer.body["code"].as_str()) == (422, Some("unknown-reference"));
        assert!(refused, "{}: {} {}", one.operation, answer.status, answer.text);
        for place in one.places {
            assert!(pointers.contains(&&json!(place)), "{} {place}: {}", one.operation, answer.text);
        }
    }
}

#[actix_web::test]
async fn nobody_chooses_something_foreign_where_they_have_a_choice() {
    let (ours, _, own, foreign) = two().await;
    let chief = ours.as_person("socialchef");
    let (path, effects) =
        (own.address("/api/v1/agreements/{id}"), own.address("/api/v1/agreements/{id}/sections/{key}"));
    let commitment = own.address("/api/v1/commitments/{id}");
    let school = ours.as_person("skolechef");
    let unit = json!({"org_unit_id": foreign.id("org-units"), "reason": "Nej"});
    school.act(&commitment, "confirm", json!({"org_unit_id": unit["org_unit_id"]})).await.refused(403, "not-party");
    let org_unit_id = &unit["org_unit_id"];
    let terms = json!({"org_unit_id": org_unit_id, "promise": "Nej"});
    school.act(&commitment, "counter", terms).await.refused(403, "not-party");
    school.act(&commitment, "fulfil", json!({"org_unit_id": org_unit_id})).await.refused(403, "not-party");
    school.act(&commitment, "decline", unit).await.refused(403, "not-party");
    for key in ["effects", "cross-cutting"] {
        chief.patch(&format!("{path}/sections/{key}"), json!({"content": {"plan": "P"}})).await.ok();
    }
    chief.act(&path, "submit", json!({})).await.ok();
    let director = ours.as_person("socialdirektør");
    let person = foreign.id("people");
    director.act(&effects, "approve", json!({"on_behalf_of": person})).await.refused(403, "not-your-step");
    let reason = json!({"on_behalf_of": person, "reason": "Nej"});
    director.act(&effects, "return", reason).await.refused(403, "not-your-step");
    let etag = director.get(&effects).await.ok()["etag"].clone();
    let item = |agreement: &str, on_behalf_of: Option<&str>| {
        json!({"agreement_id": agreement, "section_key": "effects", "etag": etag, "outcome": "approved",
            "on_behalf_of": on_behalf_of})
    };
    let items = json!([item(own.id("agreements"), Some(person)), item(foreign.id("agreements"), None)]);
    let decided = director.post("/api/v1/decisions", json!({"items": items})).await.ok();
    let codes: Vec<&Value> =
        decided["items"].as_array().expect("items").iter().map(|item| &item["problem"]["code"]).collect();
    assert_eq!(codes, ["not-your-step", "not-found"]);
}
