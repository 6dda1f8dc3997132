//! What the commands say and do.

use crate::support::{Place, wait_until};

#[test]
fn a_wrong_configuration_is_refused_with_all_that_is_wrong() {
    let mut place = Place::new();
    std::fs::write(place.path("aftalestyring.toml"), "listne = \"127.0.0.1:80\"\nshutdown_seconds = 1.5\n")
        .expect("a file");
    place.set("LOG_FORMAT", "xml");
    place.set("WORKRES", "3");
    place.set("SECRET_KEY", "for kort");
    let complaint = place.run(&["--workers", "mange", "serve"]).complaint(2);
    let faults: Vec<&str> = complaint.lines().skip(1).collect();
    assert_eq!(faults.len(), 6, "{complaint}");
    for part in [
        "AFTALESTYRING_WORKRES (from the environment): there is no such setting",
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
fn help_shows_what_belongs_to_the_command_and_where_settings_are_told() {
    let place = Place::new();
    let commands: [&[&str]; 8] = [
        &[],
        &["serve"],
        &["migrate"],
        &["municipality", "add"],
        &["user", "add"],
        &["client", "add"],
        &["backup"],
        &["keys", "rotate"],
    ];
    for command in commands {
        for help in ["-h", "--help"] {
            let said = place.run(&[command, &[help]].concat()).good();
            assert!(!said.contains("--shutdown-seconds") && said.lines().count() < 40, "{command:?}: {said}");
            assert!(said.contains("aftalestyring settings"), "{command:?}: {said}");
        }
    }
    let said = place.run(&["user", "add", "--help"]).good();
    assert!(said.contains("--email") && said.contains("--role"), "{said}");
    assert!(place.run(&["settings"]).good().contains("| `shutdown_seconds` | `AFTALESTYRING_SHUTDOWN_SECONDS` |"));
}

#[test]
fn municipalities_are_listed_and_a_second_one_is_told_to_concern_the_log_ins() {
    let place = Place::new();
    place.run(&["migrate"]).good();
    assert_eq!(place.run(&["municipality", "list"]).good(), "");
    let first = place.run(&["municipality", "add", "--name", "Lilleby Kommune", "--cvr", "12345678"]);
    assert_eq!(first.err, "");
    let second = place.run(&["municipality", "add", "--name", "Storeby Kommune", "--cvr", "87654321"]);
    assert!(second.err.contains("whoever logs in has to name theirs"), "{second:?}");
    let (first, second) = (first.good(), second.good());
    let listed = place.run(&["municipality", "list"]).good();
    assert_eq!(
        listed,
        format!("{}  12345678  Lilleby Kommune\n{}  87654321  Storeby Kommune\n", first.trim(), second.trim())
    );
}

#[test]
fn the_demonstration_is_not_added_beside_a_municipality_that_works() {
    for place in Place::each() {
        place.run(&["migrate"]).good();
        place.municipality();
        let complaint = place.run(&["serve", "--demo"]).complaint(1);
        assert!(complaint.contains("the database holds Lilleby Kommune"), "{complaint}");
        assert!(!place.run(&["municipality", "list"]).good().contains("Høje-Taastrup"));
    }
    // Where it was first, it stays what it was.
    let place = Place::new();
    place.serve_demonstration().kill();
    place.municipality();
    place.serve_demonstration().kill();
}

#[test]
fn the_first_log_in_makes_a_top_once_and_never_a_second_one() {
    let place = Place::new();
    place.run(&["migrate"]).good();
    let scope = place.municipality().municipality().to_string();
    let add = |email: &str| {
        place.run(&[
            "user",
            "add",
            "--municipality",
            &scope,
            "--name",
            "A",
            "--email",
            email,
            "--role",
            "administrator",
        ])
    };
    let said = add("a@lilleby.dk").good();
    assert!(said.contains("Direktionen: made, since there was none"), "{said}");
    assert!(!add("b@lilleby.dk").good().contains("Direktionen"));
    let complaint = add("a@lilleby.dk").complaint(1);
    assert_eq!(complaint, "aftalestyring: there is a log-in with the e-mail address a@lilleby.dk\n");
    // It begins only in a hundred years: there is a top, and it is not there yet.
    place.execute("UPDATE org_unit_validities SET from_on = '2130-01-01'");
    let complaint = add("c@lilleby.dk").complaint(1);
    assert!(complaint.contains("no unit of the organisation is valid today; name one by --unit"), "{complaint}");
}

#[test]
fn a_log_in_is_made_with_a_code_and_gets_another_when_the_password_is_forgotten() {
    let place = Place::new();
    place.run(&["migrate"]).good();
    let scope = place.municipality().municipality().to_string();
    let code = |arguments: &[&str]| {
        let said = place.run(&[arguments, &["--municipality", &scope]].concat()).good();
        let line = said.lines().find_map(|line| line.strip_prefix("code      ")).expect("a code");
        line.to_owned()
    };
    let first = code(&["user", "add", "--name", "A", "--email", "A@lilleby.dk", "--role", "administrator"]);
    let server = place.serve();
    let log_in = |password: &str, new: Option<&str>| {
        let body = serde_json::json!({"email": "a@lilleby.dk", "password": password, "new_password": new});
        crate::support::send(server.address, ("POST", "/api/v1/sessions"), "", Some(&body)).expect("an answer").0
    };
    assert_eq!(log_in(&first, None), 403);
    assert_eq!(log_in(&first, Some("hæfteklamme i blåt")), 201);
    let second = code(&["user", "code", "--email", "a@lilleby.dk"]);
    assert_eq!((log_in("hæfteklamme i blåt", None), log_in(&second, None)), (401, 403));
    let complaint = place.run(&["user", "code", "--municipality", &scope, "--email", "b@lilleby.dk"]).complaint(1);
    assert_eq!(complaint, "aftalestyring: there is no log-in with the e-mail address b@lilleby.dk\n");
}

#[test]
fn what_a_command_is_refused_is_said_to_somebody_at_a_terminal() {
    let place = Place::new();
    place.run(&["migrate"]).good();
    let scope = place.municipality().municipality().to_string();
    let add = || {
        place.run(&[
            "client",
            "add",
            "--municipality",
            &scope,
            "--key",
            "hr",
            "--name",
            "HR",
            "--scope",
            "organisation:read",
        ])
    };
    add().good();
    assert_eq!(add().complaint(1), "aftalestyring: there is a client with the key hr\n");
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

#[test]
fn tables_are_spread_where_citus_is_and_nowhere_else() {
    let place = Place::new();
    for arguments in [&["migrate", "--distribute"][..], &["migrate", "--distribute", "--dry-run"]] {
        let complaint = place.run(arguments).complaint(1);
        assert!(complaint.contains("only PostgreSQL"), "{complaint}");
    }
    place.run(&["migrate", "--dry-run"]).complaint(2);
    let Some(place) = Place::on_postgres() else { return };
    place.run(&["migrate"]).good();
    let said = place.run(&["migrate", "--distribute", "--dry-run"]).good();
    assert!(said.starts_with("SELECT create_reference_table('signing_keys');\n"), "{said}");
    assert!(said.contains("create_distributed_table('agreements', 'municipality_id'"), "{said}");
    let complaint = place.run(&["migrate", "--distribute"]).complaint(1);
    assert!(complaint.contains("CREATE EXTENSION citus"), "{complaint}");
}
