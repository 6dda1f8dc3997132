//! Files of observations: read in three forms, all or nothing, and given out so that they read back unchanged.

use std::fmt::Write as _;

use aftalestyring::agreements::sections::model::SectionState;
use serde_json::{Value, json};

use crate::support::{Measured, Response, World};

const IMPORTS: &str = "/api/v1/observations/imports";

fn plain() -> Value {
    json!({"name": "Nætter på sygehus", "unit": "nætter", "direction": "down", "baseline": 14, "target": 7})
}

async fn sent(world: &World, who: &str, media_type: &str, text: &str) -> Response {
    world.as_person(who).request("POST", IMPORTS).raw(media_type, text.as_bytes().to_vec()).send().await
}

fn text(id: &Value) -> &str {
    id.as_str().expect("an id")
}

fn places(problem: &Value) -> Vec<(String, String)> {
    let all = problem["errors"].as_array().expect("places").iter();
    all.map(|one| (text(&one["pointer"]).to_owned(), text(&one["code"]).to_owned())).collect()
}

async fn values(world: &World, of: &Measured) -> Vec<(Value, Value)> {
    let list = world.as_person("socialchef").get(&format!("{}/observations", of.path)).await.ok();
    let items = list["items"].as_array().expect("items").iter();
    items.map(|one| (one["observed_on"].clone(), one["value"].clone())).collect()
}

#[actix_web::test]
async fn the_same_rows_are_read_from_json_from_lines_and_from_a_danish_table() {
    for kind in ["application/json", "application/x-ndjson", "text/csv"] {
        let world = World::new().await;
        let of = Measured::make(&world, plain()).await;
        let (indicator, goal) = (text(&of.indicator_id), text(&of.goal_id));
        let measured = json!({"indicator_id": indicator, "observed_on": "2014-10-31", "value": 1234.5, "n": 1200});
        let assessed = json!({
            "kind": "assessment", "goal_id": goal, "observed_on": "2014-11-03", "text": "Det går; fint", "judgement": "on_track"
        });
        let body = match kind {
            "application/json" => json!({"rows": [measured, assessed]}).to_string(),
            "application/x-ndjson" => format!("{measured}\n\n{assessed}\n"),
            _ => format!(
                "\u{feff}Type;Mål-id;Indikator-id;Dato;Værdi;Antal;Tekst;Vurdering\r\n\
                 måling;;{indicator};31-10-2014;1.234,5;1.200;;\r\n\
                 vurdering;{goal};;2014-11-03;;;\"Det går; fint\";på vej\r\n"
            ),
        };
        let media_type = if kind == "text/csv" { "text/csv; charset=utf-8" } else { kind };
        let told = sent(&world, "socialchef", media_type, &body).await.ok();
        assert_eq!(told, json!({"created": 2, "replaced": 0, "unchanged": 0, "agreements": 1}), "{kind}");
        let all = [(json!("2014-11-03"), Value::Null), (json!("2014-10-31"), json!(1234.5))];
        assert_eq!(values(&world, &of).await, all, "{kind}");
        let again = sent(&world, "koordinator", media_type, &body).await.ok();
        assert_eq!(again["unchanged"], 1, "the measurement; an assessment without an id is another one");
        let happened = world.happened(of.agreement).await;
        assert_eq!(happened[1..], ["agreement.observations-imported", "agreement.observations-imported"]);
    }
}

