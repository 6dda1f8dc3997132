use serde_json::{Value, json};

use crate::support::{Unit, World};

const PERSON: &str = "/api/v1/people/01931f2e-7c00-7000-8000-00000000beef";
const POST: &str = "/api/v1/appointments/01931f2e-7c00-7000-8000-00000000cafe";

fn person(name: &str, subject: &str) -> Value {
    json!({"name": name, "email": "ny@lilleby.example", "identities": [{"issuer": "hr", "subject": subject}]})
}

fn appointment(world: &World, role: &str) -> Value {
    let id = PERSON.rsplit('/').next().expect("an id");
    json!({"person_id": id, "org_unit_id": world.unit(Unit::Nursery), "role": role, "from": "2014-11-01"})
}

#[actix_web::test]
async fn an_hr_system_puts_a_leader_in_place() {
    let world = World::new().await;
    let hr = world.as_hr();
    assert_eq!(hr.put(PERSON, person("Ny leder", "1")).await.status, 201);
    assert_eq!(hr.put(POST, appointment(&world, "leader")).await.status, 201);
    let again = hr.put(POST, appointment(&world, "leader")).await;
    assert_eq!((again.status, again.body["etag"].clone()), (200, hr.get(POST).await.ok()["etag"].clone()));
    let id = world.agreement(Unit::Nursery).await;
    let holders = world.as_person("koordinator").get(&format!("/api/v1/agreements/{id}")).await.ok()["holders"].clone();
    assert!(holders.as_array().expect("holders").iter().any(|one| one["name"] == "Ny leder"), "{holders}");
    let filter = format!("unit={}&role=leader&valid_at=2014-11-10", world.unit(Unit::Nursery));
    let listed = hr.get(&format!("/api/v1/appointments?{filter}")).await.ok();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    let etag = hr.get(POST).await.ok()["etag"].as_str().expect("an etag").to_owned();
    hr.request("DELETE", POST).send().await.refused(428, "precondition-required");
    assert_eq!(hr.request("DELETE", POST).if_match(&etag).send().await.status, 204);
    hr.get(POST).await.refused(404, "not-found");
}

#[actix_web::test]
async fn what_an_appointment_refers_to_must_exist() {
    let world = World::new().await;
    let mut body = appointment(&world, "leader");
    let problem = world.as_hr().put(POST, body.clone()).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/person_id");
    body["to"] = json!("2014-10-01");
    world.as_hr().put(POST, body).await.refused(422, "invalid-body");
}

#[actix_web::test]
async fn an_identity_belongs_to_one_person() {
    let world = World::new().await;
    world.as_hr().put(PERSON, person("Den ene", "7")).await.ok();
    let other = "/api/v1/people/01931f2e-7c00-7000-8000-00000000dead";
    let problem = world.as_hr().put(other, person("Den anden", "7")).await.refused(409, "already-exists");
    assert_eq!(problem["errors"][0]["pointer"], "/identities/0");
}

#[actix_web::test]
async fn addresses_are_for_those_who_need_them_and_local_people_are_changed_by_hand() {
    let world = World::new().await;
    world.as_hr().put(PERSON, person("Ny leder", "1")).await.ok();
    assert_eq!(world.as_person("læser").get(PERSON).await.ok()["email"], json!(null));
    assert_eq!(world.as_person("koordinator").get(PERSON).await.ok()["email"], "ny@lilleby.example");
    let coordinator = world.as_person("koordinator");
    coordinator.patch(PERSON, json!({"name": "Omdøbt"})).await.refused(409, "managed-elsewhere");
    let local = format!("/api/v1/people/{}", world.person("socialchef"));
    assert_eq!(coordinator.patch(&local, json!({"name": "Ny socialchef"})).await.ok()["name"], "Ny socialchef");
    let found = coordinator.get("/api/v1/people?q=SOCIALCHEF").await.ok();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
}
