//! Changing one's own password.

use actix_web::put;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::access::Who;
use crate::accounts::sessions;
use crate::accounts::users::model::is_long_enough;
use crate::accounts::users::reset::keep_password;
use crate::accounts::users::store;
use crate::app::RequestContext;
use crate::auth::lockout::Attempt;
use crate::error::{Code, Fault, Result};
use crate::http::{Json, Reply};

/// The old and the new password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "korrekt hest batteri")]
    pub current_password: String,
    /// The password from now on: at least 12 characters, and not soon guessed.
    #[validate(length(max = 200), custom(function = is_long_enough))]
    #[schema(min_length = 12, max_length = 200, example = "hæfteklamme i blåt")]
    pub new_password: String,
}

/// Changes the reader's password; their other sessions end.
///
/// A wrong current password is 422, and slowed down like a log-in that fails. `Idempotency-Key` is not honoured.
#[utoipa::path(tag = "me", request_body = PasswordChange, responses(
    (status = 204, description = "The password is changed.")
))]
#[put("/api/v1/me/password")]
pub async fn change_password(call: RequestContext, body: Json<PasswordChange>) -> Result<Reply> {
    call.permitted()?;
    let Who::Person { user_id, session_id, .. } = call.actor.who else { return Err(Code::Forbidden.into()) };
    let (user, known) = call
        .read(move |conn, _| {
            let user = store::find(conn, user_id)?;
            let known = store::known_of(conn, user.person_id, &user.email)?;
            Ok((user, known))
        })
        .await?;
    let (app, attempt) = (call.app(), Attempt::of(user.municipality_id, &user.email, call.peer()));
    let Json(PasswordChange { current_password, new_password }) = body;
    let stored = user.password_hash.clone();
    let check = async {
        if app.passwords.verify(current_password, Some(stored)).await? {
            return Ok(());
        }
        Err(Code::InvalidBody.refuse().fault(Fault::at("/current_password", "wrong-password")).into())
    };
    app.lockout.guard(&attempt, app.db.clock().now(), check).await?;
    let password_hash = app.passwords.hash(new_password, known, "/new_password").await?;
    call.write_secret(move |tx, _| {
        let mut user = user.clone();
        keep_password(tx, &mut user, &password_hash)?;
        sessions::end_all(tx, user.id, Some(session_id), "password-changed")?;
        Ok(Reply::no_content())
    })
    .await
}
