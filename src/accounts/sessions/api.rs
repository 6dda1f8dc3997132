//! Sessions over HTTP.

use actix_web::{delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::store::{self, Account, Opened};
use crate::access::Who;
use crate::accounts::users::model::is_long_enough;
use crate::accounts::users::reset::keep_password;
use crate::accounts::users::store as users;
use crate::app::{App, PublicContext, RequestContext, Routes};
use crate::auth::lockout::Attempt;
use crate::auth::opaque;
use crate::auth::tokens::{Claims, LIFETIME, Subject};
use crate::db::journal::{Event, EventKind};
use crate::db::{Db, Scope, Tx};
use crate::error::{Code, Fault, Problem, Result};
use crate::http::{Json, Reply};
use crate::organisation;
use crate::text::fold_email;
use crate::types::{Id, Ts};

/// The routes.
pub fn routes(config: &mut impl Routes) {
    config.service(create_session).service(refresh_session).service(end_session).service(list_auth_methods);
}

/// Who logs in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// The e-mail address of the log-in, in whatever case.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "centerchef.social@demo.example")]
    pub email: String,
    /// The password, or the one-time code of a log-in that is new or was reset.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "korrekt hest batteri")]
    pub password: String,
    /// With a one-time code: the password from now on, at least 12 characters.
    #[serde(default)]
    #[validate(length(max = 200), custom(function = is_long_enough))]
    #[schema(min_length = 12, max_length = 200, example = json!(null))]
    pub new_password: Option<String>,
    /// The municipality, as `GET /api/v1/auth-methods` lists them; may be left out while the server has one.
    #[serde(default)]
    pub municipality: Option<Id>,
}

/// A refresh token, to be used once; again within 30 seconds when the answer was lost.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSessionTokens)]
pub struct Refresh {
    /// The newest refresh token of the session.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "01931f2e7c0070008000000000000001.k3dJq0uZ")]
    pub refresh_token: String,
}

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionTokens)]
pub struct SessionTokensView {
    /// Goes into `Authorization: Bearer …`.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln")]
    pub access_token: String,
    /// How the token is sent: always as a `Bearer` token.
    #[schema(max_length = 10, example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds that the access token lives.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Gives the next tokens, once.
    #[schema(max_length = 200, example = "01931f2e7c0070008000000000000001.k3dJq0uZ")]
    pub refresh_token: String,
    /// When the session ends unless it is refreshed.
    pub refresh_expires_at: Ts,
    /// The id of the session.
    pub session_id: Id,
}

/// How people may log in here.
#[derive(Serialize, ToSchema)]
#[schema(as = AuthMethods)]
pub struct AuthMethodsView {
    /// The ways, the usual one first.
    #[schema(max_items = 100)]
    pub methods: Vec<AuthMethodView>,
    /// The municipalities to choose from, by name.
    #[schema(max_items = 10000)]
    pub municipalities: Vec<ChoiceView>,
}

/// A way to log in.
#[derive(Serialize, ToSchema)]
#[schema(as = AuthMethod)]
pub struct AuthMethodView {
    /// What it is: `password` is `POST /api/v1/sessions`.
    #[schema(max_length = 50, example = "password")]
    pub kind: &'static str,
}

/// A municipality to choose.
#[derive(Serialize, ToSchema)]
#[schema(as = MunicipalityChoice)]
pub struct ChoiceView {
    /// The id of the municipality.
    pub id: Id,
    /// The name of the municipality.
    #[schema(max_length = 200, example = "Lilleby Kommune")]
    pub name: String,
}

/// Logs a person in.
///
/// Failures are slowed down for the account at the caller's address, and for the address: 429 says how long to wait.
/// An account that does not exist, is disabled or has another password is refused alike. A one-time code is refused with
/// `own-password-required` until the person sends the password of their choice along with it.
#[utoipa::path(tag = "sessions", request_body = NewSession, responses(
    (status = 201, description = "The session's tokens.", body = SessionTokensView),
    (status = 401, description = "E-mail and password do not belong together.", body = Problem,
        content_type = "application/problem+json")
))]
#[post("/api/v1/sessions")]
pub async fn create_session(visitor: PublicContext, body: Json<NewSession>) -> Result<Reply> {
    let Json(NewSession { email, password, new_password, municipality }) = body;
    let (app, email) = (visitor.app(), fold_email(&email));
    let scope = match municipality {
        Some(id) => Scope(id),
        None => app.db.to_read(only_municipality).await?,
    };
    let attempt = Attempt::of(scope.municipality(), &email, visitor.address);
    app.lockout.guard(&attempt, app.db.clock().now(), log_in(&visitor, scope, email, (password, new_password))).await
}