#[actix_web::test]
async fn every_row_that_is_wrong_is_named_and_nothing_is_written() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let indicator = text(&of.indicator_id);
    let table = format!(
        "indicator_id;observed_on;value\n{indicator};2014-10-31;7\n{indicator};31/10-2014;1.234\n{indicator};2014-10-30;=1+1\n"
    );
    let problem = sent(&world, "socialchef", "text/csv", &table).await.refused(422, "invalid-body");
    let told =
        [("/3/observed_on", "cell-not-a-date"), ("/3/value", "cell-ambiguous-number"), ("/4/value", "cell-formula")];
    assert_eq!(places(&problem), told.map(|(place, code)| (place.to_owned(), code.to_owned())));
    let message = text(&problem["errors"][1]["message"]);
    assert!(message.starts_with("Linje 3, kolonne »value«: »1.234« kan læses som to"), "{message}");
    let rows = json!({"rows": [
        {"indicator_id": indicator, "observed_on": "2014-10-31", "value": 7},
        {"indicator_id": indicator, "observed_on": "2014-11-11", "value": 7},
        {"indicator_id": indicator, "observed_on": "2014-10-31", "value": 8},
        {"indicator_id": indicator, "observed_on": "2014-10-30", "numerator": 1},
        {"goal_id": of.goal_id, "observed_on": "2014-10-29", "value": 1}
    ]});
    let problem = sent(&world, "socialchef", "application/json", &rows.to_string()).await.refused(422, "invalid-body");
    let told = [
        ("/rows/1/observed_on", "in-future"),
        ("/rows/2/observed_on", "measured-twice"),
        ("/rows/3/numerator", "no-ratio"),
        ("/rows/3/value", "required"),
        ("/rows/4/indicator_id", "required"),
    ];
    assert_eq!(places(&problem), told.map(|(place, code)| (place.to_owned(), code.to_owned())));
    let lines = format!(
        "{}\n{{\"indicator_id\": 7}}\nnot JSON\n",
        json!({"indicator_id": indicator, "observed_on": "2014-10-31", "value": 7})
    );
    let problem = sent(&world, "socialchef", "application/x-ndjson", &lines).await.refused(422, "invalid-body");
    assert!(places(&problem).iter().any(|(place, _)| place.starts_with("/2/")), "{problem}");
    assert!(places(&problem).contains(&("/3".to_owned(), "json-syntax".to_owned())), "{problem}");
    assert!(values(&world, &of).await.is_empty(), "all or nothing");
}

#[actix_web::test]
async fn a_file_that_cannot_be_one_is_refused_as_a_whole() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let request = |bytes: Vec<u8>, kind: &'static str| {
        let chief = world.as_person("socialchef");
        async move { chief.request("POST", IMPORTS).raw(kind, bytes).send().await }
    };
    let windows = b"dato;v\xe6rdi\n".to_vec();
    let problem = request(windows, "text/csv").await.refused(422, "invalid-body");
    assert_eq!(places(&problem), [("/1".to_owned(), "cell-not-utf-8".to_owned())]);
    let mut many = "indicator_id;observed_on;value\n".to_owned();
    for _ in 0..10_001 {
        let _ = writeln!(many, "{};2014-10-31;1", text(&of.indicator_id));
    }
    let problem = request(many.into_bytes(), "text/csv").await.refused(422, "invalid-body");
    assert_eq!(places(&problem)[0].1, "cell-too-many-rows");
    let mut wrong = "indicator_id;observed_on;value\n".to_owned();
    for _ in 0..150 {
        let _ = writeln!(wrong, "{};2014-10-31;mange", text(&of.indicator_id));
    }
    let problem = request(wrong.into_bytes(), "text/csv").await.refused(422, "invalid-body");
    let errors = problem["errors"].as_array().expect("places");
    assert_eq!((errors.len(), &errors[100]["code"]), (101, &json!("more-faults")));
    assert!(text(&errors[100]["message"]).contains("50"));
    request(b"rows".to_vec(), "text/plain").await.refused(415, "unsupported-media-type");
    request(vec![b' '; 32 * 1024 * 1024 + 1], "text/csv").await.refused(413, "too-large");
    request(b"{\"rows\": []}".to_vec(), "application/json").await.refused(422, "invalid-body");
    request(Vec::new(), "application/x-ndjson").await.refused(422, "invalid-body");
}

