//! What every answer wears, whatever it answers.

use std::io::Read;

use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web;
use aftalestyring::service;
use flate2::read::GzDecoder;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};

use crate::support::{Response, TestApp, World};

/// What lacks in an answer.
fn lacks(answer: &Response) -> Vec<&'static str> {
    let always = [
        "x-request-id",
        "x-content-type-options",
        "referrer-policy",
        "x-frame-options",
        "cache-control",
        "content-security-policy",
    ];
    always.into_iter().filter(|name| !answer.headers.contains_key(*name)).collect()
}

#[actix_web::test]
async fn every_answer_is_dressed_alike() {
    let world = World::new().await;
    let (anonymous, reader) = (world.app.anonymous(), world.as_person("læser"));
    for path in [
        "/",
        "/docs",
        "/docs/",
        "/docs/swagger-ui.css",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/problems",
        "/problems/not-found",
        "/problems/no-such-code",
        "/no/such/path",
        "/api/v1/me",
        "/api/v1/auth-methods",
        "/api/v1/org-units?colour=red",
        "/.well-known/jwks.json",
    ] {
        for (who, answer) in [("a stranger", anonymous.get(path).await), ("a reader", reader.get(path).await)] {
            assert_eq!(lacks(&answer), [""; 0], "{path} for {who}");
        }
    }
    for method in ["DELETE", "OPTIONS", "BREW"] {
        assert_eq!(lacks(&anonymous.request(method, "/api/v1/me").send().await), [""; 0], "{method}");
    }
}

#[actix_web::test]
async fn a_page_may_load_only_what_it_is_made_of() {
    let app = TestApp::new();
    let anonymous = app.anonymous();
    let policy = |answer: Response| answer.header("content-security-policy").to_owned();
    let docs = policy(anonymous.get("/docs/").await);
    assert!(docs.contains("script-src 'self';") && docs.contains("connect-src 'self'"), "{docs}");
    for path in ["/problems", "/problems/not-found"] {
        let problems = policy(anonymous.get(path).await);
        assert!(problems.starts_with("default-src 'none'; style-src 'unsafe-inline';"), "{problems}");
    }
    assert_eq!(policy(anonymous.get("/api/v1/me").await), "default-src 'none'; frame-ancestors 'none'");
}

#[actix_web::test]
async fn a_budget_is_told_also_when_nothing_is_left_of_it() {
    let app = TestApp::with_requests_per_minute(1);
    for path in ["/problems", "/api/v1/auth-methods"] {
        let anonymous = app.anonymous();
        assert_eq!(anonymous.get(path).await.header("ratelimit"), "\"default\";r=0");
        let refused = anonymous.get(path).await;
        assert_eq!((refused.status, refused.header("ratelimit")), (429, "\"default\";r=0"));
        assert_eq!(refused.header("ratelimit-policy"), "\"default\";q=1;w=60");
    }
}

#[actix_web::test]
async fn the_document_is_sent_as_it_was_compressed_and_not_again_when_it_is_known() {
    let app = TestApp::new();
    let anonymous = app.anonymous();
    let plain = anonymous.get("/openapi.json").await;
    assert_eq!((plain.header("cache-control"), plain.header("vary")), ("public, max-age=300", "Accept-Encoding"));
    let etag = plain.header("etag").to_owned();
    let known = anonymous.request("GET", "/openapi.json").header("if-none-match", &etag).send().await;
    assert_eq!((known.status, known.text.as_str(), known.header("etag")), (304, "", etag.as_str()));
    let sent = init_service(service!(app.app.clone())).await;
    let request = TestRequest::get().uri("/openapi.json").insert_header(("accept-encoding", "gzip, deflate"));
    let sent = try_call_service(&sent, request.to_request()).await.expect("an answer");
    assert_eq!(sent.headers().get("content-encoding").expect("an encoding"), "gzip");
    let packed = actix_web::test::read_body(sent).await;
    assert_eq!(packed, app.app.document.gzip);
    let mut unpacked = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).expect("gzip");
    assert_eq!(unpacked, plain.text);
}

#[actix_web::test]
async fn a_handler_that_panics_is_answered_and_measured_like_any_fault() {
    async fn panics() -> &'static str {
        panic!("on purpose")
    }
    let recorder = PrometheusBuilder::new().build_recorder();
    let measured = recorder.handle();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    let app = TestApp::new();
    let served = init_service(service!(app.app.clone()).route("/panics", web::get().to(panics))).await;
    let request = TestRequest::get().uri("/panics").insert_header(("x-request-id", "abc-1"));
    let request = request.insert_header(("accept-language", "en"));
    let error = try_call_service(&served, request.to_request()).await.expect_err("a fault");
    let answer = error.error_response();
    let headers = answer.headers().clone();
    let body = actix_web::body::to_bytes(answer.into_body()).await.expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(
        (&body["code"], &body["status"], &body["request_id"]),
        (&json!("internal"), &json!(500), &json!("abc-1"))
    );
    let text = String::new();
    assert_eq!(lacks(&Response { status: 500, headers: headers.clone(), body, text, round_trips: 0 }), [""; 0]);
    assert_eq!(headers.get("content-language").expect("a language"), "en");
    assert_eq!(headers.get("ratelimit").expect("a budget"), "\"default\";r=999999");
    let measured = measured.render();
    assert!(measured.contains("http_requests_in_flight 0"), "{measured}");
    assert!(measured.contains(r#"http_requests_total{method="GET",route="other",status="5xx"} 1"#), "{measured}");
}

#[actix_web::test]
async fn pages_of_other_origins_may_call_only_where_they_are_configured() {
    let asks = |app: &TestApp, origin: &'static str| {
        let anonymous = app.anonymous();
        async move {
            let before = anonymous.request("OPTIONS", "/api/v1/me").header("origin", origin);
            let before = before.header("access-control-request-method", "PATCH");
            let before = before.header("access-control-request-headers", "authorization,if-match,content-type");
            let call = anonymous.request("GET", "/api/v1/me").header("origin", origin);
            (before.send().await, call.send().await)
        }
    };
    let allowed = |answer: &Response| answer.headers.get("access-control-allow-origin").cloned();
    let closed = TestApp::new();
    let (before, call) = asks(&closed, "https://aftaler.example.dk").await;
    assert_eq!((before.status, allowed(&before), allowed(&call)), (405, None, None));
    let open = TestApp::with_origins(&["https://aftaler.example.dk"]);
    let (before, call) = asks(&open, "https://aftaler.example.dk").await;
    assert_eq!((before.status, lacks(&before)), (200, vec![]));
    assert_eq!(before.header("access-control-allow-origin"), "https://aftaler.example.dk");
    // Also what is refused can be read, and the ETag of what is not.
    assert_eq!((call.status, call.body["code"].as_str()), (401, Some("not-authenticated")));
    assert_eq!(call.header("access-control-allow-origin"), "https://aftaler.example.dk");
    assert!(call.header("access-control-expose-headers").to_lowercase().contains("etag"));
    assert!(!call.headers.contains_key("access-control-allow-credentials"));
    let (before, call) = asks(&open, "https://andre.example").await;
    assert_eq!((before.status, allowed(&before), allowed(&call)), (400, None, None));
    assert_eq!(before.body["code"], "malformed-request");
}