fn only_municipality(db: &Db) -> Result<Scope> {
    match db.global(organisation::store::all_municipalities)?.as_slice() {
        [] => Err(Code::InvalidCredentials.into()),
        [(only, _)] => Ok(*only),
        _ => Err(Code::InvalidBody.refuse().fault(Fault::at("/municipality", "choose-municipality")).into()),
    }
}

/// Neither a connection nor a thread is held while the password waits for its turn.
async fn log_in(
    visitor: &PublicContext,
    scope: Scope,
    email: String,
    (password, new_password): (String, Option<String>),
) -> Result<Reply> {
    let (app, author) = (visitor.app(), visitor.author(scope, None));
    let address = email.clone();
    let account = app.db.to_read(move |db| db.read(&author, |conn| store::find_account(conn, &address))).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let chosen =
        new_password.map(|new| if new == password { NewPassword::SameAsCode } else { NewPassword::Other(new) });
    let right = app.passwords.verify(password, stored).await?;
    let now = app.db.clock().now();
    let expired = account.as_ref().and_then(|account| account.code_expires_at).is_some_and(|until| until <= now);
    let right = right && !expired;
    let chosen = match account.as_ref().filter(|account| right && !account.disabled) {
        Some(account) => chosen_by_code(account, chosen)?,
        None => None,
    };
    let chosen = match (chosen, &account) {
        (Some(chosen), Some(account)) => Some(hash_chosen(visitor, scope, account.person_id, email, chosen).await?),
        _ => None,
    };
    let visitor = visitor.clone();
    app.db.to_write(move |db| answer(db, &visitor, scope, (account.as_ref(), right), chosen.as_deref())).await
}

/// A password that is sent to be the own one, compared with what was typed to log in.
enum NewPassword {
    SameAsCode,
    Other(String),
}

/// The password that is chosen with a one-time code: with one it must be, and without one it must not.
fn chosen_by_code(account: &Account, chosen: Option<NewPassword>) -> Result<Option<String>> {
    let wrong = match (account.code_expires_at, chosen) {
        (None, None) => return Ok(None),
        (Some(_), Some(NewPassword::Other(chosen))) => return Ok(Some(chosen)),
        (Some(_), None) => return Err(Code::OwnPasswordRequired.into()),
        (Some(_), Some(NewPassword::SameAsCode)) => "same-as-code",
        (None, Some(_)) => "has-password",
    };
    Err(Code::InvalidBody.refuse().fault(Fault::at("/new_password", wrong)).into())
}

async fn hash_chosen(
    visitor: &PublicContext,
    scope: Scope,
    person: Id,
    email: String,
    chosen: String,
) -> Result<String> {
    let (app, author) = (visitor.app(), visitor.author(scope, None));
    let known = app.db.to_read(move |db| db.read(&author, |conn| users::known_of(conn, person, &email))).await?;
    app.passwords.hash(chosen, known, "/new_password").await
}

fn answer(
    db: &Db,
    visitor: &PublicContext,
    scope: Scope,
    (account, right): (Option<&Account>, bool),
    chosen: Option<&str>,
) -> Result<Reply> {
    let usable = account.filter(|account| right && !account.disabled);
    let opened = match usable {
        Some(account) => db.write(&visitor.author(scope, Some(account.person_id)), |tx| {
            let Some(opened) = store::open(tx, account)? else { return Ok(None) };
            if let Some(chosen) = chosen {
                let mut user = users::find(tx, account.id)?;
                keep_password(tx, &mut user, chosen)?;
            }
            Ok(Some(opened))
        })?,
        None => None,
    };
    match opened {
        Some(opened) => tokens(visitor.app(), scope, opened),
        None => {
            let reason = if right { "disabled" } else { "wrong-password" };
            db.write(&visitor.author(scope, None), |tx| record_failure(tx, account, reason))?;
            Err(Code::InvalidCredentials.into())
        }
    }
}

