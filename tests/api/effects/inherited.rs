//! Goals that are taken over from above, and what the units report together.

use aftalestyring::agreements::agreement::model::AgreementState;
use aftalestyring::agreements::agreement::store as agreements;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::strategy::themed_letter;
use crate::support::{Measured, Unit, World};

fn share() -> Value {
    json!({"name": "Andel uden hjælp", "unit": "%", "aggregation": "ratio", "baseline": 50, "target": 60})
}

/// Takes over the goal of a centre in the agreement of another unit; gives the copy.
async fn taken_over(world: &World, of: &Measured, (who, unit): (&str, Unit), own: Value) -> (Id, Value) {
    let agreement = world.agreement(unit).await;
    let body = json!({"inherit_from": of.goal_id, "indicators": own});
    let made = world.as_person(who).post(&format!("/api/v1/agreements/{agreement}/inherited-goals"), body).await;
    (agreement, made.ok())
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The address of a day's measurement of a copy.
fn measured_on(agreement: Id, goal: &Value, day: &str) -> String {
    let indicator = text(&goal["indicators"][0]["id"]);
    format!("/api/v1/agreements/{agreement}/goals/{}/indicators/{indicator}/observations/{day}", text(&goal["id"]))
}

fn roll_up(of: &Measured) -> String {
    format!("{}/goals/{}/roll-up", of.path, text(&of.goal_id))
}

#[actix_web::test]
async fn a_goal_is_taken_over_with_both_links_and_a_course_of_its_own() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.approve_all(of.agreement).await;
    let own = json!([{"inherited_from_id": of.indicator_id, "baseline": 40, "target": 55}]);
    let (agreement, copy) = taken_over(&world, &of, ("skolechef", Unit::School), own).await;
    assert_eq!((&copy["title"], &copy["section_key"]), (&json!("Flere klarer sig selv"), &json!("effects")));
    assert_eq!(
        (&copy["inherited_from_id"], &copy["indicators"][0]["inherited_from_id"]),
        (&of.goal_id, &of.indicator_id)
    );
    let indicator = &copy["indicators"][0];
    assert_eq!(
        (&indicator["baseline"], &indicator["target"], &indicator["unit"]),
        (&json!(40), &json!(55), &json!("%"))
    );
    assert_eq!(world.happened(agreement).await, ["goal.created"]);
    let chief = world.as_person("skolechef");
    let address = format!("/api/v1/agreements/{agreement}/goals/{}", text(&copy["id"]));
    let below = format!("{address}/indicators/{}", text(&indicator["id"]));
    let changed = chief.patch(&below, json!({"name": "Andel elever uden hjælp"})).await.ok();
    assert_eq!(changed["inherited_from_id"], of.indicator_id, "the link stays when the indicator is changed");
    let draft = chief.get(&format!("/api/v1/agreements/{agreement}/draft")).await.ok();
    let mut section =
        json!({"key": "effects", "version": draft["sections"][0]["version"], "goals": draft["sections"][0]["goals"]});
    section["goals"][0]["indicators"][0]["name"] = json!("Andel elever");
    chief.put(&format!("/api/v1/agreements/{agreement}/draft"), json!({"sections": [section]})).await.ok();
    assert_eq!(chief.get(&below).await.ok()["inherited_from_id"], of.indicator_id, "and when the draft is saved");
}

#[actix_web::test]
async fn what_cannot_be_taken_over_is_refused() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    let agreement = world.agreement(Unit::School).await;
    let chief = world.as_person("skolechef");
    let inherit = format!("/api/v1/agreements/{agreement}/inherited-goals");
    let body = |extra: Value| {
        let mut body = json!({"inherit_from": of.goal_id});
        for (name, value) in extra.as_object().expect("fields") {
            body[name] = value.clone();
        }
        body
    };
    let problem = chief.post(&inherit, body(json!({}))).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/inherit_from", "a draft of others is not there");
    world.approve_all(of.agreement).await;
    let strange = json!({"indicators": [{"inherited_from_id": Id::new(), "target": 1}]});
    let problem = chief.post(&inherit, body(strange)).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/indicators/0/inherited_from_id");
    chief.post(&inherit, body(json!({"section_key": "nowhere"}))).await.refused(422, "unknown-reference");
    world.as_person("socialchef").post(&inherit, body(json!({}))).await.refused(404, "not-found");
    let copy = chief.post(&inherit, body(json!({}))).await.ok();
    let address = format!("/api/v1/agreements/{agreement}/goals/{}", text(&copy["id"]));
    let problem = chief.patch(&address, json!({"inherited_from_id": copy["id"]})).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "inherits-itself");
    let id = of.agreement;
    world
        .arrange(move |tx| {
            let mut row = agreements::find(tx, id)?;
            row.state = AgreementState::Withdrawn;
            agreements::save(tx, &mut row)
        })
        .await;
    let goal = json!({"section_key": "effects", "title": "Et andet", "inherited_from_id": of.goal_id});
    let problem = chief.post(&format!("/api/v1/agreements/{agreement}/goals"), goal).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "inherits-withdrawn");
    chief.patch(&address, json!({"title": "Et nyt navn"})).await.ok();
}

