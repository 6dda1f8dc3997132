use serde_json::{Value, json};

use crate::support::statements::selects;
use crate::support::{Client, Unit, World};

async fn address(world: &World) -> String {
    let cycles = world.as_person("koordinator").get("/api/v1/cycles").await.ok();
    format!("/api/v1/cycles/{}/overview", cycles["items"][0]["id"].as_str().expect("a cycle"))
}

async fn rows(client: &Client, address: &str) -> Vec<Value> {
    client.get(address).await.ok()["items"].as_array().expect("rows").clone()
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["org_unit"]["name"].as_str().expect("a name")).collect()
}

#[actix_web::test]
async fn the_directorate_sees_who_has_not_begun_and_reads_no_word_of_it() {
    let world = World::new().await;
    let social = world.agreement(Unit::Social).await;
    world.agreement(Unit::CareHome).await;
    let address = address(&world).await;
    let all = ["Skolecentret", "Børnehuset Ærten", "Socialcentret", "Plejehjemmet Åhuset"];
    for who in ["kommunaldirektør", "skoledirektør", "koordinator"] {
        assert_eq!(names(&rows(&world.as_person(who), &address).await), all, "{who}");
    }
    let director = world.as_person("skoledirektør");
    let before = rows(&director, &address).await;
    let (none, centre) = (&before[0], &before[2]);
    assert_eq!((&none["agreement_id"], &none["state"], &none["progress"]), (&json!(null), &json!(null), &json!(null)));
    assert_eq!(none["deadline"], json!({"key": "submit", "on": "2014-12-15"}));
    assert_eq!((&centre["agreement_id"], &centre["readable"]), (&json!(social), &json!(false)));
    assert_eq!((&centre["state"], &centre["holders"][0]["name"]), (&json!("draft"), &json!("socialchef")));
    let untouched = json!({"demanded": 2, "begun": 0, "ready": 0, "submitted": 0, "approved": 0});
    assert_eq!((&centre["progress"], &centre["overdue"]), (&untouched, &json!(false)));
    let agreement = format!("/api/v1/agreements/{social}");
    let chief = world.as_person("socialchef");
    chief.patch(&format!("{agreement}/sections/effects"), json!({"content": {"plan": "Hemmeligt"}})).await.ok();
    let seen = director.get(&address).await;
    assert!(!seen.text.contains("Hemmeligt"));
    let begun = json!({"demanded": 2, "begun": 1, "ready": 1, "submitted": 0, "approved": 0});
    assert_eq!(seen.body["items"][2]["progress"], begun);
    director.get(&agreement).await.refused(404, "not-found");
    let goal = json!({"section_key": "cross-cutting", "title": "Fælles indgang"});
    chief.post(&format!("{agreement}/goals"), goal).await.ok();
    let begun = json!({"demanded": 2, "begun": 2, "ready": 1, "submitted": 0, "approved": 0});
    assert_eq!(rows(&director, &address).await[2]["progress"], begun);
}

#[actix_web::test]
async fn what_is_due_next_follows_the_agreement() {
    let world = World::new().await;
    let social = world.agreement(Unit::Social).await;
    let (address, agreement) = (address(&world).await, format!("/api/v1/agreements/{social}"));
    world.app.clock.advance(chrono::Duration::days(40));
    let (chief, director) = (world.as_person("socialchef"), world.as_person("socialdirektør"));
    let row = async || rows(&director, &address).await.remove(2);
    assert_eq!((&row().await["deadline"]["key"], &row().await["overdue"]), (&json!("submit"), &json!(true)));
    for key in ["effects", "cross-cutting"] {
        chief.patch(&format!("{agreement}/sections/{key}"), json!({"content": {"plan": "Plan"}})).await.ok();
    }
    chief.act(&agreement, "submit", json!({})).await.ok();
    let seen = row().await;
    assert_eq!((&seen["deadline"]["key"], &seen["overdue"]), (&json!("approve"), &json!(false)));
    assert_eq!((&seen["state"], &seen["late"], &seen["readable"]), (&json!("in_review"), &json!(true), &json!(true)));
    assert_eq!(seen["sections"][0], json!({"key": "effects", "state": "submitted"}));
    director.act(&format!("{agreement}/sections/effects"), "approve", json!({})).await.ok();
    let progress = json!({"demanded": 2, "begun": 2, "ready": 2, "submitted": 2, "approved": 1});
    assert_eq!(row().await["progress"], progress);
}

#[actix_web::test]
async fn a_leader_sees_their_own_unit_and_what_is_below_and_others_nothing() {
    let world = World::new().await;
    world.agreement(Unit::Social).await;
    let address = address(&world).await;
    let chief = world.as_person("socialchef");
    assert_eq!(names(&rows(&chief, &address).await), ["Socialcentret", "Plejehjemmet Åhuset"]);
    assert_eq!(names(&rows(&world.as_person("plejehjemsleder"), &address).await), ["Plejehjemmet Åhuset"]);
    let under = format!("{address}?under={}", world.unit(Unit::School));
    assert_eq!(names(&rows(&world.as_person("koordinator"), &under).await), ["Skolecentret", "Børnehuset Ærten"]);
    assert!(rows(&chief, &under).await.is_empty());
    for nobody in ["læser", "medarbejder", "administrator"] {
        world.as_person(nobody).get(&address).await.refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn an_overview_costs_no_statement_for_each_unit() {
    let world = World::new().await;
    world.agreement(Unit::Social).await;
    let (director, address) = (world.as_person("socialdirektør"), address(&world).await);
    let counted = async || {
        rows(&director, &address).await;
        let before = selects(&world.app.database);
        rows(&director, &address).await;
        selects(&world.app.database) - before
    };
    let few = counted().await;
    for unit in [Unit::School, Unit::CareHome, Unit::Nursery] {
        world.agreement(unit).await;
    }
    assert_eq!(counted().await, few);
}
