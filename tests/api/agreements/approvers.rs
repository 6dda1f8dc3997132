//! Who decides when the usual people may not, or are no longer there (domain rules 2 and 3).

use aftalestyring::organisation::Role;
use serde_json::{Value, json};

use super::workflow::{path, section, submitted, write_plans};
use crate::support::{Client, Unit, World};

/// Puts an appointment in place, as the coordinator does by hand.
pub(super) async fn appoint(world: &World, person: &str, unit: Unit, role: &str, more: Value) {
    let mut body = json!({
        "person_id": world.person(person), "org_unit_id": world.unit(unit), "role": role, "from": "2014-01-01"
    });
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    let address = format!("/api/v1/appointments/{}", uuid::Uuid::now_v7());
    world.as_person("koordinator").put(&address, body).await.ok();
}

/// The names of those whom a section waits for.
async fn waiting_for(world: &World, path: &str, index: usize) -> Vec<String> {
    let agreement = world.as_person("koordinator").get(path).await.ok();
    let people = agreement["sections"][index]["waiting_for"].as_array().expect("people");
    people.iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
}

/// What the audit log holds of the last decision of a kind.
async fn last(world: &World, kind: &str) -> Value {
    let audit = world.as_person("koordinator").get("/api/v1/audit?limit=200").await.ok();
    let entries = audit["items"].as_array().expect("entries");
    entries.iter().find(|entry| entry["kind"] == kind).cloned().unwrap_or_else(|| panic!("nothing is {kind}"))
}

async fn set_last_resort(world: &World, person: &str) {
    let last_resort = json!({"last_resort_id": world.person(person)});
    world.as_person("administrator").patch("/api/v1/municipality", last_resort).await.ok();
}

async fn name_owner(world: &World, section: &Value, owner: &str) {
    let theme = format!("/api/v1/strategy-letters/{}/themes/{}", section["letter"], section["theme"]);
    let theme = theme.replace('"', "");
    world.as_person("koordinator").patch(&theme, json!({"owner_id": world.person(owner)})).await.ok();
}

/// The addresses of the letter and of a section's theme.
async fn theme_of(world: &World, client: &Client, id: aftalestyring::types::Id, key: &'static str) -> Value {
    let letters = client.get("/api/v1/strategy-letters").await.ok();
    json!({"letter": letters["items"][0]["id"], "theme": world.section(id, key).await.theme_id})
}

#[actix_web::test]
async fn a_director_who_acts_as_chief_of_a_centre_is_replaced_by_the_standing_deputy() {
    let world = World::new().await;
    let deputy = json!({"acting": true, "standing_deputy_id": world.person("stedfortræder")});
    appoint(&world, "socialdirektør", Unit::Social, "leader", deputy).await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    assert_eq!(waiting_for(&world, &path(id), 0).await, ["stedfortræder"]);
    let director = world.as_person("socialdirektør");
    director.act(&section(id, "effects"), "approve", json!({})).await.refused(403, "own-unit");
    let seen = world.as_person("stedfortræder").act(&section(id, "effects"), "approve", json!({})).await.ok();
    assert_eq!(seen["last_decision"]["acting_for_id"], json!(world.person("socialdirektør")));
    let history = director.get(&format!("{}/history", path(id))).await.ok();
    let sentence = history["items"][0]["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("stedfortræder godkendte") && sentence.contains("socialdirektør"), "{sentence}");
}

#[actix_web::test]
async fn without_a_deputy_the_chief_executive_decides_and_then_the_last_resort() {
    let mut world = World::new().await;
    world.employ("revisor", Role::Director, Unit::Directorate, &[]).await;
    set_last_resort(&world, "revisor").await;
    appoint(&world, "socialdirektør", Unit::Social, "leader", json!({"acting": true})).await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    assert_eq!(waiting_for(&world, &path(id), 0).await, ["kommunaldirektør"]);
    appoint(&world, "kommunaldirektør", Unit::Social, "leader", json!({"acting": true})).await;
    assert_eq!(waiting_for(&world, &path(id), 0).await, ["revisor"]);
    world
        .as_person("kommunaldirektør")
        .act(&section(id, "effects"), "approve", json!({}))
        .await
        .refused(403, "own-unit");
    world.as_person("revisor").act(&section(id, "effects"), "approve", json!({})).await.ok();
    let told = last(&world, "section.approved").await;
    assert_eq!(told["person_id"], json!(world.person("revisor")));
    assert_eq!(told["detail"]["instead_of_id"], json!(world.person("kommunaldirektør")));
}

#[actix_web::test]
async fn a_submission_that_nobody_could_decide_on_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    write_plans(&chief, id).await;
    for person in ["socialdirektør", "kommunaldirektør"] {
        appoint(&world, person, Unit::Social, "leader", json!({"acting": true})).await;
    }
    chief.act(&path(id), "submit", json!({})).await.refused(409, "no-approver");
    let dry = chief.request("POST", &format!("{}/submit?dry_run=true", path(id))).send().await.ok();
    assert_eq!(dry["problems"][0]["code"], "no-approver");
    assert_eq!(chief.get(&path(id)).await.ok()["state"], "draft");
}

