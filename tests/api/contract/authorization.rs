//! Who may call what, walked over the OpenAPI document, so that a new operation cannot be forgotten.

use std::collections::BTreeSet;

use aftalestyring::access::table::{Access, TABLE, is_anonymous};
use aftalestyring::auth::ClientScope;
use aftalestyring::openapi::{document, operations};
use aftalestyring::organisation::Role;
use serde_json::json;

use super::document::example_of;
use crate::support::World;

/// A path of the document with ids that nothing has.
pub fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{key}" => "effects".to_owned(),
        "{number}" => "1".to_owned(),
        "{date}" => "2014-11-03".to_owned(),
        part if part.starts_with('{') => "01931f2e-7c00-7000-8000-0000000000ff".to_owned(),
        part => part.to_owned(),
    });
    parts.collect::<Vec<String>>().join("/")
}

#[test]
fn every_operation_has_one_row_and_every_row_an_operation() {
    let documented: Vec<String> = operations(&document()).into_iter().map(|operation| operation.id).collect();
    let ruled: Vec<&str> = TABLE.iter().map(|rule| rule.operation).collect();
    assert_eq!(documented.len(), documented.iter().collect::<BTreeSet<_>>().len(), "an operation id stands twice");
    assert_eq!(ruled.len(), ruled.iter().collect::<BTreeSet<_>>().len(), "a rule stands twice");
    for operation in &documented {
        assert!(ruled.contains(&operation.as_str()), "{operation} has no rule");
    }
    for rule in ruled {
        assert!(documented.iter().any(|operation| operation == rule), "there is no operation {rule}");
    }
}

fn listed(people: Vec<&str>, scopes: &[ClientScope]) -> String {
    people.into_iter().chain(scopes.iter().map(|scope| scope.as_str())).collect::<Vec<&str>>().join(", ")
}

#[test]
fn who_may_call_what_is_known() {
    let mut grid = Vec::new();
    for rule in TABLE {
        let who = match rule.who {
            Access::Anonymous => "anybody".to_owned(),
            Access::Own(scopes) => listed(vec!["every person"], scopes),
            Access::Known([], scopes) => listed(vec!["every appointed person"], scopes),
            Access::Known(roles, scopes) => listed(roles.iter().map(|role: &Role| role.as_str()).collect(), scopes),
        };
        grid.push(format!("{:<28} {who}", rule.operation));
    }
    insta::assert_snapshot!(grid.join("\n"));
}

#[actix_web::test]
async fn nobody_without_a_token_and_nobody_without_the_role_gets_through() {
    let world = World::new().await;
    let (anonymous, board) = (world.app.anonymous(), world.as_person("læser"));
    for operation in operations(&document()) {
        let rule = TABLE.iter().find(|rule| rule.operation == operation.id).expect("a rule");
        let Access::Known(roles, _) = rule.who else { continue };
        let (method, path) = (operation.method.to_uppercase(), filled(&operation.path));
        anonymous
            .request(&method, &path)
            .if_match("\"1.0\"")
            .json(json!({}))
            .send()
            .await
            .refused(401, "not-authenticated");
        if !roles.is_empty() && !roles.contains(&Role::Reader) {
            let refused = board.request(&method, &path).if_match("\"1.0\"");
            let refused = if method == "PATCH" { refused.merge_patch(json!({})) } else { refused.json(json!({})) };
            let refused = refused.send().await;
            assert!(matches!(refused.status, 403 | 422), "{}: {} {}", operation.id, refused.status, refused.text);
        }
    }
}

#[actix_web::test]
async fn somebody_without_an_appointment_reads_who_they_are_and_nothing_else() {
    let (world, document) = (World::new().await, document());
    for somebody in ["læser", "administrator", "koordinator"] {
        world.end_appointment(somebody).await;
        let client = world.as_person(somebody);
        let me = client.get("/api/v1/me").await.ok();
        assert_eq!((&me["person"]["name"], &me["roles"]), (&json!(somebody), &json!([])));
        let own = ["get_me", "end_session", "change_password"];
        for operation in operations(&document).into_iter().filter(|operation| !is_anonymous(&operation.id)) {
            if own.contains(&operation.id.as_str()) {
                continue;
            }
            let request = client.request(&operation.method.to_uppercase(), &filled(&operation.path));
            let request = request.if_match("\"1.0\"");
            let request = match example_of(&document, &operation) {
                Some(body) if operation.method == "patch" => request.merge_patch(body),
                Some(body) => request.json(body),
                None => request,
            };
            let refused = request.send().await.refused(403, "not-appointed");
            assert!(refused["detail"].as_str().is_some_and(|words| words.contains("udnævnelse")), "{refused}");
        }
    }
    let client = world.as_person("læser");
    assert_eq!(client.request("DELETE", "/api/v1/sessions/current").send().await.status, 204);
}
