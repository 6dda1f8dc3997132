//! Which units of a year work together, as data and as a picture.

use serde_json::{Value, json};

use crate::support::{Unit, World};

async fn proposed(world: &World, unit: Unit, who: &str, partner: Unit) -> (String, Value) {
    let agreement = world.agreement(unit).await;
    let body = json!({
        "agreement_id": agreement, "section_key": "cross-cutting", "title": "Fælles overgang", "due_on": "2015-05-01",
        "partners": [{"org_unit_id": world.unit(partner)}]
    });
    let made = world.as_person(who).post("/api/v1/commitments", body).await;
    let address = made.header("location").to_owned();
    let cycle = made.ok()["cycle_id"].clone();
    (address, cycle)
}

fn graph_of(cycle: &Value) -> String {
    format!("/api/v1/cycles/{}/collaboration-graph", cycle.as_str().expect("an id"))
}

fn names(graph: &Value) -> Vec<&str> {
    graph["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|one| one["org_unit"]["name"].as_str().expect("a name"))
        .collect()
}

#[actix_web::test]
async fn units_stand_with_what_they_gave_and_were_asked_for() {
    let world = World::new().await;
    let (address, cycle) = proposed(&world, Unit::Social, "socialchef", Unit::School).await;
    let coordinator = world.as_person("koordinator");
    let graph = coordinator.get(&graph_of(&cycle)).await.ok();
    assert_eq!(names(&graph), ["Skolecentret", "Børnehuset Ærten", "Socialcentret", "Plejehjemmet Åhuset"]);
    let (school, social) = (&graph["nodes"][0], &graph["nodes"][2]);
    assert_eq!((&school["received"], &school["given"], &social["given"]), (&json!(1), &json!(0), &json!(1)));
    assert_eq!(graph["nodes"][1]["area"]["name"], "Skolecentret");
    let edge = &graph["edges"][0];
    assert_eq!((&edge["from"], &edge["proposed"]), (&json!(world.unit(Unit::Social)), &json!(1)));
    world.as_person("skolechef").act(&address, "confirm", json!({})).await.ok();
    world.on_the_day("2015-05-02");
    let graph = world.as_person("koordinator").get(&graph_of(&cycle)).await.ok();
    assert_eq!((&graph["edges"][0]["lapsed"], &graph["nodes"][0]["lapsed"]), (&json!(1), &json!(1)));
    assert_eq!(
        graph["finding"],
        "4 enheder: 1 par har aftalt noget, 0 par venter på svar, og ingen, der havde et tilsagn sidste år, mangler et i år."
    );
}

#[actix_web::test]
async fn a_leader_is_shown_their_own_and_a_reader_nothing() {
    let world = World::new().await;
    let (_, cycle) = proposed(&world, Unit::Social, "socialchef", Unit::School).await;
    let nursery = world.as_person("børnehusleder").get(&graph_of(&cycle)).await.ok();
    assert_eq!((names(&nursery), nursery["edges"].as_array().map(Vec::len)), (vec!["Børnehuset Ærten"], Some(0)));
    let school = world.as_person("skolechef").get(&graph_of(&cycle)).await.ok();
    assert_eq!(names(&school).len(), 3, "their own, and the one they work with");
    let director = world.as_person("socialdirektør").get(&graph_of(&cycle)).await.ok();
    assert_eq!(director["edges"], json!([]), "a proposal in a draft is between its parties");
    world.as_person("læser").get(&graph_of(&cycle)).await.refused(403, "forbidden");
    world.as_hr().get(&graph_of(&cycle)).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn who_agreed_last_year_and_has_nothing_this_year_is_named() {
    let world = World::new().await;
    let (address, cycle) = proposed(&world, Unit::Social, "socialchef", Unit::School).await;
    world.as_person("skolechef").act(&address, "confirm", json!({})).await.ok();
    let now = world.as_person("koordinator").get(&graph_of(&cycle)).await.ok();
    assert_eq!(now["silent_pairs"], json!([]));
    let mut next = crate::support::strategy::cycle(&[]);
    next["year"] = json!(2016);
    let coordinator = world.as_person("koordinator");
    let planned = coordinator.post("/api/v1/cycles", next).await.ok()["id"].clone();
    let graph = coordinator.get(&graph_of(&planned)).await.ok();
    let silent: Vec<&Value> =
        graph["silent_pairs"][0]["org_units"].as_array().expect("two").iter().map(|one| &one["name"]).collect();
    assert!(silent.contains(&&json!("Skolecentret")) && silent.contains(&&json!("Socialcentret")), "{silent:?}");
}

#[actix_web::test]
async fn a_unit_that_has_promised_more_than_the_limit_is_marked() {
    let world = World::new().await;
    let (_, cycle) = proposed(&world, Unit::Social, "socialchef", Unit::School).await;
    proposed_again(&world).await;
    let limit = json!({"open_promise_limit": 1});
    world.as_person("administrator").patch("/api/v1/municipality", limit).await.ok();
    let graph = world.as_person("koordinator").get(&graph_of(&cycle)).await.ok();
    let marked: Vec<&Value> = graph["nodes"].as_array().expect("nodes").iter().map(|one| &one["overloaded"]).collect();
    assert_eq!(marked, [&json!(true), &json!(false), &json!(true), &json!(false)]);
}

async fn proposed_again(world: &World) {
    let agreement = world.agreement_id(Unit::Social).await;
    let body = json!({
        "agreement_id": agreement, "section_key": "cross-cutting", "title": "Mentorer",
        "partners": [{"org_unit_id": world.unit(Unit::School)}]
    });
    world.as_person("socialchef").post("/api/v1/commitments", body).await.ok();
}

#[actix_web::test]
async fn it_is_drawn_for_those_who_ask_for_a_picture() {
    let world = World::new().await;
    let (_, cycle) = proposed(&world, Unit::Social, "socialchef", Unit::School).await;
    let coordinator = world.as_person("koordinator");
    let drawn = coordinator.request("GET", &graph_of(&cycle)).header("accept", "image/svg+xml").send().await;
    assert_eq!((drawn.status, drawn.header("content-type")), (200, "image/svg+xml"));
    for part in ["role='img'", "Samarbejde i aftaleåret 2015", "Skolecentret", "Foreslået"] {
        assert!(drawn.text.contains(part), "{part} in {}", drawn.text);
    }
}
