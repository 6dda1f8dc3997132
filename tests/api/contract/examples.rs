//! What the documentation shows runs as it stands against the demonstration: one year of one centre, told by the
//! examples themselves.

use std::collections::{BTreeMap, BTreeSet};

use aftalestyring::app::DocumentedOperation;
use aftalestyring::demo;
use aftalestyring::openapi::operations;
use serde_json::{Value, json};

use super::document::example_of;
use crate::support::{Client, Response, TestApp, written_out};

const PASSWORD: &str = "en god lang adgangskode";
const CLIENT_SECRET: &str = "en god lang hemmelighed";

/// The demonstration, and what the examples have done in it.
struct Story {
    app: TestApp,
    document: Value,
    clients: BTreeMap<&'static str, Client>,
    /// Ids that the server made, by the name of the part of a path.
    made: BTreeMap<&'static str, String>,
    sent: BTreeSet<String>,
}

impl Story {
    async fn begin() -> Self {
        let app = TestApp::new();
        demo::load(&app.app.db, Some(PASSWORD), Some(CLIENT_SECRET)).expect("the demonstration");
        let (document, clients) = (written_out(), BTreeMap::new());
        Story { app, document, clients, made: BTreeMap::new(), sent: BTreeSet::new() }
    }

    async fn client(&mut self, who: &'static str) -> Client {
        if !self.clients.contains_key(who) {
            let body = json!({"email": format!("{who}@demo.example"), "password": PASSWORD});
            let session = self.app.anonymous().post("/api/v1/sessions", body).await;
            let token = session.ok()["access_token"].as_str().map(str::to_owned);
            self.clients.insert(who, Client::new(self.app.app.clone(), token));
        }
        self.clients[who].clone()
    }

    fn operation(&self, id: &str) -> DocumentedOperation {
        operations(&self.document).into_iter().find(|one| one.id == id).expect("an operation")
    }

    /// The address that the examples of the parameters make.
    fn address(&self, operation: &DocumentedOperation) -> String {
        let documented = &self.document["paths"][operation.path.as_str()][operation.method.as_str()];
        let mut address = operation.path.clone();
        for one in documented["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "path") {
            let name = one["name"].as_str().expect("a name");
            let shown = one["example"].as_str().map_or_else(|| one["example"].to_string(), str::to_owned);
            assert_ne!(shown, "null", "{} shows nothing for {name}", operation.id);
            let key = if name == "id" { operation.path.split('/').nth(3).unwrap_or_default() } else { name };
            let value = self.made.get(key).unwrap_or(&shown);
            address = address.replace(&format!("{{{name}}}"), value);
        }
        address
    }

    /// Sends the example of an operation.
    async fn send(&mut self, who: &'static str, id: &str) -> Value {
        let body = example_of(&self.document, &self.operation(id));
        self.send_body(who, id, body).await
    }

