//! How far the units have come with each theme of the letter.

use aftalestyring::agreements::sections::model::SectionState;
use serde_json::{Value, json};

use crate::support::{Measured, Unit, World};

async fn address(world: &World, of: &Measured) -> String {
    let coordinator = world.as_person("koordinator");
    let cycle = coordinator.get(&of.path).await.ok()["cycle_id"].clone();
    let cycle = coordinator.get(&format!("/api/v1/cycles/{}", cycle.as_str().expect("an id"))).await.ok();
    format!("/api/v1/strategy-letters/{}/coverage", cycle["letter_id"].as_str().expect("an id"))
}

/// The rung of a unit at the first theme, as somebody reads it; none where the unit is not shown.
async fn rung(world: &World, who: &str, address: &str, unit: Unit) -> Option<Value> {
    let told = world.as_person(who).get(address).await.ok();
    let units = told["units"].as_array().expect("units").iter();
    units
        .clone()
        .find(|one| one["org_unit"]["id"] == json!(world.unit(unit)))
        .map(|one| one["themes"][0]["rung"].clone())
}

#[actix_web::test]
async fn a_unit_climbs_from_nothing_to_an_effect_that_is_there() {
    let world = World::new().await;
    let of = Measured::make(&world, json!({"name": "Andel uden hjælp", "unit": "%", "target": 60})).await;
    let (address, chief) = (address(&world, &of).await, world.as_person("socialchef"));
    let indicator = of.indicator.clone();
    assert_eq!(rung(&world, "socialchef", &address, Unit::Social).await, Some(json!("measurable")));
    chief.delete(&indicator).await;
    assert_eq!(rung(&world, "socialchef", &address, Unit::Social).await, Some(json!("goal")));
    of.observe(&world, "citizen_voice", "2014-11-03", json!({"text": "Jeg klarer mig"})).await.ok();
    assert_eq!(rung(&world, "socialchef", &address, Unit::Social).await, Some(json!("observed")));
    let said = json!({"text": "Det er nået", "judgement": "achieved"});
    of.observe(&world, "assessment", "2014-11-04", said).await.ok();
    assert_eq!(rung(&world, "socialchef", &address, Unit::Social).await, Some(json!("achieved")));
    let before = format!("{address}?on=2014-11-03");
    assert_eq!(rung(&world, "socialchef", &before, Unit::Social).await, Some(json!("observed")));
    chief.get(&format!("{address}?on=2014-11-11")).await.refused(422, "invalid-parameter");
}

#[actix_web::test]
async fn a_text_describes_and_units_with_nothing_are_named() {
    let world = World::new().await;
    let of = Measured::make(&world, json!({"name": "Andel"})).await;
    let address = address(&world, &of).await;
    let school = world.agreement(Unit::School).await;
    let section = format!("/api/v1/agreements/{school}/sections/effects");
    world.as_person("skolechef").patch(&section, json!({"content": {"plan": "Vi måler."}})).await.ok();
    let told = world.as_person("koordinator").get(&address).await.ok();
    let theme = &told["themes"][0];
    let counts: Vec<(&Value, &Value)> =
        theme["rungs"].as_array().expect("rungs").iter().map(|one| (&one["rung"], &one["count"])).collect();
    let (none, described) = ((&json!("none"), &json!(2)), (&json!("described"), &json!(1)));
    assert_eq!((counts[0], counts[1], counts[3].1), (none, described, &json!(1)));
    let named: Vec<&Value> = theme["none"].as_array().expect("units").iter().map(|one| &one["name"]).collect();
    assert_eq!(named, ["Børnehuset Ærten", "Plejehjemmet Åhuset"]);
    let under = format!("{address}?under={}", world.unit(Unit::School));
    let told = world.as_person("koordinator").get(&under).await.ok();
    assert_eq!(told["units"].as_array().map(Vec::len), Some(2), "the centre and its nursery");
}

#[actix_web::test]
async fn each_is_shown_what_they_oversee_and_may_read() {
    let world = World::new().await;
    let of = Measured::make(&world, json!({"name": "Andel"})).await;
    let address = address(&world, &of).await;
    assert_eq!(rung(&world, "skolechef", &address, Unit::Social).await, None, "another's unit");
    assert_eq!(rung(&world, "skolechef", &address, Unit::School).await, Some(json!("none")), "no agreement yet");
    assert_eq!(rung(&world, "socialdirektør", &address, Unit::Social).await, Some(Value::Null), "a draft");
    world.put_section(of.agreement, "effects", SectionState::Submitted, "socialdirektør").await;
    assert_eq!(rung(&world, "socialdirektør", &address, Unit::Social).await, Some(json!("measurable")));
    world.put_section(of.agreement, "effects", SectionState::Returned, "socialdirektør").await;
    assert_eq!(
        rung(&world, "socialdirektør", &address, Unit::Social).await,
        Some(json!("described")),
        "what is mended"
    );
    world.as_person("læser").get(&address).await.refused(403, "forbidden");
}