#[actix_web::test]
async fn goals_do_not_continue_each_other_in_a_circle() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    let chief = world.as_person("socialchef");
    let goals = format!("{}/goals", of.path);
    let mut above = of.goal_id.clone();
    for title in ["b", "c"] {
        let goal = json!({"section_key": "effects", "title": title, "inherited_from_id": above});
        above = chief.post(&goals, goal).await.ok()["id"].clone();
    }
    let first = format!("{goals}/{}", text(&of.goal_id));
    let problem = chief.patch(&first, json!({"inherited_from_id": above})).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "inherits-itself");
}

#[actix_web::test]
async fn units_report_together_and_one_that_is_missing_makes_it_partial() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.approve_all(of.agreement).await;
    let (school, first) = taken_over(&world, &of, ("skolechef", Unit::School), json!([])).await;
    let (nursery, second) = taken_over(&world, &of, ("børnehusleder", Unit::Nursery), json!([])).await;
    let reader = world.as_person("læser");
    let told = reader.get(&roll_up(&of)).await.ok();
    assert_eq!(
        (&told["indicators"][0]["expected"], &told["indicators"][0]["value"]),
        (&json!(0), &Value::Null),
        "drafts do not count"
    );
    world.approve_all(school).await;
    world.approve_all(nursery).await;
    world.on_the_day("2015-05-14");
    let put = |who: &'static str, address: String, over: i64, under: i64| {
        let client = world.as_person(who);
        async move { client.put(&address, json!({"numerator": over, "denominator": under})).await.ok() }
    };
    put("skolechef", measured_on(school, &first, "2015-03-01"), 1, 10).await;
    put("skolechef", measured_on(school, &first, "2015-05-01"), 9, 10).await;
    let reader = world.as_person("læser");
    let told = reader.get(&roll_up(&of)).await.ok();
    let one = &told["indicators"][0];
    assert_eq!(
        (&one["value"], &one["reported"], &one["expected"], &one["partial"]),
        (&json!(90), &json!(1), &json!(2), &json!(true))
    );
    assert_eq!(one["missing"][0]["name"], "Børnehuset Ærten");
    put("børnehusleder", measured_on(nursery, &second, "2015-05-10"), 30, 90).await;
    let told = reader.get(&roll_up(&of)).await.ok();
    let one = &told["indicators"][0];
    assert_eq!(
        (&one["value"], &one["numerator"], &one["denominator"], &one["partial"]),
        (&json!(39), &json!(39), &json!(100), &json!(false))
    );
    let told = reader.get(&format!("{}?from=2015-01-01&to=2015-04-01", roll_up(&of))).await.ok();
    assert_eq!((&told["indicators"][0]["value"], &told["indicators"][0]["partial"]), (&json!(10), &json!(true)));
    reader.get(&format!("{}?from=2015-05-01&to=2015-04-01", roll_up(&of))).await.refused(422, "invalid-parameter");
}

#[actix_web::test]
async fn a_small_number_is_in_no_total_of_those_from_whom_it_is_kept() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.approve_all(of.agreement).await;
    let (school, first) = taken_over(&world, &of, ("skolechef", Unit::School), json!([])).await;
    let (nursery, second) = taken_over(&world, &of, ("børnehusleder", Unit::Nursery), json!([])).await;
    world.approve_all(school).await;
    world.approve_all(nursery).await;
    world.on_the_day("2015-05-14");
    let (chief, leader) = (world.as_person("skolechef"), world.as_person("børnehusleder"));
    chief.put(&measured_on(school, &first, "2015-05-01"), json!({"numerator": 50, "denominator": 100})).await.ok();
    leader.put(&measured_on(nursery, &second, "2015-05-01"), json!({"numerator": 1, "denominator": 4})).await.ok();
    let told = world.as_person("læser").get(&roll_up(&of)).await.ok();
    let one = &told["indicators"][0];
    assert_eq!((&one["value"], &one["denominator"], &one["suppressed"]), (&json!(50), &json!(100), &json!(1)));
    assert_eq!((&one["partial"], &one["reported"], &one["missing"]), (&json!(true), &json!(1), &json!([])));
    let told = world.as_person("koordinator").get(&roll_up(&of)).await.ok();
    assert_eq!((&told["indicators"][0]["numerator"], &told["indicators"][0]["suppressed"]), (&json!(51), &json!(0)));
}

