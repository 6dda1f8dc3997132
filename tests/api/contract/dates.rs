//! Times and dates are written as RFC 3339 does, in the years 0001 to 9999, at every place of the document, and what both databases may hold
//! beyond them takes nothing down.

use aftalestyring::db::Raw;
use aftalestyring::openapi::{document, operations};
use aftalestyring::types::Id;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use super::authorization::filled;
use super::document::example_of;
use super::places::{fault, in_bodies, in_first, operation, sent, with};
use crate::support::{Everything, Response, World};

const FORMATS: [(&str, &str, &[&str]); 2] = [("date", "not-a-date", &NO_DATES), ("date-time", "not-a-time", &NO_TIMES)];

const NO_DATES: [&str; 10] = [
    "10000-01-01",
    "+10000-01-01",
    "0000-12-31",
    "-0001-01-01",
    "-262143-01-01",
    "+262142-12-31",
    "2031-02-30",
    "2031-01-01T00:00:00Z",
    "2031-1-1",
    " 2031-01-01",
];

const NO_TIMES: [&str; 9] = [
    "9999-12-31T23:59:59-01:00",
    "9999-12-31T23:59:60Z",
    "+10000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "0000-06-01T00:00:00Z",
    "-262143-01-01T00:00:00Z",
    "2031-01-01",
    "2031-01-01 08:00:00Z",
    "2031-1-1T08:00:00Z",
];

/// The first and the last of each.
const EXTREMES: [(&str, [&str; 2]); 2] = [
    ("date", ["0001-01-01", "9999-12-31"]),
    ("date-time", ["0001-01-01T00:00:00+00:00", "9999-12-31T18:59:59.999999-05:00"]),
];

fn assert_refused(answer: &Response, pointer: &str, code: &str, told: &str) {
    assert_eq!((answer.status, fault(answer, pointer)), (422, Some(code)), "{told}: {}", answer.text);
    assert!(answer.text.contains("0001") && answer.text.contains("9999"), "{told} says not what is allowed");
}

#[actix_web::test]
async fn no_body_takes_a_day_or_a_time_that_the_document_does_not_allow() {
    let (world, document) = (World::new().await, document());
    let coordinator = world.as_person("koordinator");
    for (format, code, refused) in FORMATS {
        let places = in_bodies(&document, |schema| schema["format"] == format);
        assert!(places.len() > 3, "{format} stands nowhere");
        for (id, place) in places {
            let (operation, pointer) = (operation(&id), in_first(&place));
            let body = |value: &str| with(example_of(&document, &operation).expect("a body"), &place, json!(value));
            for value in refused {
                let answer = sent(&coordinator, &operation, body(value)).await;
                assert_refused(&answer, &pointer, code, &format!("{id} {place} {value}"));
            }
            let (_, extremes) = EXTREMES.iter().find(|(name, _)| *name == format).expect("extremes");
            for value in extremes {
                let answer = sent(&coordinator, &operation, body(value)).await;
                let told = (answer.status < 500, fault(&answer, &pointer).filter(|found| *found == code));
                assert_eq!(told, (true, None), "{id} {place} {value}: {}", answer.text);
            }
        }
    }
}

#[actix_web::test]
async fn no_parameter_takes_a_day_or_a_time_that_the_document_does_not_allow() {
    let (world, document) = (World::new().await, document());
    let (coordinator, mut tried) = (world.as_person("koordinator"), 0);
    for operation in operations(&document) {
        let parameters = &document["paths"][operation.path.as_str()][operation.method.as_str()]["parameters"];
        for (format, code, refused) in FORMATS {
            let of_format = |one: &&Value| one["schema"]["format"] == format;
            for parameter in parameters.as_array().into_iter().flatten().filter(of_format) {
                assert_eq!(parameter["in"], "query", "a date in a {}", parameter["in"]);
                let name = parameter["name"].as_str().expect("a name");
                let ask = async |value: &str| {
                    let query = serde_urlencoded::to_string([(name, value)]).expect("a query");
                    coordinator.get(&format!("{}?{query}", filled(&operation.path))).await
                };
                for value in refused {
                    let told = format!("{} {name} {value}", operation.id);
                    assert_refused(&ask(value).await, &format!("?{name}"), code, &told);
                }
                let (_, extremes) = EXTREMES.iter().find(|(name, _)| *name == format).expect("extremes");
                for value in extremes {
                    ask(value).await.ok();
                }
                tried += 1;
            }
        }
    }
    assert!(tried >= 3, "no parameter is a date");
}

