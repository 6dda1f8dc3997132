use serde_json::{Value, json};

use crate::support::strategy::{cycle, happened, published_template, template, themed_letter};
use crate::support::{Unit, World, notified};

async fn planned(world: &World, body: Value) -> String {
    let made = world.as_person("koordinator").post("/api/v1/cycles", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.header("location").to_owned()
}

#[actix_web::test]
async fn an_open_cycle_is_seen_by_everybody() {
    let world = World::new().await;
    let template = published_template(&world, template("Aftale 2015")).await;
    let path = planned(&world, cycle(&[&template])).await;
    let opened = world.as_person("koordinator").act(&path, "open", json!({})).await.ok();
    assert_eq!((&opened["state"], &opened["opened_at"]), (&json!("open"), &json!("2014-11-10T08:00:00Z")));
    for reader in [world.as_person("socialchef"), world.as_person("læser"), world.as_hr()] {
        assert_eq!(reader.get(&path).await.ok()["deadlines"]["submit"], "2014-12-15");
    }
}

#[actix_web::test]
async fn each_unit_in_scope_gets_an_agreement_of_its_own_template() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let all = published_template(&world, template("Alle")).await;
    let mut social = template("Socialområdet");
    social["applies_to"] = json!({"under": [world.unit(Unit::Social)], "kinds": ["institution"]});
    let social = published_template(&world, social).await;
    let mut body = cycle(&[&all, &social]);
    body["scope"] = json!({"exceptions": [world.unit(Unit::School)]});
    let path = planned(&world, body).await;
    assert_eq!(coordinator.get("/api/v1/agreements").await.ok()["items"], json!([]));
    coordinator.act(&path, "open", json!({})).await.ok();
    let made = coordinator.get("/api/v1/agreements").await.ok();
    let mut found = Vec::new();
    for one in made["items"].as_array().expect("items") {
        let whole = coordinator.get(&format!("/api/v1/agreements/{}", one["id"].as_str().expect("an id"))).await.ok();
        found.push((whole["org_units"][0]["name"].to_string(), whole["template"]["id"].to_string()));
    }
    found.sort_unstable();
    let of = |unit: &str, template: &str| (format!("\"{unit}\""), format!("\"{template}\""));
    assert_eq!(found, [of("Børnehuset Ærten", &all), of("Plejehjemmet Åhuset", &social), of("Socialcentret", &all)]);
}

#[actix_web::test]
async fn a_dry_run_tells_how_many_agreements_there_would_be_and_for_whom() {
    let world = World::new().await;
    let template = published_template(&world, template("Aftale 2015")).await;
    let mut body = cycle(&[&template]);
    body["scope"] = json!({"under": [world.unit(Unit::Social)]});
    let path = planned(&world, body).await;
    let rehearsed = world.as_person("koordinator").post(&format!("{path}/open?dry_run=true"), json!({})).await.ok();
    assert_eq!(
        (
            &rehearsed["would_succeed"],
            &rehearsed["changes"][0]["kind"],
            &rehearsed["changes"][0]["detail"]["agreements"]
        ),
        (&json!(true), &json!("cycle.opened"), &json!("2"))
    );
    let notified = notified(&rehearsed);
    assert!(notified.contains(&json!(world.person("socialchef"))));
    assert!(!notified.contains(&json!(world.person("skolechef"))));
    assert_eq!(world.as_person("koordinator").get(&path).await.ok()["state"], "planned");
}

#[actix_web::test]
async fn opening_tells_of_every_unit_in_scope_what_happens_to_it_and_why_nothing_does() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let staff = aftalestyring::types::Id::new();
    let staff = format!("/api/v1/org-units/{staff}");
    let unit = json!({"validities": [
        {"from": "2014-01-01", "parent_id": world.unit(Unit::Directorate), "name": "Staben", "kind": "staff"}
    ]});
    assert_eq!(coordinator.put(&staff, unit).await.status, 201);
    let template = published_template(&world, template("Aftale 2015")).await;
    let mut body = cycle(&[&template]);
    body["scope"] = json!({"kinds": ["centre", "institution", "staff"], "exceptions": [world.unit(Unit::School)]});
    let path = planned(&world, body).await;
    let rehearsed = coordinator.post(&format!("{path}/open?dry_run=true"), json!({})).await.ok();
    let opened = coordinator.in_english().act(&path, "open", json!({})).await;
    assert_eq!(opened.header("etag"), coordinator.in_english().get(&path).await.header("etag"));
    let opened = opened.ok();
    let told = |units: &Value| -> Vec<(String, bool, String)> {
        let text = |one: &Value| one.as_str().expect("a text").to_owned();
        let units = units.as_array().expect("units").iter();
        units.map(|one| (text(&one["name"]), one["happens"] == true, text(&one["code"]))).collect()
    };
    let of = |name: &str, happens, code: &str| (name.to_owned(), happens, code.to_owned());
    let expected = [
        of("Børnehuset Ærten", true, "agreement-made"),
        of("Plejehjemmet Åhuset", true, "agreement-made"),
        of("Skolecentret", false, "excepted"),
        of("Socialcentret", true, "agreement-made"),
        of("Staben", false, "holds-no-agreement"),
    ];
    assert_eq!((told(&opened["units"]), told(&rehearsed["outcomes"])), (expected.to_vec(), expected.to_vec()));
    assert_eq!(opened["units"][0]["message"], "The unit gets an agreement from the template Aftale 2015.");
    assert_eq!(coordinator.get("/api/v1/agreements?include=total").await.ok()["total"], 3);
}

