//! What every answer of every test is held to: the document says its status, its media type and its headers, and a
//! write that succeeded has left its event.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aftalestyring::app::{App, DocumentedOperation};
use aftalestyring::db::journal::EventRow;
use aftalestyring::db::{Author, Scope};
use aftalestyring::each;
use aftalestyring::openapi::operations;
use aftalestyring::schema::events;
use aftalestyring::types::Id;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use serde_json::Value;

use super::{Response, misfits, written_out};

static DOCUMENT: LazyLock<Value> = LazyLock::new(written_out);
static OPERATIONS: LazyLock<Vec<DocumentedOperation>> = LazyLock::new(|| operations(&DOCUMENT));

/// Operations without a caller whose municipality could be told: their own tests look for their events.
const ANONYMOUS: [&str; 3] = ["create_session", "refresh_session", "create_token"];

/// Operations that write about something else than their address or answer names.
const OF_ANOTHER_SUBJECT: [&str; 5] =
    ["update_municipality", "change_password", "end_session", "decide_sections", "import_observations"];

/// The bodies that were told under an ETag: by server, address and ETag.
type Told = BTreeMap<(usize, String, String), String>;

thread_local! {
    static TOLD: RefCell<Told> = const { RefCell::new(BTreeMap::new()) };
    static WRITTEN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// What is known of a request when its answer comes.
pub struct Asked {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub if_match: Option<String>,
    /// The ETag of what was there before a PUT.
    pub replaced: Option<String>,
    pub is_retry: bool,
}

/// The writing operations that have succeeded in this thread, each with its event.
pub fn written() -> BTreeSet<String> {
    WRITTEN.with_borrow(Clone::clone)
}

/// Holds an answer to what is promised of it.
pub fn hold(app: &App, asked: &Asked, answer: &Response) {
    let Some((id, operation)) = operation(&asked.method, &asked.path) else { return };
    check_against_document(&id, operation, asked, answer);
    if asked.method == "GET" && answer.status == 200 && !answer.header("etag").is_empty() {
        check_etag(app, asked, answer);
    }
    let writes = asked.method != "GET" && !asked.path.contains("dry_run=true");
    if writes && (200..300).contains(&answer.status) && !ANONYMOUS.contains(&id.as_str()) {
        check_event(app, &id, asked, answer);
    }
}

/// An ETag stands for one body, whoever asks, and in whatever language.
fn check_etag(app: &App, asked: &Asked, answer: &Response) {
    let place = (std::ptr::from_ref(app) as usize, asked.path.clone(), answer.header("etag").to_owned());
    TOLD.with_borrow_mut(|told| {
        let first = told.entry(place).or_insert_with(|| answer.text.clone());
        assert_eq!(*first, answer.text, "{}: two bodies under {}", asked.path, answer.header("etag"));
    });
}

/// The operation of a path: the template with the most words of its own.
fn operation(method: &str, path: &str) -> Option<(String, &'static Value)> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |template: &str| {
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
        ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|(a, b)| a.starts_with('{') || a == b)
    };
    let found = OPERATIONS.iter().filter(|one| one.method.to_uppercase() == method && fits(&one.path));
    let found = found.min_by_key(|one| one.path.matches('{').count())?;
    Some((found.id.clone(), &DOCUMENT["paths"][found.path.as_str()][found.method.as_str()]))
}

