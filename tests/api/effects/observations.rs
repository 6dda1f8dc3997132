//! Measurements, assessments and citizen voices: written down, replaced, taken back.

use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Measured, Unit, World, at_once, change};

fn share() -> Value {
    json!({"name": "Andel uden hjælp", "unit": "%", "aggregation": "ratio", "baseline": 58, "target": 65})
}

fn plain() -> Value {
    json!({"name": "Nætter på sygehus", "unit": "nætter", "direction": "down", "baseline": 14, "target": 7})
}

#[actix_web::test]
async fn nothing_but_the_value_is_demanded_and_the_same_day_is_replaced() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let made = of.measure(&world, "2014-11-03", json!({"value": 13.5})).await;
    assert_eq!((made.status, made.header("location")), (201, of.on("2014-11-03").as_str()));
    let etag = made.header("etag").to_owned();
    let again = of.measure(&world, "2014-11-03", json!({"value": 13.5})).await;
    assert_eq!((again.status, again.header("etag")), (200, etag.as_str()), "an equal body writes nothing");
    let other = of.measure(&world, "2014-11-03", json!({"value": 12, "source": "Omsorgssystemet"})).await.ok();
    assert_eq!(
        (&other["value"], &other["source"], &other["kind"]),
        (&json!(12), &json!("Omsorgssystemet"), &json!("measurement"))
    );
    let list = world.as_person("socialchef").get(&format!("{}/observations", of.path)).await.ok();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "replaced, not doubled");
    let kinds = ["goal.created", "observation.created", "observation.updated"];
    assert_eq!(world.happened(of.agreement).await, kinds);
    assert_eq!(world.section(of.agreement, "effects").await.version, 2, "what is seen changes no section");
}

#[actix_web::test]
async fn a_ratio_is_measured_in_its_parts() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    of.measure(&world, "2014-11-03", json!({"numerator": 61, "denominator": 100})).await.ok();
    let read = world.as_person("socialchef").get(&format!("{}/series", of.indicator)).await.ok();
    assert_eq!(read["points"][0]["value"], 61);
    for (said, places) in [
        (
            json!({"value": 61}),
            vec![("/denominator", "ratio-in-parts"), ("/numerator", "ratio-in-parts"), ("/value", "ratio-in-parts")],
        ),
        (json!({"numerator": 61, "denominator": 0}), vec![("/denominator", "zero-denominator")]),
    ] {
        let problem = of.measure(&world, "2014-11-04", said).await.refused(422, "invalid-body");
        let mut told: Vec<(&str, &str)> = problem["errors"]
            .as_array()
            .expect("places")
            .iter()
            .map(|one| (one["pointer"].as_str().expect("a place"), one["code"].as_str().expect("a code")))
            .collect();
        told.sort_unstable();
        assert_eq!(told, places);
    }
}

#[actix_web::test]
async fn what_cannot_have_been_seen_is_refused() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let problem = of.measure(&world, "2014-11-11", json!({"value": 1})).await.refused(422, "invalid-body");
    assert_eq!(
        (&problem["errors"][0]["code"], &problem["errors"][0]["pointer"]),
        (&json!("in-future"), &json!("date"))
    );
    let problem =
        of.measure(&world, "2014-11-03", json!({"value": 1234567890123456_i64})).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["pointer"], "/value");
    for day in ["2014-13-01", "3-11-2014", "i-dag"] {
        of.measure(&world, day, json!({"value": 1})).await.refused(404, "not-found");
    }
    of.observe(&world, "assessment", "2014-11-03", json!({"judgement": "achieved"})).await.refused(422, "invalid-body");
    let unnamed =
        of.observe(&world, "measurement", "2014-11-03", json!({"value": 1})).await.refused(422, "invalid-body");
    assert_eq!(
        (&unnamed["errors"][0]["pointer"], &unnamed["errors"][0]["code"]),
        (&json!("/indicator_id"), &json!("required"))
    );
    let outside = of.measure(&world, "2014-11-03", json!({"value": 13})).await.ok();
    assert_eq!(outside["warnings"][0]["code"], "outside-period", "before the year of the agreement, and kept");
}