/// A failure leaves an event when there is an account. When there is none, the same lock is taken and the same disk
/// is waited for, so that the answer takes as long.
fn record_failure(tx: &mut Tx, account: Option<&Account>, reason: &'static str) -> Result<()> {
    match account {
        Some(account) => {
            tx.record(Event::of(EventKind::UserLogInFailed, account.id).detail("reason", reason));
            Ok(())
        }
        None => crate::db::journal::rewrite_counter(tx),
    }
}

fn tokens(app: &App, scope: Scope, opened: Opened) -> Result<Reply> {
    let subject = Subject::Person { session_id: opened.session_id };
    let claims = Claims { municipality: scope.municipality(), subject, owner: opened.person_id, scopes: None };
    let access_token = app.tokens.sign(claims, app.db.clock().now())?;
    let view = SessionTokensView {
        access_token,
        token_type: "Bearer",
        expires_in: LIFETIME.num_seconds(),
        refresh_token: opened.refresh_token,
        refresh_expires_at: opened.expires_at,
        session_id: opened.session_id,
    };
    Ok(Reply::created_json(&view)?.no_store())
}

/// Gives the next tokens of a session.
///
/// A refresh token works once. One that comes again ends the session: 401, and all its tokens are void. The same
/// request sent again, because its answer was lost or two tabs sent it, is answered within 30 seconds with tokens of
/// its own, as long as none that were given for it have been used to refresh; the first of them to be used is the one
/// that goes on.
#[utoipa::path(tag = "sessions", request_body = Refresh, responses(
    (status = 201, description = "The session's next tokens.", body = SessionTokensView),
    (status = 401, description = "The token is unknown or used, or the session is over.", body = Problem,
        content_type = "application/problem+json")
))]
#[post("/api/v1/sessions/refresh")]
pub async fn refresh_session(visitor: PublicContext, body: Json<Refresh>) -> Result<Reply> {
    visitor
        .work(move |visitor| {
            let app = visitor.app();
            let (scope, hash) = opaque::read(&body.refresh_token).ok_or(Code::InvalidCredentials)?;
            let author = visitor.author(scope, None);
            let found = app.db.read(&author, |conn| store::find_refresh_token(conn, &hash))?;
            let (session_id, generation) = found.ok_or(Code::InvalidCredentials)?;
            let opened = app.db.write(&author, |tx| store::renew(tx, session_id, generation))?;
            tokens(app, scope, opened.ok_or(Code::InvalidCredentials)?)
        })
        .await
}

/// Logs out: the session's tokens are void at once.
///
/// For the log-out button. Other sessions of the same person go on.
#[utoipa::path(tag = "sessions", responses((status = 204, description = "The session is over.")))]
#[delete("/api/v1/sessions/current")]
pub async fn end_session(call: RequestContext) -> Result<Reply> {
    call.write(|tx, actor| {
        let Who::Person { session_id, .. } = actor.who else { return Err(Code::Forbidden.into()) };
        store::end(tx, session_id, "log-out")?;
        Ok(Reply::no_content())
    })
    .await
}

/// How people may log in, and to which municipalities.
///
/// For a log-in page, before anybody is known.
#[utoipa::path(tag = "sessions", responses(
    (status = 200, description = "The ways to log in.", body = AuthMethodsView)
))]
#[get("/api/v1/auth-methods")]
pub async fn list_auth_methods(visitor: PublicContext) -> Result<Reply> {
    visitor
        .work(|visitor| {
            let all = visitor.app().db.global(organisation::store::all_municipalities)?;
            let municipalities =
                all.into_iter().map(|(scope, name)| ChoiceView { id: scope.municipality(), name }).collect();
            Reply::json(&AuthMethodsView { methods: vec![AuthMethodView { kind: "password" }], municipalities })
        })
        .await
}
