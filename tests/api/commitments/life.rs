//! A commitment is countered, kept, and kept late.

use aftalestyring::agreements::sections::model::SectionState;
use serde_json::{Value, json};

use super::proposals::{proposal, proposed};
use crate::support::{Client, Unit, World, at_once, change};

async fn kinds(client: &Client) -> Vec<Value> {
    let tasks = client.get("/api/v1/me/tasks").await.ok();
    let all = tasks["items"].as_array().expect("tasks").iter();
    all.filter(|task| task["href"].as_str().is_some_and(|href| href.contains("commitments")))
        .map(|task| task["kind"].clone())
        .collect()
}

async fn confirmed(world: &World) -> String {
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(world, proposal(world, agreement)).await;
    world.as_person("skolechef").act(&address, "confirm", json!({})).await.ok();
    address
}

#[actix_web::test]
async fn a_partner_would_rather_agree_on_something_else_and_the_proposer_agrees() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let (chief, partner) = (world.as_person("socialchef"), world.as_person("skolechef"));
    let terms = json!({"promise": "Vi sætter en lærer af hver anden gang.", "due_on": "2015-09-01"});
    let countered = partner.act(&address, "counter", terms).await.ok();
    assert_eq!((&countered["state"], &countered["due_on"]), (&json!("proposed"), &json!("2015-05-01")));
    let counter = &countered["counter"];
    assert_eq!(
        (&counter["name"], &counter["due_on"], &counter["expected_gain"]),
        (&json!("Skolecentret"), &json!("2015-09-01"), &json!("Barnet er kendt."))
    );
    let states: Vec<&Value> =
        countered["parties"].as_array().expect("parties").iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["proposed", "confirmed"]);
    assert_eq!(world.section(agreement, "cross-cutting").await.unconfirmed_partners, 1);
    assert_eq!((kinds(&chief).await, kinds(&partner).await), (vec![json!("answer_counter")], vec![]));
    let before = world.section(agreement, "cross-cutting").await.version;
    let agreed = chief.act(&address, "confirm", json!({})).await.ok();
    assert_eq!(
        (&agreed["state"], &agreed["due_on"], &agreed["counter"]),
        (&json!("confirmed"), &json!("2015-09-01"), &Value::Null)
    );
    assert_eq!(agreed["parties"][1]["promise"], "Vi sætter en lærer af hver anden gang.");
    let after = world.section(agreement, "cross-cutting").await;
    assert_eq!((after.version, after.unconfirmed_partners), (before + 1, 0), "the proposer's section says another day");
    let happened = world.happened(agreement).await;
    assert_eq!(happened, ["commitment.proposed", "commitment.countered", "commitment.confirmed"]);
}

#[actix_web::test]
async fn what_changes_a_locked_section_waits_until_it_is_open_and_another_promise_does_not() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    world.put_section(agreement, "cross-cutting", SectionState::Submitted, "skoledirektør").await;
    let (chief, partner) = (world.as_person("socialchef"), world.as_person("skolechef"));
    let read = partner.act(&address, "counter", json!({"due_on": "2015-09-01"})).await.ok();
    assert_eq!(read["counter"]["due_on"], "2015-09-01");
    let own = chief.get(&address).await.ok();
    let offered = own["available_actions"]
        .as_array()
        .expect("actions")
        .iter()
        .find(|one| one["action"] == "confirm")
        .expect("it");
    assert_eq!((&offered["allowed"], &offered["reasons"][0]["code"]), (&json!(false), &json!("illegal-move")));
    chief.act(&address, "confirm", json!({})).await.refused(409, "illegal-move");
    partner.act(&address, "counter", json!({"promise": "Én lærer."})).await.ok();
    let agreed = chief.act(&address, "confirm", json!({})).await.ok();
    assert_eq!((&agreed["state"], &agreed["parties"][1]["promise"]), (&json!("confirmed"), &json!("Én lærer.")));
}

