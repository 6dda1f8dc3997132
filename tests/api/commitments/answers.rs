use aftalestyring::agreements::sections::model::SectionState;
use serde_json::{Value, json};

use super::proposals::{proposal, proposed};
use crate::support::{Client, Unit, World};

#[actix_web::test]
async fn a_partner_confirms_while_the_section_is_locked_and_the_section_does_not_change() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    world.put_section(agreement, "cross-cutting", SectionState::Submitted, "skoledirektør").await;
    let before = world.section(agreement, "cross-cutting").await;
    let partner = world.as_person("skolechef");
    let confirmed = partner.act(&address, "confirm", json!({})).await.ok();
    assert_eq!((&confirmed["state"], &confirmed["parties"][1]["state"]), (&json!("confirmed"), &json!("confirmed")));
    assert_eq!(confirmed["parties"][1]["answered_by"], json!(world.person("skolechef")));
    let after = world.section(agreement, "cross-cutting").await;
    assert_eq!((after.version, after.unconfirmed_partners), (before.version, 0));
    let offered = confirmed["available_actions"].as_array().expect("actions").iter();
    let confirm = offered.clone().find(|one| one["action"] == "confirm").expect("the action");
    assert_eq!((&confirm["allowed"], &confirm["reasons"][0]["code"]), (&json!(false), &json!("already-decided")));
    partner.act(&address, "confirm", json!({})).await.refused(409, "already-decided");
    let kinds = world.happened(agreement).await;
    assert_eq!(kinds, ["commitment.proposed", "commitment.confirmed"]);
}

#[actix_web::test]
async fn a_partner_declines_with_a_reason_and_may_think_better_of_it() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let partner = world.as_person("skolechef");
    partner.act(&address, "decline", json!({})).await.refused(422, "invalid-body");
    let declined = partner.act(&address, "decline", json!({"reason": "Vi har ingen lærer."})).await.ok();
    assert_eq!(
        (&declined["state"], &declined["parties"][1]["reason"]),
        (&json!("declined"), &json!("Vi har ingen lærer."))
    );
    assert_eq!(world.section(agreement, "cross-cutting").await.unconfirmed_partners, 1);
    let confirmed = partner.act(&address, "confirm", json!({})).await.ok();
    assert_eq!((&confirmed["state"], &confirmed["parties"][1]["reason"]), (&json!("confirmed"), &Value::Null));
}

#[actix_web::test]
async fn only_the_party_that_is_asked_answers_and_the_holder_for_parties_outside() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let mut body = proposal(&world, agreement);
    body["partners"] = json!([
        {"org_unit_id": world.unit(Unit::School)}, {"external_name": "Boligforeningen"}, {"external_name": "Politiet"}
    ]);
    let address = proposed(&world, body).await;
    world.as_person("koordinator").act(&address, "confirm", json!({})).await.refused(403, "not-party");
    world.as_person("medarbejder").act(&address, "confirm", json!({})).await.refused(403, "not-party");
    let chief = world.as_person("socialchef");
    let for_school = json!({"org_unit_id": world.unit(Unit::School)});
    chief.act(&address, "confirm", for_school.clone()).await.refused(403, "not-party");
    chief.act(&address, "decline", json!({"reason": "Nej", "external_name": "Politiet"})).await.ok();
    let read = chief.act(&address, "confirm", json!({})).await.ok();
    let states: Vec<&Value> =
        read["parties"].as_array().expect("parties").iter().map(|party| &party["state"]).collect();
    assert_eq!(states, ["confirmed", "proposed", "confirmed", "declined"]);
    world.as_person("skolechef").act(&address, "confirm", for_school).await.ok();
    world
        .as_person("skolechef")
        .act(&address, "confirm", json!({"external_name": "Politiet"}))
        .await
        .refused(403, "not-party");
}

