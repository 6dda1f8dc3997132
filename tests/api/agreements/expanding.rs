use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::statements::selects;
use crate::support::{Client, Unit, World};

fn path(id: Id) -> String {
    format!("/api/v1/agreements/{id}")
}

fn section(id: Id, key: &str) -> String {
    format!("/api/v1/agreements/{id}/sections/{key}")
}

async fn promise(world: &World, agreement: Id, key: &str, title: &str) -> Value {
    let partners = json!([{"org_unit_id": world.unit(Unit::School)}]);
    let body = json!({"agreement_id": agreement, "section_key": key, "title": title, "partners": partners});
    world.as_person("socialchef").post("/api/v1/commitments", body).await.ok()
}

async fn comment(client: &Client, agreement: Id, key: &str, body: &str) -> Value {
    client.post(&format!("{}/comments", path(agreement)), json!({"section_key": key, "body": body})).await.ok()
}

async fn submitted(world: &World, unit: Unit, holder: &str) -> Id {
    let id = world.agreement(unit).await;
    let holder = world.as_person(holder);
    for key in ["effects", "cross-cutting"] {
        holder.patch(&section(id, key), json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    }
    holder.act(&path(id), "submit", json!({})).await.ok();
    id
}

fn texts(items: &Value, name: &str) -> Vec<String> {
    let items = items.as_array().unwrap_or_else(|| panic!("no list: {items}"));
    items.iter().map(|one| one[name].as_str().expect("a text").to_owned()).collect()
}

#[actix_web::test]
async fn a_section_carries_what_is_asked_for_and_nothing_else() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let made = promise(&world, id, "effects", "Overgang").await;
    promise(&world, id, "cross-cutting", "Et andet afsnit").await;
    let said = comment(&chief, id, "effects", "Hvem følger op?").await;
    comment(&chief, id, "cross-cutting", "Et andet sted").await;
    let plain = chief.get(&section(id, "effects")).await.ok();
    for name in ["commitments", "decisions", "comments"] {
        assert!(plain.get(name).is_none(), "{name} in {plain}");
    }
    let expanded = chief.get(&format!("{}?expand=comments,commitments,decisions", section(id, "effects"))).await;
    let tag = expanded.header("etag").to_owned();
    let expanded = expanded.ok();
    let address = format!("/api/v1/commitments/{}", made["id"].as_str().expect("an id"));
    assert_eq!(expanded["commitments"], json!([chief.get(&address).await.ok()]));
    let address = format!("{}/comments/{}", path(id), said["id"].as_str().expect("an id"));
    assert_eq!(expanded["comments"], json!([chief.get(&address).await.ok()]));
    assert_eq!(expanded["decisions"], json!([]));
    assert_ne!(tag, plain["etag"], "an answer that says more has another ETag");
    let empty = chief.get(&format!("{}?expand=comments", section(id, "service"))).await.ok();
    assert_eq!((&empty["comments"], empty.get("commitments")), (&json!([]), None));
}

#[actix_web::test]
async fn what_cannot_be_expanded_is_refused() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    let (agreement, effects) = (path(id), section(id, "effects"));
    for address in [
        format!("{effects}?expand=goals"),
        format!("{effects}?expand="),
        format!("{effects}?expand=comments,comments"),
        format!("{effects}?expand=readiness"),
        format!("{agreement}?expand=decisions"),
        format!("{agreement}?expand=comments,readiness,comments"),
    ] {
        let problem = chief.get(&address).await.refused(422, "invalid-parameter");
        assert_eq!(problem["errors"][0]["pointer"], "?expand", "{address}");
    }
    chief.get(&format!("{}?expand=comments", section(id, "nowhere"))).await.refused(404, "not-found");
}