fn check_against_document(id: &str, operation: &Value, asked: &Asked, answer: &Response) {
    let response = &operation["responses"][answer.status.to_string()];
    if answer.status == 422 && response.is_null() && asks_for_more(operation, &asked.path) {
        return;
    }
    assert!(response.is_object(), "{id} answers {}, which is not documented: {}", answer.status, answer.text);
    let rehearses = asked.path.contains("dry_run=true");
    let documented: BTreeSet<String> =
        response["headers"].as_object().into_iter().flatten().map(|(name, _)| name.to_lowercase()).collect();
    for name in &documented {
        let optional = match name.as_str() {
            "link" => answer.body["next_cursor"].is_null(),
            "etag" => rehearses,
            _ => false,
        };
        assert!(optional || !answer.header(name).is_empty(), "{id} {}: {name} is documented", answer.status);
    }
    for name in ["etag", "location", "link", "retry-after", "www-authenticate"] {
        let sent = !answer.header(name).is_empty();
        assert!(!sent || documented.contains(name), "{id} {}: {name} is not documented", answer.status);
    }
    if let Some(types) = response["content"].as_object() {
        let sent = answer.header("content-type");
        assert!(types.contains_key(sent), "{id} {}: {sent} is not documented", answer.status);
        let body = if sent.ends_with("/json") || sent.ends_with("+json") {
            answer.body.clone()
        } else {
            Value::from(answer.text.as_str())
        };
        let misfits = misfits(&DOCUMENT, &types[sent]["schema"], &body);
        assert!(misfits.is_empty(), "{id} {}: {}", answer.status, misfits.join("\n"));
    }
}

/// Whether a parameter was sent that the operation does not document: that is refused everywhere.
fn asks_for_more(operation: &Value, path: &str) -> bool {
    let documented: Vec<&str> =
        operation["parameters"].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect();
    let query = path.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|part| !documented.contains(&part.split('=').next().unwrap_or_default()))
}

fn check_event(app: &App, id: &str, asked: &Asked, answer: &Response) {
    let left = events_of(app, asked, answer.header("x-request-id"));
    if left.is_empty() {
        assert!(asked.is_retry || wrote_nothing(id, asked, answer), "{id} left no event: {}", answer.text);
        return;
    }
    if !OF_ANOTHER_SUBJECT.contains(&id) {
        let named: Vec<String> = left
            .iter()
            .flat_map(|event| [Some(event.subject_id), event.agreement_id])
            .flatten()
            .map(|id| id.to_string())
            .collect();
        let made = answer.body["id"].as_str().unwrap_or_default();
        let told = named.iter().any(|subject| subject == made || asked.path.contains(subject.as_str()));
        assert!(told, "{id} left an event of something else: {:?}", left.iter().map(|e| &e.kind).collect::<Vec<_>>());
    }
    WRITTEN.with_borrow_mut(|all| all.insert(id.to_owned()));
}

/// A body that is equal to what is stored writes nothing, and the version stays.
fn wrote_nothing(id: &str, asked: &Asked, answer: &Response) -> bool {
    if id == "decide_sections" {
        return answer.body["items"].as_array().is_some_and(|items| items.iter().all(|item| item["decided"] == false));
    }
    if id == "import_observations" {
        return (&answer.body["created"], &answer.body["replaced"]) == (&Value::from(0), &Value::from(0));
    }
    let version =
        |etag: &str| etag.trim_start_matches("W/").trim_matches('"').split('.').next().unwrap_or_default().to_owned();
    let before = asked.if_match.as_deref().filter(|seen| *seen != "*").or(asked.replaced.as_deref());
    let (patches, puts) = (asked.method == "PATCH", asked.method == "PUT" && answer.status == 200);
    // Of a list the server has found one to be the newest.
    let stays = |before: &str| before.split(',').any(|one| version(one.trim()) == version(answer.header("etag")));
    (patches || puts) && before.is_some_and(stays)
}

fn events_of(app: &App, asked: &Asked, request_id: &str) -> Vec<EventRow> {
    let token = asked.token.as_deref().expect("a token");
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    let municipality = claims["municipality"].as_str().and_then(Id::parse).expect("a municipality");
    let author = Author::system(Scope::of_command(municipality), "test");
    let read = app.db.read(&author, |conn| {
        Ok(each!(conn => events::table
            .filter(events::municipality_id.eq(municipality).and(events::request_id.eq(request_id)))
            .select(EventRow::as_select()).load(conn))?)
    });
    read.expect("the events")
}
