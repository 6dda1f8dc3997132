//! Secrets of clients over HTTP.

use actix_web::{delete, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::accounts::clients::model::{MOST_SECRETS, new_secret};
use crate::accounts::clients::store::{self, SecretRow};
use crate::app::RequestContext;
use crate::db::Scope;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Reply};
use crate::types::{Id, Ts};

/// A secret to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClientSecret {
    /// When it is valid no more, which lies ahead; never, when absent or null.
    #[serde(default)]
    pub expires_at: Option<Ts>,
}

/// A new secret: the only answer that ever holds it.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedClientSecret)]
pub struct IssuedSecretView {
    /// The id of the secret.
    pub id: Id,
    /// The `client_id` it goes with.
    #[schema(max_length = 100, example = "hr-demo")]
    pub client_key: String,
    /// The secret itself, told this once.
    #[schema(max_length = 200, example = "01931f2e7c0070008000000000000001.k3dJq0uZ")]
    pub secret: String,
    /// When it was made.
    pub created_at: Ts,
    /// When it is valid no more; open when null.
    #[schema(required = true)]
    pub expires_at: Option<Ts>,
}

/// Makes a secret for a client, beside those it has, and tells it once.
///
/// The version of the client rises. `Idempotency-Key` is not honoured, since the answer holds a secret.
#[utoipa::path(tag = "administration", params(("id" = Id, Path, description = "The client.")),
    request_body = NewClientSecret, responses(
    (status = 201, description = "The secret.", body = IssuedSecretView)
))]
#[post("/api/v1/clients/{id}/secrets")]
pub async fn create_client_secret(call: RequestContext, id: Ids<1>, body: Json<NewClientSecret>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write_secret(move |tx, _| {
        let mut client = store::find(tx, id)?;
        if body.expires_at.is_some_and(|at| at <= tx.now()) {
            return Err(Code::InvalidBody.refuse().fault(Fault::at("/expires_at", "not-ahead")).into());
        }
        // The client's row is written first, so that two at once cannot both be the last that may be.
        store::save(tx, &mut client)?;
        if store::secrets_of(tx, &[id])?.len() >= MOST_SECRETS {
            return Err(Code::TooManySecrets.refuse().with("max", MOST_SECRETS).into());
        }
        let (secret, secret_hash) = new_secret(Scope(tx.scope()))?;
        let row = SecretRow { expires_at: body.expires_at, ..SecretRow::new(tx.new_row(), id, &secret_hash) };
        store::insert_secret(tx, &row)?;
        tx.record(Event::of(EventKind::ClientSecretCreated, id).version(client.version).detail("secret_id", row.id));
        let view = IssuedSecretView {
            id: row.id,
            client_key: client.client_key,
            secret,
            created_at: row.created_at,
            expires_at: row.expires_at,
        };
        Ok(Reply::created_json(&view)?.no_store())
    })
    .await
}

/// Deletes a secret of a client: it gives no more tokens. Those it gave expire within fifteen minutes.
///
/// The version of the client rises.
#[utoipa::path(tag = "administration", params(
    ("id" = Id, Path, description = "The client."),
    ("secret_id" = Id, Path, description = "The secret."),
    ("If-Match" = String, Header, description = "The ETag of the client."),
), responses((status = 204, description = "It is gone.")))]
#[delete("/api/v1/clients/{id}/secrets/{secret_id}")]
pub async fn delete_client_secret(call: RequestContext, ids: Ids<2>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id, secret_id]) = ids;
    call.write(move |tx, _| {
        let mut client = store::find(tx, id)?;
        store::delete_secret(tx, id, secret_id)?;
        if_match.accepts(&client)?;
        store::save(tx, &mut client)?;
        tx.record(Event::of(EventKind::ClientSecretDeleted, id).version(client.version).detail("secret_id", secret_id));
        Ok(Reply::no_content())
    })
    .await
}
