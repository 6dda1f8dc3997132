//! Two municipalities in one application: whoever may do everything in one can neither see nor touch the other.

use aftalestyring::access::table::{Access, TABLE};
use aftalestyring::app::DocumentedOperation;
use aftalestyring::openapi::{document, operations};
use aftalestyring::organisation::Role;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use super::document::example_of;
use crate::support::{Client, Everything, Unit, World};

/// Operations that make their own row where the address names none of theirs: an id of another municipality is to
/// them an id that nobody has.
pub const MAKE_THEIR_OWN: [&str; 3] = ["put_appointment", "put_org_unit", "put_person"];

/// A municipality where somebody has every role, and another with one of everything.
pub async fn two() -> (World, World, Everything, Everything) {
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
    let request = client.request(&operation.method.to_uppercase(), address);
    // With a version they replace, and make nothing.
    let makes = MAKE_THEIR_OWN.contains(&operation.id.as_str());
    let request = if makes { request } else { request.if_match("\"1.0\"") };
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
