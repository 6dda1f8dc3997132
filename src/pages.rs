//! What a browser or a probe opens, outside `/api/v1`: health, metrics, the document and the page that shows it.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    IF_NONE_MATCH, VARY,
};
use actix_web::middleware::{DefaultHeaders, Next, from_fn};
use actix_web::rt::time::timeout;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use std::time::Duration;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::app::Shared;
use crate::app::{Place, Places};
use crate::db::{Link, Raw, migrate};
use crate::error::{Code, Error, Result};
use crate::text::{Lang, say_generally};
use crate::{each, metrics};

/// The routes; they are no part of the API.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(start))
        .route("/healthz", web::get().to(healthz))
        .route("/readyz", web::get().to(readyz))
        .route("/openapi.json", web::get().to(openapi_json))
        .route("/problems", web::get().to(problem_list))
        .route("/problems/{code}", web::get().to(problem_page))
        .service(web::resource("/metrics").wrap(from_fn(metrics_alone)).route(web::get().to(show_metrics)))
        .service(
            web::scope("/docs")
                .wrap(from_fn(docs_alone))
                .wrap(DefaultHeaders::new().add((CONTENT_SECURITY_POLICY, DOCS_POLICY)))
                .route("", web::get().to(start))
                .service(SwaggerUi::new("/{_:.*}").config(
                    // A validator would be told the address of every server that has a page of its own.
                    Config::from("/openapi.json").try_it_out_enabled(true).validator_url("none"),
                )),
        );
}

/// The page is made of its own scripts, of styles that its scripts write, and of pictures that stand in them.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Text and one style; nothing is fetched.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

async fn docs_alone(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer<impl MessageBody> {
    alone(|places| places.docs, req, next).await
}

async fn metrics_alone(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer<impl MessageBody> {
    alone(|places| places.metrics, req, next).await
}

type Answer<B> = std::result::Result<ServiceResponse<B>, actix_web::Error>;

/// Passes on what is asked where the page is served; elsewhere there is no such address.
async fn alone<B: MessageBody + 'static>(
    place: fn(&Places) -> Place,
    req: ServiceRequest,
    next: Next<B>,
) -> Answer<EitherBody<B>> {
    let address = req.app_config().local_addr();
    let served = req.app_data::<Shared>().is_some_and(|app| place(&app.places).is_at(address, &app.places.own()));
    if served {
        return next.call(req).await.map(ServiceResponse::map_into_left_body);
    }
    Ok(req.error_response(Error::from(Code::UnknownPath)).map_into_right_body())
}

async fn start() -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("location", "/docs/")).finish()
}

/// The process lives.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// How long a probe is kept waiting: it asks again soon, and gives up itself.
const PROBED_WITHIN: Duration = Duration::from_secs(2);

/// The server can work; what is wrong, when it cannot.
async fn readyz(app: Shared) -> HttpResponse {
    let asked = app.db.to_read(|db| db.global(check));
    let silent = |_| Err(Error::Disconnected("it was waited for in vain".to_owned()));
    match timeout(PROBED_WITHIN, asked).await.unwrap_or_else(silent) {
        Ok(pending) if pending.is_empty() => {
            HttpResponse::Ok().json(json!({ "status": "ready", "checks": { "database": "ok", "migrations": "ok" } }))
        }
        Ok(pending) => HttpResponse::ServiceUnavailable().json(json!({
            "status": "not-ready", "checks": { "database": "ok", "migrations": "pending" }, "pending": pending
        })),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable()
                .json(json!({ "status": "not-ready", "checks": { "database": "unreachable" } }))
        }
    }
}

fn check(link: &mut Link) -> Result<Vec<String>> {
    use diesel::prelude::*;
    each!(link => diesel::sql_query("SELECT 1").execute(link))?;
    migrate::pending(link)
}

async fn show_metrics(app: Shared) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .body(metrics::render(&app.db))
}

/// The document changes only with the program; a page that asks again is told so.
async fn openapi_json(app: Shared, req: HttpRequest) -> HttpResponse {
    let document = &app.document;
    let has = |name: HeaderName, wanted: &str| {
        let given = req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        given.split(',').any(|part| part.trim().trim_start_matches("W/") == wanted)
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "public, max-age=300"));
    // Weak, since it is the same for both encodings.
    answer.insert_header((ETAG, format!("W/{}", document.etag))).insert_header((VARY, "Accept-Encoding"));
    if has(IF_NONE_MATCH, &document.etag) {
        return answer.status(StatusCode::NOT_MODIFIED).finish();
    }
    answer.insert_header((CONTENT_TYPE, "application/json"));
    if has(ACCEPT_ENCODING, "gzip") {
        return answer.insert_header((CONTENT_ENCODING, "gzip")).body(document.gzip.clone());
    }
    answer.body(document.plain.clone())
}

/// A page about a kind of refusal.
async fn problem_page(code: web::Path<String>, req: HttpRequest) -> Result<HttpResponse> {
    let code = Code::parse(&code).ok_or(Code::UnknownPath)?;
    let (lang, name) = (lang_of(&req), code.as_str());
    let words = |suffix: &str| escape(&say_generally(lang, &format!("problem-{name}{suffix}")));
    let (title, detail, status) = (words(""), words(".detail"), code.status());
    let all = escape(&say_generally(lang, "page-problems"));
    let body =
        format!("<p>{detail}</p><p><code>{name}</code> · HTTP {status}</p><p><a href=\"/problems\">{all}</a></p>");
    Ok(page(lang, &title, &body))
}

/// All kinds of refusal.
async fn problem_list(req: HttpRequest) -> HttpResponse {
    let lang = lang_of(&req);
    let row = |code: &Code| {
        let (name, status) = (code.as_str(), code.status());
        let title = escape(&say_generally(lang, &format!("problem-{name}")));
        format!("<li><a href=\"/problems/{name}\"><code>{name}</code></a> · HTTP {status} · {title}</li>")
    };
    let rows: String = Code::ALL.iter().map(row).collect();
    page(lang, &escape(&say_generally(lang, "page-problems")), &format!("<ul>{rows}</ul>"))
}

fn lang_of(req: &HttpRequest) -> Lang {
    let wanted = req.headers().get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Lang::negotiate(wanted)
}

fn page(lang: Lang, title: &str, body: &str) -> HttpResponse {
    let tag = lang.tag();
    let page = format!(
        "<!doctype html><html lang=\"{tag}\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;\
         max-width:40rem;margin:3rem auto;padding:0 1rem}}code{{background:#eee;padding:.1em .3em}}</style>\
         <main><h1>{title}</h1>{body}</main></html>"
    );
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_SECURITY_POLICY, PAGE_POLICY));
    answer.insert_header((VARY, "Accept-Language")).insert_header(("content-language", tag));
    answer.content_type("text/html; charset=utf-8").body(page)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The database at hand, by name: for logs and reports.
pub fn database_name(link: &mut Link) -> &'static str {
    match link.raw() {
        Raw::Pg(_) => "PostgreSQL",
        Raw::Sqlite(_) => "SQLite",
    }
}