#[actix_web::test]
async fn a_proposer_declines_a_counter_also_in_what_is_locked_and_everything_is_as_before() {
    let world = World::new().await;
    let address = confirmed(&world).await;
    let agreement = world.agreement_id(Unit::Social).await;
    world.put_section(agreement, "cross-cutting", SectionState::Approved, "skoledirektør").await;
    let (chief, partner) = (world.as_person("socialchef"), world.as_person("skolechef"));
    partner.act(&address, "counter", json!({"due_on": "2016-09-01"})).await.ok();
    chief.act(&address, "confirm", json!({})).await.refused(409, "illegal-move");
    let kept = chief.act(&address, "decline", json!({"reason": "Det bliver for sent."})).await.ok();
    assert_eq!(
        (&kept["state"], &kept["counter"], &kept["due_on"]),
        (&json!("confirmed"), &Value::Null, &json!("2015-05-01"))
    );
    partner.act(&address, "fulfil", json!({})).await.ok();
    chief.act(&address, "decline", json!({"reason": "Nej"})).await.refused(403, "not-party");
}

#[actix_web::test]
async fn a_counter_is_the_partners_and_changes_something() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let (chief, partner) = (world.as_person("socialchef"), world.as_person("skolechef"));
    let terms = json!({"due_on": "2015-09-01"});
    chief.act(&address, "counter", terms.clone()).await.refused(409, "own-proposal");
    world.as_person("koordinator").act(&address, "counter", terms.clone()).await.refused(403, "not-party");
    let problem = partner.act(&address, "counter", json!({"due_on": "2015-05-01"})).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "counter-changes-nothing");
    partner.act(&address, "counter", terms.clone()).await.ok();
    let revised = chief.patch(&address, json!({"due_on": "2015-07-01"})).await.ok();
    assert_eq!(
        (&revised["counter"], &revised["parties"][0]["state"], &revised["state"]),
        (&Value::Null, &json!("confirmed"), &json!("proposed"))
    );
    partner.act(&address, "counter", terms).await.ok();
    assert_eq!(chief.act(&address, "withdraw", json!({})).await.ok()["state"], "withdrawn");
}

#[actix_web::test]
async fn it_is_fulfilled_once_both_sides_say_so_late_too() {
    let world = World::new().await;
    let address = confirmed(&world).await;
    world.on_the_day("2015-05-01");
    assert!(kinds(&world.as_person("socialchef")).await.is_empty(), "its day is not over");
    world.on_the_day("2015-05-02");
    let (chief, partner) = (world.as_person("socialchef"), world.as_person("skolechef"));
    assert_eq!(partner.get(&address).await.ok()["state"], "lapsed");
    let tasks = partner.get("/api/v1/me/tasks").await.ok();
    let task = tasks["items"]
        .as_array()
        .expect("tasks")
        .iter()
        .find(|one| one["kind"] == "fulfil_commitment")
        .expect("a task");
    assert_eq!((&task["due"], &task["overdue"]), (&json!("2015-05-01"), &json!(true)));
    for (state, found) in [("lapsed", 1), ("confirmed", 0)] {
        let list = partner.get(&format!("/api/v1/commitments?state={state}")).await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(found), "{state}");
    }
    let said = partner.act(&address, "fulfil", json!({})).await.ok();
    assert_eq!((&said["state"], said["parties"][1]["fulfilled_at"].is_string()), (&json!("lapsed"), true));
    partner.act(&address, "fulfil", json!({})).await.refused(409, "already-decided");
    assert_eq!((kinds(&partner).await, kinds(&chief).await), (vec![], vec![json!("confirm_fulfilment")]));
    assert_eq!(chief.act(&address, "fulfil", json!({})).await.ok()["state"], "fulfilled");
    chief.act(&address, "fulfil", json!({})).await.refused(409, "illegal-move");
    partner.act(&address, "counter", json!({"due_on": "2016-01-01"})).await.refused(409, "illegal-move");
    assert_eq!((kinds(&partner).await, kinds(&chief).await), (vec![], vec![]));
}

