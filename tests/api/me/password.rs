use serde_json::json;

use crate::support::{PASSWORD, World};

#[actix_web::test]
async fn a_person_changes_their_password_and_their_other_sessions_end() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let (here, elsewhere) = (world.log_in(body.clone()).await.ok(), world.log_in(body.clone()).await.ok());
    let reader = world.with_token(&here["access_token"]);
    let change = json!({"current_password": PASSWORD, "new_password": "hæfteklamme i blåt"});
    assert_eq!(reader.put("/api/v1/me/password", change).await.status, 204);
    reader.get("/api/v1/me").await.ok();
    world.with_token(&elsewhere["access_token"]).get("/api/v1/me").await.refused(401, "invalid-token");
    world.log_in(body.clone()).await.refused(401, "invalid-credentials");
    let mut new = body;
    new["password"] = json!("hæfteklamme i blåt");
    world.log_in(new).await.ok();
}

#[actix_web::test]
async fn a_password_is_changed_only_by_who_knows_it_and_to_a_long_one() {
    let world = World::new().await;
    let body = world.give_password("læser").await;
    let reader = world.with_token(&world.log_in(body.clone()).await.ok()["access_token"]);
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        reader.request("PUT", "/api/v1/me/password").json(body).send()
    };
    let problem = change("forkert hest batteri", "hæfteklamme i blåt").await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["pointer"], "/current_password");
    let problem = change(PASSWORD, "for kort").await.refused(422, "invalid-body");
    assert_eq!(problem["errors"][0]["code"], "weak-password");
    for guessable in ["password1234", "aaaaaaaaaaaa", "læser@lilleby.example", "Adgangskode2014"] {
        let problem = change(PASSWORD, guessable).await.refused(422, "invalid-body");
        let fault = (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]);
        assert_eq!(fault, (&json!("/new_password"), &json!("guessable-password")), "{guessable}");
    }
    world.log_in(body).await.ok();
    let body = json!({"current_password": "x", "new_password": PASSWORD});
    world.as_hr().put("/api/v1/me/password", body).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_password_is_the_same_however_a_keyboard_puts_its_letters_together() {
    let world = World::new().await;
    let mut body = world.give_password("læser").await;
    let reader = world.with_token(&world.log_in(body.clone()).await.ok()["access_token"]);
    let change = json!({"current_password": PASSWORD, "new_password": "hæfteklamme i caf\u{e9}"});
    assert_eq!(reader.put("/api/v1/me/password", change).await.status, 204);
    body["password"] = json!("hæfteklamme i cafe\u{301}");
    world.log_in(body).await.ok();
}