#[actix_web::test]
async fn every_decision_on_a_section_is_told_with_both_names() {
    let world = World::new().await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    let (leader, chief) = (world.as_person("plejehjemsleder"), world.as_person("socialchef"));
    chief.act(&section(id, "effects"), "return", json!({"reason": "Hvordan måler I?"})).await.ok();
    world.app.clock.advance(chrono::Duration::seconds(1));
    leader.patch(&section(id, "effects"), json!({"content": {"plan": "Hvert kvartal."}})).await.ok();
    leader.act(&path(id), "submit", json!({})).await.ok();
    world.end_appointment("socialchef").await;
    let executive = world.as_person("kommunaldirektør");
    executive.act(&section(id, "effects"), "approve", json!({})).await.ok();
    world.app.clock.advance(chrono::Duration::seconds(1));
    let coordinator = world.as_person("koordinator");
    coordinator.act(&section(id, "effects"), "reopen", json!({"reason": "Nyt budget"})).await.ok();
    let read = leader.get(&format!("{}?expand=decisions", section(id, "effects"))).await.ok();
    let told: Vec<Value> = read["decisions"].as_array().expect("decisions").clone();
    assert_eq!(texts(&read["decisions"], "outcome"), ["returned", "approved", "reopened"]);
    assert_eq!(texts(&read["decisions"], "name"), ["socialchef", "kommunaldirektør", "koordinator"]);
    assert_eq!((&told[0]["reason"], &told[0]["revision"]), (&json!("Hvordan måler I?"), &json!(1)));
    assert_eq!(
        (&told[0]["step"], &told[0]["duty"], &told[0]["instead_of"]),
        (&json!(1), &json!("approve"), &Value::Null)
    );
    assert_eq!((&told[1]["reason"], &told[1]["revision"]), (&Value::Null, &json!(2)));
    assert_eq!(told[1]["instead_of"], json!({"person_id": world.person("socialchef"), "name": "socialchef"}));
    assert_eq!(
        (&told[1]["acting_for"], &told[1]["person_id"]),
        (&Value::Null, &json!(world.person("kommunaldirektør")))
    );
    assert_eq!((&told[2]["step"], &told[2]["duty"]), (&Value::Null, &Value::Null), "a reopening is no step");
    assert_eq!(told[2]["id"], read["last_decision"]["id"]);
    let other = leader.get(&format!("{}?expand=decisions", section(id, "cross-cutting"))).await.ok();
    assert_eq!(other["decisions"], json!([]));
}

#[actix_web::test]
async fn while_it_is_mended_only_its_parties_see_a_commitment_besides_its_writers() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let (chief, director) = (world.as_person("socialchef"), world.as_person("socialdirektør"));
    promise(&world, id, "effects", "Indsendt").await;
    chief.patch(&section(id, "effects"), json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    chief.patch(&section(id, "cross-cutting"), json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    chief.act(&path(id), "submit", json!({})).await.ok();
    let address = format!("{}?expand=commitments", section(id, "effects"));
    let whole = format!("{}?expand=commitments", path(id));
    let titles = |view: &Value| texts(&view["commitments"], "title");
    assert_eq!(titles(&director.get(&address).await.ok()), ["Indsendt"]);
    director.act(&section(id, "effects"), "return", json!({"reason": "Mere."})).await.ok();
    promise(&world, id, "effects", "Under rettelse").await;
    let seen = director.get(&address).await.ok();
    assert_eq!((&seen["commitments"], &seen["is_last_submitted"]), (&json!([]), &json!(true)));
    assert_eq!(director.get(&whole).await.ok()["sections"][0]["commitments"], json!([]));
    assert_eq!(titles(&chief.get(&address).await.ok()), ["Indsendt", "Under rettelse"]);
    assert_eq!(titles(&chief.get(&whole).await.ok()["sections"][0]), ["Indsendt", "Under rettelse"]);
    let appointment = json!({"person_id": world.person("socialdirektør"), "org_unit_id": world.unit(Unit::School), "role": "contributor", "from": "2014-01-01"});
    world.appoint(appointment).await;
    assert_eq!(titles(&director.get(&address).await.ok()), ["Indsendt", "Under rettelse"], "a party sees its own");
}

#[actix_web::test]
async fn an_agreement_carries_what_stands_beside_each_of_its_sections() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    promise(&world, id, "cross-cutting", "Overgang").await;
    let first = comment(&chief, id, "effects", "Hvem følger op?").await;
    let reply = json!({"section_key": "effects", "body": "Det gør vi.", "reply_to_id": first["id"]});
    chief.post(&format!("{}/comments", path(id)), reply).await.ok();
    let plain = chief.get(&path(id)).await.ok();
    for name in ["commitments", "comments", "content", "goals"] {
        assert!(plain["sections"][0].get(name).is_none(), "{name} in {plain}");
    }
    assert!(plain.get("readiness").is_none(), "{plain}");
    let all = chief.get(&format!("{}?expand=commitments,comments,readiness,sections.goals", path(id))).await.ok();
    let [effects, cross, service] = [0, 1, 2].map(|index| &all["sections"][index]);
    assert_eq!(texts(&effects["comments"], "body"), ["Hvem følger op?", "Det gør vi."]);
    let update = effects["comments"][0]["available_actions"][0].clone();
    assert_eq!((&update["action"], &update["allowed"]), (&json!("update"), &json!(false)), "somebody has replied");
    assert_eq!(effects["comments"], chief.get(&format!("{}/comments", path(id))).await.ok()["items"]);
    assert_eq!((&effects["commitments"], &service["comments"]), (&json!([]), &json!([])));
    assert_eq!(cross["commitments"], chief.get("/api/v1/commitments").await.ok()["items"]);
    assert_eq!(all["readiness"], chief.get(&format!("{}/readiness", path(id))).await.ok());
}

