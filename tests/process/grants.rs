//! On PostgreSQL the server may run as a role that cannot change what happened.

use aftalestyring::db::{DatabaseUrl, Raw};
use aftalestyring::types::Id;
use diesel::connection::SimpleConnection;
use serde_json::Value;
use uuid::Uuid;

use crate::support::Place;
use crate::support::place::put_unit;

/// The address of the same database, for another role.
fn as_role(url: &DatabaseUrl, role: &str) -> String {
    let DatabaseUrl::Postgres(url) = url else { panic!("a PostgreSQL database") };
    let (_, place) = url.split_once('@').expect("a URL with a role");
    format!("postgres://{role}@{place}")
}

/// Why a role may not do something.
fn refused(url: &str, sql: &str) -> String {
    let mut link = DatabaseUrl::Postgres(url.to_owned()).connect().expect("the database");
    let Raw::Pg(conn) = link.raw() else { panic!("a PostgreSQL database") };
    conn.batch_execute(sql).expect_err(sql).to_string()
}

#[test]
fn a_role_that_may_serve_serves_and_cannot_change_what_happened() {
    let Some(mut place) = Place::on_postgres() else { return };
    let (scope, _, token) = place.filled();
    let role = format!("serve_{}", Uuid::now_v7().simple());
    place.execute(&format!("CREATE ROLE {role} LOGIN"));
    place.run(&["migrate", "--serving-role", &role]).good();
    let (owner, url) = (place.url(), as_role(&place.url(), &role));
    place.set("DATABASE_URL", &url);

    let server = place.serve();
    let (status, answer) = put_unit(&server, &token, Id::new(), "Skovbørnehaven", &Value::Null).expect("an answer");
    assert_eq!(status, 201, "{answer}");
    server.terminate("-TERM");
    assert_eq!(server.ended(), Some(0));
    let said = place.run(&["audit", "verify"]).good();
    assert!(said.contains("5 events, each as it was written"), "{said}");

    let own = scope.municipality();
    for sql in [
        format!("UPDATE events SET kind = 'org_unit.deleted' WHERE municipality_id = '{own}'"),
        format!("DELETE FROM events WHERE municipality_id = '{own}'"),
        "TRUNCATE events".to_owned(),
        "ALTER TABLE events DISABLE TRIGGER ALL".to_owned(),
        "DROP TABLE events".to_owned(),
        "DELETE FROM __diesel_schema_migrations".to_owned(),
    ] {
        let why = refused(&url, &sql);
        assert!(why.contains("permission denied for table") || why.contains("must be owner"), "{sql}: {why}");
    }
    let said = place.run(&["audit", "verify"]).good();
    assert!(said.contains("5 events, each as it was written"), "{said}");

    let DatabaseUrl::Postgres(owner) = owner else { panic!("a PostgreSQL database") };
    place.set("DATABASE_URL", &owner);
    place.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn a_role_that_is_not_there_and_a_database_without_roles_are_told() {
    let complaint = Place::new().run(&["migrate", "--serving-role", "nobody"]).complaint(1);
    assert!(complaint.contains("only PostgreSQL has roles"), "{complaint}");
    Place::new().run(&["migrate", "--serving-role", "x; DROP TABLE events"]).complaint(2);
    let Some(place) = Place::on_postgres() else { return };
    let complaint = place.run(&["migrate", "--serving-role", "nobody_is_called_so"]).complaint(1);
    assert!(complaint.contains("nobody_is_called_so") && complaint.lines().count() == 1, "{complaint}");
}
