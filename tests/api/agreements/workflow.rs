use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Client, Unit, World, notified};

pub(super) fn path(id: Id) -> String {
    format!("/api/v1/agreements/{id}")
}

pub(super) fn section(id: Id, key: &str) -> String {
    format!("/api/v1/agreements/{id}/sections/{key}")
}

/// Writes both plans, as the holder.
pub(super) async fn write_plans(holder: &Client, id: Id) {
    for key in ["effects", "cross-cutting"] {
        holder.patch(&section(id, key), json!({"content": {"plan": format!("Vi planlægger {key}.")}})).await.ok();
    }
}

pub(super) async fn submitted(world: &World, unit: Unit, holder: &str) -> Id {
    let id = world.agreement(unit).await;
    let holder = world.as_person(holder);
    write_plans(&holder, id).await;
    holder.act(&path(id), "submit", json!({})).await.ok();
    id
}

pub(super) fn states(agreement: &Value) -> Vec<&str> {
    let sections = agreement["sections"].as_array().expect("sections");
    sections.iter().map(|section| section["state"].as_str().expect("a state")).collect()
}

#[actix_web::test]
async fn a_centres_agreement_runs_from_draft_to_in_force() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, social, school) =
        (world.as_person("socialchef"), world.as_person("socialdirektør"), world.as_person("skoledirektør"));
    assert_eq!(chief.get("/api/v1/me/tasks").await.ok()["items"][0]["kind"], "write");
    write_plans(&chief, id).await;
    let agreement = chief.act(&path(id), "submit", json!({})).await.ok();
    assert_eq!(agreement["state"], "in_review");
    assert_eq!(states(&agreement), ["submitted", "submitted", "omitted"]);
    assert_eq!(agreement["sections"][0]["waiting_for"][0]["name"], "socialdirektør");
    let tasks = social.get("/api/v1/me/tasks").await.ok();
    assert_eq!((&tasks["items"][0]["kind"], &tasks["items"][0]["section_key"]), (&json!("approve"), &json!("effects")));
    let returned = social.act(&section(id, "effects"), "return", json!({"reason": "Hvordan måler I?"})).await.ok();
    assert_eq!(returned["state"], "returned");
    let task = &chief.get("/api/v1/me/tasks").await.ok()["items"][0];
    assert_eq!((&task["kind"], &task["section_key"]), (&json!("answer_return"), &json!("effects")));
    let seen = chief.get(&section(id, "effects")).await.ok();
    assert_eq!(seen["last_decision"]["reason"], "Hvordan måler I?");
    chief.patch(&section(id, "effects"), json!({"content": {"plan": "Vi måler hvert kvartal."}})).await.ok();
    chief.act(&path(id), "submit", json!({})).await.ok();
    assert_eq!(chief.get(&section(id, "effects")).await.ok()["revision"], 2);
    social.act(&section(id, "effects"), "approve", json!({})).await.ok();
    school.act(&section(id, "cross-cutting"), "approve", json!({})).await.ok();
    assert_eq!(chief.get(&path(id)).await.ok()["state"], "approved");
    let executive = world.as_person("kommunaldirektør");
    assert_eq!(executive.get("/api/v1/me/tasks").await.ok()["items"][0]["kind"], "sign");
    executive.act(&path(id), "sign", json!({})).await.ok();
    assert_eq!(chief.get(&path(id)).await.ok()["state"], "approved");
    assert_eq!(chief.act(&path(id), "sign", json!({})).await.ok()["state"], "in_force");
    let history = chief.get(&format!("{}/history?limit=200", path(id))).await.ok();
    let sentences: Vec<&str> = history["items"]
        .as_array()
        .expect("items")
        .iter()
        .rev()
        .map(|entry| entry["sentence"].as_str().expect("a sentence"))
        .collect();
    insta::assert_snapshot!(sentences.join("\n"));
}

#[actix_web::test]
async fn an_institutions_agreement_goes_to_its_centres_chief() {
    let world = World::new().await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    let (leader, chief) = (world.as_person("plejehjemsleder"), world.as_person("socialchef"));
    world.as_person("socialdirektør").get(&section(id, "effects")).await.refused(404, "not-found");
    for key in ["effects", "cross-cutting"] {
        chief.act(&section(id, key), "approve", json!({})).await.ok();
    }
    chief.act(&path(id), "sign", json!({})).await.ok();
    assert_eq!(leader.act(&path(id), "sign", json!({})).await.ok()["state"], "in_force");
    // What was signed keeps its name; the archive's number may come later.
    leader.patch(&path(id), json!({"title": "En anden aftale"})).await.refused(409, "illegal-move");
    assert_eq!(leader.patch(&path(id), json!({"case_number": "00.30.00-Ø02-1-10"})).await.ok()["title"], "Aftale 2015");
}

