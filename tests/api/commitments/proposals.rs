use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Unit, World, notified};

pub fn proposal(world: &World, agreement: Id) -> Value {
    json!({
        "agreement_id": agreement, "section_key": "cross-cutting", "title": "Fælles overgang",
        "promise": "Vi holder et møde for hvert barn.", "expected_gain": "Barnet er kendt.", "due_on": "2015-05-01",
        "partners": [{"org_unit_id": world.unit(Unit::School), "promise": "Vi sætter en lærer af."}]
    })
}

pub async fn proposed(world: &World, body: Value) -> String {
    let made = world.as_person("socialchef").post("/api/v1/commitments", body).await;
    let address = made.header("location").to_owned();
    made.ok();
    address
}

#[actix_web::test]
async fn a_saved_commitment_is_proposed_and_its_partners_are_asked() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let read = world.as_person("socialchef").get(&address).await.ok();
    assert_eq!(read["state"], "proposed");
    let parties = read["parties"].as_array().expect("parties");
    assert_eq!((&parties[0]["name"], &parties[0]["state"]), (&json!("Socialcentret"), &json!("confirmed")));
    assert_eq!((&parties[1]["name"], &parties[1]["state"]), (&json!("Skolecentret"), &json!("proposed")));
    let section = world.section(agreement, "cross-cutting").await;
    assert_eq!((section.version, section.unconfirmed_partners), (2, 1));
    assert_eq!(world.happened(agreement).await, ["commitment.proposed"]);
}

#[actix_web::test]
async fn a_partner_is_another_unit_that_is_there_or_somebody_outside() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let mut body = proposal(&world, agreement);
    for (partners, code, pointer) in [
        (json!([{"org_unit_id": world.unit(Unit::Social)}]), "invalid-body", "/partners/0/org_unit_id"),
        (
            json!([{"external_name": "Boligforeningen"}, {"org_unit_id": Id::new()}]),
            "unknown-reference",
            "/partners/1/org_unit_id",
        ),
        (json!([{"promise": "Noget"}]), "invalid-body", "/partners/0"),
        (json!([{"org_unit_id": world.unit(Unit::School), "external_name": "Skolen"}]), "invalid-body", "/partners/0"),
        (json!([{"external_name": "Skolen"}, {"external_name": "Skolen"}]), "invalid-body", "/partners"),
    ] {
        body["partners"] = partners;
        let problem = chief.post("/api/v1/commitments", body.clone()).await.refused(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    body["partners"] = json!([]);
    assert_eq!(chief.post("/api/v1/commitments", body.clone()).await.ok()["state"], "confirmed");
    body["agreement_id"] = json!(Id::new());
    chief.post("/api/v1/commitments", body.clone()).await.refused(422, "unknown-reference");
    body["agreement_id"] = json!(agreement);
    world.as_person("koordinator").post("/api/v1/commitments", body).await.refused(403, "not-holder");
}

#[actix_web::test]
async fn another_promise_gain_or_date_asks_the_partners_anew_and_another_title_does_not() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let (chief, partner) = (world.as_person("socialchef"), world.as_person("skolechef"));
    let unit = world.unit(Unit::School);
    for (change, after) in [
        (json!({"title": "Den fælles overgang"}), "confirmed"),
        (json!({"promise": "Vi holder to møder."}), "proposed"),
        (json!({"expected_gain": "Barnet er trygt."}), "proposed"),
        (json!({"due_on": null}), "proposed"),
        (json!({"partners": [{"org_unit_id": unit, "promise": "To lærere."}]}), "proposed"),
        (json!({"partners": [{"org_unit_id": unit, "promise": "To lærere."}, {"external_name": "PPR"}]}), "proposed"),
    ] {
        if chief.get(&address).await.ok()["state"] == "proposed" {
            partner.act(&address, "confirm", json!({})).await.ok();
        }
        assert_eq!(chief.patch(&address, change.clone()).await.ok()["state"], after, "{change}");
    }
    let read = chief.get(&address).await.ok();
    assert_eq!((&read["parties"][1]["state"], &read["parties"][2]["state"]), (&json!("confirmed"), &json!("proposed")));
    assert_eq!(world.section(agreement, "cross-cutting").await.unconfirmed_partners, 1);
    partner.patch(&address, json!({"title": "Vores"})).await.refused(403, "not-holder");
}

#[actix_web::test]
async fn an_equal_change_writes_nothing_and_a_locked_section_stays_as_it_is() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let chief = world.as_person("socialchef");
    chief.patch(&address, json!({"title": "Fælles overgang"})).await.ok();
    assert_eq!(world.happened(agreement).await, ["commitment.proposed"]);
    world.put_section(agreement, "cross-cutting", SectionState::Submitted, "skoledirektør").await;
    chief.patch(&address, json!({"title": "Noget andet"})).await.refused(409, "illegal-move");
    chief.act(&address, "withdraw", json!({})).await.refused(409, "illegal-move");
    chief.post("/api/v1/commitments", proposal(&world, agreement)).await.refused(409, "illegal-move");
}

#[actix_web::test]
async fn the_holder_withdraws_while_the_section_is_written_and_nobody_answers_any_more() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let address = proposed(&world, proposal(&world, agreement)).await;
    let chief = world.as_person("socialchef");
    world.as_person("medarbejder").act(&address, "withdraw", json!({})).await.refused(403, "not-holder");
    let rehearsed =
        chief.request("POST", &format!("{address}/withdraw?dry_run=true")).json(json!({})).send().await.ok();
    assert_eq!(
        (&rehearsed["would_succeed"], notified(&rehearsed)),
        (&json!(true), vec![json!(world.person("skolechef"))])
    );
    let gone = chief.act(&address, "withdraw", json!({"reason": "Lagt sammen med et andet."})).await.ok();
    assert_eq!(
        (&gone["state"], &gone["parties"][0]["reason"]),
        (&json!("withdrawn"), &json!("Lagt sammen med et andet."))
    );
    assert_eq!(world.section(agreement, "cross-cutting").await.unconfirmed_partners, 0);
    world.as_person("skolechef").act(&address, "confirm", json!({})).await.refused(409, "illegal-move");
    chief.patch(&address, json!({"title": "Igen"})).await.refused(409, "illegal-move");
    assert_eq!(world.happened(agreement).await, ["commitment.proposed", "commitment.withdrawn"]);
}
