//! The ceiling: actix-web and diesel doing the least that keeps the promise of each operation, on tables made for it
//! (`peer.sql`). A write is locked, compared with the version that was seen, audited, and told in the same commit; there
//! are no rights, no validation, no chain, and a token is a word.

#![expect(clippy::disallowed_methods, reason = "it opens transactions itself: it is no part of the product")]

use actix_web::http::header::{AUTHORIZATION, ContentType, IF_MATCH, IF_NONE_MATCH};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aftalestyring::db::Prepared;
use aftalestyring::types::{Json, Ts};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::result::Error as DbError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Failure;

diesel::table! {
    use diesel::sql_types::*;
    use aftalestyring::types::sql::Ts;

    agreement (id) {
        id -> BigInt,
        municipality -> BigInt,
        unit -> Text,
        year -> BigInt,
        title -> Text,
        state -> Text,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use aftalestyring::types::sql::{Json, Ts};

    section (id) {
        id -> BigInt,
        agreement_id -> BigInt,
        key -> Text,
        position -> BigInt,
        state -> Text,
        version -> BigInt,
        content -> Json,
        updated_at -> Ts,
    }
}

diesel::table! {
    goal (id) {
        id -> BigInt,
        agreement_id -> BigInt,
        title -> Text,
        unit -> Text,
        baseline -> BigInt,
        target -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        actor -> Text,
        action -> Text,
        agreement_id -> BigInt,
        section_id -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use aftalestyring::types::sql::Json;

    outbox (id) {
        id -> BigInt,
        topic -> Text,
        payload -> Json,
    }
}

diesel::allow_tables_to_appear_in_same_query!(agreement, section, goal);

type Connections = Pool<ConnectionManager<PgConnection>>;

/// Serves until it is killed.
pub fn serve(listen: &str, database: &str, connections: u32) -> Result<(), Failure> {
    let pool: Connections =
        Pool::builder().max_size(connections).test_on_check_out(false).build(ConnectionManager::new(database))?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(pool.clone()))
            .route("/readyz", web::get().to(HttpResponse::Ok))
            .route("/agreements", web::get().to(list))
            .route("/agreements/{id}", web::get().to(read))
            .route("/sections/{id}", web::patch().to(edit))
            .route("/sections/{id}/approve", web::post().to(approve))
    });
    let server = server.workers(2).bind(listen)?;
    Ok(actix_web::rt::System::new().block_on(server.run())?)
}

fn is_known(req: &HttpRequest) -> bool {
    req.headers().get(AUTHORIZATION).is_some_and(|value| value.as_bytes() == b"Bearer ceiling")
}

fn seen(req: &HttpRequest) -> i64 {
    let header = req.headers().get(IF_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.trim_matches('"').parse().unwrap_or_default()
}

async fn run<T: Serialize + Send + 'static>(
    (pool, req): (&Connections, &HttpRequest),
    work: impl FnOnce(&mut PgConnection) -> QueryResult<T> + Send + 'static,
) -> HttpResponse {
    if !is_known(req) {
        return HttpResponse::Unauthorized().finish();
    }
    let pool = pool.clone();
    let done = web::block(move || {
        let mut conn = pool.get().map_err(|error| error.to_string())?;
        match work(&mut conn) {
            Ok(value) => Ok(Some(serde_json::to_vec(&value).map_err(|error| error.to_string())?)),
            Err(DbError::RollbackTransaction) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    });
    match done.await.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(Some(body)) => HttpResponse::Ok().content_type(ContentType::json()).body(body),
        Ok(None) => HttpResponse::PreconditionFailed().finish(),
        Err(error) => HttpResponse::InternalServerError().body(error),
    }
}

#[derive(Queryable, Serialize)]
struct Agreement {
    id: i64,
    municipality: i64,
    unit: String,
    year: i64,
    title: String,
    state: String,
    version: i64,
    created_at: Ts,
    updated_at: Ts,
}

#[derive(Queryable, Serialize)]
struct Section {
    id: i64,
    agreement_id: i64,
    key: String,
    position: i64,
    state: String,
    version: i64,
    content: Json,
    updated_at: Ts,
}

#[derive(Queryable, Serialize)]
struct Goal {
    id: i64,
    agreement_id: i64,
    title: String,
    unit: String,
    baseline: i64,
    target: i64,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    agreement: Agreement,
    sections: Vec<Section>,
    goals: Vec<Goal>,
}