#[actix_web::test]
async fn a_submission_with_gaps_is_told_all_of_them_and_nothing_is_submitted() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let problem = chief.act(&path(id), "submit", json!({})).await.refused(409, "not-ready");
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|one| one["pointer"].as_str().expect("a pointer"))
        .collect();
    assert_eq!(pointers, ["/sections/0/content/plan", "/sections/1/content/plan"]);
    assert_eq!(problem["errors"][0]["message"], "»Plan« skal udfyldes i afsnittet »Borger- og brugereffekter«.");
    let readiness = chief.get(&format!("{}/readiness", path(id))).await.ok();
    assert_eq!((&readiness["ready"], readiness["blocking"].as_array().map(Vec::len)), (&json!(false), Some(2)));
    assert_eq!(readiness["advice"][0]["code"], "partner-missing");
    assert_eq!(chief.get(&path(id)).await.ok()["state"], "draft");
}

#[actix_web::test]
async fn nobody_submits_decides_or_signs_without_a_right_to_it() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    write_plans(&world.as_person("medarbejder"), id).await;
    world.as_person("medarbejder").act(&path(id), "submit", json!({})).await.refused(403, "not-holder");
    world.as_person("skolechef").get(&path(id)).await.refused(404, "not-found");
    world.as_person("administrator").get(&path(id)).await.refused(404, "not-found");
    world.as_person("socialdirektør").get(&path(id)).await.refused(404, "not-found");
    let chief = world.as_person("socialchef");
    chief.act(&section(id, "effects"), "approve", json!({})).await.refused(403, "not-your-step");
    chief.act(&path(id), "submit", json!({})).await.ok();
    chief.act(&section(id, "effects"), "approve", json!({})).await.refused(403, "own-unit");
    world
        .as_person("skoledirektør")
        .act(&section(id, "effects"), "approve", json!({}))
        .await
        .refused(403, "not-your-step");
    world.as_person("koordinator").act(&section(id, "effects"), "approve", json!({})).await.refused(403, "gives-roles");
    world.as_person("koordinator").act(&path(id), "sign", json!({})).await.refused(403, "not-signatory");
    chief.act(&path(id), "sign", json!({})).await.refused(409, "illegal-move");
}

#[actix_web::test]
async fn a_second_submit_and_a_second_decision_are_refused() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let (chief, social) = (world.as_person("socialchef"), world.as_person("socialdirektør"));
    let problem = chief.act(&path(id), "submit", json!({})).await.refused(409, "illegal-move");
    assert_eq!(problem["detail"], "Tilstanden er til godkendelse. Se under available_actions, hvad der kan gøres nu.");
    let etag = social.get(&section(id, "effects")).await.ok()["etag"].as_str().expect("an etag").to_owned();
    social.act(&section(id, "effects"), "approve", json!({})).await.ok();
    social.act(&section(id, "effects"), "approve", json!({})).await.refused(409, "already-decided");
    let stale = social.request("POST", &format!("{}/approve", section(id, "effects"))).if_match(&etag).send().await;
    stale.refused(412, "stale-version");
}

#[actix_web::test]
async fn a_submission_is_recalled_until_the_first_decision() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let (chief, social) = (world.as_person("socialchef"), world.as_person("socialdirektør"));
    let recalled = chief.act(&path(id), "recall", json!({})).await.ok();
    assert_eq!((&recalled["state"], states(&recalled)), (&json!("draft"), vec!["draft", "draft", "draft"]));
    chief.act(&path(id), "submit", json!({})).await.ok();
    social.act(&section(id, "effects"), "approve", json!({})).await.ok();
    chief.act(&path(id), "recall", json!({})).await.refused(409, "illegal-move");
}