#[actix_web::test]
async fn rows_of_what_is_not_the_writers_are_refused() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let row = json!({"rows": [{"indicator_id": of.indicator_id, "observed_on": "2014-10-31", "value": 7}]}).to_string();
    let problem = sent(&world, "skolechef", "application/json", &row).await.refused(422, "unknown-reference");
    assert_eq!(places(&problem), [("/rows/0/indicator_id".to_owned(), "unknown-id".to_owned())]);
    world.approve_all(of.agreement).await;
    let problem = sent(&world, "skolechef", "application/json", &row).await.refused(403, "not-holder");
    assert_eq!(problem["errors"][0]["pointer"], "/rows/0");
    let client = world.as_hr();
    client.request("POST", IMPORTS).raw("application/json", row.clone()).send().await.refused(403, "forbidden");
    sent(&world, "medarbejder", "application/json", &row).await.ok();
}

/// Whoever read an agreement when it was submitted does not learn what is in its draft since.
#[actix_web::test]
async fn rows_of_a_draft_that_the_caller_does_not_see_are_of_nothing() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let row = json!({"rows": [{"indicator_id": of.indicator_id, "observed_on": "2014-10-31", "value": 7}]}).to_string();
    world.put_section(of.agreement, "effects", SectionState::Submitted, "socialdirektør").await;
    sent(&world, "socialdirektør", "application/json", &row).await.refused(403, "not-holder");
    world.put_section(of.agreement, "effects", SectionState::Returned, "socialdirektør").await;
    world.as_person("socialdirektør").get(&format!("/api/v1/agreements/{}", of.agreement)).await.ok();
    let problem = sent(&world, "socialdirektør", "application/json", &row).await.refused(422, "unknown-reference");
    assert_eq!(places(&problem), [("/rows/0/indicator_id".to_owned(), "unknown-id".to_owned())]);
}

#[actix_web::test]
async fn a_dry_run_says_what_would_happen_and_a_key_is_honoured() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let chief = world.as_person("socialchef");
    let row = json!({"rows": [{"indicator_id": of.indicator_id, "observed_on": "2014-10-31", "value": 7}]});
    let told = chief.post(&format!("{IMPORTS}?dry_run=true"), row.clone()).await.ok();
    assert_eq!((&told["would_succeed"], told["changes"].as_array().map(Vec::len)), (&json!(true), Some(1)));
    assert!(values(&world, &of).await.is_empty());
    for _ in 0..2 {
        let request = chief.request("POST", IMPORTS).header("idempotency-key", "oktober").json(row.clone());
        assert_eq!(request.send().await.ok()["created"], 1);
    }
    let other = json!({"rows": [{"indicator_id": of.indicator_id, "observed_on": "2014-10-31", "value": 8}]});
    let request = chief.request("POST", IMPORTS).header("idempotency-key", "oktober").json(other.clone());
    request.send().await.refused(422, "idempotency-key-reused");
    assert_eq!(chief.post(IMPORTS, other).await.ok()["replaced"], 1);
}

