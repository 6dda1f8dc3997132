//! Leaders who come, go, share a unit or have two of them (domain rules 5, 6 and 8).

use aftalestyring::organisation::Role;
use chrono::Duration;
use serde_json::{Value, json};

use super::approvers::appoint;
use super::workflow::{path, section, states, submitted, write_plans};
use crate::support::{Client, Unit, World};

async fn tasks(client: &Client) -> Vec<(String, Value)> {
    let tasks = client.get("/api/v1/me/tasks").await.ok();
    let items = tasks["items"].as_array().expect("tasks").iter();
    items.map(|task| (task["kind"].as_str().expect("a kind").to_owned(), task["section_key"].clone())).collect()
}

async fn listed(client: &Client) -> usize {
    client.get("/api/v1/agreements").await.ok()["items"].as_array().expect("items").len()
}

/// Approves both sections as their directors, or as the chief of the centre.
async fn approve(world: &World, id: aftalestyring::types::Id, approvers: [&str; 2]) {
    for (key, approver) in ["effects", "cross-cutting"].into_iter().zip(approvers) {
        world.as_person(approver).act(&section(id, key), "approve", json!({})).await.ok();
    }
}

#[actix_web::test]
async fn either_of_two_leaders_submits_and_signs_for_the_unit_and_neither_decides() {
    let mut world = World::new().await;
    world.employ("anden chef", Role::Leader, Unit::Social, &[]).await;
    let id = world.agreement(Unit::Social).await;
    let (one, other) = (world.as_person("socialchef"), world.as_person("anden chef"));
    assert_eq!(one.get(&path(id)).await.ok()["holders"].as_array().map(Vec::len), Some(2));
    write_plans(&one, id).await;
    other.act(&path(id), "submit", json!({})).await.ok();
    for leader in [&one, &other] {
        leader.act(&section(id, "effects"), "approve", json!({})).await.refused(403, "own-unit");
    }
    approve(&world, id, ["socialdirektør", "skoledirektør"]).await;
    one.act(&path(id), "sign", json!({})).await.ok();
    other.act(&path(id), "sign", json!({})).await.refused(409, "illegal-move");
    world.as_person("kommunaldirektør").act(&path(id), "sign", json!({})).await.ok();
    assert_eq!(other.get(&path(id)).await.ok()["state"], "in_force");
}

#[actix_web::test]
async fn one_person_with_two_units_sees_both_and_a_neighbours_draft_not_at_all() {
    let world = World::new().await;
    appoint(&world, "plejehjemsleder", Unit::Nursery, "leader", json!({"acting": true})).await;
    for unit in [Unit::CareHome, Unit::Nursery, Unit::School] {
        world.agreement(unit).await;
    }
    let (leader, neighbour) = (world.as_person("plejehjemsleder"), world.as_person("børnehusleder"));
    assert_eq!((listed(&leader).await, listed(&neighbour).await), (2, 1));
    assert_eq!(tasks(&leader).await.len(), 2);
    let school = world.agreement_id(Unit::School).await;
    leader.get(&path(school)).await.refused(404, "not-found");
    leader.get(&format!("{}/draft", path(school))).await.refused(404, "not-found");
}

#[actix_web::test]
async fn a_change_of_leader_moves_the_agreement_and_no_decision_also_over_a_gap() {
    let mut world = World::new().await;
    world.employ("ny leder", Role::Reader, Unit::Directorate, &[]).await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    let chief = world.as_person("socialchef");
    let (before, reason) = (section(id, "effects"), json!({"reason": "Hvordan måler I?"}));
    chief.act(&before, "return", reason).await.ok();
    world.end_appointment("plejehjemsleder").await;
    appoint(&world, "ny leder", Unit::CareHome, "leader", json!({"from": "2014-11-13"})).await;
    assert_eq!(
        tasks(&chief).await[0],
        ("answer_return".to_owned(), json!("effects")),
        "the superior has it in the gap"
    );
    assert_eq!(chief.get(&path(id)).await.ok()["holders"], json!([]));
    world.as_person("plejehjemsleder").get(&path(id)).await.refused(403, "not-appointed");
    world.app.clock.advance(Duration::days(3));
    let new = world.as_person("ny leder");
    assert_eq!(tasks(&new).await, [("answer_return".to_owned(), json!("effects"))]);
    let chief = world.as_person("socialchef");
    assert!(tasks(&chief).await.iter().all(|(kind, _)| kind != "answer_return"));
    let seen = new.get(&before).await.ok();
    assert_eq!(seen["last_decision"]["person_id"], json!(world.person("socialchef")));
    new.patch(&before, json!({"content": {"plan": "Vi måler hvert kvartal."}})).await.ok();
    assert_eq!(new.act(&path(id), "submit", json!({})).await.ok()["state"], "in_review");
}