#[actix_web::test]
async fn while_it_is_mended_an_approver_reads_what_was_submitted_last() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let (chief, social) = (world.as_person("socialchef"), world.as_person("socialdirektør"));
    social.act(&section(id, "effects"), "return", json!({"reason": "Mere."})).await.ok();
    chief.patch(&section(id, "effects"), json!({"content": {"plan": "Hemmeligt udkast"}})).await.ok();
    let seen = social.get(&section(id, "effects")).await.ok();
    assert_eq!(
        (&seen["content"]["plan"], &seen["is_last_submitted"]),
        (&json!("Vi planlægger effects."), &json!(true))
    );
    let expanded = social.get(&format!("{}?expand=sections.content", path(id))).await.ok();
    assert_eq!(expanded["sections"][0]["content"]["plan"], "Vi planlægger effects.");
    assert_eq!(chief.get(&section(id, "effects")).await.ok()["content"]["plan"], "Hemmeligt udkast");
    social.get(&format!("{}/draft", path(id))).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn who_edited_a_revision_does_not_decide_on_it() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    write_plans(&chief, id).await;
    let appointment = json!({"person_id": world.person("socialdirektør"), "org_unit_id": world.unit(Unit::Social), "role": "contributor", "from": "2014-01-01"});
    world.appoint(appointment).await;
    let director = world.as_person("socialdirektør");
    director.patch(&section(id, "effects"), json!({"content": {"plan": "Direktørens egne ord"}})).await.ok();
    let agreement = chief.act(&path(id), "submit", json!({})).await.ok();
    assert_eq!(agreement["sections"][0]["waiting_for"][0]["name"], "kommunaldirektør");
    director.act(&section(id, "effects"), "approve", json!({})).await.refused(403, "edited-revision");
    world.as_person("kommunaldirektør").act(&section(id, "effects"), "approve", json!({})).await.ok();
}

#[actix_web::test]
async fn an_approver_who_left_is_replaced_and_both_are_on_record() {
    let world = World::new().await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    world.end_appointment("socialchef").await;
    let leader = world.as_person("plejehjemsleder");
    assert_eq!(leader.get(&path(id)).await.ok()["sections"][0]["waiting_for"][0]["name"], "kommunaldirektør");
    world.as_person("kommunaldirektør").act(&section(id, "effects"), "approve", json!({})).await.ok();
    let entries = leader.get(&format!("{}/history", path(id))).await.ok();
    assert_eq!(
        entries["items"][0]["sentence"],
        "kommunaldirektør godkendte afsnittet »Borger- og brugereffekter« (udgave 1)."
    );
}

#[actix_web::test]
async fn a_reopened_section_voids_the_signatures() {
    let world = World::new().await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    let (leader, chief) = (world.as_person("plejehjemsleder"), world.as_person("socialchef"));
    for key in ["effects", "cross-cutting"] {
        chief.act(&section(id, key), "approve", json!({})).await.ok();
    }
    chief.act(&path(id), "sign", json!({})).await.ok();
    leader.act(&section(id, "effects"), "reopen", json!({"reason": "Nyt budget"})).await.refused(403, "not-your-step");
    let coordinator = world.as_person("koordinator");
    assert_eq!(
        coordinator.act(&section(id, "effects"), "reopen", json!({"reason": "Nyt budget"})).await.ok()["state"],
        "returned"
    );
    let agreement = leader.get(&path(id)).await.ok();
    assert_eq!((&agreement["state"], &agreement["approved_at"]), (&json!("returned"), &json!(null)));
    leader.act(&path(id), "submit", json!({})).await.ok();
    chief.act(&section(id, "effects"), "approve", json!({})).await.ok();
    let agreement = leader.get(&path(id)).await.ok();
    assert!(
        agreement["signatures"].as_array().expect("slots").iter().all(|slot| slot["signed_by"].is_null()),
        "{agreement}"
    );
}

