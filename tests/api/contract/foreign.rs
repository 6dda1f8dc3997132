//! Two municipalities in one application: whoever may do everything in one can neither see nor touch the other.

use std::collections::BTreeSet;

use aftalestyring::auth::table::{Access, TABLE};
use aftalestyring::db::types::Id;
use aftalestyring::openapi::{DocumentedOperation, document, operations};
use aftalestyring::organisation::Role;
use serde_json::{Value, json};

use super::document::example_of;
use crate::support::{Client, Everything, Response, Unit, World, strategy};

/// Operations that make their own row where the address names none of theirs: an id of another municipality is to
/// them an id that nobody has.
const MAKE_THEIR_OWN: [&str; 3] = ["put_appointment", "put_org_unit", "put_person"];

/// A municipality where somebody has every role, and another with one of everything.
async fn two() -> (World, World, Everything, Everything) {
    let (mut ours, theirs) = World::beside(World::new().await, "Naboby").await;
    ours.employ("alt", Role::Administrator, Unit::Directorate, &[]).await;
    for role in Role::ALL {
        let unit = ours.unit(Unit::Social);
        let held = json!({"person_id": ours.person("alt"), "org_unit_id": unit, "role": role, "from": "2014-01-01"});
        ours.appoint(held).await;
    }
    let (own, foreign) = (Everything::make(&ours).await, Everything::make(&theirs).await);
    (ours, theirs, own, foreign)
}

async fn send(client: &Client, operation: &DocumentedOperation, address: &str, body: Option<Value>) -> (u16, Value) {
    let request = client.request(&operation.method.to_uppercase(), address).if_match("\"1.0\"");
    let request = match body {
        Some(body) if operation.method == "patch" => request.merge_patch(body),
        Some(body) => request.json(body),
        None => request,
    };
    let answer = request.send().await;
    (answer.status, answer.body)
}

/// Everything in a municipality that has an address, as those read it who see it.
async fn picture(world: &World, all: &Everything) -> Vec<String> {
    let mut seen = Vec::new();
    for operation in with_ids().into_iter().filter(|operation| operation.method == "get") {
        let mut answers = Vec::new();
        for who in ["koordinator", "administrator"] {
            let answer = world.as_person(who).get(&all.address(&operation.path)).await;
            answers.extend(Some(answer.text).filter(|_| answer.status == 200));
        }
        if !operation.path.contains("{number}") {
            assert!(!answers.is_empty(), "nobody reads {}", operation.path);
        }
        seen.push(format!("{}: {}", operation.id, answers.join("\n")));
    }
    seen
}

/// The operations of the document with an id of ours in their path.
fn with_ids() -> Vec<DocumentedOperation> {
    operations(&document()).into_iter().filter(|operation| operation.path.contains("id}")).collect()
}

/// Whoever may call an operation at all: the person with every role, and the machine client with every scope.
fn callers(ours: &World, operation: &DocumentedOperation) -> Vec<Client> {
    let rule = TABLE.iter().find(|rule| rule.operation == operation.id).expect("a rule");
    let is_for_clients = matches!(rule.who, Access::Known(_, scopes) if !scopes.is_empty());
    let client = is_for_clients.then(|| ours.as_hr());
    std::iter::once(ours.as_person("alt")).chain(client).collect()
}

/// A person's identities are theirs alone, also in an example that is sent twice.
fn without_names(body: Option<Value>) -> Option<Value> {
    let mut body = body?;
    body.as_object_mut()?.remove("identities");
    Some(body)
}

#[actix_web::test]
async fn no_address_leads_into_another_municipality_whatever_one_may_at_home() {
    let (ours, theirs, _, foreign) = two().await;
    let before = picture(&theirs, &foreign).await;
    let document = document();
    let (make_their_own, others): (Vec<_>, Vec<_>) =
        with_ids().into_iter().partition(|operation| MAKE_THEIR_OWN.contains(&operation.id.as_str()));
    for operation in others {
        let (address, body) = (foreign.address(&operation.path), example_of(&document, &operation));
        for caller in callers(&ours, &operation) {
            let (status, answer) = send(&caller, &operation, &address, body.clone()).await;
            assert_eq!((status, &answer["code"]), (404, &json!("not-found")), "{}: {answer}", operation.id);
        }
    }
    for operation in make_their_own {
        let (address, body) = (foreign.address(&operation.path), without_names(example_of(&document, &operation)));
        let unknown = format!("{}/{}", address.rsplit_once('/').expect("a list").0, Id::new());
        let of_foreign = send(&ours.as_person("alt"), &operation, &address, body.clone()).await;
        let of_unknown = send(&ours.as_person("alt"), &operation, &unknown, body).await;
        assert_eq!(of_foreign.0, of_unknown.0, "{}: {}", operation.id, of_foreign.1);
    }
    assert_eq!(picture(&theirs, &foreign).await, before);
}

