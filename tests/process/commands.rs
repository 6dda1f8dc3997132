//! What the commands say and do.

use crate::support::{Place, wait_until};

#[test]
fn a_wrong_configuration_is_refused_with_all_that_is_wrong() {
    let mut place = Place::new();
    std::fs::write(place.path("aftalestyring.toml"), "listne = \"127.0.0.1:80\"\nshutdown_seconds = 1.5\n")
        .expect("a file");
    place.set("LOG_FORMAT", "xml");
    place.set("SECRET_KEY", "for kort");
    let complaint = place.run(&["--workers", "mange", "serve"]).complaint(2);
    let faults: Vec<&str> = complaint.lines().skip(1).collect();
    assert_eq!(faults.len(), 5, "{complaint}");
    for part in [
        "listne (from the file aftalestyring.toml): there is no such setting",
        "shutdown_seconds (from the file aftalestyring.toml): may be a whole number from 0 to 600",
        "log_format (from the environment, AFTALESTYRING_LOG_FORMAT): may be pretty or json; \"xml\" is not",
        "secret_key (from the environment, AFTALESTYRING_SECRET_KEY): may be 64 hexadecimal digits",
        "workers (from the flag --workers): may be a whole number from 1 to 256; \"mange\" is not",
    ] {
        assert!(faults.iter().any(|fault| fault.starts_with(part)), "{part} is not in {complaint}");
    }
    assert!(!complaint.contains("for kort"), "{complaint}");
    place.run(&["no-such-command"]).complaint(2);
}

#[test]
fn the_configuration_is_shown_with_its_origins_and_without_secrets() {
    let mut place = Place::new();
    std::fs::write(place.path("aftalestyring.toml"), "workers = 3\n").expect("a file");
    std::fs::write(place.path("key"), "ab".repeat(32)).expect("a file");
    place.set("SECRET_KEY_FILE", "key");
    let shown = place.run(&["check-config", "--log-format", "json"]).good();
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).expect("a line").to_owned();
    assert!(line("workers").contains(" 3 ") && line("workers").ends_with("(the file aftalestyring.toml)"), "{shown}");
    assert!(line("log_format").ends_with("(the flag --log-format)"), "{shown}");
    assert!(line("secret_key").contains("(given, not shown)") && !shown.contains("abab"), "{shown}");
}

#[test]
fn the_document_is_printed_without_any_configuration() {
    let mut place = Place::new();
    place.set("WORKERS", "mange");
    let document: serde_json::Value = serde_json::from_str(&place.run(&["openapi"]).good()).expect("JSON");
    assert_eq!(document, aftalestyring::openapi::document());
}

#[test]
fn the_newest_migration_is_taken_back_and_applied_again_around_the_rows() {
    for place in Place::each() {
        place.filled();
        let before = place.run(&["audit", "verify"]).good();
        let newest = aftalestyring::db::migrate::all().pop().expect("migrations");
        place.run(&["migrate", "--down"]).good();
        let status = place.run(&["migrate", "--status"]).good();
        assert_eq!(status.lines().last(), Some(format!("pending  {newest}").as_str()));
        let complaint = place.run(&["audit", "verify"]).complaint(1);
        assert!(complaint.contains("run: aftalestyring migrate"), "{complaint}");
        place.run(&["migrate"]).good();
        assert!(!place.run(&["migrate", "--status"]).good().contains("pending"));
        assert_eq!(place.run(&["audit", "verify"]).good(), before);
    }
}

#[test]
fn a_row_of_the_audit_log_that_was_changed_behind_its_back_is_found() {
    for place in Place::each() {
        place.filled();
        assert!(place.run(&["audit", "verify"]).good().contains("4 events, each as it was written"));
        place.execute("UPDATE events SET kind = 'org_unit.deleted' WHERE sequence = 3");
        let ended = place.run(&["audit", "verify"]);
        assert!(ended.out.contains("Lilleby Kommune: broken at number 3"), "{ended:?}");
        ended.complaint(1);
        place.execute(
            "UPDATE events SET kind = 'org_unit.created' WHERE sequence = 3; DELETE FROM events WHERE sequence = 4",
        );
        let ended = place.run(&["audit", "verify"]);
        assert!(ended.out.contains("broken at number 4"), "{ended:?}");
        ended.complaint(1);
    }
}

#[test]
fn new_keys_sign_while_the_old_ones_still_verify() {
    let place = Place::new();
    let (scope, client, old) = place.filled();
    let said = place.run(&["keys", "rotate"]).good();
    let kid = said.trim().rsplit(' ').next().expect("a key");
    let server = place.serve();
    let list = |token: &str| {
        crate::support::send(server.address, ("GET", "/api/v1/org-units"), token, None).expect("an answer").0
    };
    let new = place.token(scope, client);
    assert_eq!((signed_with(&new).as_str(), signed_with(&old) == kid), (kid, false));
    assert_eq!((list(&old), list(&new)), (200, 200));
}

#[test]
fn a_withdrawn_key_counts_no_more_in_a_running_server() {
    for place in Place::each() {
        let (_, _, token) = place.filled();
        let server = place.serve();
        let asked =
            || crate::support::send(server.address, ("GET", "/api/v1/org-units"), &token, None).expect("an answer").0;
        assert_eq!(asked(), 200);
        let kid = signed_with(&token);
        let listed = place.run(&["keys", "list"]).good();
        assert!(listed.lines().any(|line| line.starts_with(&kid) && line.ends_with("signs")), "{listed}");
        let complaint = place.run(&["keys", "withdraw", &kid, "01"]).complaint(1);
        assert!(complaint.contains("no key that counts has the id 01"), "{complaint}");
        assert_eq!(asked(), 200);
        place.run(&["keys", "withdraw", &kid]).good();
        wait_until("the token counts no more", || asked() == 401);
        let listed = place.run(&["keys", "list"]).good();
        assert!(listed.lines().count() == 1 && !listed.contains(&kid), "{listed}");
    }
}

/// The key that a token names in its head.
fn signed_with(token: &str) -> String {
    jsonwebtoken::decode_header(token).expect("a token").kid.expect("a key")
}