#[actix_web::test]
async fn who_takes_an_approvers_place_sees_the_section_and_both_are_on_record() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let theme = theme_of(&world, &world.as_person("koordinator"), id, "effects").await;
    name_owner(&world, &theme, "stedfortræder").await;
    assert_eq!(
        waiting_for(&world, &path(id), 0).await,
        ["socialdirektør"],
        "the step is frozen while its person is there"
    );
    world.end_appointment("socialdirektør").await;
    assert_eq!(waiting_for(&world, &path(id), 0).await, ["stedfortræder"]);
    let successor = world.as_person("stedfortræder");
    let task = successor.get("/api/v1/me/tasks").await.ok()["items"][0].clone();
    assert_eq!((&task["kind"], &task["section_key"]), (&json!("approve"), &json!("effects")));
    let listed = successor.get("/api/v1/agreements?waiting_for=me").await.ok();
    assert_eq!(listed["items"][0]["id"], json!(id));
    successor.act(task["href"].as_str().expect("an address"), "approve", json!({})).await.ok();
    let told = last(&world, "section.approved").await;
    assert_eq!(told["person_id"], json!(world.person("stedfortræder")));
    assert_eq!(told["detail"]["instead_of_id"], json!(world.person("socialdirektør")));
    successor.get(&path(id)).await.ok();
}

#[actix_web::test]
async fn when_one_of_two_approvers_leaves_somebody_else_decides_in_their_place() {
    for leaves_first in [true, false] {
        let mut world = World::new().await;
        world.employ("anden chef", Role::Leader, Unit::Social, &[]).await;
        let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
        if leaves_first {
            world.end_appointment("anden chef").await;
        }
        world.as_person("socialchef").act(&section(id, "effects"), "approve", json!({})).await.ok();
        world.end_appointment("anden chef").await;
        assert_eq!(waiting_for(&world, &path(id), 0).await, ["kommunaldirektør"]);
        let executive = world.as_person("kommunaldirektør");
        let decided = executive.act(&section(id, "effects"), "approve", json!({})).await.ok();
        assert_eq!(decided["state"], "approved");
        let told = last(&world, "section.approved").await;
        assert_eq!(told["detail"]["instead_of_id"], json!(world.person("anden chef")));
    }
}

#[actix_web::test]
async fn nobody_decides_for_somebody_whose_place_they_do_not_have() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let (director, address) = (world.as_person("socialdirektør"), section(id, "effects"));
    let for_another = json!({"on_behalf_of": world.person("skoledirektør")});
    director.act(&address, "approve", for_another).await.refused(403, "not-your-step");
    let for_another = json!({"on_behalf_of": world.person("skoledirektør"), "reason": "Mere"});
    director.act(&address, "return", for_another).await.refused(403, "not-your-step");
    assert_eq!(director.get(&address).await.ok()["state"], "submitted");
    director.act(&address, "approve", json!({"on_behalf_of": null})).await.ok();
}

#[actix_web::test]
async fn a_theme_in_the_name_of_somebody_outside_the_directorate_is_decided_by_the_chief_executive() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    write_plans(&chief, id).await;
    let section = theme_of(&world, &chief, id, "effects").await;
    name_owner(&world, &section, "plejehjemsleder").await;
    chief.act(&path(id), "submit", json!({})).await.ok();
    assert_eq!(waiting_for(&world, &path(id), 0).await, ["kommunaldirektør"]);
}

#[actix_web::test]
async fn the_coordinator_and_the_administrator_are_never_asked_to_decide() {
    for (person, role) in [("koordinator", "coordinator"), ("administrator", "administrator")] {
        let world = World::new().await;
        let id = world.agreement(Unit::Social).await;
        let theme = theme_of(&world, &world.as_person("koordinator"), id, "effects").await;
        name_owner(&world, &theme, person).await;
        set_last_resort(&world, person).await;
        write_plans(&world.as_person("socialchef"), id).await;
        world.as_person("socialchef").act(&path(id), "submit", json!({})).await.ok();
        assert_eq!(waiting_for(&world, &path(id), 0).await, ["kommunaldirektør"], "{role}");
        appoint(&world, "kommunaldirektør", Unit::Social, "leader", json!({})).await;
        assert!(waiting_for(&world, &path(id), 0).await.is_empty(), "{role}");
    }
}

#[actix_web::test]
async fn who_leads_the_unit_takes_nothing_up_again_though_they_run_the_cycle() {
    let mut world = World::new().await;
    world.employ("strategichef", Role::Coordinator, Unit::Directorate, &[]).await;
    appoint(&world, "strategichef", Unit::Social, "leader", json!({})).await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    world.as_person("socialdirektør").act(&section(id, "effects"), "approve", json!({})).await.ok();
    let again = json!({"reason": "Vi vil skrive noget andet"});
    let own = world.as_person("strategichef");
    own.act(&section(id, "effects"), "reopen", again.clone()).await.refused(403, "own-unit");
    world.as_person("koordinator").act(&section(id, "effects"), "reopen", again).await.ok();
}
