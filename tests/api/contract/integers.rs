//! An integer is what JSON Schema calls one, at every place of the document.

use aftalestyring::openapi::document;
use serde_json::{Value, json};

use super::document::example_of;
use super::places::{fault, in_bodies, in_first, operation, sent, with};
use crate::support::{World, strategy};

fn is_integer(schema: &Value) -> bool {
    let among = schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "integer"));
    schema["type"] == "integer" || among
}

#[actix_web::test]
async fn every_body_takes_a_whole_number_however_it_is_written() {
    let (world, document) = (World::new().await, document());
    let coordinator = world.as_person("koordinator");
    let places = in_bodies(&document, is_integer);
    assert!(places.len() > 5, "no body has an integer");
    for (id, place) in places {
        let (operation, pointer) = (operation(&id), in_first(&place));
        let body = |value: f64| with(example_of(&document, &operation).expect("a body"), &place, json!(value));
        for value in [1.0, 2031.0] {
            let answer = sent(&coordinator, &operation, body(value)).await;
            let told = (answer.status < 500, fault(&answer, &pointer).filter(|code| *code == "wrong-type"));
            assert_eq!(told, (true, None), "{id} {place} {value}: {}", answer.text);
        }
        for value in [1.5, 2031.5, 1e300] {
            let answer = sent(&coordinator, &operation, body(value)).await;
            let told = (answer.status, fault(&answer, &pointer));
            assert_eq!(told, (422, Some("wrong-type")), "{id} {place} {value}: {}", answer.text);
        }
    }
}

#[actix_web::test]
async fn a_year_with_a_point_is_that_year() {
    let world = World::new().await;
    let coordinator = world.as_person("koordinator");
    for (written, year) in [("2031.0", 2031), ("2.032e3", 2032)] {
        let body = strategy::cycle(&[]).to_string().replace("\"year\":2015", &format!("\"year\":{written}"));
        assert!(body.contains(written), "{body}");
        let made = coordinator.request("POST", "/api/v1/cycles").raw("application/json", body).send().await.ok();
        assert_eq!(made["year"], year);
    }
}