#[actix_web::test]
async fn an_answer_to_what_has_changed_meanwhile_is_refused() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let partner = world.as_person("skolechef");
    let seen = partner.get(&address).await.header("etag").to_owned();
    world.as_person("socialchef").patch(&address, json!({"promise": "Vi holder ingen møder."})).await.ok();
    let confirm = partner.request("POST", &format!("{address}/confirm"));
    confirm.if_match(&seen).json(json!({})).send().await.refused(412, "stale-version");
    partner
        .request("POST", &format!("{address}/confirm"))
        .json(json!({}))
        .send()
        .await
        .refused(428, "precondition-required");
}

#[actix_web::test]
async fn a_party_sees_the_commitment_alone_and_nobody_else_sees_it() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let partner = world.as_person("skolechef");
    partner.get(&address).await.ok();
    partner.get(&format!("/api/v1/agreements/{agreement}/goals")).await.refused(404, "not-found");
    for stranger in ["børnehusleder", "skoledirektør", "administrator", "læser"] {
        world.as_person(stranger).get(&address).await.refused(404, "not-found");
    }
    world.as_hr().get(&address).await.refused(404, "not-found");
    world.put_section(agreement, "cross-cutting", SectionState::Returned, "skoledirektør").await;
    world.as_person("skoledirektør").get(&address).await.refused(404, "not-found");
    world.put_section(agreement, "cross-cutting", SectionState::Submitted, "skoledirektør").await;
    world.as_person("skoledirektør").get(&address).await.ok();
}

async fn titles(client: &Client, query: &str) -> Vec<String> {
    let (mut titles, mut path) = (Vec::new(), format!("/api/v1/commitments?limit=1{query}"));
    loop {
        let page = client.get(&path).await;
        let link = page.header("link").to_owned();
        let body = page.ok();
        titles.extend(
            body["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|one| one["title"].as_str().expect("a title").to_owned()),
        );
        match link.split(['<', '>']).nth(1) {
            Some(next) => path = next.to_owned(),
            None => return titles,
        }
    }
}

#[actix_web::test]
async fn a_leader_finds_what_was_given_what_is_asked_and_what_waits() {
    let world = World::new().await;
    let (social, school) = (world.agreement(Unit::Social).await, world.agreement(Unit::School).await);
    let mut body = proposal(&world, social);
    body["title"] = json!("Fra social til skole");
    let first = proposed(&world, body.clone()).await;
    world.app.clock.advance(chrono::Duration::seconds(1));
    (body["title"], body["due_on"]) = (json!("Senere"), json!("2015-11-01"));
    proposed(&world, body.clone()).await;
    world.app.clock.advance(chrono::Duration::seconds(1));
    body["agreement_id"] = json!(school);
    (body["title"], body["partners"]) =
        (json!("Fra skole til social"), json!([{"org_unit_id": world.unit(Unit::Social)}]));
    let chief = world.as_person("skolechef");
    chief.post("/api/v1/commitments", body).await.ok();
    assert_eq!(titles(&chief, "").await, ["Fra skole til social", "Senere", "Fra social til skole"]);
    assert_eq!(titles(&chief, "&direction=given").await, ["Fra skole til social"]);
    assert_eq!(titles(&chief, "&direction=asked").await, ["Senere", "Fra social til skole"]);
    assert_eq!(titles(&chief, "&due_before=2015-06-01&direction=asked").await, ["Fra social til skole"]);
    chief.act(&first, "confirm", json!({})).await.ok();
    assert_eq!(titles(&chief, "&waiting_for=me").await, ["Senere"]);
    assert_eq!(titles(&chief, "&state=confirmed").await, ["Fra social til skole"]);
    let cycle = chief.get(&format!("/api/v1/agreements/{school}")).await.ok()["cycle_id"].clone();
    let cycle = cycle.as_str().expect("an id");
    let of_school = format!("&cycle={cycle}&org_unit={}&direction=given", world.unit(Unit::School));
    assert_eq!(titles(&world.as_person("koordinator"), &of_school).await, ["Fra skole til social"]);
    assert_eq!(titles(&world.as_person("læser"), "").await, [""; 0]);
    chief.get("/api/v1/commitments?waiting_for=you").await.refused(422, "invalid-parameter");
}