    async fn send_body(&mut self, who: &'static str, id: &str, body: Option<Value>) -> Value {
        let operation = self.operation(id);
        let (address, client) = (self.address(&operation), self.client(who).await);
        let documented = &self.document["paths"][operation.path.as_str()][operation.method.as_str()];
        let parameters = documented["parameters"].as_array().into_iter().flatten();
        let demands = parameters.clone().any(|one| one["name"] == "If-Match" && one["required"] == true);
        let mut request = client.request(&operation.method.to_uppercase(), &address);
        if demands {
            request = request.if_match(&etag(&client, &address).await);
        }
        let request = match body {
            Some(body) if operation.method == "patch" => request.merge_patch(body),
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await;
        assert!((200..300).contains(&answer.status), "{id}: {} {}", answer.status, answer.text);
        self.sent.insert(id.to_owned());
        answer.body
    }

    /// Later examples mean what this one made.
    fn keep(&mut self, part: &'static str, made: &Value) {
        self.made.insert(part, made["id"].as_str().expect("an id").to_owned());
    }
}

/// The ETag of what an address is about: of itself, or of the nearest thing above that has one.
async fn etag(client: &Client, address: &str) -> String {
    let mut part = address;
    loop {
        let answer: Response = client.get(part).await;
        if let Some(etag) = answer.body["etag"].as_str().filter(|_| answer.status == 200) {
            return etag.to_owned();
        }
        part = part.rsplit_once('/').expect("something with an ETag").0;
    }
}

async fn organisation(story: &mut Story) {
    story.send("administrator", "update_municipality").await;
    story.send("administrator", "put_org_unit").await;
    story.send("administrator", "update_org_unit").await;
    story.send("administrator", "put_person").await;
    story.send("administrator", "update_person").await;
    story.send("administrator", "put_appointment").await;
    story.send("administrator", "create_user").await;
    story.send("administrator", "update_client").await;
    let secret = story.send("administrator", "create_client_secret").await;
    story.keep("secret_id", &secret);
    story.send("administrator", "create_client").await;
}

async fn strategy(story: &mut Story) {
    story.send("strategi", "update_theme").await;
    let letter = story.send("strategi", "create_strategy_letter").await;
    story.keep("strategy-letters", &letter);
    story.send("strategi", "update_strategy_letter").await;
    let theme = story.send("strategi", "create_theme").await;
    story.keep("theme_id", &theme);
    let goal = story.send("strategi", "create_corporate_goal").await;
    story.keep("corporate_goal_id", &goal);
    story.send("strategi", "update_corporate_goal").await;
    for part in ["strategy-letters", "theme_id", "corporate_goal_id"] {
        story.made.remove(part);
    }
    let template = story.send("strategi", "create_template").await;
    story.keep("templates", &template);
    story.send("strategi", "update_template").await;
    story.made.remove("templates");
    story.send("strategi", "create_cycle").await;
    story.send("strategi", "update_cycle").await;
    story.send("strategi", "create_agreement").await;
}

async fn writing(story: &mut Story) {
    let chief = "centerchef.social";
    story.send(chief, "put_draft").await;
    story.send(chief, "update_agreement").await;
    story.send(chief, "share_agreement").await;
    story.send(chief, "create_goal").await;
    story.send(chief, "update_goal").await;
    story.send(chief, "create_indicator").await;
    story.send(chief, "update_indicator").await;
    story.send(chief, "inherit_goal").await;
    story.send(chief, "put_measurement").await;
    story.send("strategi", "import_observations").await;
    story.send("strategi", "create_observation").await;
    story.send(chief, "update_observation").await;
    story.send(chief, "create_commitment").await;
    story.send(chief, "update_commitment").await;
    story.send("centerchef.arbejdsmarked", "decline_commitment").await;
    story.send("centerchef.arbejdsmarked", "counter_commitment").await;
    story.send("centerchef.arbejdsmarked", "confirm_commitment").await;
    story.send("centerchef.arbejdsmarked", "fulfil_commitment").await;
    story.send(chief, "withdraw_commitment").await;
    let comment = story.send(chief, "create_comment").await;
    story.keep("comment_id", &comment);
    story.send(chief, "update_comment").await;
}

async fn workflow(story: &mut Story) {
    let chief = "centerchef.social";
    story.send(chief, "submit_agreement").await;
    story.send("direktoer.social", "return_section").await;
    story.send(chief, "update_section").await;
    story.send(chief, "submit_agreement").await;
    story.send("direktoer.social", "approve_section").await;
    story.send("direktoer.social", "reopen_section").await;
    story.send(chief, "submit_agreement").await;
    story.send("direktoer.social", "approve_section").await;
    story.made.insert("key", "cross-cutting".to_owned());
    story.send("direktoer.boern", "approve_section").await;
    story.made.remove("key");
    story.send("kommunaldirektoer", "sign_agreement").await;
}

#[actix_web::test]
async fn every_example_of_a_request_can_be_sent_to_the_demonstration_as_it_stands() {
    let mut story = Story::begin().await;
    let anonymous = story.app.anonymous();
    let log_in = example_of(&story.document, &story.operation("create_session")).expect("a log-in");
    let session = anonymous.post("/api/v1/sessions", log_in).await;
    let refresh = json!({"refresh_token": session.ok()["refresh_token"]});
    anonymous.post("/api/v1/sessions/refresh", refresh).await.ok();
    let credentials = example_of(&story.document, &story.operation("create_token")).expect("a token request");
    let fields: Vec<(&str, &str)> = credentials
        .as_object()
        .expect("fields")
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().expect("text")))
        .collect();
    anonymous.form("/oauth/token", &fields).await.ok();
    writing(&mut story).await;
    workflow(&mut story).await;
    organisation(&mut story).await;
    strategy(&mut story).await;
    story.send("centerchef.social", "change_password").await;
    story.send("administrator", "update_user").await;
    let with_body = |one: &DocumentedOperation| example_of(&story.document, one).is_some();
    let all: BTreeSet<String> = operations(&story.document).into_iter().filter(with_body).map(|one| one.id).collect();
    let elsewhere = ["create_session", "refresh_session", "create_token", "decide_sections"];
    let left: Vec<&String> =
        all.iter().filter(|id| !story.sent.contains(*id) && !elsewhere.contains(&id.as_str())).collect();
    assert!(left.is_empty(), "nobody sent {left:?}");
}

#[actix_web::test]
async fn the_example_of_decisions_in_bulk_decides() {
    let mut story = Story::begin().await;
    story.send("centerchef.social", "put_draft").await;
    story.send("centerchef.social", "submit_agreement").await;
    let results = story.send("direktoer.social", "decide_sections").await;
    assert_eq!(results["items"][0]["decided"], true, "{results}");
}

#[actix_web::test]
async fn every_address_that_the_examples_make_is_there() {
    let mut story = Story::begin().await;
    writing(&mut story).await;
    story.send("centerchef.social", "submit_agreement").await;
    let reading = operations(&story.document).into_iter().filter(|one| one.method == "get");
    for operation in reading.collect::<Vec<_>>() {
        let address = story.address(&operation);
        let mut answers = Vec::new();
        for who in ["centerchef.social", "strategi", "administrator"] {
            answers.push(story.client(who).await.get(&address).await);
        }
        let first = &answers[0];
        assert!(answers.iter().any(|answer| answer.status == 200), "{address}: {} {}", first.status, first.text);
    }
}

#[test]
fn nothing_that_may_be_left_out_is_filled_in_beforehand() {
    let document = written_out();
    for found in operations(&document) {
        let operation = &document["paths"][found.path.as_str()][found.method.as_str()];
        for one in operation["parameters"].as_array().into_iter().flatten() {
            let schema = aftalestyring::openapi::resolved(&document, &one["schema"]);
            let filled = [one, schema].iter().any(|part| !part["example"].is_null() || !part["default"].is_null());
            let shown = one["in"] == "path" || !filled;
            assert!(shown, "{}: {} is filled in", found.id, one["name"]);
        }
    }
}