#[actix_web::test]
async fn what_a_reader_may_not_ask_for_is_left_out() {
    let world = World::new().await;
    let id = submitted(&world, Unit::CareHome, "plejehjemsleder").await;
    let chief = world.as_person("socialchef");
    comment(&chief, id, "effects", "Hvem følger op?").await;
    let seen = chief.get(&format!("{}?expand=readiness,comments", path(id))).await.ok();
    chief.get(&format!("{}/readiness", path(id))).await.refused(403, "forbidden");
    assert!(seen.get("readiness").is_none(), "{seen}");
    assert_eq!(texts(&seen["sections"][0]["comments"], "body"), ["Hvem følger op?"]);
    for key in ["effects", "cross-cutting"] {
        chief.act(&section(id, key), "approve", json!({})).await.ok();
    }
    let machine = world.as_hr();
    let seen = machine.get(&format!("{}?expand=commitments,comments,readiness", path(id))).await.ok();
    assert_eq!((&seen["sections"][0]["commitments"], seen.get("readiness")), (&json!([]), None));
    assert!(seen["sections"][0].get("comments").is_none(), "{seen}");
    let seen = machine.get(&format!("{}?expand=comments,decisions", section(id, "effects"))).await.ok();
    assert!(seen.get("comments").is_none(), "{seen}");
    assert_eq!(texts(&seen["decisions"], "outcome"), ["approved"]);
}

/// How many statements read what an address answers, once its caller is known.
async fn reads(world: &World, client: &Client, address: &str) -> usize {
    client.get(address).await.ok();
    let before = selects(&world.app.database);
    client.get(address).await.ok();
    selects(&world.app.database) - before
}

#[actix_web::test]
async fn an_expanded_answer_is_read_with_one_statement_for_each_kind() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    promise(&world, id, "effects", "Overgang").await;
    comment(&world.as_person("socialchef"), id, "effects", "Hvem følger op?").await;
    let chief = world.as_person("socialchef");
    let bare = reads(&world, &chief, &path(id)).await;
    // How much is ready is told anyway, for which goals and commitments are read.
    let kinds = [("comments", 1), ("commitments", 0), ("sections.content", 0)];
    for (kind, more) in kinds {
        assert_eq!(reads(&world, &chief, &format!("{}?expand={kind}", path(id))).await, bare + more, "{kind}");
    }
    let all = format!("{}?expand=sections.content,sections.goals,commitments,comments,readiness", path(id));
    let (few, one) = (
        reads(&world, &chief, &all).await,
        format!("{}?expand=commitments,decisions,comments", section(id, "effects")),
    );
    let few_of_one = reads(&world, &chief, &one).await;
    for key in ["effects", "cross-cutting", "service"] {
        promise(&world, id, key, "Endnu et").await;
        let said = comment(&chief, id, key, "Endnu en").await;
        let reply = json!({"section_key": key, "body": "Og et svar", "reply_to_id": said["id"]});
        chief.post(&format!("{}/comments", path(id)), reply).await.ok();
    }
    assert_eq!(reads(&world, &chief, &path(id)).await, bare, "nothing is read that is not asked for");
    assert_eq!(reads(&world, &chief, &all).await, few, "no statement for each section");
    assert_eq!(reads(&world, &chief, &one).await, few_of_one);
}

