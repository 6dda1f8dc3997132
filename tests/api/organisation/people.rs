use serde_json::{Value, json};

use crate::support::{Client, Unit, World};

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
    world.hand_over_to_hr(&[Unit::Nursery], &[]).await;
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

/// The names on a list of people, of those that a test made.
async fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/api/v1/people?q=pr%C3%B8ve&{query}")).await.ok();
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

#[actix_web::test]
async fn people_whom_only_hr_or_only_a_log_in_knows_are_found() {
    let world = World::new().await;
    let (hr, administrator, coordinator) =
        (world.as_hr(), world.as_person("administrator"), world.as_person("koordinator"));
    let put = |client: Client, number: u8, name: &str, identified: bool| {
        let path = format!("/api/v1/people/01931f2e-7c00-7000-8000-0000000000{number:02}");
        let identities = if identified { json!([{"issuer": "hr", "subject": number.to_string()}]) } else { json!([]) };
        let body = json!({"name": format!("Prøve {name}"), "identities": identities});
        async move { client.put(&path, body).await.ok()["id"].clone() }
    };
    let log_in = |person: Value, name: &str| {
        let email = format!("{name}@lilleby.example");
        let body = json!({"person_id": person, "email": email});
        administrator.post("/api/v1/users", body)
    };
    put(hr.clone(), 1, "a: fra HR", true).await;
    let person = put(hr.clone(), 2, "b: fra HR, uden identitet, med login", false).await;
    log_in(person, "b").await.ok();
    let person = put(coordinator.clone(), 3, "c: lokal, med identitet og login", true).await;
    log_in(person, "c").await.ok();
    let person = put(coordinator.clone(), 4, "d: lokal, med login", false).await;
    let shut = log_in(person, "d").await.header("location").to_owned();
    put(coordinator.clone(), 5, "e: lokal", false).await;

    let matched = ["Prøve b: fra HR, uden identitet, med login", "Prøve c: lokal, med identitet og login"];
    let unmatched = ["Prøve a: fra HR", "Prøve d: lokal, med login", "Prøve e: lokal"];
    for client in [&coordinator, &administrator, &hr] {
        assert_eq!(listed(client, "unmatched=false").await, matched);
        assert_eq!(listed(client, "unmatched=true").await, unmatched);
        assert_eq!(listed(client, "").await.len(), 5);
    }
    let first = coordinator.get("/api/v1/people?q=pr%C3%B8ve&unmatched=true&limit=2").await.ok();
    let rest = format!("unmatched=true&limit=2&cursor={}", first["next_cursor"].as_str().expect("another page"));
    assert_eq!(listed(&coordinator, &rest).await, ["Prøve e: lokal"]);
    administrator.patch(&shut, json!({"disabled": true})).await.ok();
    put(coordinator.clone(), 4, "d: lokal, med login", true).await;
    assert_eq!(listed(&coordinator, "unmatched=true").await, ["Prøve a: fra HR", "Prøve e: lokal"]);
}

#[actix_web::test]
async fn who_has_a_log_in_is_not_for_everybody_to_ask() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    for nobody in ["læser", "socialchef", "kommunaldirektør"] {
        ours.as_person(nobody).get("/api/v1/people?unmatched=true").await.refused(403, "forbidden");
        ours.as_person(nobody).get("/api/v1/people").await.ok();
    }
    ours.as_person("koordinator").get("/api/v1/people?unmatched=maybe").await.refused(422, "invalid-parameter");
    theirs.as_hr().put(PERSON, person("Prøve", "1")).await.ok();
    assert!(listed(&ours.as_person("koordinator"), "unmatched=true").await.is_empty());
}

#[actix_web::test]
async fn nobody_finds_people_by_an_address_that_they_may_not_read() {
    let world = World::new().await;
    let hr = world.as_hr();
    hr.put(PERSON, person("Ny leder", "1")).await.ok();
    let own = format!("/api/v1/people/{}", world.person("læser"));
    world.as_person("koordinator").patch(&own, json!({"email": "egen@lilleby.example"})).await.ok();
    let found = async |client: Client, q: &str| {
        let page = client.get(&format!("/api/v1/people?q={q}")).await.ok();
        let items = page["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect::<Vec<String>>()
    };
    for name in ["læser", "socialchef", "kommunaldirektør"] {
        assert!(found(world.as_person(name), "ny@lilleby").await.is_empty(), "{name}");
        assert_eq!(found(world.as_person(name), "ny%20leder").await, ["Ny leder"], "{name}");
    }
    assert_eq!(found(world.as_person("læser"), "lilleby.example").await, ["læser"]);
    for client in [hr, world.as_person("koordinator"), world.as_person("administrator")] {
        assert_eq!(found(client.clone(), "ny@lilleby").await, ["Ny leder"]);
        assert_eq!(found(client, "lilleby.example").await, ["læser", "Ny leder"]);
    }
}
