//! What is sent by somebody whom nobody knows: methods nobody has heard of, and addresses that do not exist.

use aftalestyring::metrics;

use serde_json::json;

use crate::support::{Client, TestApp};

#[actix_web::test]
async fn a_method_that_the_server_does_not_know_is_refused_before_anything_else() {
    metrics::install();
    let app = TestApp::with_requests_per_minute(1);
    let stranger = app.anonymous();
    let long = "X".repeat(30_000);
    for path in ["/api/v1/me", "/api/v1/auth-methods", "/healthz", "/docs/", "/nowhere"] {
        for method in ["PROPFIND", "get", &long] {
            stranger.request(method, path).send().await.refused(501, "method-not-implemented");
        }
    }
    let measured = stranger.get("/metrics").await.text;
    assert!(measured.contains("method=\"other\"") && !measured.contains("PROPFIND"), "{measured}");
}

#[actix_web::test]
async fn a_method_that_an_address_does_not_have_is_answered_with_those_it_has() {
    let app = TestApp::new();
    let stranger = app.anonymous();
    let addresses = [
        ("/api/v1/me", "GET, HEAD"),
        ("/api/v1/sessions", "POST"),
        ("/healthz", "GET, HEAD"),
        ("/problems/busy", "GET, HEAD"),
        ("/docs/index.html", "GET, HEAD"),
    ];
    for (path, allowed) in addresses {
        for method in ["DELETE", "OPTIONS", "TRACE"] {
            let answer = stranger.request(method, path).send().await;
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
            answer.refused(405, "method-not-allowed");
        }
    }
    stranger.request("OPTIONS", "/nowhere").send().await.refused(404, "unknown-path");
}

#[actix_web::test]
async fn pages_and_addresses_that_do_not_exist_have_a_budget() {
    let app = TestApp::with_requests_per_minute(3);
    let asked = [
        ("GET", "/", "192.0.2.1:1"),
        ("GET", "/docs/", "192.0.2.2:1"),
        ("GET", "/docs/nowhere.js", "192.0.2.3:1"),
        ("GET", "/problems", "192.0.2.4:1"),
        ("GET", "/problems/no-such-kind", "192.0.2.5:1"),
        ("GET", "/openapi.json", "192.0.2.6:1"),
        ("GET", "/nowhere", "192.0.2.7:1"),
        ("DELETE", "/healthz", "192.0.2.8:1"),
        ("DELETE", "/api/v1/sessions", "192.0.2.9:1"),
        ("GET", "/api/v1/auth-methods", "192.0.2.10:1"),
    ];
    for (method, path, address) in asked {
        let visitor = app.anonymous().at(address);
        for left in ["2", "1", "0", "0"] {
            let answer = visitor.request(method, path).send().await;
            assert_eq!(answer.header("ratelimit"), format!("\"default\";r={left}"), "{method} {path}");
            assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=3;w=60", "{method} {path}");
        }
        let refused = visitor.request(method, path).send().await;
        assert!(!refused.header("retry-after").is_empty(), "{method} {path}");
        refused.refused(429, "too-many-requests");
    }
}

#[actix_web::test]
async fn who_has_looked_at_pages_may_still_log_in() {
    let app = TestApp::with_requests_per_minute(1);
    let visitor = app.anonymous();
    visitor.get("/problems").await;
    visitor.get("/nowhere").await.refused(429, "too-many-requests");
    visitor.get("/api/v1/auth-methods").await.ok();
}

#[actix_web::test]
async fn what_one_may_ask_without_a_token_has_a_budget_for_each_purpose() {
    let app = TestApp::with_requests_per_minute(2);
    let asked = |purpose: &'static str| {
        let stranger = app.anonymous();
        async move {
            match purpose {
                "read" => stranger.get("/.well-known/jwks.json").await,
                "log in" => stranger.post("/api/v1/sessions", json!({})).await,
                "refresh" => stranger.post("/api/v1/sessions/refresh", json!({"refresh_token": "x"})).await,
                _ => stranger.form("/oauth/token", &[("grant_type", "none")]).await,
            }
            .status
        }
    };
    for (purpose, status) in [("read", 200), ("log in", 422), ("refresh", 401), ("token", 400)] {
        assert_eq!(
            [asked(purpose).await, asked(purpose).await, asked(purpose).await],
            [status, status, 429],
            "{purpose} is not stopped by what was asked before"
        );
    }
}

#[actix_web::test]
async fn each_behind_a_trusted_proxy_has_a_budget_and_nobody_else_chooses_an_address() {
    let app = TestApp::behind("10.0.0.0/8", 1);
    let (proxy, stranger) = (app.anonymous().at("10.0.0.1:4711"), app.anonymous().at("203.0.113.9:4711"));
    let ask = async |client: &Client, forwarded: &str| {
        let request = client.request("GET", "/api/v1/auth-methods").header("x-forwarded-for", forwarded);
        request.send().await.status
    };
    assert_eq!(ask(&proxy, "192.0.2.1").await, 200);
    assert_eq!(ask(&proxy, "192.0.2.2").await, 200);
    assert_eq!(ask(&proxy, "198.51.100.1, 192.0.2.1").await, 429, "who asks a proxy does not choose an address");
    assert_eq!(ask(&stranger, "192.0.2.3").await, 200);
    assert_eq!(ask(&stranger, "192.0.2.4").await, 429, "nor does who asks the server");
    assert_eq!(ask(&proxy, "203.0.113.9").await, 429, "it is the same address");
}

#[actix_web::test]
async fn probes_are_always_answered() {
    let app = TestApp::with_requests_per_minute(1);
    for path in ["/healthz", "/readyz", "/metrics"] {
        for _ in 0..5 {
            assert_eq!(app.anonymous().get(path).await.status, 200, "{path}");
        }
    }
}

#[actix_web::test]
async fn many_addresses_of_one_network_have_one_budget() {
    let app = TestApp::with_requests_per_minute(1);
    app.anonymous().at("[2001:db8::1]:1").get("/api/v1/auth-methods").await.ok();
    let neighbour = app.anonymous().at("[2001:db8::2]:1").get("/api/v1/auth-methods").await;
    neighbour.refused(429, "too-many-requests");
    app.anonymous().at("[2001:db8:0:1::1]:1").get("/api/v1/auth-methods").await.ok();
}
