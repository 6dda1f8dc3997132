use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Unit, World};

fn goals(agreement: Id) -> String {
    format!("/api/v1/agreements/{agreement}/goals")
}

fn goal(title: &str) -> Value {
    json!({"section_key": "effects", "title": title})
}

async fn made(world: &World, agreement: Id, body: Value) -> String {
    let made = world.as_person("socialchef").post(&goals(agreement), body).await;
    let address = made.header("location").to_owned();
    made.ok();
    address
}

#[actix_web::test]
async fn a_leader_writes_a_goal_with_its_indicators_and_reads_it_back() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let mut body = goal("Flere klarer sig selv");
    body["theme_id"] = json!(world.section(agreement, "effects").await.theme_id);
    body["origin"] = json!("political");
    body["indicators"] = json!([{"name": "Andel uden hjælp", "unit": "%", "baseline": 58.5, "target": 65}]);
    let address = made(&world, agreement, body).await;
    let read = world.as_person("medarbejder").get(&address).await.ok();
    assert_eq!((&read["title"], &read["origin"]), (&json!("Flere klarer sig selv"), &json!("political")));
    assert_eq!((&read["indicators"][0]["baseline"], &read["indicators"][0]["target"]), (&json!(58.5), &json!(65)));
    assert!(read["indicators"][0]["etag"].is_string());
    assert_eq!(world.happened(agreement).await, ["goal.created"]);
}

#[actix_web::test]
async fn a_change_of_a_goal_or_an_indicator_raises_all_above_it() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let (chief, address) = (world.as_person("socialchef"), made(&world, agreement, goal("Et mål")).await);
    assert_eq!(world.section(agreement, "effects").await.version, 2);
    let changed = chief.patch(&address, json!({"effect": "Borgeren klarer sig selv", "horizon": null})).await.ok();
    assert_eq!(changed["effect"], "Borgeren klarer sig selv");
    assert_eq!(world.section(agreement, "effects").await.version, 3);
    let indicator = chief.post(&format!("{address}/indicators"), json!({"name": "Andel"})).await;
    let below = indicator.header("location").to_owned();
    indicator.ok();
    let goal_version = chief.get(&address).await.header("etag").to_owned();
    assert!(goal_version.starts_with("\"3."), "{goal_version}");
    chief.patch(&below, json!({"target": 12.25, "direction": "down"})).await.ok();
    assert_eq!(chief.get(&below).await.ok()["target"], 12.25);
    assert!(chief.get(&address).await.header("etag").starts_with("\"4."));
    let tag = chief.get(&below).await.header("etag").to_owned();
    let gone = chief.request("DELETE", &below).if_match(&tag).send().await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    chief.get(&below).await.refused(404, "not-found");
    let section = world.section(agreement, "effects").await;
    assert_eq!((section.version, section.editors().expect("people")), (6, vec![world.person("socialchef")]));
    let kinds = ["goal.created", "goal.updated", "indicator.created", "indicator.updated", "indicator.deleted"];
    assert_eq!(world.happened(agreement).await, kinds);
}

#[actix_web::test]
async fn an_equal_change_writes_nothing() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let (chief, address) = (world.as_person("socialchef"), made(&world, agreement, goal("Et mål")).await);
    chief.patch(&address, json!({"title": "Et mål"})).await.ok();
    assert_eq!(world.section(agreement, "effects").await.version, 2);
    assert_eq!(world.happened(agreement).await, ["goal.created"]);
}

#[actix_web::test]
async fn a_change_demands_the_version_it_is_made_to() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let (chief, address) = (world.as_person("socialchef"), made(&world, agreement, goal("Et mål")).await);
    chief.request("DELETE", &address).send().await.refused(428, "precondition-required");
    let stale = chief.request("DELETE", &address).if_match("\"9.0\"").send().await;
    assert_eq!(stale.refused(412, "stale-version")["current"]["version"], 1);
    let tag = chief.get(&address).await.header("etag").to_owned();
    assert_eq!(chief.request("DELETE", &address).if_match(&tag).send().await.status, 204);
    assert_eq!(chief.get(&goals(agreement)).await.ok()["items"], json!([]));
}

#[actix_web::test]
async fn only_its_writers_write_in_an_agreement_and_others_do_not_even_know_of_the_draft() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = made(&world, agreement, goal("Et mål")).await;
    world.as_person("skolechef").get(&address).await.refused(404, "not-found");
    world.as_person("administrator").get(&goals(agreement)).await.refused(404, "not-found");
    let coordinator = world.as_person("koordinator");
    coordinator.post(&goals(agreement), goal("Et andet")).await.refused(403, "not-holder");
    let read = coordinator.get(&address).await.ok();
    assert_eq!(read["available_actions"][0]["reasons"][0]["code"], "not-holder");
    coordinator.patch(&address, json!({"title": "Et andet"})).await.refused(403, "not-holder");
    world.as_person("medarbejder").patch(&address, json!({"title": "Et bedre"})).await.ok();
    world.as_hr().post(&goals(agreement), goal("Et andet")).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn the_children_lock_with_their_section() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let (chief, address) = (world.as_person("socialchef"), made(&world, agreement, goal("Et mål")).await);
    world.put_section(agreement, "effects", SectionState::Submitted, "socialdirektør").await;
    chief.post(&goals(agreement), goal("Et andet")).await.refused(409, "illegal-move");
    chief.patch(&address, json!({"title": "Et andet"})).await.refused(409, "illegal-move");
    chief.post(&format!("{address}/indicators"), json!({"name": "Andel"})).await.refused(409, "illegal-move");
    let read = chief.get(&address).await.ok();
    assert_eq!(read["available_actions"][1]["reasons"][0]["code"], "illegal-move");
    assert_eq!(world.as_person("socialdirektør").get(&address).await.ok()["title"], "Et mål");
}

