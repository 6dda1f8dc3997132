use serde_json::{Value, json};

use crate::support::{Client, Unit, World};

const PERSON: &str = "/api/v1/people/01931f2e-7c00-7000-8000-00000000beef";
const POST: &str = "/api/v1/appointments/01931f2e-7c00-7000-8000-00000000cafe";

/// The roles that only an administrator gives.
const DECIDING: [&str; 4] = ["director", "chief_executive", "coordinator", "administrator"];

fn appointment(world: &World, person: &str, role: &str) -> Value {
    json!({"person_id": world.person(person), "org_unit_id": world.unit(Unit::Nursery), "role": role, "from": "2014-11-01"})
}

/// Whether its reader may replace an appointment and delete it, and why not.
fn offered(appointment: &Value) -> Vec<(bool, Option<&str>)> {
    let actions = appointment["available_actions"].as_array().expect("actions");
    actions.iter().map(|one| (one["allowed"] == true, one["reasons"][0]["code"].as_str())).collect()
}

#[actix_web::test]
async fn an_hr_system_cannot_make_administrators() {
    let world = World::new().await;
    world.hand_over_to_hr(&[Unit::Nursery], &["læser"]).await;
    let hr = world.as_hr();
    hr.put(PERSON, json!({"name": "Ny leder"})).await.ok();
    for role in ["administrator", "chief_executive", "director", "coordinator", "reader"] {
        hr.put(POST, appointment(&world, "læser", role)).await.refused(403, "role-given-locally");
    }
    let coordinator = world.as_person("koordinator");
    coordinator.put(POST, appointment(&world, "læser", "leader")).await.ok();
    hr.put(POST, appointment(&world, "læser", "contributor")).await.refused(409, "managed-elsewhere");
    coordinator.put(POST, appointment(&world, "læser", "reader")).await.ok();
    hr.put(POST, appointment(&world, "læser", "contributor")).await.refused(403, "role-given-locally");
    assert_eq!(offered(&hr.get(POST).await.ok()), [(false, Some("role-given-locally")); 2]);
}

#[actix_web::test]
async fn an_hr_system_appoints_its_own_people_in_its_own_units() {
    let world = World::new().await;
    let hr = world.as_hr();
    hr.put(PERSON, json!({"name": "Ny leder"})).await.ok();
    let own = PERSON.rsplit('/').next().expect("an id");
    let at = |person: &Value, unit: Unit, deputy: &Value| {
        json!({"person_id": person, "org_unit_id": world.unit(unit), "role": "leader", "from": "2014-11-01",
            "standing_deputy_id": deputy, "responsible_for": [world.unit(unit)]})
    };
    let (own, local) = (json!(own), json!(world.person("læser")));
    let mut problem = hr.put(POST, at(&local, Unit::Nursery, &local)).await.refused(409, "managed-elsewhere");
    let places: Vec<Value> =
        problem["errors"].as_array_mut().expect("places").iter_mut().map(|one| one["pointer"].take()).collect();
    assert_eq!(places, ["/person_id", "/standing_deputy_id", "/org_unit_id", "/responsible_for/0"]);
    world.hand_over_to_hr(&[Unit::Nursery], &[]).await;
    hr.put(POST, at(&local, Unit::Nursery, &own)).await.refused(409, "managed-elsewhere");
    hr.put(POST, at(&own, Unit::CareHome, &own)).await.refused(409, "managed-elsewhere");
    hr.put(POST, at(&own, Unit::Nursery, &own)).await.ok();
    // Nor by replacing what it has given.
    hr.put(POST, at(&local, Unit::Nursery, &own)).await.refused(409, "managed-elsewhere");
    assert_eq!(hr.get(POST).await.ok()["person_id"], own);
}

#[actix_web::test]
async fn nobody_gives_changes_or_ends_an_appointment_of_their_own() {
    let world = World::new().await;
    for who in ["koordinator", "administrator"] {
        let own = world.as_person(who);
        for role in ["leader", "contributor", "works_council", "user_board", "reader"] {
            own.put(POST, appointment(&world, who, role)).await.refused(403, "own-appointment");
            let mut deputy = appointment(&world, "læser", role);
            deputy["standing_deputy_id"] = json!(world.person(who));
            own.put(POST, deputy).await.refused(403, "own-appointment");
        }
        own.get(POST).await.refused(404, "not-found");
        let held = own.get("/api/v1/appointments?person=me").await.ok()["items"][0].clone();
        let address = format!("/api/v1/appointments/{}", held["id"].as_str().expect("an id"));
        let code = if who == "administrator" { "own-appointment" } else { "role-given-by-administrator" };
        assert_eq!(offered(&held), [(false, Some(code)); 2]);
        own.put(&address, appointment(&world, "læser", "reader")).await.refused(403, code);
        own.request("DELETE", &address).if_match("\"99.0\"").send().await.refused(403, code);
    }
}

