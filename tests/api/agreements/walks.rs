//! Random walks through the workflow: whatever people try, in whatever order, the agreement stays consistent.

use aftalestyring::agreements::agreement::model::AgreementState;
use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::types::Id;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

use crate::support::{Unit, World};

const WRITERS: [&str; 3] = ["socialchef", "socialchef", "medarbejder"];

const DECIDERS: [&str; 4] = ["socialdirektør", "skoledirektør", "kommunaldirektør", "koordinator"];

/// Something somebody tries on an agreement; it may be refused, and never fails.
async fn attempt(world: &World, id: Id, pick: &mut impl FnMut(usize) -> usize) -> u16 {
    let (writer, decider) =
        (world.as_person(WRITERS[pick(WRITERS.len())]), world.as_person(DECIDERS[pick(DECIDERS.len())]));
    let agreement = format!("/api/v1/agreements/{id}");
    let section = format!("{agreement}/sections/{}", ["effects", "cross-cutting", "service"][pick(3)]);
    let (person, resource, action, body) = match pick(12) {
        0 => {
            let plan = json!({"content": {"plan": format!("Plan {}", pick(1000))}});
            let Some(etag) = writer.get(&section).await.body["etag"].as_str().map(str::to_owned) else { return 404 };
            return writer.request("PATCH", &section).if_match(&etag).merge_patch(plan).send().await.status;
        }
        1..=3 => (writer, &agreement, "submit", json!({})),
        4 => (writer, &agreement, "recall", json!({})),
        5..=6 => (decider, &section, "return", json!({"reason": "Mere"})),
        7 => (decider, &section, "reopen", json!({"reason": "Igen"})),
        8 => (if pick(2) == 0 { writer } else { decider }, &agreement, "sign", json!({})),
        _ => (decider, &section, "approve", json!({})),
    };
    let Some(etag) = person.get(resource).await.body["etag"].as_str().map(str::to_owned) else { return 404 };
    person.request("POST", &format!("{resource}/{action}")).if_match(&etag).json(body).send().await.status
}

fn states(agreement: &Value) -> Vec<SectionState> {
    let sections = agreement["sections"].as_array().expect("sections").iter();
    sections.map(|one| SectionState::parse(one["state"].as_str().expect("a state")).expect("a known state")).collect()
}

/// What must hold of an agreement at any time.
async fn check(world: &World, id: Id) -> AgreementState {
    let coordinator = world.as_person("koordinator");
    let agreement = coordinator.get(&format!("/api/v1/agreements/{id}")).await.ok();
    let state = AgreementState::parse(agreement["state"].as_str().expect("a state")).expect("a known state");
    let slots = agreement["signatures"].as_array().expect("slots");
    let signed = slots.iter().all(|slot| slot["signed_by"].is_string());
    let phase = AgreementState::phase(&states(&agreement));
    let expected = if signed && phase == AgreementState::Approved { AgreementState::InForce } else { phase };
    assert_eq!(state, expected, "{agreement}");
    for section in agreement["sections"].as_array().expect("sections") {
        let key = section["key"].as_str().expect("a key");
        let path = format!("/api/v1/agreements/{id}/sections/{key}/revisions");
        let revisions = coordinator.get(&path).await.ok()["items"].clone();
        let known: Vec<&Value> = revisions.as_array().expect("revisions").iter().map(|one| &one["revision"]).collect();
        assert_eq!(Some(known.len()), section["revision"].as_u64().map(|count| count as usize), "{section}");
        let decision = &section["last_decision"];
        let about = &decision["revision"];
        assert!(decision.is_null() || known.contains(&about) || *about == 0, "a decision on no revision: {section}");
        if section["state"] == "approved" {
            assert_eq!((&decision["outcome"], about), (&json!("approved"), &section["revision"]), "{section}");
        }
        let waits = section["waiting_for"].as_array().is_some_and(|people| !people.is_empty());
        assert_eq!(waits, section["state"] == "submitted", "{section}");
    }
    state
}

#[actix_web::test]
async fn no_sequence_of_calls_reaches_an_inconsistent_state() {
    use proptest::prelude::Rng;
    let mut seen = Vec::new();
    for seed in 0_u8..3 {
        let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        let mut pick = |most: usize| random.next_u32() as usize % most;
        let world = World::new().await;
        let id = world.agreement(Unit::Social).await;
        for key in ["effects", "cross-cutting"] {
            let plan = json!({"content": {"plan": "Vi planlægger."}});
            world.as_person("socialchef").patch(&format!("/api/v1/agreements/{id}/sections/{key}"), plan).await.ok();
        }
        for _ in 0..50 {
            let status = attempt(&world, id, &mut pick).await;
            assert!(status < 500, "seed {seed} ended in {status}");
            seen.push(check(&world, id).await);
        }
    }
    for state in [AgreementState::Draft, AgreementState::InReview, AgreementState::Returned, AgreementState::Approved] {
        assert!(seen.contains(&state), "the walks never came to {state}");
    }
}
