//! The ceiling: actix-web and diesel doing the statements of each operation, and nothing else.
//!
//! It knows municipality and person from the bearer token, which is their ids with a colon between. It refuses nothing but a stale version, since a
//! write that changes no row would be cheaper than one that does.

#![expect(clippy::disallowed_methods, reason = "it opens transactions itself: Db::write is what is measured")]

use actix_web::http::header::{ContentType, ETag, EntityTag};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aftalestyring::agreements::agreement::model::AgreementState;
use aftalestyring::agreements::agreement::store::AgreementRow;
use aftalestyring::agreements::approval::store::{DecisionRow, Outcome};
use aftalestyring::agreements::goals::model::{GoalRow, IndicatorRow};
use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::agreements::sections::store::SectionRow;
use aftalestyring::db::Prepared;
use aftalestyring::db::journal::{EventRow, GENESIS};
use aftalestyring::schema::{agreements, decisions, event_counters, events, goals, indicators, sections};
use aftalestyring::templates::model::Duty;
use aftalestyring::types::{Id, Json, Ts};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::result::Error as DbError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Failure;

type Connections = Pool<ConnectionManager<PgConnection>>;

/// Serves until it is killed.
pub fn serve(listen: &str, database: &str, connections: u32) -> Result<(), Failure> {
    let pool: Connections =
        Pool::builder().max_size(connections).test_on_check_out(false).build(ConnectionManager::new(database))?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(pool.clone()))
            .route("/readyz", web::get().to(HttpResponse::Ok))
            .route("/api/v1/agreements", web::get().to(list))
            .route("/api/v1/agreements/{id}", web::get().to(read))
            .route("/api/v1/agreements/{id}/sections/{key}", web::patch().to(edit))
            .route("/api/v1/agreements/{id}/sections/{key}/approve", web::post().to(approve))
    });
    let server = server.workers(2).bind(listen)?;
    Ok(actix_web::rt::System::new().block_on(server.run())?)
}

/// Municipality and person.
fn caller(req: &HttpRequest) -> (Id, Id) {
    let header = req.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ids = header.strip_prefix("Bearer ").and_then(|token| token.split_once(':'));
    ids.and_then(|(scope, person)| Some((Id::parse(scope)?, Id::parse(person)?)))
        .unwrap_or((Id::of_name(""), Id::of_name("")))
}

fn version(req: &HttpRequest) -> i64 {
    let header = req.headers().get("if-match").and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.trim_matches('"').split('.').next().and_then(|text| text.parse().ok()).unwrap_or_default()
}

async fn run<T: Serialize + Send + 'static>(
    pool: &Connections,
    work: impl FnOnce(&mut PgConnection) -> QueryResult<T> + Send + 'static,
) -> Result<Vec<u8>, HttpResponse> {
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
        Ok(Some(body)) => Ok(body),
        Ok(None) => Err(HttpResponse::PreconditionFailed().finish()),
        Err(error) => Err(HttpResponse::InternalServerError().body(error)),
    }
}

fn answer(body: Result<Vec<u8>, HttpResponse>) -> HttpResponse {
    body.map_or_else(|refusal| refusal, |body| HttpResponse::Ok().content_type(ContentType::json()).body(body))
}

#[derive(Serialize)]
struct Agreement {
    id: Id,
    cycle_id: Id,
    year: i64,
    title: String,
    org_units: Json,
    state: AgreementState,
    version: i64,
    created_at: Ts,
    updated_at: Ts,
    sections: Vec<Section>,
    goals: Vec<Goal>,
}

#[derive(Serialize)]
struct Section {
    id: Id,
    key: String,
    kind: &'static str,
    state: SectionState,
    version: i64,
    revision: i64,
    content: Json,
    last_decision: Option<Json>,
    updated_at: Ts,
}

#[derive(Serialize)]
struct Goal {
    id: Id,
    title: String,
    assessment: Option<String>,
    target_group: Option<String>,
    indicator: Option<Indicator>,
}

#[derive(Serialize)]
struct Indicator {
    id: Id,
    name: String,
    unit: String,
    baseline: Option<i64>,
    target: Option<i64>,
}

impl Section {
    fn of(row: SectionRow) -> Self {
        Section {
            id: row.id,
            key: row.key,
            kind: row.kind.as_str(),
            state: row.state,
            version: row.version,
            revision: row.revision,
            content: row.content,
            last_decision: row.last_decision,
            updated_at: row.updated_at,
        }
    }
}