/// Reads everything there is, as those who see it.
async fn read_all(world: &World, all: &Everything) {
    for operation in operations(&document()).into_iter().filter(|one| one.method == "get") {
        for who in ["koordinator", "administrator", "socialchef"] {
            let answer = world.as_person(who).get(&all.address(&operation.path)).await;
            assert!(answer.status < 500, "{}: {}", operation.id, answer.text);
        }
    }
}

#[actix_web::test]
async fn the_first_and_the_last_are_kept_and_everything_is_read() {
    let world = World::new().await;
    let all = Everything::make(&world).await;
    let coordinator = world.as_person("koordinator");
    let path = all.address("/api/v1/appointments/{id}");
    let [days, times] = EXTREMES.map(|(_, extremes)| extremes);
    // An appointment is for days on which its unit exists.
    let unit = all.address("/api/v1/org-units/{id}");
    let always = json!({"from": days[0], "to": days[1], "parent_id": null, "name": "Altid", "kind": "centre"});
    coordinator.put(&unit, json!({"validities": [always]})).await.ok();
    for time in times {
        let held = json!({
            "person_id": all.id("people"), "org_unit_id": all.id("org-units"), "role": "leader",
            "from": days[0], "to": days[1], "source_changed_at": time
        });
        coordinator.put(&path, held).await.ok();
        let held = coordinator.get(&path).await.ok();
        assert_eq!([&held["from"], &held["to"]], days);
        let kept = held["source_changed_at"].as_str().expect("a time");
        assert_eq!(kept.parse::<chrono::DateTime<chrono::Utc>>(), time.parse::<chrono::DateTime<chrono::Utc>>());
        read_all(&world, &all).await;
    }
}

/// Writes into the database what no version of this program should, at an appointment.
fn write_beyond(world: &World, municipality: &str, id: &str, [time, day]: [&str; 2]) {
    let mut link = world.app.database.url().connect().expect("the database");
    let sql = format!(
        "UPDATE appointments SET source_changed_at = '{time}', to_on = '{day}' \
         WHERE municipality_id = '{municipality}' AND id = '{id}'"
    );
    match link.raw() {
        Raw::Sqlite(conn) => conn.batch_execute(&sql),
        Raw::Pg(conn) => conn.batch_execute(&sql),
    }
    .expect("an update");
}

#[actix_web::test]
async fn a_row_from_beyond_the_years_is_read_as_the_nearest_and_takes_nothing_down() {
    let world = World::new().await;
    let all = Everything::make(&world).await;
    let path = all.address("/api/v1/appointments/{id}");
    let mut link = world.app.database.url().connect().expect("the database");
    let beyond = match link.raw() {
        Raw::Sqlite(_) => [("+10000-01-01T00:59:59.000000Z", "+10000-01-01")].as_slice(),
        Raw::Pg(_) => &[("10000-01-01T00:59:59Z", "10000-01-01"), ("infinity", "infinity")],
    };
    let municipality = world.as_person("koordinator").get("/api/v1/municipality").await.ok();
    for (time, day) in beyond {
        let open = json!({
            "person_id": all.id("people"), "org_unit_id": all.id("org-units"), "role": "leader", "from": "2014-01-01"
        });
        world.as_person("koordinator").put(&path, open).await.ok();
        write_beyond(&world, municipality["id"].as_str().expect("an id"), all.id("appointments"), [time, day]);
        // A write of one's own makes what is remembered of the organisation be read again.
        let person = format!("/api/v1/people/{}", Id::new());
        world.as_person("koordinator").put(&person, json!({"name": "Ny"})).await.ok();
        read_all(&world, &all).await;
        let held = world.as_person("koordinator").get(&path).await.ok();
        assert_eq!([&held["to"], &held["source_changed_at"]], ["9999-12-31", "9999-12-31T23:59:59.999999Z"]);
    }
}
