//! What other programs must know to use our tokens: RFC 7517 and RFC 8414.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::PublicContext;
use crate::auth::ClientScope;
use crate::error::Result;
use crate::http::Reply;

/// Seconds that anybody may keep these answers; whoever meets a key that is not in them asks again.
const KEPT: u32 = 60;

/// The keys that sign access tokens (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct JsonWebKeySet {
    /// The keys, the newest first.
    #[schema(max_items = 100)]
    pub keys: Vec<JsonWebKey>,
}

/// A public key (RFC 7517, RFC 7518 §6.2).
#[derive(Serialize, Deserialize, ToSchema)]
pub struct JsonWebKey {
    /// The family: `EC`.
    #[schema(max_length = 20, example = "EC")]
    pub kty: String,
    /// The elliptic curve of the key.
    #[schema(max_length = 20, example = "P-256")]
    pub crv: String,
    /// The x coordinate, base64url.
    #[schema(max_length = 100, example = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")]
    pub x: String,
    /// The y coordinate, base64url.
    #[schema(max_length = 100, example = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    pub y: String,
    /// The id that tokens name.
    #[schema(max_length = 100, example = "01931f2e-7c00-7000-8000-000000000001")]
    pub kid: String,
    /// What it is for: `sig`.
    #[schema(max_length = 20, example = "sig")]
    pub r#use: String,
    /// The algorithm: `ES256`.
    #[schema(max_length = 20, example = "ES256")]
    pub alg: String,
}

/// The public keys that access tokens are signed with.
///
/// For systems that check access tokens themselves; fetch it again when a token names a key that is not in it.
#[utoipa::path(tag = "sessions", responses((status = 200, description = "The keys.", body = JsonWebKeySet)))]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(visitor: PublicContext) -> Result<Reply> {
    let app = visitor.app();
    let keys = app.tokens.fresh_keys(app.db.clock().now()).await;
    let written = keys.published.keys.iter().map(|key| Ok(serde_json::from_value(serde_json::to_value(key)?)?));
    Ok(Reply::json(&JsonWebKeySet { keys: written.collect::<Result<_>>()? })?.public(KEPT))
}

/// What this authorization server does (RFC 8414).
#[derive(Serialize, ToSchema)]
pub struct AuthorizationServer {
    /// The `iss` of its tokens.
    #[schema(max_length = 500, example = "https://aftaler.example")]
    pub issuer: String,
    /// Where clients get tokens.
    #[schema(max_length = 500, example = "https://aftaler.example/oauth/token")]
    pub token_endpoint: String,
    /// Where its keys stand.
    #[schema(max_length = 500, example = "https://aftaler.example/.well-known/jwks.json")]
    pub jwks_uri: String,
    /// What a token may be for.
    #[schema(max_items = 20)]
    pub scopes_supported: Vec<ClientScope>,
    /// None: there is no authorization endpoint.
    #[schema(max_items = 20, example = json!([]))]
    pub response_types_supported: Vec<&'static str>,
    /// The kinds of grant that the token endpoint takes.
    #[schema(max_items = 20, example = json!(["client_credentials"]))]
    pub grant_types_supported: Vec<&'static str>,
    /// How a client shows its secret.
    #[schema(max_items = 20, example = json!(["client_secret_basic", "client_secret_post"]))]
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Where the documentation stands.
    #[schema(max_length = 500, example = "https://aftaler.example/docs/")]
    pub service_documentation: String,
}

/// What this authorization server does (RFC 8414).
///
/// Read by OAuth libraries to find the token endpoint and the keys.
#[utoipa::path(tag = "sessions", responses((status = 200, description = "Its metadata.", body = AuthorizationServer)))]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_authorization_server(visitor: PublicContext) -> Result<Reply> {
    let issuer = visitor.app().tokens.issuer().trim_end_matches('/').to_owned();
    let at = |path: &str| format!("{issuer}{path}");
    let metadata = AuthorizationServer {
        token_endpoint: at("/oauth/token"),
        jwks_uri: at("/.well-known/jwks.json"),
        service_documentation: at("/docs/"),
        scopes_supported: ClientScope::ALL.to_vec(),
        response_types_supported: Vec::new(),
        grant_types_supported: vec!["client_credentials"],
        token_endpoint_auth_methods_supported: vec!["client_secret_basic", "client_secret_post"],
        issuer: visitor.app().tokens.issuer().to_owned(),
    };
    Ok(Reply::json(&metadata)?.public(KEPT))
}
