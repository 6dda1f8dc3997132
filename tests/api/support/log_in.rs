//! Logging in for real, and what it leaves behind.

use aftalestyring::auth::password::hash;
use aftalestyring::db::journal::EventRow;
use aftalestyring::db::{Author, Tx};
use aftalestyring::schema::users;
use aftalestyring::types::{Id, Ts};
use aftalestyring::{each, events};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Client, Response, World};

/// The password of whoever has one.
pub const PASSWORD: &str = "korrekt hest batteri";

impl World {
    /// The id of somebody's log-in.
    pub fn user(&self, name: &str) -> Id {
        Id::of_name(&format!("{}/{name}/user", self.scope.municipality()))
    }

    /// Where an administrator finds somebody's log-in.
    pub fn user_path(&self, name: &str) -> String {
        format!("/api/v1/users/{}", self.user(name))
    }

    /// Gives somebody the password, and tells the body of their log-in.
    pub async fn give_password(&self, name: &str) -> Value {
        let (db, scope, user) = (self.app.app.db.clone(), self.scope, self.user(name));
        let write = move |tx: &mut Tx| {
            let row = users::table.filter(users::municipality_id.eq(tx.scope()).and(users::id.eq(user)));
            let hash = users::password_hash.eq(hash(PASSWORD)?);
            each!(tx => diesel::update(row).set((hash.clone(), users::code_expires_at.eq(None::<Ts>))).execute(tx))?;
            Ok(())
        };
        let written = aftalestyring::app::blocking(move || db.write(&Author::system(scope, "test"), write)).await;
        written.expect("a password");
        self.credentials(name)
    }

    /// The body of somebody's log-in.
    pub fn credentials(&self, name: &str) -> Value {
        let municipality = self.scope.municipality();
        json!({"email": format!("{name}@lilleby.example"), "password": PASSWORD, "municipality": municipality})
    }

    /// Sends a log-in without a token.
    pub async fn log_in(&self, body: Value) -> Response {
        self.app.anonymous().post("/api/v1/sessions", body).await
    }

    /// Somebody with an access token.
    pub fn with_token(&self, token: &Value) -> Client {
        Client::new(self.app.app.clone(), Some(token.as_str().expect("a token").to_owned()))
    }

    /// Everything that happened so far, oldest first.
    pub async fn recorded(&self) -> Vec<EventRow> {
        let (db, scope) = (self.app.app.db.clone(), self.scope);
        let read = move || db.read(&Author::system(scope, "test"), |conn| events::store::oldest_first(conn, 0, 10_000));
        aftalestyring::app::blocking(read).await.expect("events")
    }

    /// The kinds of what happened to something, oldest first.
    pub async fn kinds_of(&self, subject: &str) -> Vec<String> {
        let all = self.recorded().await;
        all.into_iter().filter(|event| event.subject_id.to_string() == subject).map(|event| event.kind).collect()
    }
}
