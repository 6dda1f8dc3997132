//! What happens at the same time: each request in a thread of its own, let go together.

use serde_json::{Value, json};

use super::workflow::{path, section, submitted, write_plans};
use crate::support::{Change, Unit, World, at_once, change, setting};

const ROUNDS: usize = 12;

/// `AFTALESTYRING_RACE_ROUNDS` says how often the largest race is run: `scripts/soak` runs it for long.
fn race_rounds() -> usize {
    setting("AFTALESTYRING_RACE_ROUNDS").and_then(|text| text.parse().ok()).unwrap_or(4)
}

fn statuses(answers: &[(u16, Value)]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    statuses.sort_unstable();
    statuses
}

async fn approval(world: &World, person: &str, section: String) -> Change {
    change(world.as_person(person), &section, ("POST", format!("{section}/approve")), json!({})).await
}

#[actix_web::test]
async fn the_last_two_sections_approved_at_the_same_time_end_in_approved() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    for round in 0..ROUNDS {
        let answers = at_once(vec![
            approval(&world, "socialdirektør", section(id, "effects")).await,
            approval(&world, "skoledirektør", section(id, "cross-cutting")).await,
        ]);
        assert_eq!(statuses(&answers), [200, 200], "round {round}: {answers:?}");
        let chief = world.as_person("socialchef");
        assert_eq!(chief.get(&path(id)).await.ok()["state"], "approved", "round {round}");
        for key in ["effects", "cross-cutting"] {
            let coordinator = world.as_person("koordinator");
            coordinator.act(&section(id, key), "reopen", json!({"reason": "Igen"})).await.ok();
        }
        chief.act(&path(id), "submit", json!({})).await.ok();
    }
}

#[actix_web::test]
async fn the_same_section_approved_twice_at_once_is_approved_once() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    for round in 0..ROUNDS {
        let twice = [
            approval(&world, "socialdirektør", section(id, "effects")).await,
            approval(&world, "socialdirektør", section(id, "effects")).await,
        ];
        let answers = at_once(twice.into());
        let late = answers.iter().find(|(status, _)| *status != 200).map(|(_, body)| &body["code"]);
        assert_eq!(statuses(&answers), [200, 412], "round {round}: {answers:?}");
        assert_eq!(late, Some(&json!("stale-version")));
        let kinds = world.happened(id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "section.approved").count(), round + 1);
        let coordinator = world.as_person("koordinator");
        coordinator.act(&section(id, "effects"), "reopen", json!({"reason": "Igen"})).await.ok();
        world.as_person("socialchef").act(&path(id), "submit", json!({})).await.ok();
    }
}

#[actix_web::test]
async fn of_sixteen_approvals_at_once_one_of_each_section_counts_and_the_agreement_is_approved() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    for round in 0..race_rounds() {
        let mut approvals = Vec::new();
        for _ in 0..8 {
            approvals.push(approval(&world, "socialdirektør", section(id, "effects")).await);
            approvals.push(approval(&world, "skoledirektør", section(id, "cross-cutting")).await);
        }
        let statuses = statuses(&at_once(approvals));
        assert_eq!(statuses, [vec![200; 2], vec![412; 14]].concat(), "round {round}");
        let chief = world.as_person("socialchef");
        assert_eq!(chief.get(&path(id)).await.ok()["state"], "approved", "round {round}");
        assert!(world.as_person("socialdirektør").get("/api/v1/me/tasks").await.ok()["items"] == json!([]));
        for key in ["effects", "cross-cutting"] {
            world.as_person("koordinator").act(&section(id, key), "reopen", json!({"reason": "Igen"})).await.ok();
        }
        chief.act(&path(id), "submit", json!({})).await.ok();
    }
}

#[actix_web::test]
async fn an_agreement_submitted_twice_at_once_is_submitted_once() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    write_plans(&world.as_person("socialchef"), id).await;
    let path = path(id);
    for round in 1..=ROUNDS {
        let address = format!("{path}/submit");
        let submit = || change(world.as_person("socialchef"), &path, ("POST", address.clone()), json!({}));
        let answers = at_once(vec![submit().await, submit().await]);
        assert_eq!(statuses(&answers), [200, 412], "round {round}: {answers:?}");
        let chief = world.as_person("socialchef");
        assert_eq!(chief.get(&section(id, "effects")).await.ok()["revision"], json!(round));
        chief.act(&path, "recall", json!({})).await.ok();
    }
}

#[actix_web::test]
async fn two_sections_changed_at_the_same_time_are_both_changed() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    for round in 0..ROUNDS {
        let plan = |words: &str| json!({"content": {"plan": format!("{words} {round}")}});
        let (effects, cross) = (section(id, "effects"), section(id, "cross-cutting"));
        let (chief, contributor) = (world.as_person("socialchef"), world.as_person("medarbejder"));
        let answers = at_once(vec![
            change(chief, &effects, ("PATCH", effects.clone()), plan("Effekter")).await,
            change(contributor, &cross, ("PATCH", cross.clone()), plan("Samarbejde")).await,
        ]);
        assert_eq!(statuses(&answers), [200, 200], "round {round}: {answers:?}");
        let reader = world.as_person("koordinator");
        assert_eq!(reader.get(&effects).await.ok()["content"], plan("Effekter")["content"]);
        assert_eq!(reader.get(&cross).await.ok()["content"], plan("Samarbejde")["content"]);
    }
}
