use serde_json::{Value, json};

use crate::support::World;

const PATH: &str = "/api/v1/municipality";

#[actix_web::test]
async fn settings_are_read_by_everybody_and_changed_by_administrators() {
    let world = World::new().await;
    let read = world.as_person("læser").get(PATH).await.ok();
    assert_eq!(
        (&read["name"], &read["cvr"], &read["business_date"]),
        (&json!("Lilleby"), &json!("12345678"), &Value::Null)
    );
    world.as_hr().get(PATH).await.ok();
    let change =
        json!({"name": "Lilleby Kommune", "languages": ["en", "en"], "last_resort_id": world.person("stedfortræder")});
    for other in ["læser", "koordinator"] {
        world.as_person(other).patch(PATH, change.clone()).await.refused(403, "forbidden");
    }
    let changed = world.as_person("administrator").patch(PATH, change.clone()).await.ok();
    assert_eq!((&changed["name"], &changed["languages"]), (&json!("Lilleby Kommune"), &json!(["en"])));
    assert_eq!(changed["last_resort_id"], json!(world.person("stedfortræder")));
    // What stays as it is leaves neither a version nor an event.
    let again = world.as_person("administrator").patch(PATH, change).await.ok();
    assert_eq!(again["updated_at"], changed["updated_at"]);
    let kinds = world.kinds_of(&world.scope.municipality().to_string()).await;
    assert_eq!(kinds, ["municipality.updated"]);
    let emptied = world.as_person("administrator").patch(PATH, json!({"last_resort_id": null})).await.ok();
    assert_eq!(emptied["last_resort_id"], Value::Null);
    assert_eq!(world.as_person("læser").get("/api/v1/me").await.ok()["municipality"]["name"], "Lilleby Kommune");
}

#[actix_web::test]
async fn settings_follow_their_rules() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let administrator = ours.as_person("administrator");
    for (field, value, code) in [
        ("cvr", json!("1234567"), "not-a-cvr"),
        ("time_zone", json!("Europe/Lilleby"), "unknown-time-zone"),
        ("languages", json!(["sv"]), "unknown-value"),
        ("languages", json!([]), "length"),
        ("name", Value::Null, "wrong-type"),
        ("business_date", json!("2014-11-10"), "unknown-field"),
    ] {
        let problem = administrator.patch(PATH, json!({field: value})).await.refused(422, "invalid-body");
        assert_eq!(problem["errors"][0]["code"], code, "{field}");
    }
    let foreign = json!({"last_resort_id": theirs.person("læser")});
    let problem = administrator.patch(PATH, foreign).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/last_resort_id");
}