#[actix_web::test]
async fn while_the_old_leader_and_the_new_overlap_both_hold_the_agreement() {
    let mut world = World::new().await;
    world.employ("ny leder", Role::Reader, Unit::Directorate, &[]).await;
    let id = world.agreement(Unit::CareHome).await;
    appoint(&world, "ny leder", Unit::CareHome, "leader", json!({"from": "2014-11-10"})).await;
    let (old, new) = (world.as_person("plejehjemsleder"), world.as_person("ny leder"));
    old.patch(&section(id, "effects"), json!({"content": {"plan": "Den gamles ord"}})).await.ok();
    new.patch(&section(id, "cross-cutting"), json!({"content": {"plan": "Den nyes ord"}})).await.ok();
    world.end_appointment("plejehjemsleder").await;
    world.as_person("plejehjemsleder").get(&path(id)).await.refused(403, "not-appointed");
    assert_eq!(world.as_person("ny leder").act(&path(id), "submit", json!({})).await.ok()["state"], "in_review");
}

#[actix_web::test]
async fn a_vacant_centres_returned_work_goes_to_the_chief_executive_above() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let returned = json!({"reason": "Hvordan måler I?"});
    world.as_person("socialdirektør").act(&section(id, "effects"), "return", returned).await.ok();
    world.end_appointment("socialchef").await;
    let executive = world.as_person("kommunaldirektør");
    assert_eq!(tasks(&executive).await, [("answer_return".to_owned(), json!("effects"))]);
    executive.patch(&section(id, "effects"), json!({"content": {"plan": "Vi måler hvert kvartal."}})).await.ok();
    assert_eq!(executive.act(&path(id), "submit", json!({})).await.ok()["state"], "in_review");
}

#[actix_web::test]
async fn who_stands_in_for_a_leader_does_not_decide_on_what_they_hand_in() {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    write_plans(&world.as_person("plejehjemsleder"), id).await;
    world.end_appointment("plejehjemsleder").await;
    let chief = world.as_person("socialchef");
    let agreement = chief.act(&path(id), "submit", json!({})).await.ok();
    assert_eq!(agreement["sections"][0]["waiting_for"][0]["name"], "kommunaldirektør");
    chief.act(&section(id, "effects"), "approve", json!({})).await.refused(403, "own-unit");
}

#[actix_web::test]
async fn an_agreement_is_not_in_force_before_everybody_has_signed_who_must() {
    let world = World::new().await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    approve(&world, id, ["socialchef", "socialchef"]).await;
    for person in ["plejehjemsleder", "kommunaldirektør"] {
        world.end_appointment(person).await;
    }
    world.end_appointment("socialchef").await;
    appoint(&world, "socialdirektør", Unit::Social, "leader", json!({})).await;
    let director = world.as_person("socialdirektør");
    let signed = director.act(&path(id), "sign", json!({})).await.ok();
    assert_eq!(signed["state"], "approved", "nobody has signed for the other side");
    let slots = signed["signatures"].as_array().expect("slots");
    assert_eq!(slots.iter().filter(|slot| slot["signed_by"].is_null()).count(), 1);
    director.act(&path(id), "sign", json!({})).await.refused(409, "already-signed");
}