#[actix_web::test]
async fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let dry = format!("{}/submit?dry_run=true", path(id));
    let keyed = chief.request("POST", &dry).header("idempotency-key", "").send().await;
    keyed.refused(422, "invalid-parameter");
    chief.request("POST", &dry).if_match("").send().await.refused(400, "malformed-request");
    let refused = chief.request("POST", &dry).send().await.ok();
    assert_eq!((&refused["would_succeed"], &refused["problems"][0]["code"]), (&json!(false), &json!("not-ready")));
    let stranger = world.as_person("medarbejder").request("POST", &dry).send().await.ok();
    assert_eq!(stranger["problems"][0]["code"], "not-holder");
    world.as_person("skolechef").request("POST", &dry).send().await.refused(404, "not-found");
    write_plans(&chief, id).await;
    let done = chief.request("POST", &dry).send().await.ok();
    assert_eq!((&done["would_succeed"], &done["problems"]), (&json!(true), &json!([])));
    let kinds: Vec<&str> =
        done["changes"].as_array().expect("changes").iter().map(|one| one["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["section.submitted", "section.submitted", "section.omitted", "agreement.submitted"]);
    assert!(notified(&done).contains(&json!(world.person("socialdirektør"))));
    assert_eq!(chief.get(&path(id)).await.ok()["state"], "draft");
}

#[actix_web::test]
async fn many_sections_are_decided_at_once_and_a_refused_one_undoes_nothing() {
    let world = World::new().await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    let chief = world.as_person("socialchef");
    let tasks = chief.get("/api/v1/me/tasks").await.ok();
    let item = |task: &Value| json!({"agreement_id": task["agreement_id"], "section_key": task["section_key"], "etag": task["etag"], "outcome": "approved"});
    let waiting: Vec<&Value> =
        tasks["items"].as_array().expect("tasks").iter().filter(|task| task["kind"] == "approve").collect();
    let mut items: Vec<Value> = waiting.into_iter().map(item).collect();
    assert_eq!(items.len(), 2);
    items.push(json!({"agreement_id": id, "section_key": "effects", "etag": "\"9.0\"", "outcome": "returned", "reason": "Nej"}));
    items.push(json!({"agreement_id": Id::new(), "section_key": "effects", "etag": "\"1.0\"", "outcome": "approved"}));
    let dry = chief.post("/api/v1/decisions?dry_run=true", json!({"items": items})).await.ok();
    let problems = dry["problems"].as_array().expect("problems").iter();
    let problems: Vec<_> = problems.map(|one| (one["code"].clone(), one["errors"][0]["pointer"].clone())).collect();
    assert_eq!(dry["would_succeed"], false);
    assert_eq!(
        problems,
        [(json!("stale-version"), json!("/items/2")), (json!("not-found"), json!("/items/3"))],
        "what would be refused is told with its place"
    );
    let done = chief.post("/api/v1/decisions", json!({"items": items})).await.ok();
    let codes: Vec<&Value> =
        done["items"].as_array().expect("items").iter().map(|one| &one["problem"]["code"]).collect();
    assert_eq!(codes, [&json!(null), &json!(null), &json!("stale-version"), &json!("not-found")]);
    assert_eq!(chief.get(&path(id)).await.ok()["state"], "approved");
}

#[actix_web::test]
async fn two_approvals_of_the_last_two_sections_at_once_end_in_approved() {
    for _ in 0..5 {
        let world = World::new().await;
        let id = submitted(&world, Unit::Social, "socialchef").await;
        let (social, school) = (world.as_person("socialdirektør"), world.as_person("skoledirektør"));
        let (effects, cross) = (section(id, "effects"), section(id, "cross-cutting"));
        let (first, second) =
            futures_util::join!(social.act(&effects, "approve", json!({})), school.act(&cross, "approve", json!({})));
        first.ok();
        second.ok();
        assert_eq!(world.as_person("socialchef").get(&path(id)).await.ok()["state"], "approved");
    }
}

#[actix_web::test]
async fn late_is_accepted_and_flagged() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    write_plans(&chief, id).await;
    world.app.clock.advance(chrono::Duration::days(36));
    let chief = world.as_person("socialchef");
    assert_eq!(chief.act(&path(id), "submit", json!({})).await.ok()["late"], true);
}

#[actix_web::test]
async fn the_workflow_is_printed_from_the_table_that_the_guards_use() {
    let world = World::new().await;
    let workflow = world.as_person("læser").get("/api/v1/workflow").await.ok();
    let moves = workflow["section_moves"].as_array().expect("moves");
    assert!(moves.contains(&json!({"from": "submitted", "action": "return", "to": "returned"})), "{moves:?}");
    assert!(!moves.iter().any(|one| one["from"] == "draft" && one["action"] == "approve"), "{moves:?}");
}

#[actix_web::test]
async fn an_agreement_tells_its_deadlines_its_template_and_how_far_it_is() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let fresh = chief.get(&path(id)).await.ok();
    let deadlines = json!([{"key": "submit", "on": "2014-12-15"}, {"key": "approve", "on": "2015-01-15"},
        {"key": "sign", "on": "2015-01-31"}]);
    assert_eq!((&fresh["deadlines"], &fresh["template"]["version"]), (&deadlines, &json!(1)));
    assert_eq!(fresh["progress"], json!({"demanded": 2, "begun": 0, "ready": 0, "submitted": 0, "approved": 0}));
    chief
        .patch(&format!("{}/sections/cross-cutting", path(id)), json!({"not_applicable": {"reason": "Ingen"}}))
        .await
        .ok();
    let answered = chief.get(&path(id)).await.ok();
    assert_eq!(answered["progress"], json!({"demanded": 2, "begun": 1, "ready": 1, "submitted": 0, "approved": 0}));
    let read = chief.get(&format!("{}?expand=readiness", path(id))).await.ok()["readiness"].clone();
    assert_eq!((&read["ready"], read["blocking"].as_array().map(Vec::len)), (&json!(false), Some(1)));
    assert!(read["advice"].is_array());
}
