//! Names and addresses as they are found and sorted, however their letters were sent.

use aftalestyring::db::migrate;
use aftalestyring::each;
use aftalestyring::schema::{org_unit_validities, people};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, Unit, World};

/// Å as macOS writes it: the letter and its ring.
const DECOMPOSED: &str = "A\u{30a}kanden";
const COMPOSED: &str = "Åkanden";

const UNIT: &str = "/api/v1/org-units/01931f2e-7c00-7000-8000-00000000abcd";
const PERSON: &str = "/api/v1/people/01931f2e-7c00-7000-8000-00000000beef";

fn unit(world: &World, name: &str) -> Value {
    let above = world.unit(Unit::Social);
    json!({"validities": [{"from": "2014-01-01", "parent_id": above, "name": name, "kind": "institution"}]})
}

/// The names that a list finds.
async fn found(client: &Client, list: &str, q: &str) -> Vec<String> {
    let query = serde_urlencoded::to_string([("q", q)]).expect("a query");
    let page = client.get(&format!("/api/v1/{list}?{query}")).await.ok();
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

#[actix_web::test]
async fn a_name_is_found_however_its_letters_were_sent_and_is_given_back_as_it_came() {
    for name in [DECOMPOSED, COMPOSED] {
        let world = World::new().await;
        let hr = world.as_hr();
        hr.put(UNIT, unit(&world, name)).await.ok();
        let person = json!({"name": name, "email": format!("Leder@{name}.example")});
        hr.put(PERSON, person.clone()).await.ok();
        for q in [DECOMPOSED, COMPOSED, "åkanden", "ÅKANDEN", "a\u{30a}kan"] {
            assert_eq!(found(&hr, "org-units", q).await, [name], "{q}");
            assert_eq!(found(&hr, "people", q).await, [name], "{q}");
            assert_eq!(found(&hr, "people", &format!("leder@{q}")).await, [name], "by the address: {q}");
        }
        assert!(found(&hr, "org-units", "akanden").await.is_empty(), "å is a letter of its own");
        assert_eq!(hr.get(PERSON).await.ok()["email"], person["email"]);
        assert_eq!(hr.get(UNIT).await.ok()["validities"][0]["name"], name);
    }
}

#[actix_web::test]
async fn names_are_in_danish_order_however_their_letters_were_sent() {
    let world = World::new().await;
    let hr = world.as_hr();
    for (number, name) in
        ["Prøve A\u{30a}", "Prøve Ä", "Prøve Z", "Prøve O\u{308}", "Prøve ø", "Prøve e\u{301}", "Prøve f"]
            .iter()
            .enumerate()
    {
        hr.put(&format!("/api/v1/people/01931f2e-7c00-7000-8000-00000000000{number}"), json!({"name": name}))
            .await
            .ok();
    }
    let sorted = ["Prøve e\u{301}", "Prøve f", "Prøve Z", "Prøve Ä", "Prøve O\u{308}", "Prøve ø", "Prøve A\u{30a}"];
    assert_eq!(found(&hr, "people", "prøve").await, sorted);
}

#[actix_web::test]
async fn a_log_in_is_one_however_the_letters_of_its_address_were_sent() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    world.as_hr().put(PERSON, json!({"name": "Åse"})).await.ok();
    let id = PERSON.rsplit('/').next().expect("an id");
    let log_in = |email: &str| json!({"person_id": id, "email": email});
    let made = administrator.post("/api/v1/users", log_in("ase@A\u{30a}sen.example")).await.ok();
    let code = json!({"email": "ase@åsen.example", "password": made["one_time_code"], "new_password": PASSWORD});
    world.app.anonymous().post("/api/v1/sessions", code).await.ok();
    let other = json!({"person_id": world.person("læser"), "email": "ase@åsen.example"});
    administrator.post("/api/v1/users", other).await.refused(409, "already-exists");
    for email in ["ase@åsen.example", "Ase@a\u{30a}sen.example", "ASE@ÅSEN.example"] {
        let body = json!({"email": email, "password": PASSWORD});
        world.app.anonymous().post("/api/v1/sessions", body).await.ok();
    }
}

#[actix_web::test]
async fn agreements_are_found_however_the_letters_of_their_words_were_sent() {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    let (leader, path) = (world.as_person("plejehjemsleder"), format!("/api/v1/agreements/{id}"));
    let search = async |q: &str| {
        let query = serde_urlencoded::to_string([("q", q)]).expect("a query");
        let page = leader.get(&format!("/api/v1/agreements?{query}")).await.ok();
        page["items"].as_array().expect("items").len()
    };
    for (key, plan) in [("effects", "Alle pa\u{30a} gangen"), ("cross-cutting", "Ålegræs i åen")] {
        leader.patch(&format!("{path}/sections/{key}"), json!({"content": {"plan": plan}})).await.ok();
    }
    let asked = ["gangen pa\u{30a}", "gangen på", "ålegræs", "a\u{30a}legræs", "A\u{30a}legræs gangen"];
    for q in asked {
        assert_eq!(search(q).await, 1, "while it is written: {q}");
    }
    leader.act(&path, "submit", json!({})).await.ok();
    for q in asked {
        assert_eq!(search(q).await, 1, "when it is submitted: {q}");
    }
    assert_eq!(search("alegræs").await, 0);
}

#[actix_web::test]
async fn names_that_were_folded_in_an_older_way_are_folded_anew_by_a_migration() {
    let world = World::new().await;
    let hr = world.as_hr();
    hr.put(UNIT, unit(&world, DECOMPOSED)).await.ok();
    hr.put(PERSON, json!({"name": DECOMPOSED, "email": "leder@A\u{30a}sen.example"})).await.ok();
    let mut link = world.app.database.url().connect().expect("the database");
    while migrate::down(&mut link).expect("back") != "00000000000005" {}
    let (municipality, link) = (world.scope.municipality(), &mut link);
    each!(link => diesel::update(people::table.filter(people::municipality_id.eq(municipality)))
        .set(people::folded_name.eq("old")).execute(link))
    .expect("old names");
    let units = org_unit_validities::table.filter(org_unit_validities::municipality_id.eq(municipality));
    each!(link => diesel::update(units).set(org_unit_validities::folded_name.eq("old")).execute(link))
        .expect("old names");
    migrate::up(link).expect("forward");
    assert_eq!(found(&hr, "org-units", COMPOSED).await, [DECOMPOSED]);
    assert_eq!(found(&hr, "people", COMPOSED).await, [DECOMPOSED]);
    assert_eq!(found(&hr, "people", "leder@åsen").await, [DECOMPOSED]);
}
