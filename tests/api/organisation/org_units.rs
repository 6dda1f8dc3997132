use serde_json::{Value, json};

use crate::support::{Unit, World};

const NEW: &str = "01931f2e-7c00-7000-8000-00000000abcd";

fn unit(world: &World, name: &str) -> Value {
    json!({"validities": [{"from": "2014-01-01", "parent_id": world.unit(Unit::Social), "name": name, "kind": "institution"}]})
}

#[actix_web::test]
async fn an_hr_system_makes_a_unit_and_finds_it_again() {
    let world = World::new().await;
    let hr = world.as_hr();
    let made = hr.put(&format!("/api/v1/org-units/{NEW}"), unit(&world, "Dagtilbuddet Solsikken")).await;
    assert_eq!((made.status, made.header("location")), (201, format!("/api/v1/org-units/{NEW}").as_str()));
    assert_eq!(made.body["managed_by"], "hr");
    let found = world
        .as_person("læser")
        .get(&format!("/api/v1/org-units?under={}&q=SOLSIKKEN", world.unit(Unit::Social)))
        .await
        .ok();
    assert_eq!(found["items"][0]["name"], "Dagtilbuddet Solsikken");
    let history = hr.get(&format!("/api/v1/org-units/{NEW}/history")).await.ok();
    assert_eq!(history["items"][0]["kind"], "org_unit.created");
}

#[actix_web::test]
async fn an_equal_body_writes_nothing_and_makes_no_event() {
    let world = World::new().await;
    let (hr, path) = (world.as_hr(), format!("/api/v1/org-units/{NEW}"));
    let first = hr.put(&path, unit(&world, "Solsikken")).await;
    let again = hr.put(&path, unit(&world, "Solsikken")).await;
    assert_eq!((again.status, again.header("etag")), (200, first.header("etag")));
    assert_eq!(hr.get(&format!("{path}/history")).await.ok()["items"].as_array().map(Vec::len), Some(1));
    let renamed = hr.put(&path, unit(&world, "Solsikkerne")).await.ok();
    assert_eq!(renamed["name"], "Solsikkerne");
    assert_eq!(hr.get(&format!("{path}/history")).await.ok()["items"][0]["changed"], json!(["validities"]));
}

#[actix_web::test]
async fn a_source_cannot_change_what_another_manages_nor_what_is_newer() {
    let world = World::new().await;
    let local = format!("/api/v1/org-units/{}", world.unit(Unit::School));
    world.as_hr().put(&local, unit(&world, "Overtaget")).await.refused(409, "managed-elsewhere");
    let path = format!("/api/v1/org-units/{NEW}");
    let at = |changed: &str| {
        let mut body = unit(&world, "Solsikken");
        body["source_changed_at"] = json!(changed);
        body
    };
    world.as_hr().put(&path, at("2014-11-02T00:00:00Z")).await.ok();
    world.as_hr().put(&path, at("2014-11-01T00:00:00Z")).await.refused(409, "stale-source");
}

#[actix_web::test]
async fn a_change_of_local_fields_demands_the_version_it_is_made_to() {
    let world = World::new().await;
    let (coordinator, path) =
        (world.as_person("koordinator"), format!("/api/v1/org-units/{}", world.unit(Unit::School)));
    let etag = coordinator.get(&path).await.header("etag").to_owned();
    let change = json!({"holds_agreement": false});
    coordinator.request("PATCH", &path).merge_patch(change.clone()).send().await.refused(428, "precondition-required");
    let changed = coordinator.request("PATCH", &path).if_match(&etag).merge_patch(change.clone()).send().await.ok();
    assert_eq!(changed["holds_agreement"], false);
    let stale = coordinator.request("PATCH", &path).if_match(&etag).merge_patch(change.clone()).send().await;
    let problem = stale.refused(412, "stale-version");
    assert_eq!(
        (&problem["current"]["version"], &problem["current"]["changed_by"]),
        (&json!(2), &json!(world.person("koordinator")))
    );
    world
        .as_person("socialchef")
        .request("PATCH", &path)
        .if_match("\"2.0\"")
        .merge_patch(change)
        .send()
        .await
        .refused(403, "forbidden");
}

