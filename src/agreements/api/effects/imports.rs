//! Files of observations over HTTP.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::load_many::load_many;
use crate::agreements::effects::sheet::model::MOST_ROWS;
use crate::agreements::effects::sheet::write::write as write_table;
use crate::agreements::goals::store as goals;
use crate::agreements::imports::read::{NewImport, read};
use crate::agreements::imports::write::{ImportView, write};
use crate::agreements::observations::model::{ImportedObservation, ObservationRow};
use crate::agreements::observations::policy::is_suppressed;
use crate::agreements::observations::store::{self, ExportFilter};
use crate::app::{RequestContext, blocking};
use crate::db::Conn;
use crate::error::{Code, Fault, Result};
use crate::http::{CSV, NDJSON, Query, Reply, Upload};
use crate::types::{Date, Id};

/// A file of rows.
#[derive(ToSchema)]
#[schema(max_length = 33554432)]
pub struct FileText(#[expect(dead_code, reason = "only its schema is used")] String);

/// Writes down many observations at once, from a file: all of them, or none.
///
/// The file is JSON (`{"rows": [...]}`), JSON on lines, or a CSV table with a row of headings, in English or Danish; its
/// decimals have a comma or a point. At most 10,000 rows and 32 MiB. A measurement replaces the one of its day; what is
/// equal is left as it is. What cannot be read is named first, then what breaks a rule: by its place, or by line and column; the first
/// hundred, and how many more there are. `docs/effects.md` has an example.
#[utoipa::path(tag = "effects", params(
    ("dry_run" = Option<bool>, Query, description = "Only say what would happen."),
), request_body(content((NewImport = "application/json"), (FileText = "application/x-ndjson"), (FileText = "text/csv"))),
    responses((status = 200, description = "What the import came to.", body = ImportView)))]
#[post("/api/v1/observations/imports")]
pub async fn import_observations(call: RequestContext, file: Upload) -> Result<Reply> {
    call.permitted()?;
    let rows = blocking(move || read(file.kind, &file.bytes)).await?;
    call.write(move |tx, actor| Reply::json(&write(tx, actor, rows.clone())?)).await
}

/// What an export holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Of an agreement.
    agreement: Option<Id>,
    /// Of a cycle's agreements that the reader sees.
    cycle: Option<Id>,
    /// From a day.
    #[param(example = "2015-01-01")]
    from: Option<Date>,
    /// Up to a day, inclusive.
    #[param(example = "2015-12-31")]
    to: Option<Date>,
}

/// Observations as an import takes them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
pub struct ExportView {
    /// The observations, by agreement and day.
    #[schema(max_items = 10000)]
    pub rows: Vec<ImportedObservation>,
}

/// Gives out observations in the form that an import takes, so that they can be changed in a spreadsheet and sent back.
///
/// By `Accept`: JSON, `application/x-ndjson`, or `text/csv` with a semicolon and decimal commas. What is kept from the
/// reader is left out. At most 10,000; more are refused, and the days narrow them down.
#[utoipa::path(tag = "effects", params(ExportQuery), responses((status = 200, description = "The observations.", content(
    (ExportView = "application/json"), (String = "application/x-ndjson"), (String = "text/csv")
))))]
#[get("/api/v1/observations/export")]
pub async fn export_observations(call: RequestContext, query: Query<ExportQuery>) -> Result<Reply> {
    let (lines, table) = (call.prefers(NDJSON), call.prefers(CSV));
    call.read(move |conn, actor| {
        let rows = exported(conn, actor, &query)?;
        if table {
            let text = String::from_utf8_lossy(&write_table(rows.iter())).into_owned();
            return Ok(Reply::text(CSV, text));
        }
        if lines {
            let written = rows.iter().map(|row| Ok(serde_json::to_string(row)? + "\n")).collect::<Result<String>>()?;
            return Ok(Reply::text(NDJSON, written));
        }
        Reply::json(&ExportView { rows })
    })
    .await
}

fn exported(conn: &mut Conn, actor: &Actor, query: &ExportQuery) -> Result<Vec<ImportedObservation>> {
    if query.from.zip(query.to).is_some_and(|(from, to)| to < from) {
        return Err(Code::InvalidParameter.refuse().fault(Fault::at("?to", "period-backwards")).into());
    }
    // Only what the reader sees is counted: how much there is of the rest is not theirs to know.
    let mut observed = store::observed_agreements(conn, query.cycle)?;
    observed.retain(|id| query.agreement.is_none_or(|wanted| wanted == *id));
    let (loaded, _) = load_many(conn, actor, &observed)?;
    let mut hidden_goals = Vec::new();
    for agreement in loaded.values().filter(|one| !one.sees_draft()) {
        let own = goals::of_agreement(conn, agreement.agreement.id)?;
        hidden_goals.extend(own.iter().filter(|goal| !agreement.shows_goals_in(&goal.section_key)).map(|goal| goal.id));
    }
    let agreements = loaded.keys().copied().collect();
    let filter = ExportFilter { agreements, hidden_goals, from: query.from, to: query.to };
    let fetch = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX).saturating_add(1);
    let rows = store::exported(conn, &filter, fetch)?;
    if rows.len() > MOST_ROWS {
        let many = Fault::at("?from", "too-many-rows").with("max", MOST_ROWS);
        return Err(Code::InvalidParameter.refuse().fault(many).into());
    }
    let is_told = |row: &&ObservationRow| {
        loaded.get(&row.agreement_id).is_some_and(|agreement| {
            !is_suppressed(row, &agreement.relation, agreement.organisation.settings.small_number_limit)
        })
    };
    Ok(rows.iter().filter(is_told).map(ImportedObservation::of).collect())
}
