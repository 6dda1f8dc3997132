use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Unit, World};

fn draft(id: Id) -> String {
    format!("/api/v1/agreements/{id}/draft")
}

fn goal(title: &str) -> Value {
    json!({"title": title, "assessment": "Teamet vurderer i december.", "indicators": [
        {"name": "Andel", "unit": "%", "direction": "up", "baseline": 58.25, "target": 65, "aggregation": "latest"}
    ]})
}

#[actix_web::test]
async fn a_page_is_saved_at_once_and_sent_back_as_it_came() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let page = json!({"sections": [
        {"key": "effects", "version": 1, "content": {"plan": "Vi måler."}, "goals": [goal("Flere klarer sig selv"), {"title": "Kun en titel"}]},
        {"key": "cross-cutting", "version": 1, "commitments": [
            {"title": "Fælles indgang", "promise": "En mentor", "expected_gain": "Én indgang", "partners": [
                {"org_unit_id": world.unit(Unit::School), "promise": "Praktik"}, {"external_name": "Jobcenter Vest"}]}]}
    ]});
    let saved = chief.put(&draft(id), page).await.ok();
    assert_eq!(saved["sections"][0]["goals"][0]["indicators"][0]["baseline"], json!(58.25));
    assert_eq!(saved["sections"][1]["commitments"][0]["partners"][1]["external_name"], "Jobcenter Vest");
    let advice: Vec<&str> = saved["readiness"]["advice"]
        .as_array()
        .expect("advice")
        .iter()
        .map(|one| one["pointer"].as_str().expect("a pointer"))
        .collect();
    assert_eq!(advice, ["/sections/0/goals/1", "/sections/1/commitments/0"]);
    let again = chief.put(&draft(id), saved.clone()).await;
    assert_eq!(
        (again.body["etag"].clone(), again.status),
        (saved["etag"].clone(), 200),
        "nothing differs, so nothing is written"
    );
}

#[actix_web::test]
async fn what_is_absent_from_a_list_that_is_sent_is_deleted_and_what_is_not_sent_stays() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let saved = chief
        .put(&draft(id), json!({"sections": [{"key": "effects", "version": 1, "content": {"plan": "P"}, "goals": [goal("Et"), goal("To")]}]}))
        .await
        .ok();
    let second = saved["sections"][0]["goals"][1].clone();
    let saved =
        chief.put(&draft(id), json!({"sections": [{"key": "effects", "version": 2, "goals": [second]}]})).await.ok();
    let titles: Vec<&Value> =
        saved["sections"][0]["goals"].as_array().expect("goals").iter().map(|goal| &goal["title"]).collect();
    assert_eq!((titles, &saved["sections"][0]["content"]["plan"]), (vec![&json!("To")], &json!("P")));
}

#[actix_web::test]
async fn a_stale_section_stops_the_whole_page_and_says_where() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let page = |versions: [i64; 2]| {
        json!({"sections": [
            {"key": "effects", "version": versions[0], "content": {"plan": "A"}},
            {"key": "cross-cutting", "version": versions[1], "content": {"plan": "B"}}
        ]})
    };
    world
        .as_person("medarbejder")
        .put(&draft(id), json!({"sections": [{"key": "cross-cutting", "version": 1, "content": {"plan": "C"}}]}))
        .await
        .ok();
    let problem = chief.put(&draft(id), page([1, 1])).await.refused(412, "stale-version");
    let stale = |problem: &Value| -> Vec<(Value, Value)> {
        let errors = problem["errors"].as_array().expect("errors").iter();
        errors.map(|one| (one["pointer"].clone(), one["current"]["version"].clone())).collect()
    };
    assert_eq!(stale(&problem), [(json!("/sections/1/version"), json!(2))]);
    let both = chief.put(&draft(id), page([7, 1])).await.refused(412, "stale-version");
    let versions = [(json!("/sections/0/version"), json!(1)), (json!("/sections/1/version"), json!(2))];
    assert_eq!(stale(&both), versions, "each stale section tells what is stored of it");
    assert_eq!(both["current"], json!(null), "the page as a whole has no one version");
    assert_eq!(both["errors"][1]["current"]["changed_by"], json!(world.person("medarbejder")));
    assert_eq!(chief.get(&draft(id)).await.ok()["sections"][0]["content"], json!({}));
    chief.put(&draft(id), page([1, 2])).await.ok();
}

