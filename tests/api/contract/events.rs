//! Every operation that writes, once: each leaves its event, which the client of these tests looks for.

use std::collections::BTreeSet;

use aftalestyring::openapi::{document, operations};
use serde_json::{Value, json};

use crate::support::promises::written;
use crate::support::{Everything, PASSWORD, World, strategy};

/// What writes without a caller; `tests/api/sessions` and `tests/api/oauth` look for its events.
const WITHOUT_A_CALLER: [&str; 3] = ["create_session", "create_token", "refresh_session"];

async fn change_everything(world: &World, all: &Everything) {
    let changes: [(&str, &str, Value); 16] = [
        ("administrator", "/api/v1/municipality", json!({"name": "Lilleby Kommune"})),
        ("koordinator", "/api/v1/org-units/{id}", json!({"holds_agreement": false})),
        ("koordinator", "/api/v1/people/{id}", json!({"email": "kultur@lilleby.example"})),
        ("administrator", "/api/v1/users/{id}", json!({"disabled": true})),
        ("administrator", "/api/v1/clients/{id}", json!({"name": "Stadsarkivet"})),
        ("koordinator", "/api/v1/strategy-letters/{id}", json!({"title": "Strategibrev"})),
        ("koordinator", "/api/v1/strategy-letters/{id}/themes/{theme_id}", json!({"title": "Effekter"})),
        (
            "koordinator",
            "/api/v1/strategy-letters/{id}/themes/{theme_id}/goals/{corporate_goal_id}",
            json!({"horizon": "2016"}),
        ),
        ("koordinator", "/api/v1/templates/{id}", json!({"name": "Aftaleskabelon"})),
        ("koordinator", "/api/v1/cycles/{id}", json!({"name": "Aftaleår"})),
        ("koordinator", "/api/v1/agreements/{id}", json!({"case_number": "00.30.00-Ø02-1-10"})),
        ("socialchef", "/api/v1/agreements/{id}/goals/{goal_id}", json!({"horizon": "2015"})),
        ("socialchef", "/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}", json!({"target": 65})),
        ("koordinator", "/api/v1/agreements/{id}/observations/{observation_id}", json!({"judgement": "off_track"})),
        ("socialchef", "/api/v1/agreements/{id}/comments/{comment_id}", json!({"resolved": true})),
        ("socialchef", "/api/v1/commitments/{id}", json!({"promise": "Vi holder et møde."})),
    ];
    for (who, template, body) in changes {
        world.as_person(who).patch(&all.address(template), body).await.ok();
    }
}

/// A goal is taken over from above, and one that nobody took over is taken out.
async fn take_over(world: &World, all: &Everything) {
    let chief = world.as_person("socialchef");
    let inherit = all.address("/api/v1/agreements/{id}/inherited-goals");
    let copy = chief.post(&inherit, json!({"inherit_from": all.id("goals")})).await.header("location").to_owned();
    assert_eq!(chief.delete(&copy).await.status, 204);
    let goal = all.address("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals/{corporate_goal_id}");
    assert_eq!(world.as_person("koordinator").delete(&goal).await.status, 204);
}

async fn import(world: &World, all: &Everything) {
    let row = json!({"indicator_id": all.id("indicators"), "observed_on": "2014-11-04", "value": 60});
    world.as_person("socialchef").post("/api/v1/observations/imports", json!({"rows": [row]})).await.ok();
    let measured = all.address("/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}/observations/{date}");
    let measured = measured.replace("2014-11-03", "2014-11-04");
    assert_eq!(world.as_person("socialchef").delete(&measured).await.status, 204);
}

async fn answer_the_commitment(world: &World, all: &Everything) {
    let commitment = all.address("/api/v1/commitments/{id}");
    let partner = world.as_person("skolechef");
    partner.act(&commitment, "decline", json!({"reason": "Vi har ingen."})).await.ok();
    partner.act(&commitment, "counter", json!({"due_on": "2015-09-01"})).await.ok();
    world.as_person("socialchef").act(&commitment, "confirm", json!({})).await.ok();
    partner.act(&commitment, "fulfil", json!({})).await.ok();
    world.as_person("socialchef").act(&commitment, "withdraw", json!({})).await.ok();
}