/// R1, and H1: one agreement, or that its version is known.
async fn read(pool: web::Data<Connections>, id: web::Path<i64>, req: HttpRequest) -> HttpResponse {
    let id = *id;
    if req.headers().contains_key(IF_NONE_MATCH) {
        let known =
            run((&pool, &req), move |conn| agreement::table.find(id).select(agreement::version).first::<i64>(conn));
        return match known.await {
            answer if answer.status().is_success() => HttpResponse::NotModified().finish(),
            refused => refused,
        };
    }
    let whole = run((&pool, &req), move |conn| {
        Ok(Whole {
            agreement: agreement::table.find(id).first(conn)?,
            sections: section::table.filter(section::agreement_id.eq(id)).order(section::position).load(conn)?,
            goals: goal::table.filter(goal::agreement_id.eq(id)).order(goal::id).load(conn)?,
        })
    });
    whole.await
}

#[derive(Deserialize)]
struct Asked {
    municipality: i64,
    state: String,
    after: i64,
}

/// R2: a page of agreements.
async fn list(pool: web::Data<Connections>, asked: web::Query<Asked>, req: HttpRequest) -> HttpResponse {
    let asked = asked.into_inner();
    let page = run((&pool, &req), move |conn| {
        let chosen = agreement::table
            .filter(agreement::municipality.eq(asked.municipality).and(agreement::state.eq(asked.state)))
            .filter(agreement::id.gt(asked.after));
        Ok(json!({"items": chosen.order(agreement::id).limit(50).load::<Agreement>(conn)?}))
    });
    page.await
}

fn note(conn: &mut PgConnection, action: &str, (agreement, section): (i64, i64), version: i64) -> QueryResult<()> {
    let row = (
        audit::actor.eq("bench"),
        audit::action.eq(action),
        audit::agreement_id.eq(agreement),
        audit::section_id.eq(section),
        audit::version.eq(version),
    );
    diesel::insert_into(audit::table).values(row).execute(conn)?;
    Ok(())
}

#[derive(Deserialize)]
struct Patch {
    content: Value,
}

/// W1: a section changed under its version.
async fn edit(
    pool: web::Data<Connections>,
    id: web::Path<i64>,
    patch: web::Json<Patch>,
    req: HttpRequest,
) -> HttpResponse {
    let (id, seen, content) = (*id, seen(&req), Json::of(&patch.content));
    let changed = run((&pool, &req), move |conn| {
        conn.transaction(|conn| {
            let target = section::table.find(id).filter(section::version.eq(seen));
            let changed = diesel::update(target.filter(section::state.eq_any(["draft", "returned"])))
                .set((
                    section::content.eq(content),
                    section::version.eq(seen + 1),
                    section::updated_at.eq(Ts::of(chrono::DateTime::UNIX_EPOCH)),
                ))
                .returning(section::agreement_id);
            let agreement = Prepared(changed).get_result::<i64>(conn).optional()?;
            let agreement = agreement.ok_or(DbError::RollbackTransaction)?;
            note(conn, "section.edited", (agreement, id), seen + 1)?;
            Ok(json!({"id": id, "version": seen + 1, "state": "draft"}))
        })
    });
    changed.await
}

/// W2: a section approved, and its agreement when it was the last.
async fn approve(pool: web::Data<Connections>, id: web::Path<i64>, req: HttpRequest) -> HttpResponse {
    let (id, seen) = (*id, seen(&req));
    let approved = run((&pool, &req), move |conn| {
        conn.transaction(|conn| {
            // Sections are numbered by agreements.
            let of = (id - 1) / 8 + 1;
            let state: String = agreement::table.find(of).select(agreement::state).for_update().first(conn)?;
            let target = section::table.find(id).filter(section::version.eq(seen).and(section::state.eq("submitted")));
            let moved = diesel::update(target)
                .set((section::state.eq("approved"), section::version.eq(seen + 1)))
                .returning(section::id);
            Prepared(moved).get_result::<i64>(conn).optional()?.ok_or(DbError::RollbackTransaction)?;
            let open = section::table.filter(section::agreement_id.eq(of).and(section::state.ne("approved")));
            let open: bool = diesel::select(diesel::dsl::exists(open)).get_result(conn)?;
            let state = if open { state } else { "approved".to_owned() };
            let raised = diesel::update(agreement::table.find(of))
                .set((agreement::state.eq(&state), agreement::version.eq(agreement::version + 1)))
                .returning(agreement::version);
            Prepared(raised).get_result::<i64>(conn)?;
            note(conn, "section.approved", (of, id), seen + 1)?;
            let payload = Json::of(&json!({"section": id, "state": state}));
            let told = (outbox::topic.eq("section.approved"), outbox::payload.eq(payload));
            diesel::insert_into(outbox::table).values(told).execute(conn)?;
            Ok(json!({"id": id, "version": seen + 1, "state": "approved"}))
        })
    });
    approved.await
}