impl Goal {
    fn of((row, indicator): (GoalRow, Option<IndicatorRow>)) -> Self {
        Goal {
            id: row.id,
            title: row.fields.title,
            assessment: row.fields.assessment,
            target_group: row.fields.target_group,
            indicator: indicator.map(|one| Indicator {
                id: one.id,
                name: one.fields.name,
                unit: one.fields.unit,
                baseline: one.fields.baseline.map(|value| value.0),
                target: one.fields.target.map(|value| value.0),
            }),
        }
    }
}

/// Several statements that must agree, as the product reads them.
async fn snapshot<T: Serialize + Send + 'static>(
    pool: &Connections,
    work: impl FnOnce(&mut PgConnection) -> QueryResult<T> + Send + 'static,
) -> Result<Vec<u8>, HttpResponse> {
    run(pool, move |conn| conn.build_transaction().repeatable_read().read_only().run(work)).await
}

/// R1 and H1: an agreement with its sections, goals and indicators.
async fn read(pool: web::Data<Connections>, id: web::Path<uuid::Uuid>, req: HttpRequest) -> HttpResponse {
    let ((scope, _), id) = (caller(&req), Id(*id));
    let body = snapshot(&pool, move |conn| {
        let row: AgreementRow = agreements::table.find((scope, id)).select(AgreementRow::as_select()).first(conn)?;
        let sections: Vec<SectionRow> = sections::table
            .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq(id)))
            .order(sections::position)
            .select(SectionRow::as_select())
            .load(conn)?;
        let goals: Vec<(GoalRow, Option<IndicatorRow>)> = goals::table
            .left_join(
                indicators::table
                    .on(indicators::municipality_id.eq(goals::municipality_id).and(indicators::goal_id.eq(goals::id))),
            )
            .filter(goals::municipality_id.eq(scope).and(goals::agreement_id.eq(id)))
            .order((goals::section_key, goals::position, indicators::position))
            .select((GoalRow::as_select(), Option::<IndicatorRow>::as_select()))
            .load(conn)?;
        Ok(Agreement {
            id: row.id,
            cycle_id: row.cycle_id,
            year: row.year,
            title: row.title,
            org_units: row.org_units,
            state: row.state,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            sections: sections.into_iter().map(Section::of).collect(),
            goals: goals.into_iter().map(Goal::of).collect(),
        })
    })
    .await;
    if body.is_ok() && req.headers().contains_key("if-none-match") {
        return HttpResponse::NotModified().insert_header(ETag(EntityTag::new_strong("1.0".to_owned()))).finish();
    }
    answer(body)
}

#[derive(Deserialize)]
struct Asked {
    state: String,
    limit: i64,
    cursor: uuid::Uuid,
}

#[derive(Serialize)]
struct Items {
    items: Vec<Value>,
}

/// R2: a page of agreements.
async fn list(pool: web::Data<Connections>, asked: web::Query<Asked>, req: HttpRequest) -> HttpResponse {
    let ((scope, _), asked) = (caller(&req), asked.into_inner());
    let page = run(&pool, move |conn| {
        let rows: Vec<AgreementRow> = agreements::table
            .filter(agreements::municipality_id.eq(scope).and(agreements::state.eq(asked.state)))
            .filter(agreements::id.gt(Id(asked.cursor)))
            .order(agreements::id)
            .limit(asked.limit + 1)
            .select(AgreementRow::as_select())
            .load(conn)?;
        let item = |row: AgreementRow| {
            json!({"id": row.id, "cycle_id": row.cycle_id, "year": row.year, "title": row.title, "org_units": row.org_units,
                "state": row.state, "version": row.version, "created_at": row.created_at, "updated_at": row.updated_at})
        };
        Ok(Items { items: rows.into_iter().map(item).collect() })
    });
    answer(page.await)
}

fn locked(conn: &mut PgConnection, scope: Id, id: Id) -> QueryResult<AgreementRow> {
    agreements::table.find((scope, id)).select(AgreementRow::as_select()).for_update().first(conn)
}

