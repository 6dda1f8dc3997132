//! Tokens for clients: the client credentials grant (RFC 6749 §4.4).

use actix_web::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::accounts::clients::model::granted;
use crate::accounts::clients::store::{self, ClientRow};
use crate::app::PublicContext;
use crate::auth::lockout::Attempt;
use crate::auth::tokens::{Claims, LIFETIME, Subject, scopes_to_text};
use crate::auth::{ClientScope, opaque};
use crate::db::journal::{Event, EventKind, rewrite_counter};
use crate::db::{Db, Scope, Tx};
use crate::error::{Code, Error, Problem, Result, TokenError};
use crate::http::{Form, Reply};
use crate::organisation::store::all_municipalities;

/// A request for a token, as a form.
#[derive(Deserialize, Validate, ToSchema)]
pub struct TokenRequest {
    /// The kind of grant: always `client_credentials`.
    #[validate(length(max = 100))]
    #[schema(max_length = 100, pattern = "^client_credentials$", example = "client_credentials")]
    pub grant_type: String,
    /// The client's key, unless it stands in the `Authorization` header.
    #[validate(length(max = 100))]
    #[schema(nullable = false, max_length = 100, example = "hr-demo")]
    pub client_id: Option<String>,
    /// A secret of the client, unless it stands in the `Authorization` header.
    #[validate(length(max = 200))]
    #[schema(nullable = false, max_length = 200, example = "01931f2e7c0070008000000000000001.k3dJq0uZ")]
    pub client_secret: Option<String>,
    /// What the token is for, of what the client may; all of it when absent.
    #[validate(length(max = 500))]
    #[schema(nullable = false, max_length = 500, example = "organisation:read organisation:write")]
    pub scope: Option<String>,
}

/// A token for a client.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenView {
    /// Goes into `Authorization: Bearer …`.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln")]
    pub access_token: String,
    /// How the token is sent: always as a `Bearer` token.
    #[schema(max_length = 10, example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds that the token lives.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// What it is for.
    #[schema(max_length = 500, example = "organisation:read organisation:write")]
    pub scope: String,
}

/// Gives a machine client a token (RFC 6749 §4.4).
///
/// The client shows its key and a secret as HTTP Basic credentials or as `client_id` and `client_secret` in the form,
/// not both. Failures are slowed down for the key at the caller's address, and for the address: 429 says how long to
/// wait. A refusal is a problem like any other and has the `error` of RFC 6749 §5.2 besides: `invalid_request`,
/// `invalid_client`, `invalid_scope` or `unsupported_grant_type`.
#[utoipa::path(tag = "sessions",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "The token.", body = TokenView),
    (status = 400, description = "The request breaks RFC 6749; `error` says how.", body = Problem,
        content_type = "application/problem+json"),
    (status = 401, description = "Key and secret do not belong together: `invalid_client`.", body = Problem,
        content_type = "application/problem+json")
))]
#[post("/oauth/token")]
pub async fn create_token(visitor: PublicContext, form: Form<TokenRequest>) -> Result<Reply> {
    let Form(form) = form;
    if form.grant_type != "client_credentials" {
        return Err(refuse(TokenError::UnsupportedGrantType));
    }
    let (key, secret) = credentials(&visitor.authorization, &form)?;
    let app = visitor.app();
    let place = app.db.to_read(move |db| place_of(db, &secret)).await?;
    let attempt = Attempt::of_client(place.scope.map(Scope::municipality), &key, visitor.address);
    let given = visitor.clone().work(move |visitor| give(visitor, &place, &key, form.scope.as_deref()));
    app.lockout.guard(&attempt, app.db.clock().now(), given).await
}

fn give(visitor: &PublicContext, place: &Place, key: &str, asked: Option<&str>) -> Result<Reply> {
    let (app, scope) = (visitor.app(), place.scope.ok_or_else(unknown_client)?);
    let author = visitor.author(scope, None);
    let Some(client) = app.db.read(&author, |conn| store::find_by_secret(conn, key, &place.secret_hash))? else {
        app.db.write(&author, |tx| record_failure(tx, key))?;
        return Err(unknown_client());
    };
    let asked = asked.filter(|text| !text.is_empty());
    let scopes = granted(&client.scopes.read::<Vec<_>>()?, asked).ok_or_else(|| refuse(TokenError::InvalidScope))?;
    let claims = claims_of(scope, &client, asked.map(|_| scopes.clone()));
    let view = TokenView {
        access_token: app.tokens.sign(claims, app.db.clock().now())?,
        token_type: "Bearer",
        expires_in: LIFETIME.num_seconds(),
        scope: scopes_to_text(&scopes),
    };
    Ok(Reply::json(&view)?.no_store())
}