#[actix_web::test]
async fn a_coordinator_makes_nobody_a_decider_least_of_all_themselves() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    for role in DECIDING {
        for person in ["koordinator", "læser"] {
            let body = appointment(&world, person, role);
            let problem = coordinator.in_english().put(POST, body).await.refused(403, "role-given-by-administrator");
            assert!(problem["detail"].as_str().is_some_and(|words| words.contains("an administrator")), "{problem}");
        }
    }
    coordinator.get(POST).await.refused(404, "not-found");
    for role in ["leader", "contributor", "works_council", "user_board", "reader"] {
        let given = coordinator.put(POST, appointment(&world, "læser", role)).await.ok();
        assert_eq!((&given["role"], offered(&given)), (&json!(role), vec![(true, None); 2]));
    }
    coordinator.put(POST, appointment(&world, "læser", "director")).await.refused(403, "role-given-by-administrator");
    assert_eq!(coordinator.get(POST).await.ok()["role"], "reader");
    assert_eq!(coordinator.delete(POST).await.status, 204);
}

async fn given_by_administrator(world: &World, role: &str) -> Client {
    world.as_person("administrator").put(POST, appointment(world, "læser", role)).await.ok();
    world.as_person("koordinator")
}

#[actix_web::test]
async fn who_could_not_give_a_role_neither_changes_nor_ends_it() {
    let world = World::new().await;
    for role in DECIDING {
        let coordinator = given_by_administrator(&world, role).await;
        let mut ended = appointment(&world, "læser", role);
        ended["to"] = json!("2014-11-30");
        coordinator.put(POST, ended).await.refused(403, "role-given-by-administrator");
        // Nor by giving another one in its place, nor with an old version of it.
        let other = appointment(&world, "koordinator", "reader");
        coordinator.put(POST, other).await.refused(403, "role-given-by-administrator");
        let delete = coordinator.request("DELETE", POST).if_match("\"99.0\"");
        delete.send().await.refused(403, "role-given-by-administrator");
        let seen = coordinator.get(POST).await.ok();
        assert_eq!((&seen["role"], &seen["to"]), (&json!(role), &Value::Null));
        assert_eq!(offered(&seen), [(false, Some("role-given-by-administrator")); 2]);
    }
    assert_eq!(world.as_person("administrator").delete(POST).await.status, 204);
}

#[actix_web::test]
async fn an_administrator_gives_every_role_and_the_audit_log_tells() {
    let world = World::new().await;
    let administrator = world.as_person("administrator");
    for role in DECIDING {
        administrator.put(POST, appointment(&world, "læser", role)).await.ok();
    }
    let log = administrator.get(&format!("/api/v1/audit?actor={}", world.person("administrator"))).await.ok();
    let given: Vec<&Value> = log["items"].as_array().expect("entries").iter().map(|one| &one["detail"]).collect();
    let told = |role: &str| json!({"person_id": world.person("læser"), "role": role});
    assert_eq!(given, DECIDING.iter().rev().map(|role| told(role)).collect::<Vec<_>>().iter().collect::<Vec<_>>());
}

#[actix_web::test]
async fn an_appointment_is_for_days_on_which_its_unit_exists() {
    let world = World::new().await;
    let (hr, unit) = (world.as_hr(), "01931f2e-7c00-7000-8000-00000000abcd");
    let periods = [("2014-01-01", Some("2014-06-30")), ("2014-07-01", Some("2014-12-31")), ("2016-01-01", None)];
    let validity = |(from, to): &(&str, Option<&str>)| json!({"from": from, "to": to, "name": "Ny", "kind": "centre"});
    let validities: Vec<Value> = periods.iter().map(validity).collect();
    hr.put(&format!("/api/v1/org-units/{unit}"), json!({"validities": validities})).await.ok();
    let put = |from: &str, to: Option<&str>| {
        let mut body = appointment(&world, "læser", "leader");
        (body["org_unit_id"], body["from"], body["to"]) = (json!(unit), json!(from), json!(to));
        let english = hr.in_english();
        async move { english.put(POST, body).await }
    };
    for (from, to, place, day) in [
        ("2013-12-31", Some("2014-12-31"), "/from", "31 December 2013"),
        ("2014-01-01", None, "/to", "1 January 2015"),
        ("2014-03-01", Some("2016-03-01"), "/to", "1 January 2015"),
        ("2015-03-01", None, "/from", "1 March 2015"),
    ] {
        let problem = put(from, to).await.refused(422, "unknown-reference");
        let fault = &problem["errors"][0];
        assert_eq!((&fault["code"], &fault["pointer"]), (&json!("outside-unit-life"), &json!(place)));
        assert!(fault["message"].as_str().expect("a message").contains(day), "{fault}");
    }
    for (from, to) in [("2014-01-01", Some("2014-12-31")), ("2016-01-01", None), ("2030-01-01", Some("2031-01-01"))] {
        put(from, to).await.ok();
    }
}