#[actix_web::test]
async fn a_reviewer_of_a_returned_section_does_not_see_the_mending() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = made(&world, agreement, goal("Et mål")).await;
    world.put_section(agreement, "effects", SectionState::Returned, "socialdirektør").await;
    let director = world.as_person("socialdirektør");
    director.get(&address).await.refused(404, "not-found");
    assert_eq!(director.get(&goals(agreement)).await.ok()["items"], json!([]));
    world.as_person("socialchef").patch(&address, json!({"title": "Et bedre mål"})).await.ok();
}

#[actix_web::test]
async fn a_goal_refers_only_to_what_is_there() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let mut body = goal("Et mål");
    body["theme_id"] = json!(Id::new());
    body["inherited_from_id"] = json!(Id::new());
    let problem = chief.post(&goals(agreement), body).await.refused(422, "unknown-reference");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][1]["pointer"]),
        (&json!("/theme_id"), &json!("/inherited_from_id"))
    );
    let nowhere = json!({"section_key": "nowhere", "title": "Et mål"});
    let problem = chief.post(&goals(agreement), nowhere).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/section_key");
    chief.post(&goals(agreement), json!({"section_key": "effects"})).await.refused(422, "invalid-body");
    let mut body = goal("Et mål");
    body["id"] = json!(Id::of_name("mine"));
    chief.post(&goals(agreement), body.clone()).await.ok();
    chief.post(&goals(agreement), body).await.refused(409, "id-in-use");
    let another = world.agreement(Unit::School).await;
    let elsewhere = format!("{}/{}", goals(another), Id::of_name("mine"));
    world.as_person("skolechef").get(&elsewhere).await.refused(404, "not-found");
}

#[actix_web::test]
async fn goals_are_listed_page_by_page_in_the_order_of_their_sections() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    made(&world, agreement, json!({"section_key": "cross-cutting", "title": "c"})).await;
    for title in ["a", "b"] {
        made(&world, agreement, goal(title)).await;
    }
    let chief = world.as_person("socialchef");
    let (mut titles, mut path) = (Vec::new(), format!("{}?limit=2", goals(agreement)));
    loop {
        let page = chief.get(&path).await;
        let link = page.header("link").to_owned();
        titles.extend(page.ok()["items"].as_array().expect("items").iter().map(|one| one["title"].clone()));
        match link.split(['<', '>']).nth(1) {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(titles, ["a", "b", "c"]);
    let some = chief.get(&format!("{}?section=cross-cutting", goals(agreement))).await.ok();
    assert_eq!(some["items"].as_array().map(Vec::len), Some(1));
}

#[actix_web::test]
async fn a_section_holds_a_hundred_goals_and_no_more() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    for number in 0..100 {
        chief.post(&goals(agreement), goal(&format!("Mål {number}"))).await.ok();
    }
    let problem = chief.post(&goals(agreement), goal("Et for meget")).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "list-full");
}

#[actix_web::test]
async fn goals_that_lack_the_same_can_be_told_apart() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    for title in ["Flere i job", "Færre nætter på sygehus"] {
        chief
            .post(&format!("/api/v1/agreements/{id}/goals"), json!({"section_key": "effects", "title": title}))
            .await
            .ok();
    }
    let partners = json!([{"org_unit_id": world.unit(Unit::School)}]);
    for title in ["Overgang", "Mentor"] {
        let body = json!({"agreement_id": id, "section_key": "cross-cutting", "title": title, "partners": partners});
        chief.post("/api/v1/commitments", body).await.ok();
    }
    let readiness = chief.get(&format!("/api/v1/agreements/{id}/readiness")).await.ok();
    let told: Vec<&str> = readiness["advice"]
        .as_array()
        .expect("advice")
        .iter()
        .map(|one| one["message"].as_str().expect("words"))
        .collect();
    let of = |words: &[&str]| told.iter().filter(|message| words.iter().all(|word| message.contains(word))).count();
    for words in [["Mål 1", "»Flere i job«"], ["Mål 2", "»Færre nætter på sygehus«"]] {
        assert_eq!(of(&words), 1, "{told:?}");
    }
    for words in [["Tilsagn 1", "»Overgang«"], ["Tilsagn 2", "»Mentor«"]] {
        assert_eq!(of(&words), 1, "{told:?}");
    }
}
