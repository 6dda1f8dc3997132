//! The pages beside the API: what they may load, and where they are served.

use aftalestyring::app::{Place, Places};

use crate::support::TestApp;

#[actix_web::test]
async fn no_page_calls_another_server() {
    let app = TestApp::new();
    for path in ["/docs/", "/problems", "/problems/not-found"] {
        let page = app.anonymous().get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("http"), "{path}: {policy}");
    }
    let script = app.anonymous().get("/docs/swagger-initializer.js").await;
    assert!(script.text.contains("\"validatorUrl\": \"none\""), "{}", script.text);
    assert!(!script.header("content-security-policy").is_empty());
}

#[actix_web::test]
async fn documentation_and_metrics_can_be_switched_off_or_put_elsewhere() {
    let elsewhere = Place::At("127.0.0.1:9090".parse().expect("an address"));
    for (place, status) in [(Place::Here, 200), (Place::Nowhere, 404), (elsewhere, 404)] {
        let app = TestApp::with_places(Places { docs: place, metrics: place });
        for path in ["/docs/", "/metrics"] {
            assert_eq!(app.anonymous().get(path).await.status, status, "{path} {place:?}");
        }
        assert_eq!(app.anonymous().get("/healthz").await.status, 200, "{place:?}");
    }
}