#[actix_web::test]
async fn a_reader_who_has_the_newest_version_is_told_so() {
    let world = World::new().await;
    let (reader, path) = (world.as_person("læser"), format!("/api/v1/org-units/{}", world.unit(Unit::School)));
    let first = reader.get(&path).await;
    let again = reader.request("GET", &path).header("if-none-match", first.header("etag")).send().await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", first.header("etag")));
    assert_eq!(first.body["etag"], first.header("etag"));
}

#[actix_web::test]
async fn a_unit_cannot_stand_below_itself_or_nothing() {
    let world = World::new().await;
    let path = format!("/api/v1/org-units/{NEW}");
    world.as_hr().put(&path, unit(&world, "Solsikken")).await.ok();
    let mut body = unit(&world, "Solsikken");
    body["validities"][0]["parent_id"] = json!(NEW);
    let problem = world.as_hr().put(&path, body.clone()).await.refused(422, "unknown-reference");
    assert_eq!(problem["errors"][0]["pointer"], "/validities/0/parent_id");
    body["validities"][0]["parent_id"] = json!("01931f2e-7c00-7000-8000-00000000ffff");
    world.as_hr().put(&path, body).await.refused(422, "unknown-reference");
}

#[actix_web::test]
async fn a_list_is_read_page_by_page_in_danish_order() {
    let world = World::new().await;
    let (reader, mut names, mut path) =
        (world.as_person("læser"), Vec::new(), "/api/v1/org-units?limit=2&include=total".to_owned());
    loop {
        let page = reader.get(&path).await;
        let link = page.header("link").to_owned();
        let body = page.ok();
        assert_eq!(body["total"], 5);
        names.extend(
            body["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|unit| unit["name"].as_str().expect("a name").to_owned()),
        );
        match link.split(['<', '>']).nth(1) {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names, ["Børnehuset Ærten", "Direktionen", "Plejehjemmet Åhuset", "Skolecentret", "Socialcentret"]);
}

#[actix_web::test]
async fn a_retry_with_its_key_gets_the_first_answer_again() {
    let world = World::new().await;
    let (hr, path) = (world.as_hr(), format!("/api/v1/org-units/{NEW}"));
    let put = |name: &str| hr.request("PUT", &path).header("idempotency-key", "k1").json(unit(&world, name));
    let first = put("Solsikken").send().await;
    let again = put("Solsikken").send().await;
    assert_eq!((again.status, &again.text, again.header("location")), (201, &first.text, first.header("location")));
    put("Et andet navn").send().await.refused(422, "idempotency-key-reused");
}

#[actix_web::test]
async fn another_municipality_is_not_to_be_seen() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let path = format!("/api/v1/org-units/{}", theirs.unit(Unit::School));
    ours.as_person("koordinator").get(&path).await.refused(404, "not-found");
    theirs.as_person("koordinator").get(&path).await.ok();
}

#[actix_web::test]
async fn what_is_asked_wrongly_is_refused_with_what_to_do() {
    let world = World::new().await;
    let reader = world.as_person("læser");
    world.app.anonymous().get("/api/v1/org-units").await.refused(401, "not-authenticated");
    reader.get("/api/v1/org-units/none").await.refused(404, "not-found");
    reader.get("/api/v1/nowhere").await.refused(404, "unknown-path");
    let refused = reader.request("DELETE", "/api/v1/org-units").send().await;
    assert_eq!(refused.header("allow"), "GET, HEAD");
    refused.refused(405, "method-not-allowed");
    reader.get("/api/v1/org-units?limit=0").await.refused(422, "invalid-parameter");
    let problem = reader.in_english().get("/api/v1/org-units?colour=red").await.refused(422, "invalid-parameter");
    assert_eq!(
        problem["errors"],
        json!([{"code": "unknown-parameter", "pointer": "?colour", "message": "There is no such parameter here."}])
    );
    let put = world.as_hr();
    let path = format!("/api/v1/org-units/{NEW}");
    put.request("PUT", &path).raw("text/plain", "x").send().await.refused(415, "unsupported-media-type");
    put.request("PUT", &path).raw("application/json", "{").send().await.refused(400, "malformed-json");
    put.request("PUT", &path)
        .raw("application/json", vec![b'"', 0xff, b'"'])
        .send()
        .await
        .refused(400, "malformed-json");
    put.put(&path, json!({"validities": []})).await.refused(422, "invalid-body");
    put.request("PUT", &path)
        .raw("application/json", vec![b' '; 1024 * 1024 + 1])
        .send()
        .await
        .refused(413, "too-large");
}

/// A unit with its periods: from, to, and the unit above.
fn timeline(name: &str, periods: &[(&str, Option<&str>, &str)]) -> Value {
    let validity = |(from, to, above): &(&str, Option<&str>, &str)| json!({"from": from, "to": to, "parent_id": above, "name": name, "kind": "centre"});
    json!({"validities": periods.iter().map(validity).collect::<Vec<Value>>()})
}

#[actix_web::test]
async fn a_unit_stands_below_itself_on_no_day_neither_today_nor_later_nor_earlier() {
    let world = World::new().await;
    let (hr, top) = (world.as_hr(), world.unit(Unit::Directorate).to_string());
    let [a, b, c] = ["aaaa", "bbbb", "cccc"].map(|end| format!("01931f2e-7c00-7000-8000-00000000{end}"));
    let path = |id: &str| format!("/api/v1/org-units/{id}");
    for (id, name) in [(&a, "A"), (&b, "B"), (&c, "C")] {
        hr.put(&path(id), timeline(name, &[("2014-01-01", None, &top)])).await.ok();
    }
    let moved = |above: &str| timeline("X", &[("2014-01-01", Some("2014-11-30"), &top), ("2014-12-01", None, above)]);
    hr.put(&path(&b), moved(&a)).await.ok();
    hr.put(&path(&c), moved(&b)).await.ok();
    let english = hr.in_english();
    let problem = english.put(&path(&a), moved(&c)).await.refused(422, "unknown-reference");
    let fault = &problem["errors"][0];
    assert_eq!((&fault["code"], &fault["pointer"]), (&json!("parent-below"), &json!("/validities/1/parent_id")));
    assert!(fault["message"].as_str().expect("a message").contains("1 December 2014"), "{fault}");
    let earlier = timeline("A", &[("2013-01-01", Some("2014-12-15"), &c), ("2014-12-16", None, &top)]);
    hr.put(&path(&a), earlier).await.refused(422, "unknown-reference");
    // Where each day has its own tree, none is refused for that of another day.
    let before = timeline("A", &[("2014-01-01", Some("2014-11-30"), &c), ("2014-12-01", None, &top)]);
    hr.put(&path(&a), before).await.ok();
}

#[actix_web::test]
async fn a_unit_does_not_end_while_somebody_is_appointed_in_it() {
    let world = World::new().await;
    let (hr, above) = (world.as_hr(), world.unit(Unit::Social).to_string());
    let path = format!("/api/v1/org-units/{NEW}");
    let post = "/api/v1/appointments/01931f2e-7c00-7000-8000-00000000cafe";
    hr.put(&path, timeline("Solsikken", &[("2014-01-01", None, &above)])).await.ok();
    let leader = |from: &str, to: Option<&str>| json!({"person_id": world.person("læser"), "org_unit_id": NEW, "role": "leader", "from": from, "to": to});
    hr.put(post, leader("2014-06-01", None)).await.ok();
    let ends = timeline("Solsikken", &[("2014-01-01", Some("2014-12-31"), &above)]);
    let pauses = timeline("Solsikken", &[("2014-01-01", Some("2014-12-31"), &above), ("2015-02-01", None, &above)]);
    let begins_later = timeline("Solsikken", &[("2014-07-01", None, &above)]);
    for (body, first) in [(&ends, "1 January 2015"), (&pauses, "1 January 2015"), (&begins_later, "1 June 2014")] {
        let problem = hr.in_english().put(&path, body.clone()).await.refused(409, "in-use");
        let fault = &problem["errors"][0];
        assert_eq!((&fault["code"], &fault["pointer"]), (&json!("appointments-outside"), &json!("/validities")));
        assert!(fault["message"].as_str().expect("a message").contains(first), "{fault}");
    }
    hr.put(post, leader("2014-06-01", Some("2014-12-31"))).await.ok();
    hr.put(&path, ends).await.ok();
}