#[actix_web::test]
async fn types_sizes_and_ids_are_checked_and_nothing_is_half_written() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, other) = (world.as_person("socialchef"), world.agreement(Unit::School).await);
    let foreign = Id::new();
    let mut taken = goal("Taget");
    taken["id"] = json!(foreign);
    world
        .as_person("skolechef")
        .put(&draft(other), json!({"sections": [{"key": "effects", "version": 1, "goals": [taken.clone()]}]}))
        .await
        .ok();
    let refused = |fields: Value, status: u16, code: &'static str, pointer: &'static str| {
        let chief = chief.clone();
        async move {
            let mut section = json!({"key": "effects", "version": 1});
            section.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
            let page =
                json!({"sections": [{"key": "cross-cutting", "version": 1, "content": {"plan": "Halvt"}}, section]});
            let problem = chief.put(&draft(id), page).await.refused(status, code);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
    };
    refused(json!({"content": {"plan": "x".repeat(201)}}), 422, "invalid-body", "/sections/1/content/plan").await;
    refused(json!({"content": {"unknown": "x"}}), 422, "invalid-body", "/sections/1/content/unknown").await;
    refused(json!({"content": {"plan": 7}}), 422, "invalid-body", "/sections/1/content/plan").await;
    refused(json!({"goals": [{"title": ""}]}), 422, "invalid-body", "/sections/1/goals/0/title").await;
    refused(json!({"goals": [taken]}), 409, "id-in-use", "/sections/1/goals/0/id").await;
    refused(
        json!({"goals": [{"title": "x", "theme_id": Id::new()}]}),
        422,
        "unknown-reference",
        "/sections/1/goals/0/theme_id",
    )
    .await;
    refused(
        json!({"commitments": [{"title": "x", "partners": [{"org_unit_id": world.unit(Unit::Social)}]}]}),
        422,
        "invalid-body",
        "/sections/1/commitments/0/partners/0/org_unit_id",
    )
    .await;
    refused(
        json!({"commitments": [{"title": "x", "partners": [{}]}]}),
        422,
        "invalid-body",
        "/sections/1/commitments/0/partners/0",
    )
    .await;
    assert_eq!(chief.get(&draft(id)).await.ok()["sections"][1]["content"], json!({}));
}

#[actix_web::test]
async fn a_submitted_section_is_locked() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, path) = (world.as_person("socialchef"), format!("/api/v1/agreements/{id}"));
    let plan = |key: &str, version: i64| json!({"key": key, "version": version, "content": {"plan": "P"}});
    chief.put(&draft(id), json!({"sections": [plan("effects", 1), plan("cross-cutting", 1)]})).await.ok();
    chief.act(&path, "submit", json!({})).await.ok();
    let change = json!({"sections": [{"key": "effects", "version": 3, "content": {"plan": "Nyt"}}]});
    chief.put(&draft(id), change).await.refused(409, "illegal-move");
    chief
        .patch(&format!("{path}/sections/effects"), json!({"content": {"plan": "Nyt"}}))
        .await
        .refused(409, "illegal-move");
}

#[actix_web::test]
async fn a_draft_is_read_by_those_it_is_shared_with() {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    let (leader, chief, reader) =
        (world.as_person("plejehjemsleder"), world.as_person("socialchef"), world.as_person("læser"));
    chief.get(&draft(id)).await.refused(404, "not-found");
    let path = format!("/api/v1/agreements/{id}");
    leader.act(&path, "share", json!({"line": true})).await.ok();
    chief.get(&draft(id)).await.ok();
    reader.get(&draft(id)).await.refused(404, "not-found");
    leader.act(&path, "share", json!({"people": [world.person("læser")]})).await.ok();
    reader.get(&draft(id)).await.ok();
    chief.get(&draft(id)).await.refused(404, "not-found");
    reader
        .put(&draft(id), json!({"sections": [{"key": "effects", "version": 1, "content": {}}]}))
        .await
        .refused(403, "not-holder");
}
