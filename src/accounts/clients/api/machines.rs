//! Clients over HTTP, for administrators.

use actix_web::{delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::access::action::ActionView;
use crate::accounts::clients::model::is_foreign_source;
use crate::accounts::clients::store::{self, ClientRow, SecretRow};
use crate::app::RequestContext;
use crate::auth::ClientScope;
use crate::db::Conn;
use crate::db::journal::{Event, EventKind};
use crate::error::Result;
use crate::http::{Etag, Ids, IfMatch, Json, Page, Paging, Query, Reply, Tagged, patch};
use crate::types::is_key;
use crate::types::{Id, Json as StoredJson, Ts};

/// Body of a new machine client, which has no secret yet.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMachineClient)]
pub struct NewClient {
    /// What it calls itself when it asks for a token: its `client_id`.
    #[validate(length(min = 1, max = 100), custom(function = is_key))]
    #[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9_-]+$", example = "hr-demo")]
    pub client_key: String,
    /// What people call it.
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Løn- og personalesystemet")]
    pub name: String,
    /// The source whose rows it writes; not `local`.
    #[validate(length(min = 1, max = 100), custom(function = is_key), custom(function = is_foreign_source))]
    #[schema(min_length = 1, max_length = 100, pattern = "^(?!local$)[a-z0-9_-]+$", example = "hr-demo")]
    pub source: String,
    /// What it may do.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub scopes: Vec<ClientScope>,
}

/// A change of a client.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MachineClientPatch)]
pub struct ClientPatch {
    /// What people call it.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Løn- og personalesystemet")]
    pub name: Option<String>,
    /// The source whose rows it writes from now on; not `local`. Rows of the source until now stay as they are.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = is_key), custom(function = is_foreign_source))]
    #[schema(
        nullable = false,
        min_length = 1,
        max_length = 100,
        pattern = "^(?!local$)[a-z0-9_-]+$",
        example = "hr-demo"
    )]
    pub source: Option<String>,
    /// What it may do.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 20))]
    #[schema(nullable = false, min_items = 1, max_items = 20)]
    pub scopes: Option<Vec<ClientScope>>,
    /// Whether it is shut out; its tokens are void at once.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub disabled: Option<bool>,
}

/// A secret, without what is secret of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClientSecret)]
pub struct SecretView {
    /// The id of the secret.
    pub id: Id,
    /// When it was made.
    pub created_at: Ts,
    /// When it is valid no more; open when null.
    #[schema(required = true)]
    pub expires_at: Option<Ts>,
}

/// A machine client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MachineClient)]
pub struct ClientView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the machine client.
    pub id: Id,
    /// What it calls itself when it asks for a token: its `client_id`.
    #[schema(max_length = 100, example = "hr-demo")]
    pub client_key: String,
    /// What people call it.
    #[schema(max_length = 200, example = "Løn- og personalesystemet")]
    pub name: String,
    /// The source whose rows it writes.
    #[schema(max_length = 100, example = "hr-demo")]
    pub source: String,
    /// What it may do.
    #[schema(value_type = Vec<ClientScope>, max_items = 20)]
    pub scopes: StoredJson,
    /// Whether it is shut out.
    pub disabled: bool,
    /// Its secrets, oldest first.
    #[schema(max_items = 10)]
    pub secrets: Vec<SecretView>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl ClientView {
    fn of(row: &ClientRow, secrets: &[SecretRow], conn: &Conn) -> Self {
        let secrets = secrets.iter().filter(|secret| secret.client_id == row.id);
        let action = |name| ActionView::of(name, Ok(()), conn.lang());
        ClientView {
            etag: Etag::default(),
            id: row.id,
            client_key: row.client_key.clone(),
            name: row.name.clone(),
            source: row.source.clone(),
            scopes: row.scopes.clone(),
            disabled: row.disabled,
            secrets: secrets
                .map(|one| SecretView { id: one.id, created_at: one.created_at, expires_at: one.expires_at })
                .collect(),
            available_actions: vec![action("update"), action("delete"), action("create_secret")],
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Which page of the clients.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClientQuery {
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// Machine clients by their keys.
///
/// The systems that have access, with what they may and when their secrets expire.
#[utoipa::path(tag = "administration", params(ClientQuery), responses(
    (status = 200, description = "A page of clients.", body = Page<ClientView>)
))]
#[get("/api/v1/clients")]
pub async fn list_clients(call: RequestContext, query: Query<ClientQuery>) -> Result<Reply> {
    let (paging, address) = (Paging::<String>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, _| {
        let rows = store::list(conn, paging.after.as_deref(), paging.fetch())?;
        let (rows, next_cursor) = paging.cut(rows, |row| row.client_key.clone());
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let secrets = store::secrets_of(conn, &ids)?;
        let items = rows
            .iter()
            .map(|row| Tagged::of(row.version, &ClientView::of(row, &secrets, conn)))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}

fn reply(conn: &mut Conn, row: &ClientRow) -> Result<Reply> {
    let secrets = store::secrets_of(conn, &[row.id])?;
    Reply::item(row.version, &ClientView::of(row, &secrets, conn))
}

/// Makes a machine client, which has no secret yet.
///
/// For each system one, so that each can be shut out alone. Then make it a secret.
#[utoipa::path(tag = "administration", request_body = NewClient, responses(
    (status = 201, description = "The client.", body = ClientView)
))]
#[post("/api/v1/clients")]
pub async fn create_client(call: RequestContext, body: Json<NewClient>) -> Result<Reply> {
    call.write(move |tx, _| {
        let row = ClientRow {
            source: body.source.clone(),
            scopes: each_once(&body.scopes),
            ..ClientRow::new(tx.new_row(), Id::new(), (&body.client_key, &body.name), &[])
        };
        store::insert(tx, &row)?;
        tx.record(Event::of(EventKind::ClientCreated, row.id).version(1));
        Reply::created(format!("/api/v1/clients/{}", row.id), 1, &ClientView::of(&row, &[], tx))
    })
    .await
}