/// A failure leaves an event when there is such a client. When there is none, the same lock is taken and the same disk
/// is waited for, so that the answer takes as long.
fn record_failure(tx: &mut Tx, key: &str) -> Result<()> {
    match store::find_by_key(tx, key)? {
        Some(client) => {
            let reason = if client.disabled { "disabled" } else { "wrong-secret" };
            tx.record(Event::of(EventKind::ClientTokenRefused, client.id).detail("reason", reason));
            Ok(())
        }
        None => rewrite_counter(tx),
    }
}

/// Where a secret is looked for.
struct Place {
    /// The municipality, when it can be told.
    scope: Option<Scope>,
    secret_hash: String,
}

/// A secret names its municipality; a text that an operator chose as one does not, and is of the only one there is.
fn place_of(db: &Db, secret: &str) -> Result<Place> {
    if let Some((scope, secret_hash)) = opaque::read(secret) {
        return Ok(Place { scope: Some(scope), secret_hash });
    }
    match db.global(all_municipalities)?.as_slice() {
        [(scope, _)] => Ok(Place { scope: Some(*scope), secret_hash: opaque::of_text(*scope, secret).1 }),
        _ => Ok(Place { scope: None, secret_hash: String::new() }),
    }
}

fn claims_of(scope: Scope, client: &ClientRow, scopes: Option<Vec<ClientScope>>) -> Claims {
    let subject = Subject::Client { client_id: client.id };
    Claims { municipality: scope.municipality(), subject, owner: client.id, scopes }
}

fn refuse(error: TokenError) -> Error {
    Code::InvalidTokenRequest.refuse().token_error(error).into()
}

fn unknown_client() -> Error {
    Code::InvalidCredentials.refuse().token_error(TokenError::InvalidClient).into()
}

/// Key and secret, from the header or from the form (RFC 6749 §2.3.1); a field without a value is an absent one.
fn credentials(authorization: &str, form: &TokenRequest) -> Result<(String, String)> {
    let given = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
    let (key, secret) = (given(&form.client_id), given(&form.client_secret));
    if authorization.is_empty() {
        return key.zip(secret).ok_or_else(unknown_client);
    }
    let (header_key, header_secret) = basic(authorization).ok_or_else(unknown_client)?;
    if secret.is_some() || key.is_some_and(|key| key != header_key) {
        return Err(refuse(TokenError::InvalidRequest));
    }
    Ok((header_key, header_secret))
}

/// Both parts are form-encoded before they are joined.
fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (key, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decoded = |part: &str| {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("part={part}")).ok()?;
        pairs.into_iter().next().map(|(_, value)| value)
    };
    Some((decoded(key)?, decoded(secret)?)).filter(|(key, _)| !key.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(client_id: Option<&str>, client_secret: Option<&str>) -> TokenRequest {
        TokenRequest {
            grant_type: "client_credentials".to_owned(),
            client_id: client_id.map(str::to_owned),
            client_secret: client_secret.map(str::to_owned),
            scope: None,
        }
    }

    #[test]
    fn a_client_shows_itself_in_one_place() {
        let header = format!("Basic {}", STANDARD.encode("hr%2Ddemo:s3"));
        let both = Some(("hr-demo".to_owned(), "s3".to_owned()));
        assert_eq!(credentials(&header, &form(None, None)).ok(), both);
        assert_eq!(credentials(&header, &form(Some("hr-demo"), Some(""))).ok(), both);
        assert_eq!(credentials("", &form(Some("hr-demo"), Some("s3"))).ok(), both);
        let refused = |header: &str, form: &TokenRequest| {
            credentials(header, form).expect_err("it is refused").refusal().token_error
        };
        assert_eq!(refused(&header, &form(None, Some("s3"))), Some(TokenError::InvalidRequest));
        assert_eq!(refused(&header, &form(Some("anden"), None)), Some(TokenError::InvalidRequest));
        assert_eq!(refused("", &form(Some("hr-demo"), None)), Some(TokenError::InvalidClient));
        assert_eq!(refused("Basic x", &form(None, None)), Some(TokenError::InvalidClient));
        assert_eq!(refused("Bearer x", &form(None, None)), Some(TokenError::InvalidClient));
    }
}
