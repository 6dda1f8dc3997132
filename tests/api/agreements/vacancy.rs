use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Unit, World};

fn path(id: Id) -> String {
    format!("/api/v1/agreements/{id}")
}

/// An agreement as its coordinator reads it, and as it stands in the list.
async fn read(world: &World, id: Id) -> (Value, Value) {
    let coordinator = world.as_person("koordinator");
    let listed = coordinator.get("/api/v1/agreements").await.ok()["items"].clone();
    let row = listed.as_array().expect("items").iter().find(|one| one["id"] == json!(id)).expect("a row").clone();
    (coordinator.get(&path(id)).await.ok(), row)
}

#[actix_web::test]
async fn an_agreement_says_since_when_nobody_has_led_its_unit() {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    let (whole, row) = read(&world, id).await;
    assert_eq!((&whole["vacant_since"], &row["vacant_since"]), (&Value::Null, &Value::Null));
    world.end_appointment("plejehjemsleder").await;
    let (whole, row) = read(&world, id).await;
    assert_eq!(whole["holders"], json!([]));
    assert_eq!((&whole["vacant_since"], &row["vacant_since"]), (&json!("2014-11-10"), &json!("2014-11-10")));
    let next = json!({"person_id": world.person("medarbejder"), "org_unit_id": world.unit(Unit::CareHome), "role": "leader", "from": "2014-11-10"});
    world.appoint(next).await;
    let (whole, row) = read(&world, id).await;
    assert_eq!((&whole["holders"][0]["name"], &whole["vacant_since"]), (&json!("medarbejder"), &Value::Null));
    assert_eq!(row["vacant_since"], Value::Null);
}

#[actix_web::test]
async fn a_shared_agreement_is_vacant_only_when_nobody_leads_any_of_its_units() {
    let world = World::new().await;
    let id = world.agreement_of(&[Unit::CareHome, Unit::Nursery]).await;
    world.end_appointment("plejehjemsleder").await;
    assert_eq!(read(&world, id).await.0["vacant_since"], Value::Null);
    world.end_appointment("børnehusleder").await;
    assert_eq!(read(&world, id).await.0["vacant_since"], "2014-11-10");
}

#[actix_web::test]
async fn a_unit_that_never_had_a_leader_is_vacant_without_a_day() {
    let world = World::new().await;
    let id = world.agreement(Unit::Directorate).await;
    let (whole, row) = read(&world, id).await;
    assert_eq!((&whole["holders"], &whole["vacant_since"]), (&json!([]), &Value::Null));
    assert_eq!((&whole["counterpart"], &row["counterpart"]), (&Value::Null, &Value::Null), "nothing stands above");
}

#[actix_web::test]
async fn an_agreement_is_made_with_the_nearest_unit_above_all_of_its_units() {
    let world = World::new().await;
    let centre = json!({"id": world.unit(Unit::Social), "name": "Socialcentret", "kind": "centre"});
    let directorate = json!({"id": world.unit(Unit::Directorate), "name": "Direktionen", "kind": "directorate"});
    for (units, counterpart) in [
        (vec![Unit::CareHome], &centre),
        (vec![Unit::Social], &directorate),
        (vec![Unit::School, Unit::Nursery], &directorate),
    ] {
        let (whole, row) = read(&world, world.agreement_of(&units).await).await;
        assert_eq!((&whole["counterpart"], &row["counterpart"]), (counterpart, counterpart), "{units:?}");
    }
}