#[actix_web::test]
async fn a_recalled_agreement_hides_its_commitments_again() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    promise(&world, id, "effects", "Overgang").await;
    world.put_section(id, "effects", SectionState::Submitted, "socialdirektør").await;
    let director = world.as_person("socialdirektør");
    let address = format!("{}?expand=commitments", section(id, "effects"));
    assert_eq!(texts(&director.get(&address).await.ok()["commitments"], "title"), ["Overgang"]);
    world.put_section(id, "effects", SectionState::Draft, "socialdirektør").await;
    assert_eq!(director.get(&address).await.ok()["commitments"], json!([]));
}

#[actix_web::test]
async fn an_editor_opens_a_page_in_one_call() {
    let world = World::new().await;
    let id = world.agreement(Unit::Social).await;
    let chief = world.as_person("socialchef");
    chief.patch(&section(id, "effects"), json!({"content": {"plan": "Vi måler."}})).await.ok();
    let page = chief.get(&format!("{}?expand=definitions,draft", path(id))).await.ok();
    assert_eq!(page["draft"], chief.get(&format!("{}/draft", path(id))).await.ok());
    assert_eq!(page.get("readiness"), None, "it stands in the draft");
    let shown = chief.get(&section(id, "effects")).await.ok();
    let definition = &page["sections"][0]["definition"];
    assert_eq!((&definition["key"], &definition["fields"]), (&json!("effects"), &shown["fields"]));
    assert_eq!(definition["guidance"]["da"], shown["guidance"]);
    let saved = chief.put(&format!("{}/draft", path(id)), page["draft"].clone()).await.ok();
    assert_eq!(saved["etag"], page["draft"]["etag"], "it is sent back as it came, and nothing differs");
}

#[actix_web::test]
async fn who_does_not_see_a_draft_is_not_given_it_with_the_agreement() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let director = world.as_person("socialdirektør");
    let seen = director.get(&format!("{}?expand=definitions,draft", path(id))).await.ok();
    assert_eq!((seen.get("draft"), &seen["sections"][0]["definition"]["key"]), (None, &json!("effects")));
}

#[actix_web::test]
async fn a_reviewer_compares_with_what_they_decided_on_last() {
    let world = World::new().await;
    let id = submitted(&world, Unit::Social, "socialchef").await;
    let (chief, director) = (world.as_person("socialchef"), world.as_person("socialdirektør"));
    let address = format!("{}?expand=previous", section(id, "effects"));
    let first = director.get(&address).await.ok();
    assert!(first["previous"].is_null() && first.get("previous").is_some(), "nobody has decided on anything");
    assert_eq!(director.get(&section(id, "effects")).await.ok().get("previous"), None, "nobody asked");
    director.act(&section(id, "effects"), "return", json!({"reason": "Hvordan måler I?"})).await.ok();
    let mended = chief.get(&address).await.ok()["previous"].clone();
    assert_eq!((&mended["revision"]["revision"], &mended["decided_by_reader"]), (&json!(1), &json!(false)));
    assert_eq!(mended["decision"]["reason"], "Hvordan måler I?");
    chief.patch(&section(id, "effects"), json!({"content": {"plan": "Vi måler hvert kvartal."}})).await.ok();
    chief.act(&path(id), "submit", json!({})).await.ok();
    let seen = director.get(&address).await.ok();
    let previous = &seen["previous"];
    assert_eq!((&seen["revision"], &seen["content"]["plan"]), (&json!(2), &json!("Vi måler hvert kvartal.")));
    assert_eq!((&previous["revision"]["revision"], &previous["decided_by_reader"]), (&json!(1), &json!(true)));
    assert_eq!(previous["revision"]["snapshot"]["content"]["plan"], "Vi planlægger.");
    assert_eq!(
        (&previous["decision"]["outcome"], &previous["decision"]["name"]),
        (&json!("returned"), &json!("socialdirektør"))
    );
}