#[actix_web::test]
async fn an_indicator_that_can_never_be_read_is_refused() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let chief = world.as_person("socialchef");
    for (said, code) in [
        (json!({"target": 14}), "target-is-baseline"),
        (json!({"target": 15}), "target-against-direction"),
        (json!({"direction": "up"}), "target-against-direction"),
        (json!({"baseline_on": "2015-06-01", "target_on": "2015-06-01"}), "target-before-baseline"),
    ] {
        let problem = chief.patch(&of.indicator, said.clone()).await.refused(422, "invalid-body");
        assert_eq!(problem["errors"][0]["code"], code, "{said}");
        let mut whole = plain();
        for (name, value) in said.as_object().expect("fields") {
            whole[name] = value.clone();
        }
        let goal = json!({"section_key": "effects", "title": "Et andet", "indicators": [whole]});
        let problem = chief.post(&format!("{}/goals", of.path), goal).await.refused(422, "invalid-body");
        assert_eq!(
            (&problem["errors"][0]["code"], &problem["errors"][0]["pointer"]),
            (&json!(code), &json!("/indicators/0"))
        );
    }
    let problem = chief.patch(&of.indicator, json!({"tolerance": -1})).await.refused(422, "invalid-body");
    let fault = &problem["errors"][0];
    assert_eq!((&fault["code"], &fault["pointer"]), (&json!("negative-tolerance"), &json!("/tolerance")));
    let kept =
        chief.patch(&of.indicator, json!({"direction": "keep", "target": 14, "tolerance": 2, "interval": "quarter"}));
    let kept = kept.await.ok();
    assert_eq!(
        (&kept["direction"], &kept["tolerance"], &kept["interval"]),
        (&json!("keep"), &json!(2), &json!("quarter"))
    );
}

#[actix_web::test]
async fn what_is_judged_and_said_is_written_down_changed_and_taken_back() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let said = json!({"text": "Jeg kan selv gå på toilettet", "judgement": "on_track", "method": "Interview", "n": 12});
    let made = of.observe(&world, "citizen_voice", "2014-11-07", said).await;
    let address = made.header("location").to_owned();
    let made = made.ok();
    assert_eq!((&made["indicator_id"], &made["suppressed"], &made["n"]), (&Value::Null, &json!(false), &json!(12)));
    let chief = world.as_person("socialchef");
    let changed = chief.patch(&address, json!({"judgement": null, "confidence": "high"})).await.ok();
    assert_eq!((&changed["judgement"], &changed["confidence"]), (&Value::Null, &json!("high")));
    chief.patch(&address, json!({"text": "  "})).await.refused(422, "invalid-body");
    chief.request("DELETE", &address).send().await.refused(428, "precondition-required");
    assert_eq!(chief.delete(&address).await.status, 204);
    chief.get(&address).await.refused(404, "not-found");
    assert_eq!(
        world.happened(of.agreement).await[1..],
        ["observation.created", "observation.updated", "observation.deleted"]
    );
    let id = json!(Id::of_name("min"));
    of.observe(&world, "assessment", "2014-11-07", json!({"id": id, "text": "Godt"})).await.ok();
    of.observe(&world, "assessment", "2014-11-08", json!({"id": id, "text": "Godt"})).await.refused(409, "id-in-use");
}

#[actix_web::test]
async fn a_precondition_on_a_measurement_is_honoured() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let chief = world.as_person("socialchef");
    let put = |etag: &'static str| {
        let (chief, address) = (chief.clone(), of.on("2014-11-03"));
        async move { chief.request("PUT", &address).if_match(etag).json(json!({"value": 9})).send().await }
    };
    put("\"1.0\"").await.refused(412, "stale-version");
    of.measure(&world, "2014-11-03", json!({"value": 10})).await.ok();
    put("\"7.0\"").await.refused(412, "stale-version");
    let seen = chief.get(&of.on("2014-11-03")).await.header("etag").to_owned();
    let address = of.on("2014-11-03");
    chief.request("PUT", &address).if_match(&seen).json(json!({"value": 9})).send().await.ok();
    assert_eq!(chief.get(&of.on("2014-11-03")).await.ok()["value"], 9);
}

#[actix_web::test]
async fn two_who_measure_the_same_day_at_once_leave_one_measurement() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let (chief, coordinator) = (world.as_person("socialchef"), world.as_person("koordinator"));
    let seen = of.measure(&world, "2014-11-02", json!({"value": 1})).await.header("etag").to_owned();
    assert!(!seen.is_empty());
    let mut changes = Vec::new();
    for (client, value) in [(chief.clone(), 5), (coordinator, 6)] {
        let mut one = change(client, &of.on("2014-11-02"), ("PUT", of.on("2014-11-02")), json!({"value": value})).await;
        one.etag = seen.clone();
        changes.push(one);
    }
    let mut statuses: Vec<u16> = at_once(changes).into_iter().map(|(status, _)| status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let list = chief
        .get(&format!("{}/observations?indicator={}", of.path, of.indicator_id.as_str().expect("an id")))
        .await
        .ok();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
}

