mod line_of_sight;
mod password;
mod tasks;

use serde_json::{Value, json};

use crate::support::{Unit, World};

fn allowed(me: &Value) -> Vec<&str> {
    let actions = me["available_actions"].as_array().expect("actions").iter();
    actions.filter(|one| one["allowed"] == true).filter_map(|one| one["action"].as_str()).collect()
}

#[actix_web::test]
async fn a_person_reads_who_they_are_and_which_roles_they_have() {
    let world = World::new().await;
    let me = world.as_person("socialdirektør").get("/api/v1/me").await.ok();
    assert_eq!(me["person"], json!({"id": world.person("socialdirektør"), "name": "socialdirektør"}));
    assert_eq!(me["municipality"], json!({"id": world.scope.municipality(), "name": "Lilleby"}));
    assert_eq!((&me["today"], &me["languages"]), (&json!("2014-11-10"), &json!(["da", "en"])));
    let role = &me["roles"][0];
    assert_eq!((&role["role"], &role["acting"]), (&json!("director"), &json!(false)));
    assert_eq!(role["org_unit"], json!({"id": world.unit(Unit::Directorate), "name": "Direktionen"}));
    assert_eq!(role["responsible_for"], json!([{"id": world.unit(Unit::Social), "name": "Socialcentret"}]));
    assert_eq!((&me["user_id"], &me["client_id"]), (&json!(world.user("socialdirektør")), &Value::Null));
    assert_eq!(allowed(&me), ["change_password"]);
}

#[actix_web::test]
async fn a_page_knows_what_to_show_its_reader() {
    let world = World::new().await;
    let administrator = world.as_person("administrator").get("/api/v1/me").await.ok();
    assert_eq!(allowed(&administrator).len(), 6);
    let coordinator = world.as_person("koordinator").get("/api/v1/me").await.ok();
    assert_eq!(allowed(&coordinator), ["change_password"]);
    let hr = world.as_hr().get("/api/v1/me").await.ok();
    assert!(allowed(&hr).is_empty());
    assert_eq!((&hr["source"], hr["scopes"].as_array().map(Vec::len)), (&json!("hr"), Some(4)));
    world.app.anonymous().get("/api/v1/me").await.refused(401, "not-authenticated");
}

#[actix_web::test]
async fn the_reader_is_told_which_cycles_are_open_and_by_when() {
    let world = World::new().await;
    assert_eq!(world.as_person("læser").get("/api/v1/me").await.ok()["current_cycles"], json!([]));
    let agreement = world.agreement(Unit::Social).await;
    let planned = json!({
        "year": 2016, "name": "Aftaler 2016", "period": {"from": "2016-01-01", "to": "2016-12-31"}
    });
    world.as_person("koordinator").post("/api/v1/cycles", planned).await.ok();
    let chief = world.as_person("socialchef");
    let cycle = chief.get(&format!("/api/v1/agreements/{agreement}")).await.ok()["cycle_id"].clone();
    let deadlines = json!({"submit": "2014-12-15", "approve": "2015-01-15", "sign": "2015-01-31"});
    let told = json!([{"id": cycle, "year": 2015, "name": "Aftaler 2015", "state": "open", "deadlines": deadlines}]);
    for reader in ["socialchef", "læser", "koordinator"] {
        assert_eq!(world.as_person(reader).get("/api/v1/me").await.ok()["current_cycles"], told, "{reader}");
    }
    assert_eq!(world.as_hr().get("/api/v1/me").await.ok()["current_cycles"], told);
}