#[actix_web::test]
async fn a_part_of_something_foreign_is_not_found_below_something_of_ones_own() {
    let (ours, _, own, foreign) = two().await;
    let (caller, document) = (ours.as_person("alt"), document());
    let nested = with_ids().into_iter().filter(|operation| operation.path.matches("id}").count() > 1);
    for operation in nested {
        let parts: Vec<&str> = operation.path.split('/').collect();
        let at = parts.iter().rposition(|part| part.ends_with("id}")).expect("an id");
        let (own, foreign) = (own.address(&operation.path), foreign.address(&operation.path));
        let foreign_part = foreign.split('/').nth(at).expect("an id");
        let mixed = own.split('/').enumerate().map(|(place, part)| if place == at { foreign_part } else { part });
        let mixed: Vec<&str> = mixed.collect();
        let body = example_of(&document, &operation);
        let (status, answer) = send(&caller, &operation, &mixed.join("/"), body).await;
        assert_eq!((status, &answer["code"]), (404, &json!("not-found")), "{}: {answer}", operation.id);
    }
}

/// A body of ours with something foreign at one place.
struct Reference {
    operation: &'static str,
    /// The address, as the document writes it.
    template: &'static str,
    body: Value,
    pointer: &'static str,
}

fn reference(operation: &'static str, template: &'static str, pointer: &'static str, body: Value) -> Reference {
    Reference { operation, template, body, pointer }
}