#[actix_web::test]
async fn a_corporate_goal_is_set_in_the_letter_and_taken_over_when_it_is_published() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let letter = themed_letter(&world, 2015).await;
    let theme = coordinator.get(&letter).await.ok()["themes"][0]["id"].clone();
    let goals = format!("{letter}/themes/{}/goals", text(&theme));
    let goal = json!({"title": "Flere borgere klarer sig selv", "indicators": [share()]});
    let made = coordinator.post(&goals, goal.clone()).await;
    let address = made.header("location").to_owned();
    let made = made.ok();
    assert!(made["indicators"][0]["id"].is_string());
    coordinator.patch(&address, json!({"horizon": "2016"})).await.ok();
    world.as_person("skolechef").get(&address).await.refused(404, "not-found");
    world.as_person("skoledirektør").post(&goals, goal.clone()).await.refused(403, "forbidden");
    let school = world.agreement(Unit::School).await;
    let inherit = format!("/api/v1/agreements/{school}/inherited-goals");
    let body = json!({"inherit_from": made["id"]});
    world.as_person("skolechef").post(&inherit, body.clone()).await.refused(422, "unknown-reference");
    let theme_address = format!("{letter}/themes/{}", text(&theme));
    coordinator.delete(&theme_address).await.refused(409, "in-use");
    coordinator.act(&letter, "publish", json!({})).await.ok();
    let copy = world.as_person("skolechef").post(&inherit, body).await.ok();
    assert_eq!((&copy["origin"], &copy["inherited_from_id"]), (&json!("corporate"), &made["id"]));
    coordinator.patch(&address, json!({"horizon": "2017"})).await.refused(409, "illegal-move");
    coordinator.post(&goals, goal).await.refused(409, "illegal-move");
    let list = world.as_person("skolechef").get(&goals).await.ok();
    assert_eq!(list["items"][0]["available_actions"][0]["reasons"][0]["code"], "forbidden");
    world.approve_all(school).await;
    world.on_the_day("2015-05-14");
    let chief = world.as_person("skolechef");
    chief.put(&measured_on(school, &copy, "2015-05-01"), json!({"numerator": 3, "denominator": 6})).await.ok();
    let told = chief.get(&format!("{address}/roll-up")).await.ok();
    assert_eq!((&told["from"], &told["indicators"][0]["value"]), (&json!("2015-01-01"), &json!(50)));
}

#[actix_web::test]
async fn a_corporate_goal_that_nobody_has_taken_over_can_be_taken_out() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let letter = themed_letter(&world, 2015).await;
    let theme = coordinator.get(&letter).await.ok()["themes"][0]["id"].clone();
    let goals = format!("{letter}/themes/{}/goals", text(&theme));
    let id = json!(Id::new());
    let twice = json!({"title": "To ens", "indicators": [{"id": id, "name": "a"}, {"id": id, "name": "b"}]});
    coordinator.post(&goals, twice).await.refused(409, "id-in-use");
    let address = coordinator.post(&goals, json!({"title": "Et mål"})).await.header("location").to_owned();
    assert_eq!(coordinator.delete(&address).await.status, 204);
    assert_eq!(coordinator.get(&goals).await.ok()["items"], json!([]));
    assert_eq!(coordinator.delete(&format!("{letter}/themes/{}", text(&theme))).await.status, 204);
}

#[actix_web::test]
async fn a_goal_is_taken_over_once_and_with_a_course_that_can_be_read() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    world.approve_all(of.agreement).await;
    let agreement = world.agreement(Unit::School).await;
    let (chief, inherit) = (world.as_person("skolechef"), format!("/api/v1/agreements/{agreement}/inherited-goals"));
    let own = |own: Value| json!({"inherit_from": of.goal_id, "indicators": own});
    let id = &of.indicator_id;
    let backwards = json!([{"inherited_from_id": id, "baseline_on": "2015-12-01", "target_on": "2015-01-01"}]);
    let problem = chief.post(&inherit, own(backwards)).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "target-before-baseline");
    let twice = json!([{"inherited_from_id": id, "target": 55}, {"inherited_from_id": id, "target": 57}]);
    let problem = chief.post(&inherit, own(twice)).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["pointer"], "/indicators/1/inherited_from_id");
    chief.post(&inherit, own(json!([]))).await.ok();
    let problem = chief.post(&inherit, own(json!([]))).await.refused(409, "already-exists");
    assert_eq!(problem["errors"][0]["code"], "taken-over-already");
}

#[actix_web::test]
async fn a_goal_is_not_taken_over_from_further_down_than_is_put_together() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    let chief = world.as_person("socialchef");
    let goals = format!("{}/goals", of.path);
    let mut above = of.goal_id.clone();
    for level in 1..12 {
        let goal = json!({"section_key": "effects", "title": format!("Niveau {level}"), "inherited_from_id": above});
        above = chief.post(&goals, goal).await.ok()["id"].clone();
    }
    let goal = json!({"section_key": "effects", "title": "For langt nede", "inherited_from_id": above});
    let problem = chief.post(&goals, goal).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "too-many-levels");
}
