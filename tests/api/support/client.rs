//! Somebody who speaks to the application, and what they are answered.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::test::{self, TestRequest};
use aftalestyring::app::App;
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};

use super::promises::{self, Asked};
use super::statements;

/// The application as it serves requests.
type Served = Rc<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Response>>;

thread_local! {
    /// Each application is put together once for a thread; the thread lets go of it before it ends.
    static SERVED: RefCell<Vec<(Arc<App>, Served)>> = const { RefCell::new(Vec::new()) };
}

/// Lets go of what this thread has put together: what it holds cannot be dropped when the thread has ended.
pub fn let_go() {
    SERVED.take();
}

async fn served(app: &Arc<App>) -> Served {
    let known = SERVED.with_borrow(|all| all.iter().find(|(of, _)| Arc::ptr_eq(of, app)).map(|(_, it)| it.clone()));
    if let Some(served) = known {
        return served;
    }
    let service = Rc::new(test::init_service(aftalestyring::service!(app.clone())).await);
    let served: Served = Rc::new(move |request| {
        let service = service.clone();
        Box::pin(async move {
            let answer = test::call_service(&*service, request.to_request()).await;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let bytes = test::read_body(answer).await;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Response {
                status,
                headers,
                body: serde_json::from_slice(&bytes).unwrap_or(json!(null)),
                text,
                round_trips: 0,
            }
        })
    });
    SERVED.with_borrow_mut(|all| all.push((app.clone(), served.clone())));
    served
}

/// Somebody, with or without a token.
#[derive(Clone)]
pub struct Client {
    app: Arc<App>,
    token: Option<String>,
    language: &'static str,
    address: &'static str,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: actix_web::http::header::HeaderMap,
    pub body: Value,
    pub text: String,
    /// How often the database was waited for.
    pub round_trips: usize,
}

/// A request that is put together.
pub struct Request<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Client {
    pub fn new(app: Arc<App>, token: Option<String>) -> Self {
        Client { app, token, language: "da", address: "127.0.0.1:4711" }
    }

    /// The same person, reading English.
    pub fn in_english(&self) -> Self {
        Client { language: "en", ..self.clone() }
    }

    /// The same person, at another address.
    pub fn at(&self, address: &'static str) -> Self {
        Client { address, ..self.clone() }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        Request { client: self, method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.request("POST", path).json(body).send().await
    }

    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.request("PUT", path).json(body).send().await
    }

    /// A merge patch on the version that the resource has now.
    pub async fn patch(&self, path: &str, body: Value) -> Response {
        let etag = self.get(path).await.ok()["etag"].as_str().expect("an etag").to_owned();
        self.request("PATCH", path).if_match(&etag).merge_patch(body).send().await
    }

    /// Deletes the version that the resource has now.
    pub async fn delete(&self, path: &str) -> Response {
        let etag = self.get(path).await.ok()["etag"].as_str().expect("an etag").to_owned();
        self.request("DELETE", path).if_match(&etag).send().await
    }

    /// A form, as OAuth wants it.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = serde_urlencoded::to_string(fields).expect("a form");
        self.request("POST", path).raw("application/x-www-form-urlencoded", body).send().await
    }

    /// A transition of the version that the resource has now.
    pub async fn act(&self, resource: &str, action: &str, body: Value) -> Response {
        let etag = self.get(resource).await.ok()["etag"].as_str().expect("an etag").to_owned();
        self.request("POST", &format!("{resource}/{action}")).if_match(&etag).json(body).send().await
    }
}

impl Request<'_> {
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    pub fn json(self, body: Value) -> Self {
        let bytes = serde_json::to_vec(&body).expect("JSON");
        self.raw("application/json", bytes)
    }

    pub fn merge_patch(self, body: Value) -> Self {
        let bytes = serde_json::to_vec(&body).expect("JSON");
        self.raw("application/merge-patch+json", bytes)
    }

    pub fn raw(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", media_type)
    }

    pub async fn send(self) -> Response {
        let mut request = TestRequest::default()
            .method(self.method.clone())
            .uri(&self.path)
            .peer_addr(self.client.address.parse().expect("an address and a port"))
            .insert_header(("accept-language", self.client.language));
        if let Some(token) = &self.client.token {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        let asked = self.asked().await;
        for (name, value) in self.headers {
            let again = if name == "if-match" {
                request.append_header((name, value))
            } else {
                request.insert_header((name, value))
            };
            request = again;
        }
        if let Some(body) = self.body {
            request = request.set_payload(body);
        }
        let url = self.client.app.db.url();
        let before = statements::asked(url).round_trips;
        let mut answer = served(&self.client.app).await(request).await;
        answer.round_trips = statements::asked(url).round_trips - before;
        promises::hold(&self.client.app, &asked, &answer);
        answer
    }

    /// What the answer is held to depends on.
    async fn asked(&self) -> Asked {
        let header = |wanted: &str| {
            let found = self.headers.iter().filter(|(name, _)| *name == wanted);
            let values: Vec<&str> = found.map(|(_, value)| value.as_str()).collect();
            (!values.is_empty()).then(|| values.join(", "))
        };
        let replaced = match (self.method.as_str(), &self.client.token) {
            ("PUT", Some(_)) => Some(Box::pin(self.client.get(&self.path)).await.header("etag").to_owned()),
            _ => None,
        };
        Asked {
            method: self.method.to_string(),
            path: self.path.clone(),
            token: self.client.token.clone(),
            if_match: header("if-match"),
            replaced,
            is_retry: header("idempotency-key").is_some(),
        }
    }
}

impl Response {
    /// The body of an answer that must be a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.body
    }

    /// Asserts a refusal by its status and code, and gives its body.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.body
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