/// Every place in a body that refers to something by its id, with something foreign in it.
fn references(ours: &World, own: &Everything, foreign: &Everything) -> Vec<Reference> {
    let (person, unit) = (foreign.id("people"), foreign.id("org-units"));
    let validity = json!({"from": "2014-01-01", "parent_id": unit, "name": "Ny", "kind": "centre"});
    let held = json!({
        "person_id": person, "org_unit_id": unit, "role": "leader", "from": "2014-01-01",
        "standing_deputy_id": person, "responsible_for": [unit]
    });
    let mut cycle = strategy::cycle(&[foreign.id("templates")]);
    cycle["letter_id"] = json!(foreign.id("strategy-letters"));
    cycle["scope"] = json!({"kinds": [], "under": [unit], "exceptions": [unit]});
    let cycle_patch =
        json!({"letter_id": cycle["letter_id"], "template_ids": cycle["template_ids"], "scope": cycle["scope"]});
    let mut template = strategy::template("Fremmed");
    let of_letter = json!({"letter_id": cycle["letter_id"]});
    let of_unit = json!({"applies_to": {"kinds": [], "under": [unit]}});
    template["applies_to"] = of_unit["applies_to"].clone();
    let mut of_foreign_letter = strategy::template("Fremmed");
    of_foreign_letter["letter_id"] = cycle["letter_id"].clone();
    let theme = json!({"key": "ny", "heading_key": "borgerne", "title": "Ny", "owner_id": person});
    let goal = json!({
        "section_key": "effects", "title": "Ny", "theme_id": foreign.id("themes"), "inherited_from_id": foreign.id("goals")
    });
    let goal_patch = json!({"theme_id": goal["theme_id"], "inherited_from_id": goal["inherited_from_id"]});
    let partners = json!([{"org_unit_id": unit}]);
    let commitment = |agreement: &str| json!({"agreement_id": agreement, "section_key": "cross-cutting", "title": "Ny", "partners": partners});
    let draft = |content: Value| json!({"sections": [content]});
    let draft_goals = json!({"key": "service", "version": 1, "goals": [
        {"title": "Ny", "theme_id": goal["theme_id"]}, {"title": "Anden", "inherited_from_id": goal["inherited_from_id"]}
    ]});
    let draft_commitments =
        json!({"key": "service", "version": 1, "commitments": [{"title": "Ny", "partners": partners}]});
    let agreement = |cycle: &str, unit: &str| json!({"cycle_id": cycle, "org_unit_ids": [unit]});
    let log_in = json!({"person_id": person, "email": "ny@lilleby.example", "password": "korrekt hest batteri"});
    let comment = json!({"section_key": "effects", "body": "Ny", "reply_to_id": foreign.id("comments")});
    let local = ours.unit(Unit::Nursery).to_string();
    let (cycles, cycle_at) = ("/api/v1/cycles", "/api/v1/cycles/{id}");
    let (templates, template_at) = ("/api/v1/templates", "/api/v1/templates/{id}");
    let draft_at = "/api/v1/agreements/{id}/draft";
    let appointment_at = "/api/v1/appointments/{id}";
    let goal_at = "/api/v1/agreements/{id}/goals/{goal_id}";
    vec![
        reference("update_municipality", "/api/v1/municipality", "/last_resort_id", json!({"last_resort_id": person})),
        reference(
            "put_org_unit",
            "/api/v1/org-units/{id}",
            "/validities/0/parent_id",
            json!({"validities": [validity]}),
        ),
        reference("put_appointment", appointment_at, "/person_id", held.clone()),
        reference("put_appointment", appointment_at, "/org_unit_id", held.clone()),
        reference("put_appointment", appointment_at, "/standing_deputy_id", held.clone()),
        reference("put_appointment", appointment_at, "/responsible_for/0", held),
        reference("create_user", "/api/v1/users", "/person_id", log_in),
        reference("create_cycle", cycles, "/letter_id", cycle.clone()),
        reference("create_cycle", cycles, "/template_ids/0", cycle.clone()),
        reference("create_cycle", cycles, "/scope/under/0", cycle.clone()),
        reference("create_cycle", cycles, "/scope/exceptions/0", cycle),
        reference("update_cycle", cycle_at, "/letter_id", cycle_patch.clone()),
        reference("update_cycle", cycle_at, "/template_ids/0", cycle_patch.clone()),
        reference("update_cycle", cycle_at, "/scope/under/0", cycle_patch.clone()),
        reference("update_cycle", cycle_at, "/scope/exceptions/0", cycle_patch),
        reference("create_template", templates, "/letter_id", of_foreign_letter),
        reference("create_template", templates, "/applies_to/under/0", template),
        reference("create_template", templates, "/based_on_id", json!({"based_on_id": foreign.id("templates")})),
        reference("update_template", template_at, "/letter_id", of_letter),
        reference("update_template", template_at, "/applies_to/under/0", of_unit),
        reference("create_theme", "/api/v1/strategy-letters/{id}/themes", "/owner_id", theme.clone()),
        reference(
            "update_theme",
            "/api/v1/strategy-letters/{id}/themes/{theme_id}",
            "/owner_id",
            json!({"owner_id": person}),
        ),
        reference("create_agreement", "/api/v1/agreements", "/cycle_id", agreement(foreign.id("cycles"), &local)),
        reference("create_agreement", "/api/v1/agreements", "/org_unit_ids/0", agreement(own.id("cycles"), unit)),
        reference("share_agreement", "/api/v1/agreements/{id}/share", "/people/0", json!({"people": [person]})),
        reference("create_goal", "/api/v1/agreements/{id}/goals", "/theme_id", goal.clone()),
        reference("create_goal", "/api/v1/agreements/{id}/goals", "/inherited_from_id", goal),
        reference("update_goal", goal_at, "/theme_id", goal_patch.clone()),
        reference("update_goal", goal_at, "/inherited_from_id", goal_patch),
        reference("create_comment", "/api/v1/agreements/{id}/comments", "/reply_to_id", comment),
        reference("create_commitment", "/api/v1/commitments", "/agreement_id", commitment(foreign.id("agreements"))),
        reference(
            "create_commitment",
            "/api/v1/commitments",
            "/partners/0/org_unit_id",
            commitment(own.id("agreements")),
        ),
        reference(
            "update_commitment",
            "/api/v1/commitments/{id}",
            "/partners/0/org_unit_id",
            json!({"partners": partners}),
        ),
        reference("put_draft", draft_at, "/sections/0/goals/0/theme_id", draft(draft_goals.clone())),
        reference("put_draft", draft_at, "/sections/0/goals/1/inherited_from_id", draft(draft_goals)),
        reference("put_draft", draft_at, "/sections/0/commitments/0/partners/0/org_unit_id", draft(draft_commitments)),
    ]
}

