use serde_json::{Value, json};

use crate::support::World;
use crate::support::strategy::{published_template, template, themed_letter};

#[actix_web::test]
async fn a_template_is_not_published_before_agreements_can_be_filled_decided_and_signed() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let mut body = template("Aftale 2015");
    body["sections"][1]["key"] = json!("effects");
    body["sections"][0]["fields"][0]["type"] = json!("choice");
    body["routes"][1]["steps"][0]["duty"] = json!("review");
    body["signatories"] = json!([{"kinds": ["centre"], "signatories": ["chief_executive"]}]);
    let made = coordinator.post("/api/v1/templates", body).await;
    let path = made.header("location").to_owned();
    let problem = coordinator.act(&path, "publish", json!({})).await.refused(409, "not-ready");
    assert_eq!(problem["errors"], made.body["gaps"], "the draft has told so before");
    let found: Vec<(&str, &str)> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|one| (one["pointer"].as_str().expect("a pointer"), one["message"].as_str().expect("a message")))
        .collect();
    assert_eq!(
        found,
        [
            ("/sections/1/key", "Nøglen står der to gange."),
            ("/sections/0/fields/0/choices", "Feltet skal have mindst én valgmulighed."),
            ("/routes/1/steps", "Godkendelsesvejen skal slutte med et trin, der godkender."),
            ("/signatories/0/signatories", "Aftaleholderen skal være blandt underskriverne."),
            ("/signatories", "Enhedstypen institution mangler underskrivere."),
        ]
    );
}

#[actix_web::test]
async fn the_themes_that_sections_answer_must_stand_in_the_letter() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let letter = themed_letter(&world, 2015).await.rsplit('/').next().expect("an id").to_owned();
    let mut body = template("Aftale 2015");
    body["letter_id"] = json!(letter);
    body["sections"][0]["theme_key"] = json!("servicekultur");
    let path = coordinator.post("/api/v1/templates", body).await.header("location").to_owned();
    let problem = coordinator.act(&path, "publish", json!({})).await.refused(409, "not-ready");
    assert_eq!(
        (&problem["errors"][0]["code"], &problem["errors"][0]["pointer"]),
        (&json!("unknown-theme"), &json!("/sections/0/theme_key"))
    );
    let mut sections = coordinator.get(&path).await.ok()["sections"].clone();
    sections[0]["theme_key"] = json!("effekter");
    coordinator.patch(&path, json!({"sections": sections})).await.ok();
    let published = coordinator.act(&path, "publish", json!({})).await.ok();
    assert_eq!((&published["state"], &published["gaps"]), (&json!("published"), &json!([])));
}

#[actix_web::test]
async fn a_dry_run_tells_whether_it_would_be_published() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let path = coordinator.post("/api/v1/templates", template("Aftale 2015")).await.header("location").to_owned();
    let rehearsed = coordinator.post(&format!("{path}/publish?dry_run=true"), json!({})).await.ok();
    assert_eq!(
        (&rehearsed["would_succeed"], &rehearsed["changes"][0]["kind"], &rehearsed["changes"][0]["detail"]["number"]),
        (&json!(true), &json!("template.published"), &json!("1"))
    );
    assert_eq!(coordinator.get(&path).await.ok()["state"], "draft");
    let rehearsed = world.as_person("socialchef").post(&format!("{path}/publish?dry_run=true"), json!({})).await.ok();
    assert_eq!(rehearsed["problems"][0]["code"], "forbidden");
}

#[actix_web::test]
async fn a_frontend_gets_a_json_schema_in_its_readers_language() {
    let world = World::new().await;
    let path = format!("/api/v1/templates/{}/schema", published_template(&world, template("Aftale 2015")).await);
    let schema = world.as_person("socialchef").get(&path).await.ok();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["required"], json!(["effects", "cross_cutting"]));
    let effects = &schema["properties"]["effects"];
    assert_eq!((&effects["title"], &effects["required"]), (&json!("Borger- og brugereffekter"), &json!(["plan"])));
    assert_eq!(
        effects["properties"]["plan"],
        json!({"type": "string", "title": "Plan", "description": "", "maxLength": 4000, "minLength": 1})
    );
    let english = world.as_person("socialchef").in_english().get(&path).await.ok();
    assert_eq!(english["properties"]["effects"]["title"], "Citizen and user effects");
    assert_eq!(
        english["properties"]["cross_cutting"]["title"], "Tværgående samarbejde",
        "the Danish text where there is no English one"
    );
}

#[actix_web::test]
async fn what_a_field_may_be_is_checked_when_it_is_written() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    let refused = async |change: fn(&mut Value)| {
        let mut body = template("Aftale 2015");
        change(&mut body);
        let problem = coordinator.post("/api/v1/templates", body).await.refused(422, "invalid-body");
        problem["errors"][0]["pointer"].as_str().expect("a pointer").to_owned()
    };
    assert_eq!(refused(|body| body["sections"][0]["key"] = json!("Effekter!")).await, "/sections/0/key");
    let long = refused(|body| body["sections"][0]["fields"][0]["max_length"] = json!(20_001)).await;
    assert_eq!(long, "/sections/0/fields/0/max_length");
    assert_eq!(refused(|body| body["sections"][1]["kind"] = json!("poem")).await, "/sections/1/kind");
    assert_eq!(refused(|body| body["routes"][0]["steps"] = json!([])).await, "/routes/0/steps");
}
