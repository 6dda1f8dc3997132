//! What those may decide whom somebody has appointed: for everybody who appoints, every role and whomever they appoint.

use aftalestyring::organisation::Role;
use aftalestyring::types::Id;
use serde_json::json;

use super::asked::{MOVES, ask};
use super::scene::Scene;
use crate::support::{Client, Unit, World};

const UNITS: [Unit; 3] = [Unit::CareHome, Unit::Social, Unit::Directorate];

/// Those who appoint, and whom they try to appoint.
const GIVERS: [(&str, &[&str]); 5] = [
    ("koordinator", &["koordinator", "læser", "medarbejder i HR"]),
    ("administrator", &["administrator", "læser", "medarbejder i HR"]),
    ("direktør og koordinator", &["direktør og koordinator", "læser"]),
    ("direktør og administrator", &["direktør og administrator", "læser"]),
    ("HR", &["læser", "medarbejder i HR"]),
];

/// An institution's agreement that waits for its centre's chief. HR manages the two units, and one of the people.
async fn scene() -> Scene {
    let mut world = World::new().await;
    world.employ("medarbejder i HR", Role::Reader, Unit::Directorate, &[]).await;
    for (both, second) in
        [("direktør og koordinator", Role::Coordinator), ("direktør og administrator", Role::Administrator)]
    {
        world.employ(both, Role::Director, Unit::Directorate, &[Unit::CareHome]).await;
        let unit = world.unit(Unit::Directorate);
        let held = json!({"person_id": world.person(both), "org_unit_id": unit, "role": second});
        world.appoint(held).await;
    }
    world.hand_over_to_hr(&[Unit::CareHome, Unit::Social], &["medarbejder i HR"]).await;
    Scene::of_institution(world).await
}

fn giver(world: &World, name: &str) -> Client {
    if name == "HR" { world.as_hr() } else { world.as_person(name) }
}

/// What somebody may do by now.
async fn may(scene: &Scene, who: &str) -> Vec<&'static str> {
    let client = scene.world.as_person(who);
    let mut found = Vec::new();
    for question in MOVES {
        let answer = ask(scene, &client, question).await;
        // Who signs is told from who does not, though it is too early to sign.
        if answer == "ok" || (question == "sign the agreement" && answer == "illegal-move") {
            found.push(question.split(' ').next().unwrap_or_default());
        }
    }
    found
}

/// Gives a role in a unit, tells what came of it, and takes it back.
async fn given(scene: &Scene, name: &str, whom: &str, role: Role, unit: Unit) -> String {
    let (world, address) = (&scene.world, format!("/api/v1/appointments/{}", Id::new()));
    let giver = giver(world, name);
    let body = json!({
        "person_id": world.person(whom), "org_unit_id": world.unit(unit), "role": role, "from": "2014-11-01",
    });
    let answer = giver.put(&address, body).await;
    if answer.status != 201 {
        return answer.body["code"].as_str().expect("a code").to_owned();
    }
    let may = may(scene, whom).await;
    assert_eq!(giver.delete(&address).await.status, 204);
    if may.is_empty() { "nothing".to_owned() } else { may.join(" ") }
}

#[actix_web::test]
async fn what_the_given_may_then_decide_is_known_and_the_giver_decides_nothing() {
    let scene = scene().await;
    let mut grid = Vec::new();
    for (name, people) in GIVERS {
        for whom in people {
            grid.push(format!("# {name} appoints {whom}"));
            for role in Role::ALL {
                let mut cells = Vec::new();
                for unit in UNITS {
                    cells.push(format!("{unit:?}: {}", given(&scene, name, whom, *role, unit).await));
                }
                let same = cells.iter().all(|cell| cell.split(": ").last() == cells[0].split(": ").last());
                let told =
                    if same { cells[0].split(": ").last().unwrap_or_default().to_owned() } else { cells.join("; ") };
                grid.push(format!("{:<16} {told}", role.as_str()));
            }
        }
        if name != "HR" {
            let decides: Vec<&str> = may(&scene, name)
                .await
                .into_iter()
                .filter(|move_| matches!(*move_, "approve" | "return" | "sign"))
                .collect();
            assert!(decides.is_empty(), "{name} may {decides:?}");
        }
    }
    insta::assert_snapshot!("given_by", grid.join("\n"));
}

#[actix_web::test]
async fn who_removes_the_chief_does_not_decide_in_their_place() {
    let scene = scene().await;
    let world = &scene.world;
    for who in ["direktør og koordinator", "direktør og administrator"] {
        let unit = world.unit(Unit::Directorate);
        world.appoint(json!({"person_id": world.person(who), "org_unit_id": unit, "role": "leader"})).await;
    }
    world.end_appointment("socialchef").await;
    for who in ["direktør og koordinator", "direktør og administrator"] {
        assert_eq!(ask(&scene, &world.as_person(who), "approve the section").await, "gives-roles", "{who}");
    }
    assert_eq!(ask(&scene, &world.as_person("kommunaldirektør"), "approve the section").await, "ok");
}
