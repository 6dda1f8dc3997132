use serde_json::{Value, json};

use super::workflow::{path, section, submitted};
use crate::support::statements::selects;
use crate::support::{Client, Unit, World};

async fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/api/v1/agreements?{query}")).await.ok();
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item: &Value| item["org_units"][0]["name"].as_str().expect("a name").to_owned()).collect()
}

#[actix_web::test]
async fn everybody_lists_what_they_may_know_of() {
    let world = World::new().await;
    for unit in [Unit::Social, Unit::CareHome, Unit::School] {
        world.agreement(unit).await;
    }
    assert_eq!(listed(&world.as_person("koordinator"), "").await.len(), 3);
    assert_eq!(listed(&world.as_person("socialchef"), "").await, ["Socialcentret"]);
    assert_eq!(listed(&world.as_person("medarbejder"), "").await, ["Socialcentret"]);
    assert_eq!(listed(&world.as_person("plejehjemsleder"), "").await, ["Plejehjemmet Åhuset"]);
    for nobody in ["læser", "administrator", "kommunaldirektør"] {
        assert!(listed(&world.as_person(nobody), "").await.is_empty(), "{nobody}");
    }
    assert!(listed(&world.as_hr(), "").await.is_empty());
}

#[actix_web::test]
async fn a_wrong_parameter_is_named() {
    let world = World::new().await;
    let reader = world.as_person("læser");
    for (query, code) in
        [("year=abc", "invalid-value"), ("state=foo", "unknown-value"), ("holder=you", "invalid-value")]
    {
        let problem = reader.get(&format!("/api/v1/agreements?{query}")).await.refused(422, "invalid-parameter");
        let name = query.split('=').next().expect("a name");
        assert_eq!(problem["errors"][0]["pointer"], format!("?{name}"), "{problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
}

#[actix_web::test]
async fn a_list_and_a_look_agree_on_who_sees_what() {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    let leader = world.as_person("plejehjemsleder");
    let path = format!("/api/v1/agreements/{id}");
    let everybody = [
        "kommunaldirektør",
        "socialdirektør",
        "koordinator",
        "administrator",
        "læser",
        "socialchef",
        "skolechef",
        "medarbejder",
        "plejehjemsleder",
        "børnehusleder",
    ];
    for step in 0..3 {
        match step {
            1 => {
                for key in ["effects", "cross-cutting"] {
                    leader.patch(&format!("{path}/sections/{key}"), json!({"content": {"plan": "P"}})).await.ok();
                }
                leader.act(&path, "submit", json!({})).await.ok();
            }
            2 => {
                for key in ["effects", "cross-cutting"] {
                    world
                        .as_person("socialchef")
                        .act(&format!("{path}/sections/{key}"), "approve", json!({}))
                        .await
                        .ok();
                }
            }
            _ => {}
        }
        for name in everybody {
            let client = world.as_person(name);
            let sees = client.get(&path).await.status == 200;
            assert_eq!(listed(&client, "").await.len(), usize::from(sees), "{name} at step {step}");
        }
        assert_eq!(listed(&world.as_hr(), "").await.len(), usize::from(step == 2));
    }
}

#[actix_web::test]
async fn a_list_is_narrowed_by_what_is_asked_for() {
    let world = World::new().await;
    for unit in [Unit::Social, Unit::CareHome, Unit::School] {
        world.agreement(unit).await;
    }
    let coordinator = world.as_person("koordinator");
    assert_eq!(listed(&coordinator, &format!("under={}", world.unit(Unit::Social))).await.len(), 2);
    assert_eq!(listed(&coordinator, &format!("org_unit={}", world.unit(Unit::Social))).await, ["Socialcentret"]);
    assert_eq!(listed(&coordinator, &format!("holder={}", world.person("skolechef"))).await, ["Skolecentret"]);
    assert_eq!(listed(&world.as_person("skolechef"), "holder=me").await, ["Skolecentret"]);
    assert_eq!(listed(&coordinator, "state=draft&year=2015").await.len(), 3);
    assert!(listed(&coordinator, "year=2016").await.is_empty());
    assert!(listed(&coordinator, "waiting_for=me").await.is_empty());
    let page = coordinator.get("/api/v1/agreements?limit=1&include=total,actions").await.ok();
    assert_eq!((&page["total"], page["items"].as_array().map(Vec::len)), (&json!(3), Some(1)));
    assert!(page["items"][0]["available_actions"].is_array());
    coordinator.get("/api/v1/agreements?state=unknown").await.refused(422, "invalid-parameter");
    coordinator.get("/api/v1/agreements?cursor=xyz").await.refused(422, "invalid-parameter");
}

#[actix_web::test]
async fn a_row_tells_how_far_its_agreement_has_come() {
    let world = World::new().await;
    let (id, other) = (world.agreement(Unit::Social).await, world.agreement(Unit::School).await);
    let chief = world.as_person("socialchef");
    let section = format!("/api/v1/agreements/{id}/sections/effects");
    chief.patch(&section, json!({"content": {"plan": "Vi måler."}})).await.ok();
    let coordinator = world.as_person("koordinator");
    let listed = coordinator.get("/api/v1/agreements").await.ok();
    let of = |id: aftalestyring::types::Id| {
        let row = listed["items"].as_array().expect("items").iter().find(|row| row["id"] == json!(id));
        row.expect("a row")["progress"].clone()
    };
    assert_eq!(of(id), json!({"demanded": 2, "begun": 1, "ready": 1, "submitted": 0, "approved": 0}));
    assert_eq!(of(other), json!({"demanded": 2, "begun": 0, "ready": 0, "submitted": 0, "approved": 0}));
    assert_eq!(coordinator.get(&format!("/api/v1/agreements/{id}")).await.ok()["progress"], of(id));
}

#[actix_web::test]
async fn the_row_of_an_approved_agreement_tells_what_the_agreement_does() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    for (director, key) in [("socialdirektør", "effects"), ("skoledirektør", "cross-cutting")] {
        world.as_person(director).act(&section(id, key), "approve", json!({})).await.ok();
    }
    let coordinator = world.as_person("koordinator");
    let page = coordinator.get("/api/v1/agreements").await.ok();
    assert_eq!(page["items"][0]["state"], "approved");
    let progress = &page["items"][0]["progress"];
    assert_eq!(progress, &json!({"demanded": 2, "begun": 2, "ready": 2, "submitted": 2, "approved": 2}));
    assert_eq!(&coordinator.get(&path(id)).await.ok()["progress"], progress);
}

#[actix_web::test]
async fn a_list_costs_no_statement_for_each_row() {
    let world = World::new().await;
    world.agreement(Unit::Social).await;
    let coordinator = world.as_person("koordinator");
    let counted = async || {
        listed(&coordinator, "").await;
        let before = selects(&world.app.database);
        listed(&coordinator, "").await;
        selects(&world.app.database) - before
    };
    let few = counted().await;
    for unit in [Unit::School, Unit::CareHome, Unit::Nursery] {
        world.agreement(unit).await;
    }
    assert_eq!(counted().await, few);
}

#[actix_web::test]
async fn a_list_of_revisions_leaves_out_what_they_say() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    for key in ["effects", "cross-cutting"] {
        let section = format!("/api/v1/agreements/{id}/sections/{key}");
        chief.patch(&section, json!({"content": {"plan": "Vi måler."}})).await.ok();
    }
    chief.act(&format!("/api/v1/agreements/{id}"), "submit", json!({})).await.ok();
    let address = format!("/api/v1/agreements/{id}/sections/effects/revisions");
    let row = chief.get(&address).await.ok()["items"][0].clone();
    let whole = chief.get(&format!("{address}/1")).await.ok();
    assert_eq!((&row["snapshot"], &whole["snapshot"]["content"]["plan"]), (&json!(null), &json!("Vi måler.")));
    assert_eq!((&row["submitted_by_name"], &row["content_sha256"]), (&json!("socialchef"), &whole["content_sha256"]));
}