/// The event, numbered under the counter's lock.
fn record(conn: &mut PgConnection, section: &SectionRow, person: Id, kind: &str) -> QueryResult<()> {
    let scope = section.municipality_id;
    let (last, _): (i64, String) = event_counters::table
        .find(scope)
        .select((event_counters::last_sequence, event_counters::last_hash))
        .for_update()
        .first(conn)?;
    let row = EventRow {
        municipality_id: scope,
        sequence: last + 1,
        id: Id::new(),
        kind: kind.to_owned(),
        resource: "section".to_owned(),
        subject_id: section.id,
        section_key: Some(section.key.clone()),
        agreement_id: Some(section.agreement_id),
        org_unit_id: None,
        version: Some(section.version),
        changed: Json::of(&["content"]),
        detail: Json::default(),
        person_id: Some(person),
        client_id: None,
        on_behalf_of_id: None,
        request_id: "0190-ceiling".to_owned(),
        occurred_at: section.updated_at,
        hash: GENESIS.to_owned(),
    };
    diesel::insert_into(events::table).values(&row).execute(conn)?;
    let counted = diesel::update(event_counters::table.find(scope))
        .set((event_counters::last_sequence.eq(last + 1), event_counters::last_hash.eq(GENESIS)))
        .returning(event_counters::last_sequence);
    Prepared(counted).get_result::<i64>(conn)?;
    Ok(())
}

#[derive(Deserialize)]
struct Patch {
    content: Value,
}

/// W1 and C1: change a section under its version, with its event.
async fn edit(
    pool: web::Data<Connections>,
    path: web::Path<(uuid::Uuid, String)>,
    patch: web::Json<Patch>,
    req: HttpRequest,
) -> HttpResponse {
    let ((scope, person), seen, (id, key)) = (caller(&req), version(&req), path.into_inner());
    let (id, content) = (Id(id), Json::of(&patch.content));
    let section = run(&pool, move |conn| {
        conn.transaction(|conn| {
            let agreement = locked(conn, scope, id)?;
            let changed = diesel::update(sections::table.find((scope, id, &key)))
                .filter(sections::version.eq(seen).and(sections::state.eq_any(["draft", "returned"])))
                .set((
                    sections::content.eq(&content),
                    sections::version.eq(seen + 1),
                    sections::updated_at.eq(Ts::of(chrono::DateTime::UNIX_EPOCH)),
                ))
                .returning(SectionRow::as_returning());
            let section: SectionRow =
                Prepared(changed).get_result(conn).optional()?.ok_or(DbError::RollbackTransaction)?;
            let raised =
                diesel::update(agreements::table.find((scope, id))).set(agreements::version.eq(agreement.version + 1));
            Prepared(raised).execute(conn)?;
            record(conn, &section, person, "section.edited")?;
            Ok(Section::of(section))
        })
    });
    answer(section.await)
}

fn decision(section: &SectionRow, person_id: Id) -> DecisionRow {
    DecisionRow {
        municipality_id: section.municipality_id,
        id: Id::new(),
        agreement_id: section.agreement_id,
        section_key: section.key.clone(),
        revision: section.revision,
        content_sha256: section.content_sha256.clone().unwrap_or_default(),
        step: 0,
        duty: Duty::Approve,
        outcome: Outcome::Approved,
        reason: None,
        person_id,
        acting_for_id: None,
        instead_of_id: None,
        decided_at: section.updated_at,
    }
}

/// W2: approve a section, with its decision, the agreement's state and the event.
async fn approve(
    pool: web::Data<Connections>,
    path: web::Path<(uuid::Uuid, String)>,
    req: HttpRequest,
) -> HttpResponse {
    let ((scope, person), seen, (id, key)) = (caller(&req), version(&req), path.into_inner());
    let id = Id(id);
    let section = run(&pool, move |conn| {
        conn.transaction(|conn| {
            let agreement = locked(conn, scope, id)?;
            let approved = diesel::update(sections::table.find((scope, id, &key)))
                .filter(sections::version.eq(seen).and(sections::state.eq(SectionState::Submitted)))
                .set((
                    sections::state.eq(SectionState::Approved),
                    sections::version.eq(seen + 1),
                    sections::last_decision.eq(Json::of(&json!({"outcome": "approved"}))),
                ))
                .returning(SectionRow::as_returning());
            let section: SectionRow =
                Prepared(approved).get_result(conn).optional()?.ok_or(DbError::RollbackTransaction)?;
            diesel::insert_into(decisions::table).values(&decision(&section, person)).execute(conn)?;
            let open: bool = diesel::select(diesel::dsl::exists(
                sections::table
                    .filter(sections::municipality_id.eq(scope).and(sections::agreement_id.eq(id)))
                    .filter(sections::state.ne_all(["approved", "omitted"])),
            ))
            .get_result(conn)?;
            let state = if open { agreement.state } else { AgreementState::Approved };
            let raised = diesel::update(agreements::table.find((scope, id)))
                .set((agreements::state.eq(state), agreements::version.eq(agreement.version + 1)))
                .returning(agreements::version);
            Prepared(raised).get_result::<i64>(conn)?;
            record(conn, &section, person, "section.approved")?;
            Ok(Section::of(section))
        })
    });
    answer(section.await)
}