#[actix_web::test]
async fn what_is_given_out_reads_back_unchanged() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    for (day, value) in [("2014-10-01", json!(1234.567)), ("2014-10-02", json!(-0.5)), ("2014-10-03", json!(7))] {
        of.measure(&world, day, json!({"value": value, "source": "=SUM(A1)", "n": 12})).await.ok();
    }
    let said = json!({"text": " -\"citat\"; på\nto linjer ", "judgement": "off_track", "confidence": "low"});
    of.observe(&world, "citizen_voice", "2014-10-05", said).await.ok();
    let chief = world.as_person("socialchef");
    let export = format!("/api/v1/observations/export?agreement={}", of.agreement);
    for kind in ["application/json", "application/x-ndjson", "text/csv"] {
        let given = chief.request("GET", &export).header("accept", kind).send().await;
        assert_eq!((given.status, given.header("content-type")), (200, kind), "{}", given.text);
        let back = sent(&world, "socialchef", kind, &given.text).await.ok();
        assert_eq!(
            (&back["unchanged"], &back["replaced"], &back["created"]),
            (&json!(4), &json!(0), &json!(0)),
            "{kind}"
        );
    }
    let cycle = chief.get(&of.path).await.ok()["cycle_id"].clone();
    let by_cycle = format!("/api/v1/observations/export?cycle={}&from=2014-10-02&to=2014-10-03", text(&cycle));
    assert_eq!(chief.get(&by_cycle).await.ok()["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(world.as_person("skolechef").get(&by_cycle).await.ok()["rows"], json!([]));
    assert_eq!(world.as_person("skolechef").get(&export).await.ok()["rows"], json!([]));
    let all = chief.get("/api/v1/observations/export").await.ok();
    assert_eq!(all["rows"].as_array().map(Vec::len), Some(4), "all that the reader sees");
}

#[actix_web::test]
async fn what_is_kept_from_a_reader_is_not_given_out_to_them() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    world.approve_all(of.agreement).await;
    of.measure(&world, "2014-10-01", json!({"value": 3, "n": 2})).await.ok();
    of.measure(&world, "2014-10-02", json!({"value": 4, "n": 20})).await.ok();
    let export = format!("/api/v1/observations/export?agreement={}", of.agreement);
    let told = world.as_person("læser").get(&export).await.ok();
    assert_eq!(
        told["rows"].as_array().expect("rows").iter().map(|row| row["value"].clone()).collect::<Vec<_>>(),
        [json!(4)]
    );
    assert_eq!(world.as_person("koordinator").get(&export).await.ok()["rows"].as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn too_many_lines_are_refused_before_any_is_read() {
    let world = World::new().await;
    let lines = "{}\n".repeat(1_000_000);
    let problem = sent(&world, "læser", "application/x-ndjson", &lines).await.refused(422, "invalid-body");
    assert_eq!(places(&problem), [(String::new(), "too-many-rows".to_owned())]);
    let problem = sent(&world, "læser", "application/x-ndjson", &"{}\n".repeat(200)).await.refused(422, "invalid-body");
    let told = problem["errors"].as_array().expect("places");
    assert_eq!((told.len(), &told[100]["code"]), (101, &json!("more-faults")));
    assert!(text(&told[0]["message"]).starts_with("Linje 1: "), "{}", told[0]);
    let wide = format!("dato{}\n", ";".repeat(20_000));
    let problem = sent(&world, "læser", "text/csv", &wide).await.refused(422, "invalid-body");
    assert_eq!(places(&problem)[0].1, "cell-no-header");
    let other = sent(&world, "læser", "text/csv; charset=iso-8859-1", "dato\n").await;
    other.refused(415, "unsupported-media-type");
}

#[actix_web::test]
async fn what_a_reader_does_not_see_is_not_counted_against_them() {
    let world = World::new().await;
    let of = Measured::make(&world, plain()).await;
    let goal = text(&of.goal_id);
    for _ in 0..2 {
        let row = json!({"kind": "citizen_voice", "goal_id": goal, "observed_on": "2014-11-03", "text": "Ja"});
        let rows: Vec<Value> = std::iter::repeat_n(row, 5001).collect();
        world.as_person("socialchef").post(IMPORTS, json!({"rows": rows})).await.ok();
    }
    let export = "/api/v1/observations/export";
    let problem = world.as_person("socialchef").get(export).await.refused(422, "invalid-parameter");
    assert_eq!(problem["errors"][0]["code"], "too-many-rows");
    let of_draft = format!("{export}?agreement={}", of.agreement);
    assert_eq!(world.as_person("læser").get(&of_draft).await.ok()["rows"], json!([]));
    let backwards = format!("{export}?from=2014-02-01&to=2014-01-01");
    world.as_person("læser").get(&backwards).await.refused(422, "invalid-parameter");
}