#[actix_web::test]
async fn who_has_left_sees_nothing_of_what_was_theirs_to_read() {
    let mut world = World::new().await;
    world.employ("fortrolig", Role::Reader, Unit::Directorate, &[]).await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    chief.act(&path(id), "share", json!({"people": [world.person("fortrolig")]})).await.ok();
    world.as_person("fortrolig").get(&format!("{}/draft", path(id))).await.ok();
    write_plans(&chief, id).await;
    chief.act(&path(id), "submit", json!({})).await.ok();
    world.as_person("socialdirektør").get(&path(id)).await.ok();
    for gone in ["fortrolig", "socialdirektør"] {
        world.end_appointment(gone).await;
        let client = world.as_person(gone);
        client.get(&path(id)).await.refused(403, "not-appointed");
        client.get("/api/v1/agreements").await.refused(403, "not-appointed");
    }
}

#[actix_web::test]
async fn an_administrator_reads_no_draft_though_it_is_shared_with_them() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let sharing = json!({"people": [world.person("administrator")], "line": true});
    world.as_person("socialchef").act(&path(id), "share", sharing).await.ok();
    let administrator = world.as_person("administrator");
    administrator.get(&path(id)).await.refused(404, "not-found");
    administrator.get(&format!("{}/draft", path(id))).await.refused(404, "not-found");
    assert_eq!(listed(&administrator).await, 0);
}

#[actix_web::test]
async fn two_units_that_share_an_agreement_are_vacant_only_when_neither_has_a_leader() {
    let world = World::new().await;
    let id = world.agreement_of(&[Unit::CareHome, Unit::Nursery]).await;
    world.end_appointment("børnehusleder").await;
    let above = world.as_person("skolechef");
    above.get(&path(id)).await.refused(404, "not-found");
    assert_eq!((listed(&above).await, tasks(&above).await), (0, Vec::new()));
    world.end_appointment("plejehjemsleder").await;
    let above = world.as_person("skolechef");
    above.get(&path(id)).await.ok();
    assert_eq!((listed(&above).await, tasks(&above).await.len()), (1, 1));
}

#[actix_web::test]
async fn nothing_is_recalled_after_the_first_decision_ever_though_it_was_a_return() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let chief = world.as_person("socialchef");
    let returned = json!({"reason": "Hvordan måler I?"});
    world.as_person("socialdirektør").act(&section(id, "effects"), "return", returned).await.ok();
    chief.act(&path(id), "recall", json!({})).await.refused(409, "illegal-move");
    chief.act(&path(id), "submit", json!({})).await.ok();
    chief.act(&path(id), "recall", json!({})).await.refused(409, "illegal-move");
}

#[actix_web::test]
async fn an_optional_section_that_nobody_touched_is_left_out_recalled_and_taken_up_again() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let (chief, coordinator) = (world.as_person("socialchef"), world.as_person("koordinator"));
    assert_eq!(states(&chief.get(&path(id)).await.ok()), ["submitted", "submitted", "omitted"]);
    assert_eq!(states(&chief.act(&path(id), "recall", json!({})).await.ok()), ["draft", "draft", "draft"]);
    chief.act(&path(id), "submit", json!({})).await.ok();
    let service = section(id, "service");
    let words = json!({"content": {"plan": "Vi svarer inden for et døgn."}});
    chief.patch(&service, words.clone()).await.refused(409, "illegal-move");
    coordinator.act(&service, "reopen", json!({"reason": "Byrådet vil se den"})).await.ok();
    chief.patch(&service, words).await.ok();
    let agreement = chief.act(&path(id), "submit", json!({})).await.ok();
    assert_eq!(states(&agreement), ["submitted", "submitted", "submitted"]);
    assert_eq!(agreement["sections"][2]["waiting_for"][0]["name"], "kommunaldirektør");
    approve(&world, id, ["socialdirektør", "skoledirektør"]).await;
    world.as_person("kommunaldirektør").act(&service, "approve", json!({})).await.ok();
    assert_eq!(chief.get(&path(id)).await.ok()["state"], "approved");
}