#[actix_web::test]
async fn a_cycle_opens_once_and_keeps_what_its_agreements_are_made_from() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let template = published_template(&world, template("Aftale 2015")).await;
    let path = planned(&world, cycle(&[&template])).await;
    coordinator.act(&path, "open", json!({})).await.ok();
    coordinator.act(&path, "open", json!({})).await.refused(409, "illegal-move");
    coordinator.patch(&path, json!({"year": 2016})).await.refused(409, "illegal-move");
    let both = json!({"name": "Aftaler 2015, forlænget", "scope": {"kinds": ["centre"]}});
    coordinator.patch(&path, both).await.refused(409, "illegal-move");
    let moved = json!({"name": "Aftaler 2015, forlænget", "deadlines": {"submit": "2014-12-20"}, "follow_ups": []});
    let moved = coordinator.patch(&path, moved).await.ok();
    assert_eq!((&moved["deadlines"]["submit"], &moved["follow_ups"]), (&json!("2014-12-20"), &json!([])));
    let kinds: Vec<(String, Value)> =
        happened(&world).into_iter().filter(|(kind, _)| kind.starts_with("cycle.")).collect();
    let event = |kind: &str, changed: &[&str]| (kind.to_owned(), json!(changed));
    assert_eq!(
        kinds,
        [
            event("cycle.created", &[]),
            event("cycle.opened", &[]),
            event("cycle.updated", &["name", "deadlines", "follow_ups"]),
        ]
    );
}

#[actix_web::test]
async fn what_is_not_published_cannot_be_opened() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let draft = coordinator.post("/api/v1/templates", template("Kladde")).await;
    let gone = coordinator.post("/api/v1/templates", template("Opgivet")).await;
    let id = |response: &crate::support::Response| response.body["id"].as_str().expect("an id").to_owned();
    let letter = themed_letter(&world, 2015).await;
    let mut body = cycle(&[&id(&draft), &id(&gone)]);
    body["letter_id"] = json!(letter.rsplit('/').next());
    let path = planned(&world, body).await;
    let away = coordinator.request("DELETE", gone.header("location")).if_match(gone.header("etag")).send().await;
    assert_eq!(away.status, 204);
    let problem = coordinator.act(&path, "open", json!({})).await.refused(409, "not-ready");
    let found: Vec<(&Value, &Value)> =
        problem["errors"].as_array().expect("errors").iter().map(|one| (&one["pointer"], &one["code"])).collect();
    assert_eq!(
        found,
        [
            (&json!("/template_ids/0"), &json!("template-not-published")),
            (&json!("/template_ids/1"), &json!("unknown-id")),
            (&json!("/letter_id"), &json!("letter-not-published")),
        ]
    );
    let empty = planned(&world, cycle(&[])).await;
    let problem = coordinator.act(&empty, "open", json!({})).await.refused(409, "not-ready");
    assert_eq!(problem["errors"][0]["code"], "no-templates");
}

#[actix_web::test]
async fn units_without_one_template_are_named() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let mut centres = template("Centre");
    centres["applies_to"] = json!({"kinds": ["centre"]});
    let (first, second) =
        (published_template(&world, centres.clone()).await, published_template(&world, centres).await);
    let path = planned(&world, cycle(&[&first, &second])).await;
    let problem = coordinator.in_english().act(&path, "open", json!({})).await.refused(409, "no-template");
    let messages: Vec<&Value> =
        problem["errors"].as_array().expect("errors").iter().map(|one| &one["message"]).collect();
    assert_eq!(
        messages,
        [
            "None of the templates applies to Børnehuset Ærten.",
            "None of the templates applies to Plejehjemmet Åhuset.",
            "Two templates apply equally narrowly to Skolecentret.",
            "Two templates apply equally narrowly to Socialcentret.",
        ]
    );
    assert_eq!(problem["errors"][0]["pointer"], format!("/org_units/{}", world.unit(Unit::Nursery)));
    let mut social = template("Socialområdet");
    social["applies_to"] = json!({"under": [world.unit(Unit::Social)]});
    let (social, all) = (published_template(&world, social).await, published_template(&world, template("Alle")).await);
    coordinator.patch(&path, json!({"template_ids": [first, social, all]})).await.ok();
    coordinator.act(&path, "open", json!({})).await.ok();
}

#[actix_web::test]
async fn a_scope_without_units_is_not_opened() {
    let world = World::new().await;
    let template = published_template(&world, template("Aftale 2015")).await;
    let mut body = cycle(&[&template]);
    body["scope"] = json!({"kinds": ["staff"]});
    let path = planned(&world, body).await;
    let problem = world.as_person("koordinator").act(&path, "open", json!({})).await.refused(409, "not-ready");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/scope"), &json!("no-units"))
    );
}

#[actix_web::test]
async fn only_the_coordinator_opens() {
    let world = World::new().await;
    let template = published_template(&world, template("Aftale 2015")).await;
    let path = planned(&world, cycle(&[&template])).await;
    let etag = world.as_person("koordinator").get(&path).await.header("etag").to_owned();
    for name in ["kommunaldirektør", "socialdirektør", "socialchef", "administrator"] {
        let refused = world.as_person(name).request("POST", &format!("{path}/open")).if_match(&etag).send().await;
        refused.refused(403, "forbidden");
    }
}