fn each_once(scopes: &[ClientScope]) -> StoredJson {
    let mut scopes = scopes.to_vec();
    scopes.sort();
    scopes.dedup();
    StoredJson::of(&scopes)
}

/// One machine client.
///
/// With the ids of its secrets, never the secrets themselves.
#[utoipa::path(tag = "administration", params(("id" = Id, Path, description = "The client.")), responses(
    (status = 200, description = "The client.", body = ClientView, headers(("ETag" = String)))
))]
#[get("/api/v1/clients/{id}")]
pub async fn get_client(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, _| {
        let row = store::find(conn, id)?;
        reply(conn, &row)
    })
    .await
}

/// Changes a machine client.
///
/// What is left out stays as it is. `disabled` voids its tokens at once.
#[utoipa::path(tag = "administration", params(
    ("id" = Id, Path, description = "The client."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = ClientPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The client.", body = ClientView)
))]
#[patch("/api/v1/clients/{id}")]
pub async fn update_client(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<ClientPatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, _| {
        let stored = store::find(tx, id)?;
        if_match.accepts(&stored)?;
        let mut changed = ClientRow {
            name: body.name.clone().unwrap_or_else(|| stored.name.clone()),
            source: body.source.clone().unwrap_or_else(|| stored.source.clone()),
            scopes: body.scopes.as_deref().map_or_else(|| stored.scopes.clone(), each_once),
            disabled: body.disabled.unwrap_or(stored.disabled),
            ..stored.clone()
        };
        let fields = [
            ("name", changed.name != stored.name),
            ("source", changed.source != stored.source),
            ("scopes", changed.scopes != stored.scopes),
            ("disabled", changed.disabled != stored.disabled),
        ];
        let fields: Vec<&str> = fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect();
        if !fields.is_empty() {
            store::save(tx, &mut changed)?;
            tx.record(Event::of(EventKind::ClientUpdated, id).version(changed.version).changed(fields));
        }
        reply(tx, &changed)
    })
    .await
}

/// Deletes a machine client with its secrets; its tokens are void at once.
///
/// To shut a system out for good. `disabled` shuts it out for a while.
#[utoipa::path(tag = "administration", params(
    ("id" = Id, Path, description = "The client."),
    ("If-Match" = String, Header, description = "The ETag of what is deleted."),
), responses((status = 204, description = "It is gone.")))]
#[delete("/api/v1/clients/{id}")]
pub async fn delete_client(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, _| {
        let row = store::find(tx, id)?;
        if_match.accepts(&row)?;
        store::delete(tx, id)?;
        tx.record(Event::of(EventKind::ClientDeleted, id).version(row.version));
        Ok(Reply::no_content())
    })
    .await
}