async fn delete_what_can_be_deleted(world: &World, all: &Everything) {
    for (who, template) in [
        ("socialchef", "/api/v1/agreements/{id}/observations/{observation_id}"),
        ("socialchef", "/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}/observations/{date}"),
        ("socialchef", "/api/v1/agreements/{id}/goals/{goal_id}/indicators/{indicator_id}"),
        ("socialchef", "/api/v1/agreements/{id}/goals/{goal_id}"),
        ("koordinator", "/api/v1/appointments/{id}"),
        ("administrator", "/api/v1/users/{id}"),
    ] {
        assert_eq!(world.as_person(who).delete(&all.address(template)).await.status, 204, "{template}");
    }
    let administrator = world.as_person("administrator");
    administrator.post(&format!("{}/one-time-code", world.user_path("læser")), json!({})).await.ok();
    let client = all.address("/api/v1/clients/{id}");
    let etag = administrator.get(&client).await.header("etag").to_owned();
    let secret = all.address("/api/v1/clients/{id}/secrets/{secret_id}");
    assert_eq!(administrator.request("DELETE", &secret).if_match(&etag).send().await.status, 204);
    assert_eq!(administrator.delete(&client).await.status, 204);
    let draft = strategy::published_template(world, strategy::template("Aftale 2017")).await;
    let copy = json!({"based_on_id": draft});
    let coordinator = world.as_person("koordinator");
    let themes = all.address("/api/v1/strategy-letters/{id}/themes");
    let theme = json!({"key": "servicekultur", "heading_key": "borgerne", "title": "Servicekultur"});
    let address = coordinator.post(&themes, theme).await.header("location").to_owned();
    assert_eq!(coordinator.delete(&address).await.status, 204);
    let address = coordinator.post("/api/v1/templates", copy).await.header("location").to_owned();
    assert_eq!(coordinator.delete(&address).await.status, 204);
}

async fn walk_the_workflow(world: &World, all: &Everything) {
    let (path, effects) =
        (all.address("/api/v1/agreements/{id}"), all.address("/api/v1/agreements/{id}/sections/{key}"));
    let cross = effects.replace("effects", "cross-cutting");
    let chief = world.as_person("socialchef");
    let (social, school) = (world.as_person("socialdirektør"), world.as_person("skoledirektør"));
    chief.patch(&effects, json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    let draft = chief.get(&format!("{path}/draft")).await.ok();
    let section = json!({"key": "cross-cutting", "version": draft["sections"][1]["version"], "content": {"plan": "P"}});
    chief.put(&format!("{path}/draft"), json!({"sections": [section]})).await.ok();
    chief.act(&path, "share", json!({"line": true})).await.ok();
    for action in ["submit", "recall", "submit"] {
        chief.act(&path, action, json!({})).await.ok();
    }
    social.act(&effects, "return", json!({"reason": "Mere"})).await.ok();
    chief.act(&path, "submit", json!({})).await.ok();
    social.act(&effects, "approve", json!({})).await.ok();
    world.as_person("koordinator").act(&effects, "reopen", json!({"reason": "Igen"})).await.ok();
    chief.act(&path, "submit", json!({})).await.ok();
    social.act(&effects, "approve", json!({})).await.ok();
    let etag = school.get(&cross).await.ok()["etag"].clone();
    let decision = json!({
        "agreement_id": all.id("agreements"), "section_key": "cross-cutting", "etag": etag, "outcome": "approved"
    });
    let decided = school.post("/api/v1/decisions", json!({"items": [decision]})).await.ok();
    assert_eq!(decided["items"][0]["decided"], true);
    for signer in ["socialchef", "kommunaldirektør"] {
        world.as_person(signer).act(&path, "sign", json!({})).await.ok();
    }
}

/// Publishes and opens what was planned.
pub async fn open_the_next_year(world: &World, all: &Everything) {
    let coordinator = world.as_person("koordinator");
    for (template, action) in [
        ("/api/v1/strategy-letters/{id}", "publish"),
        ("/api/v1/templates/{id}", "publish"),
        ("/api/v1/cycles/{id}", "open"),
    ] {
        coordinator.act(&all.address(template), action, json!({})).await.ok();
    }
}

async fn leave(world: &World) {
    let session = world.log_in(world.give_password("læser").await).await.ok();
    let reader = world.with_token(&session["access_token"]);
    let change = json!({"current_password": PASSWORD, "new_password": "en helt anden hest"});
    reader.put("/api/v1/me/password", change).await.ok();
    assert_eq!(reader.request("DELETE", "/api/v1/sessions/current").send().await.status, 204);
}

/// Everything that writes, once.
pub async fn everything_happens(world: &World) -> Everything {
    let all = Everything::make(world).await;
    change_everything(world, &all).await;
    take_over(world, &all).await;
    import(world, &all).await;
    answer_the_commitment(world, &all).await;
    delete_what_can_be_deleted(world, &all).await;
    walk_the_workflow(world, &all).await;
    open_the_next_year(world, &all).await;
    all
}

#[actix_web::test]
async fn every_operation_that_writes_leaves_its_event() {
    let world = World::new().await;
    everything_happens(&world).await;
    leave(&world).await;
    let writing = operations(&document()).into_iter().filter(|operation| operation.method != "get");
    let wanted: BTreeSet<String> = writing.map(|operation| operation.id).collect();
    let done = written();
    let missing: Vec<&String> = wanted.difference(&done).collect();
    assert_eq!(missing, WITHOUT_A_CALLER);
}