#[actix_web::test]
async fn what_was_observed_keeps_its_goal_and_its_indicator() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let chief = world.as_person("socialchef");
    of.measure(&world, "2014-11-03", json!({"value": 10})).await.ok();
    let goal = of.indicator.split("/indicators").next().expect("a goal").to_owned();
    chief.delete(&of.indicator).await.refused(409, "has-observations");
    chief.delete(&goal).await.refused(409, "has-observations");
    let problem = chief.patch(&of.indicator, json!({"aggregation": "ratio"})).await.refused(409, "has-observations");
    assert_eq!(problem["errors"][0]["pointer"], "/aggregation");
    let draft = chief.get(&format!("{}/draft", of.path)).await.ok();
    let mut section = json!({"key": "effects", "version": draft["sections"][0]["version"], "goals": []});
    let save = |section: &Value| {
        let (chief, path, body) = (chief.clone(), format!("{}/draft", of.path), json!({"sections": [section]}));
        async move { chief.put(&path, body).await }
    };
    let problem = save(&section).await.refused(409, "has-observations");
    assert_eq!(problem["errors"][0]["pointer"], "/sections/0/goals");
    section["goals"] = json!([{"id": of.goal_id, "title": "Flere klarer sig selv", "indicators": []}]);
    save(&section).await.refused(409, "has-observations");
    assert_eq!(chief.delete(&of.on("2014-11-03")).await.status, 204);
    save(&section).await.ok();
}

#[actix_web::test]
async fn those_who_write_and_the_coordinator_observe_also_while_the_section_is_locked() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    world.as_person("skolechef").put(&of.on("2014-11-03"), json!({"value": 1})).await.refused(404, "not-found");
    world.approve_all(of.agreement).await;
    for (who, value) in [("socialchef", 1), ("medarbejder", 2), ("koordinator", 3)] {
        world.as_person(who).put(&of.on("2014-11-03"), json!({"value": value})).await.ok();
    }
    for who in ["skolechef", "socialdirektør", "læser"] {
        world.as_person(who).put(&of.on("2014-11-03"), json!({"value": 4})).await.refused(403, "not-holder");
        let read = world.as_person(who).get(&of.on("2014-11-03")).await.ok();
        assert_eq!((&read["value"], &read["available_actions"][0]["allowed"]), (&json!(3), &json!(false)));
    }
    world.as_hr().put(&of.on("2014-11-03"), json!({"value": 4})).await.refused(403, "forbidden");
    assert_eq!(world.as_hr().get(&of.on("2014-11-03")).await.ok()["value"], 3);
}

#[actix_web::test]
async fn observations_are_listed_newest_first_page_by_page() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    for day in 1..=5 {
        of.measure(&world, &format!("2014-11-0{day}"), json!({"value": day})).await.ok();
    }
    of.observe(&world, "assessment", "2014-11-03", json!({"text": "Godt"})).await.ok();
    let chief = world.as_person("socialchef");
    let (mut days, mut path) = (Vec::new(), format!("{}/observations?limit=2&kind=measurement", of.path));
    loop {
        let page = chief.get(&path).await;
        let link = page.header("link").to_owned();
        days.extend(page.ok()["items"].as_array().expect("items").iter().map(|one| one["observed_on"].clone()));
        match link.split(['<', '>']).nth(1) {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(days, ["2014-11-05", "2014-11-04", "2014-11-03", "2014-11-02", "2014-11-01"]);
}

#[actix_web::test]
async fn while_a_section_is_mended_what_was_seen_of_its_goals_is_seen_by_those_who_see_drafts() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    of.measure(&world, "2014-11-03", json!({"value": 10})).await.ok();
    let returned = aftalestyring::agreements::sections::model::SectionState::Returned;
    world.put_section(of.agreement, "effects", returned, "socialdirektør").await;
    let director = world.as_person("socialdirektør");
    director.get(&of.on("2014-11-03")).await.refused(404, "not-found");
    assert_eq!(director.get(&format!("{}/observations", of.path)).await.ok()["items"], json!([]));
    assert_eq!(director.get(&format!("{}/effects", of.path)).await.ok()["goals"], json!([]));
    let _ = world.agreement(Unit::School).await;
}

#[actix_web::test]
async fn who_has_seen_a_measurement_that_was_taken_back_does_not_replace_the_next_one() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let chief = world.as_person("socialchef");
    let seen = of.measure(&world, "2014-11-03", json!({"value": 5})).await.header("etag").to_owned();
    assert_eq!(chief.delete(&of.on("2014-11-03")).await.status, 204);
    world.app.clock.advance(chrono::Duration::seconds(1));
    of.measure(&world, "2014-11-03", json!({"value": 7})).await.ok();
    let put = chief.request("PUT", &of.on("2014-11-03")).if_match(&seen).json(json!({"value": 6}));
    put.send().await.refused(412, "stale-version");
}

#[actix_web::test]
async fn what_could_not_be_given_out_again_is_refused_when_it_comes_in() {
    let world = World::new().await;
    let of = Measured::make(&world, share()).await;
    for said in [json!({"text": "  "}), json!({"text": "a\u{1}b"}), json!({"text": "a", "source": "b\u{1f}"})] {
        of.observe(&world, "assessment", "2014-11-03", said.clone()).await.refused(422, "invalid-body");
    }
    of.observe(&world, "assessment", "2014-11-03", json!({"text": "to\nlinjer\tog en tabulator"})).await.ok();
    let tiny = json!({"numerator": 9_000_000_000_000_i64, "denominator": 0.000001});
    let problem = of.measure(&world, "2014-11-03", tiny).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "ratio-too-large");
}
