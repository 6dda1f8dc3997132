//! Values about so few that they could be told from each other are kept from those who do not see the unit's drafts.

use serde_json::{Value, json};

use crate::support::{Measured, World};

fn share() -> Value {
    json!({"name": "Andel uden hjælp", "unit": "%", "aggregation": "ratio", "baseline": 50, "target": 100})
}

#[actix_web::test]
async fn a_small_number_is_warned_about_and_kept_from_others() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.approve_all(of.agreement).await;
    let few = json!({"numerator": 4, "denominator": 4, "text": "alle fire"});
    let told = of.measure(&world, "2014-11-03", few).await.ok();
    assert_eq!((&told["warnings"][0]["code"], &told["suppressed"]), (&json!("small-n"), &json!(false)));
    assert!(told["warnings"][0]["message"].as_str().expect("words").contains('5'));
    let reader = world.as_person("læser");
    let kept = reader.get(&of.on("2014-11-03")).await.ok();
    for field in ["value", "numerator", "denominator", "n", "text"] {
        assert_eq!(kept[field], Value::Null, "{field}");
    }
    assert_eq!((&kept["suppressed"], &kept["warnings"]), (&json!(true), &json!([])));
    let series = reader.get(&format!("{}/series", of.indicator)).await.ok();
    assert_eq!((&series["points"][0]["value"], &series["points"][0]["suppressed"]), (&Value::Null, &json!(true)));
    assert_eq!((&series["reading"]["code"], &series["reading"]["last_value"]), (&json!("suppressed"), &Value::Null));
    let drawn =
        reader.request("GET", &format!("{}/series", of.indicator)).header("accept", "image/svg+xml").send().await;
    assert!(!drawn.text.contains("100\u{a0}%.") && !drawn.text.contains("alle fire"), "{}", drawn.text);
    assert_eq!(of.effect(&world, "læser").await["status"], "unknown", "achieved would tell that it is all of them");
    assert_eq!(of.effect(&world, "socialchef").await["status"], "on_track");
}

#[actix_web::test]
async fn where_a_value_is_kept_the_one_before_it_is_read() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.approve_all(of.agreement).await;
    of.measure(&world, "2014-11-03", json!({"numerator": 60, "denominator": 100})).await.ok();
    of.measure(&world, "2014-11-04", json!({"numerator": 1, "denominator": 4})).await.ok();
    let series = world.as_person("læser").get(&format!("{}/series", of.indicator)).await.ok();
    assert_eq!((&series["reading"]["last_on"], &series["reading"]["last_value"]), (&json!("2014-11-03"), &json!(60)));
    let own = world.as_person("socialchef").get(&format!("{}/series", of.indicator)).await.ok();
    assert_eq!(own["reading"]["last_value"], 25);
}

#[actix_web::test]
async fn the_limit_is_the_municipalitys() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.approve_all(of.agreement).await;
    of.measure(&world, "2014-11-03", json!({"numerator": 3, "denominator": 9})).await.ok();
    let (reader, administrator) = (world.as_person("læser"), world.as_person("administrator"));
    assert_eq!(reader.get(&of.on("2014-11-03")).await.ok()["numerator"], 3);
    let changed = administrator.patch("/api/v1/municipality", json!({"small_number_limit": 10})).await.ok();
    assert_eq!(changed["small_number_limit"], 10);
    assert_eq!(reader.get(&of.on("2014-11-03")).await.ok()["suppressed"], true);
    administrator.patch("/api/v1/municipality", json!({"small_number_limit": 0})).await.refused(422, "invalid-body");
}