/// Places that name one of several things that are the caller's to choose from: whatever they do not have is refused
/// for that, known or not.
const CHOICES: [(&str, &str); 5] = [
    ("approve_section", "/on_behalf_of"),
    ("return_section", "/on_behalf_of"),
    ("decide_sections", "/items/*/on_behalf_of"),
    ("confirm_commitment", "/org_unit_id"),
    ("decline_commitment", "/org_unit_id"),
];

/// Places with an id that the client makes, that is told in an answer to each item, or that says where to log in.
const OTHERS: [(&str, &str); 9] = [
    ("create_session", "/municipality"),
    ("create_goal", "/id"),
    ("create_goal", "/indicators/*/id"),
    ("create_indicator", "/id"),
    ("create_commitment", "/id"),
    ("put_draft", "/sections/*/goals/*/id"),
    ("put_draft", "/sections/*/goals/*/indicators/*/id"),
    ("put_draft", "/sections/*/commitments/*/id"),
    ("decide_sections", "/items/*/agreement_id"),
];

/// Every place of an id in a body of the document.
fn places(document: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for operation in operations(document) {
        let body = &document["paths"][operation.path.as_str()][operation.method.as_str()]["requestBody"]["content"];
        for media_type in body.as_object().into_iter().flat_map(|types| types.values()) {
            collect(document, &media_type["schema"], String::new(), &mut |place| {
                found.insert((operation.id.clone(), place));
            });
        }
    }
    found
}

fn collect(document: &Value, schema: &Value, at: String, found: &mut impl FnMut(String)) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        return collect(document, &document["components"]["schemas"][name], at, found);
    }
    if schema["format"] == "uuid" {
        found(at);
        return;
    }
    for either in schema["oneOf"].as_array().into_iter().flatten() {
        collect(document, either, at.clone(), found);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect(document, property, format!("{at}/{name}"), found);
    }
    if schema["items"].is_object() {
        collect(document, &schema["items"], format!("{at}/*"), found);
    }
}

/// A pointer with its numbers left open.
fn pattern(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| if part.parse::<u32>().is_ok() { "*" } else { part });
    parts.collect::<Vec<&str>>().join("/")
}

/// Sends a body of ours to something of ours, as somebody who may.
async fn refer(ours: &World, own: &Everything, operation: &DocumentedOperation, one: &Reference) -> Response {
    let of_agreement = one.template.contains("agreements/") || one.template.contains("commitments");
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
    let mut tried: BTreeSet<(String, String)> =
        all.iter().map(|one| (one.operation.to_owned(), pattern(one.pointer))).collect();
    tried
        .extend(CHOICES.iter().chain(&OTHERS).map(|(operation, place)| ((*operation).to_owned(), (*place).to_owned())));
    let places = places(&document());
    let (missing, gone): (Vec<_>, Vec<_>) = (places.difference(&tried).collect(), tried.difference(&places).collect());
    assert!(missing.is_empty() && gone.is_empty(), "not tried: {missing:?}; not there: {gone:?}");
    let documented = operations(&document());
    for one in all {
        let operation = documented.iter().find(|operation| operation.id == one.operation).expect("an operation");
        let answer = refer(&ours, &own, operation, &one).await;
        let pointers: Vec<&Value> =
            answer.body["errors"].as_array().into_iter().flatten().map(|fault| &fault["pointer"]).collect();
        let refused = (answer.status, answer.body["code"].as_str()) == (422, Some("unknown-reference"));
        assert!(refused, "{} {}: {} {}", one.operation, one.pointer, answer.status, answer.text);
        assert!(pointers.contains(&&json!(one.pointer)), "{} {}: {}", one.operation, one.pointer, answer.text);
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
