//! From the letter to the reader's own work.

use serde_json::{Value, json};

use crate::support::strategy::themed_letter;
use crate::support::{Measured, Unit, World};

const SIGHT: &str = "/api/v1/me/line-of-sight";

#[actix_web::test]
async fn a_leader_sees_what_each_theme_asks_what_they_have_and_what_they_owe() {
    let world = World::new().await;
    let of = Measured::make(&world, json!({"name": "Andel uden hjælp", "unit": "%", "target": 60})).await;
    let commitment = json!({
        "agreement_id": of.agreement, "section_key": "cross-cutting", "title": "Fælles overgang",
        "promise": "Vi holder et møde.", "due_on": "2015-05-01",
        "partners": [{"org_unit_id": world.unit(Unit::School), "promise": "Vi sætter en lærer af."}]
    });
    world.as_person("socialchef").post("/api/v1/commitments", commitment).await.ok();
    of.observe(&world, "assessment", "2014-11-03", json!({"text": "Det går", "judgement": "on_track"})).await.ok();
    let sight = world.as_person("socialchef").get(SIGHT).await.ok();
    let theme = &sight["themes"][0];
    assert_eq!(theme["title"], "Borger- og brugereffekter");
    let own = &theme["own"][0];
    assert_eq!((&own["rung"], &own["goals"][0]["status"]), (&json!("observed"), &json!("on_track")));
    assert_eq!((&theme["asked"][0]["key"], &theme["asked"][0]["state"]), (&json!("effects"), &json!("draft")));
    let promise = &sight["promises"][0];
    assert_eq!(
        (&promise["owed"], &promise["awaited"]),
        (&json!(["Vi holder et møde."]), &json!(["Vi sætter en lærer af."]))
    );
    let due: Vec<&Value> = sight["deadlines"].as_array().expect("days").iter().map(|one| &one["on"]).collect();
    assert_eq!(due, ["2014-12-15", "2015-01-15", "2015-01-31"]);
    let partner = world.as_person("skolechef").get(SIGHT).await.ok();
    assert_eq!((&partner["themes"], &partner["promises"][0]["owed"]), (&json!([]), &json!(["Vi sætter en lærer af."])));
    world.approve_all(of.agreement).await;
    let sight = world.as_person("socialchef").get(SIGHT).await.ok();
    assert_eq!(sight["themes"][0]["asked"], json!([]), "what is approved is not asked for");
}

#[actix_web::test]
async fn what_the_whole_organisation_aims_at_is_shown_with_how_far_it_is() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let letter = themed_letter(&world, 2016).await;
    let theme = coordinator.get(&letter).await.ok()["themes"][0]["id"].clone();
    let goals = format!("{letter}/themes/{}/goals", theme.as_str().expect("an id"));
    let goal =
        json!({"title": "Flere klarer sig selv", "indicators": [{"name": "Andel", "unit": "%", "aggregation": "sum"}]});
    let goal = coordinator.post(&goals, goal).await.ok();
    coordinator.act(&letter, "publish", json!({})).await.ok();
    let template =
        crate::support::strategy::published_template(&world, crate::support::strategy::template("2016")).await;
    let mut cycle = crate::support::strategy::cycle(&[&template]);
    (cycle["year"], cycle["letter_id"]) = (json!(2016), json!(letter.rsplit('/').next()));
    let cycle = coordinator.post("/api/v1/cycles", cycle).await.header("location").to_owned();
    coordinator.act(&cycle, "open", json!({})).await.ok();
    let chief = world.as_person("socialchef");
    let sight = chief.get(SIGHT).await.ok();
    let above = &sight["themes"][0]["above"][0];
    assert_eq!((&above["goal_id"], &above["taken_over"]), (&goal["id"], &json!(false)));
    assert_eq!((&above["indicators"][0]["expected"], &above["indicators"][0]["value"]), (&json!(0), &Value::Null));
    let agreement = sight["themes"][0]["own"][0]["agreement_id"].as_str().expect("an id").to_owned();
    let inherit = format!("/api/v1/agreements/{agreement}/inherited-goals");
    chief.post(&inherit, json!({"inherit_from": goal["id"]})).await.ok();
    let sight = chief.get(SIGHT).await.ok();
    assert_eq!(sight["themes"][0]["above"][0]["taken_over"], true);
}

#[actix_web::test]
async fn who_holds_no_agreement_has_none_and_a_client_may_not_ask() {
    let world = World::new().await;
    world.agreement(Unit::Social).await;
    let sight = world.as_person("læser").get(SIGHT).await.ok();
    assert_eq!((&sight["themes"], &sight["promises"], &sight["deadlines"]), (&json!([]), &json!([]), &json!([])));
    world.as_hr().get(SIGHT).await.refused(403, "forbidden");
}
