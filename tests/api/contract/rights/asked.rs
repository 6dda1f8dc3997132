//! What everybody asks, and how an answer reads in a grid.

use aftalestyring::types::Id;
use serde_json::{Value, json};

use super::scene::Scene;
use crate::support::{Client, Response};

/// What is read.
pub const READS: [&str; 10] = [
    "read the agreement",
    "find the agreement in the list",
    "read the section",
    "read the draft",
    "read the readiness",
    "read the history",
    "read the section's revisions",
    "read the section's goals",
    "read the comments",
    "read the commitment",
];

/// What moves an agreement; the first word is the action that it offers.
pub const OF_AGREEMENT: [&str; 4] =
    ["submit the agreement", "recall the agreement", "share the agreement", "sign the agreement"];

/// What moves a section.
pub const OF_SECTION: [&str; 3] = ["approve the section", "return the section", "reopen the section"];

/// All that is asked as a dry run.
pub const MOVES: [&str; 7] = {
    let ([a, b, c, d], [e, f, g]) = (OF_AGREEMENT, OF_SECTION);
    [a, b, c, d, e, f, g]
};

/// What is written for real, since there is no dry run of it.
pub const WRITES: [&str; 8] = [
    "change the agreement's title",
    "change the section",
    "save the draft",
    "add a goal",
    "add a commitment",
    "answer the commitment",
    "comment",
    "demand an answer",
];

/// Asks, and tells the answer in a word.
pub async fn ask(scene: &Scene, client: &Client, question: &str) -> String {
    let (agreement, section) = (scene.agreement(), scene.section());
    match question {
        "read the agreement" => outcome(&client.get(&agreement).await),
        "find the agreement in the list" => listed(scene, &client.get("/api/v1/agreements").await),
        "read the section" => shown(&client.get(&section).await),
        "read the draft" => outcome(&client.get(&format!("{agreement}/draft")).await),
        "read the readiness" => outcome(&client.get(&format!("{agreement}/readiness")).await),
        "read the history" => outcome(&client.get(&format!("{agreement}/history")).await),
        "read the section's revisions" => outcome(&client.get(&format!("{section}/revisions")).await),
        "read the section's goals" => filled(&client.get(&format!("{agreement}/goals?section=effects")).await),
        "read the comments" => outcome(&client.get(&format!("{agreement}/comments")).await),
        "read the commitment" => outcome(&client.get(&scene.commitment).await),
        "answer the commitment" => rehearsed(client, &scene.commitment, "confirm", json!({})).await,
        "share the agreement" => rehearsed(client, &agreement, "share", json!({"line": true})).await,
        "return the section" => rehearsed(client, &section, "return", json!({"reason": "Mere"})).await,
        "reopen the section" => rehearsed(client, &section, "reopen", json!({"reason": "Igen"})).await,
        "approve the section" => rehearsed(client, &section, "approve", json!({})).await,
        "sign the agreement" => rehearsed(client, &agreement, "sign", json!({})).await,
        "submit the agreement" => rehearsed(client, &agreement, "submit", Value::Null).await,
        "recall the agreement" => rehearsed(client, &agreement, "recall", Value::Null).await,
        writes => written(scene, client, writes).await,
    }
}

/// Asks what would happen.
async fn rehearsed(client: &Client, resource: &str, action: &str, body: Value) -> String {
    let request = client.request("POST", &format!("{resource}/{action}?dry_run=true"));
    let request = if body.is_null() { request } else { request.json(body) };
    let answer = request.send().await;
    match answer.body["would_succeed"].as_bool() {
        Some(true) => "ok".to_owned(),
        Some(false) => answer.body["problems"][0]["code"].as_str().expect("a code").to_owned(),
        None => outcome(&answer),
    }
}

/// Writes something that nobody has written before, on the version that there is.
async fn written(scene: &Scene, client: &Client, question: &str) -> String {
    let (agreement, section, unique) = (scene.agreement(), scene.section(), Id::new().to_string());
    let (address, seen, body) = match question {
        "change the agreement's title" => (agreement.clone(), agreement, json!({"title": unique})),
        "change the section" => (section.clone(), section, json!({"content": {"plan": unique}})),
        "save the draft" => {
            let version = scene.seen(&section).await["version"].clone();
            let sections = json!([{"key": "effects", "version": version, "content": {"plan": unique}}]);
            return outcome(&client.put(&format!("{agreement}/draft"), json!({"sections": sections})).await);
        }
        "add a goal" => {
            let goal = json!({"section_key": "effects", "title": unique});
            return outcome(&client.post(&format!("{agreement}/goals"), goal).await);
        }
        "add a commitment" => {
            let commitment = json!({"agreement_id": scene.id, "section_key": "cross-cutting", "title": unique});
            return outcome(&client.post("/api/v1/commitments", commitment).await);
        }
        "comment" | "demand an answer" => {
            let must_answer = question == "demand an answer";
            let comment = json!({"section_key": "effects", "body": unique, "must_answer": must_answer});
            return outcome(&client.post(&format!("{agreement}/comments"), comment).await);
        }
        unknown => panic!("nobody asks to {unknown}"),
    };
    let etag = scene.seen(&seen).await["etag"].as_str().expect("an etag").to_owned();
    outcome(&client.request("PATCH", &address).if_match(&etag).merge_patch(body).send().await)
}

fn outcome(answer: &Response) -> String {
    match answer.status {
        200..300 => "ok".to_owned(),
        _ => answer.body["code"].as_str().unwrap_or_else(|| panic!("no code: {}", answer.text)).to_owned(),
    }
}

/// Whether a list holds the agreement.
fn listed(scene: &Scene, answer: &Response) -> String {
    if answer.status != 200 {
        return outcome(answer);
    }
    let items = answer.body["items"].as_array().expect("items");
    if items.iter().any(|item| item["id"] == json!(scene.id)) { "ok" } else { "not-found" }.to_owned()
}

/// A section that is being written may be shown as it was submitted last.
fn shown(answer: &Response) -> String {
    if answer.body["is_last_submitted"] == true { "last submitted".to_owned() } else { outcome(answer) }
}

/// A list that may be read and holds nothing is `none`.
fn filled(answer: &Response) -> String {
    if answer.body["items"] == json!([]) { "none".to_owned() } else { outcome(answer) }
}
