//! How an effect goes, and why: as the reader is told.

use serde_json::{Value, json};

use crate::support::{Measured, World};

fn share() -> Value {
    json!({"name": "Andel uden hjælp", "unit": "%", "baseline": 58, "target": 65, "interval": "quarter"})
}

#[actix_web::test]
async fn a_number_and_a_judgement_that_disagree_are_told_as_such() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    assert_eq!(of.effect(&world, "socialchef").await["status"], "unknown");
    world.on_the_day("2015-05-14");
    of.measure(&world, "2015-05-14", json!({"value": 61})).await.ok();
    let effect = of.effect(&world, "socialchef").await;
    assert_eq!((&effect["status"], &effect["indicators"][0]["code"]), (&json!("on_track"), &json!("pace")));
    assert_eq!(effect["explanation"][0]["message"], "Målingen 14. maj 2015 er 61\u{a0}% mod forventet 60,56\u{a0}%.");
    assert_eq!(effect["indicators"][0]["expected"], 60.557692);
    let said = json!({"text": "Vi ser det ikke i hverdagen", "judgement": "off_track"});
    of.observe(&world, "assessment", "2015-05-10", said).await.ok();
    let effect = of.effect(&world, "socialchef").await;
    assert_eq!(effect["status"], "contradicted");
    let explained = &effect["explanation"][1];
    assert_eq!((&explained["counts"], &explained["reading"]), (&json!(true), &json!("off_track")));
    assert_eq!(explained["message"], "Vurderingen 10. maj 2015 siger: ikke på vej.");
    let english = world.as_person("socialchef").in_english().get(&format!("{}/effects", of.path)).await.ok();
    assert_eq!(english["goals"][0]["explanation"][1]["message"], "The assessment of 10 May 2015 says: off track.");
}

#[actix_web::test]
async fn it_can_be_asked_how_it_went_on_an_earlier_day_and_not_on_a_later() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.on_the_day("2015-09-01");
    of.measure(&world, "2015-05-14", json!({"value": 61})).await.ok();
    of.measure(&world, "2015-08-20", json!({"value": 58})).await.ok();
    let chief = world.as_person("socialchef");
    let on = |day: &str| format!("{}/effects?on={day}", of.path);
    for (day, status, stale) in
        [("2015-05-13", "unknown", false), ("2015-05-14", "on_track", false), ("2015-09-01", "off_track", false)]
    {
        let read = chief.get(&on(day)).await.ok();
        assert_eq!((&read["on"], &read["goals"][0]["status"]), (&json!(day), &json!(status)));
        assert_eq!(read["goals"][0]["indicators"][0]["stale"], stale);
    }
    let problem = chief.get(&on("2015-09-02")).await.refused(422, "invalid-parameter");
    assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("?on"), &json!("in-future")));
    world.on_the_day("2016-01-05");
    let late = world.as_person("socialchef").get(&format!("{}/effects", of.path)).await.ok();
    let indicator = &late["goals"][0]["indicators"][0];
    assert_eq!((&indicator["reading"], &indicator["code"]), (&json!("off_track"), &json!("target-date")));
    assert_eq!(indicator["stale"], true, "the last one is older than four and a half months");
}

#[actix_web::test]
async fn the_trend_is_told_as_data_and_drawn_for_those_who_ask_for_a_picture() {
    let world = World::new().await;
    let mut indicator = share();
    indicator["name"] = json!("Andel <b>uden</b> hjælp & støtte");
    let of = Measured::make(&world, indicator).await;
    world.on_the_day("2015-05-14");
    for (day, value) in [("2015-02-01", 58.5), ("2015-05-14", 61.0)] {
        of.measure(&world, day, json!({"value": value})).await.ok();
    }
    of.observe(&world, "assessment", "2015-04-01", json!({"text": "Det går fremad", "judgement": "on_track"}))
        .await
        .ok();
    let (chief, address) = (world.as_person("socialchef"), format!("{}/series", of.indicator));
    let told = chief.get(&address).await.ok();
    let points: Vec<(&Value, &Value)> =
        told["points"].as_array().expect("points").iter().map(|one| (&one["observed_on"], &one["value"])).collect();
    assert_eq!(points, [(&json!("2015-02-01"), &json!(58.5)), (&json!("2015-05-14"), &json!(61))]);
    assert_eq!((&told["baseline_on"], &told["target_on"]), (&json!("2015-01-01"), &json!("2015-12-31")));
    assert_eq!((&told["remarks"][0]["kind"], &told["reading"]["reading"]), (&json!("assessment"), &json!("on_track")));
    let drawn = chief.request("GET", &address).header("accept", "image/svg+xml").send().await;
    assert_eq!((drawn.status, drawn.header("content-type")), (200, "image/svg+xml"));
    assert!(drawn.header("vary").contains("Accept"), "{}", drawn.header("vary"));
    for part in ["role='img'", "<title", "<desc", "Andel &#60;b&#62;uden&#60;/b&#62; hjælp &#38; støtte", "fra 58,5"]
    {
        assert!(drawn.text.contains(part), "{part} in {}", drawn.text);
    }
    assert!(!drawn.text.contains("<script") && !drawn.text.contains("<b>"));
}