#[actix_web::test]
async fn the_coordinator_says_so_for_all_with_a_reason() {
    let world = World::new().await;
    let address = confirmed(&world).await;
    let coordinator = world.as_person("koordinator");
    let problem = coordinator.act(&address, "fulfil", json!({})).await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
    world.as_person("medarbejder").act(&address, "fulfil", json!({})).await.refused(403, "not-party");
    let nobody = json!({"org_unit_id": world.unit(Unit::Nursery), "reason": "Sagt på mødet."});
    coordinator.act(&address, "fulfil", nobody).await.refused(403, "not-party");
    let school = json!({"org_unit_id": world.unit(Unit::School), "reason": "Sagt på mødet."});
    let said = coordinator.act(&address, "fulfil", school).await.ok();
    assert_eq!((&said["state"], said["parties"][0]["fulfilled_at"].is_null()), (&json!("confirmed"), true));
    let done = coordinator.act(&address, "fulfil", json!({"reason": "Begge meldte det på mødet."})).await.ok();
    assert_eq!(
        (&done["state"], &done["parties"][0]["reason"]),
        (&json!("fulfilled"), &json!("Begge meldte det på mødet."))
    );
}

#[actix_web::test]
async fn nobody_keeps_what_is_not_agreed_and_the_holder_speaks_for_those_outside() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let mut body = proposal(&world, agreement);
    body["partners"] = json!([{"external_name": "Boligforeningen"}]);
    let address = proposed(&world, body).await;
    let chief = world.as_person("socialchef");
    chief.act(&address, "fulfil", json!({})).await.refused(409, "illegal-move");
    chief.act(&address, "confirm", json!({})).await.ok();
    let own = json!({"org_unit_id": world.unit(Unit::Social)});
    assert_eq!(chief.act(&address, "fulfil", own).await.ok()["state"], "confirmed");
    assert_eq!(kinds(&chief).await, ["confirm_fulfilment"], "nobody else speaks for those outside");
    assert_eq!(chief.act(&address, "fulfil", json!({})).await.ok()["state"], "fulfilled");
}

#[actix_web::test]
async fn two_sides_that_say_so_at_once_are_both_heard() {
    let world = World::new().await;
    let address = confirmed(&world).await;
    let mut changes = Vec::new();
    for who in ["socialchef", "skolechef"] {
        let to = ("POST", format!("{address}/fulfil"));
        changes.push(change(world.as_person(who), &address, to, json!({})).await);
    }
    let mut statuses: Vec<u16> = at_once(changes).into_iter().map(|(status, _)| status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let second = world.as_person("koordinator").get(&address).await.ok();
    let unsaid = second["parties"].as_array().expect("parties").iter().position(|one| one["fulfilled_at"].is_null());
    let who = ["socialchef", "skolechef"][unsaid.expect("one of them")];
    assert_eq!(world.as_person(who).act(&address, "fulfil", json!({})).await.ok()["state"], "fulfilled");
}

#[actix_web::test]
async fn a_unit_that_is_no_more_is_a_task_for_the_others() {
    let world = World::new().await;
    let address = confirmed(&world).await;
    let coordinator = world.as_person("koordinator");
    let unit = format!("/api/v1/org-units/{}", world.unit(Unit::School));
    let validity = coordinator.get(&unit).await.ok()["validities"][0].clone();
    world.end_appointment("skolechef").await;
    let ended = json!({"validities": [{
        "from": validity["from"], "to": "2014-12-31", "parent_id": validity["parent_id"], "name": validity["name"],
        "kind": validity["kind"]
    }]});
    coordinator.put(&unit, ended).await.ok();
    world.on_the_day("2015-02-01");
    assert_eq!(kinds(&world.as_person("socialchef")).await, ["replace_partner"]);
    assert_eq!(world.as_person("socialchef").get(&address).await.ok()["parties"][1]["name"], Value::Null);
}
