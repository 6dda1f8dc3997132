//! An agreement's history: the whole story in sentences, and who did what.

use std::collections::HashMap;

use actix_web::get;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::accounts::names::Names;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::approval::store::{DecisionRow, decisions_on};
use crate::agreements::views::folding::{Entry, Place, folded, unfolded};
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::Result;
use crate::events::store::Filter;
use crate::http::{Ids, Page, Paging, Query, Reply};
use crate::text::{Args, say, try_say};
use crate::types::{Id, Ts};

/// Which page of an agreement's history, and how it is told.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgreementHistoryQuery {
    /// Whether what somebody wrote again and again, while nothing else happened, is told once; `false` tells each.
    fold: Option<bool>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// Something that happened to an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its number in the municipality.
    pub sequence: i64,
    /// What happened, as `noun.past-tense`.
    #[schema(max_length = 100, example = "section.returned")]
    pub kind: String,
    /// What happened, as a sentence in the reader's language.
    #[schema(
        max_length = 8000,
        example = "Direktør for det sociale område returnerede afsnittet »Borger- og brugereffekter«."
    )]
    pub sentence: String,
    /// The section, when it is about one.
    #[schema(required = true, max_length = 60, example = "effects")]
    pub section_key: Option<String>,
    /// Why, when somebody said so.
    #[schema(required = true, max_length = 4000, example = "Skriv, hvordan effekten måles, og hvornår.")]
    pub reason: Option<String>,
    /// Who did it; null for a machine client or a command.
    #[schema(required = true)]
    pub person_id: Option<Id>,
    /// The machine client that did it.
    #[schema(required = true)]
    pub client_id: Option<Id>,
    /// The name of that person.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
    /// For whom it was done.
    #[schema(required = true)]
    pub on_behalf_of_id: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub on_behalf_of_name: Option<String>,
    /// How often it happened in a row.
    #[schema(minimum = 1, example = 6)]
    pub times: usize,
    /// When it happened first in that row.
    pub since: Ts,
    /// When it happened last.
    pub occurred_at: Ts,
}

/// The whole story of an agreement, newest first.
///
/// Sentences for people, in the reader's language; what one person wrote in a row is told once. The audit log has the
/// same events for programs.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement."), AgreementHistoryQuery), responses(
    (status = 200, description = "A page of what happened.", body = Page<HistoryEntry>)
))]
#[get("/api/v1/agreements/{id}/history")]
pub async fn get_agreement_history(
    call: RequestContext,
    id: Ids<1>,
    query: Query<AgreementHistoryQuery>,
) -> Result<Reply> {
    let Ids([id]) = id;
    let (paging, address) = (Paging::<Place>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let filter = Filter { agreement: Some(id), ..Filter::default() };
        let (after, wanted) = (paging.after, paging.fetch());
        let rows = match query.fold {
            Some(false) => unfolded(conn, &filter, after, wanted)?,
            _ => folded(conn, &filter, after, usize::try_from(wanted).unwrap_or(usize::MAX))?,
        };
        let (rows, next_cursor) = paging.cut(rows, |entry| entry.place);
        let decisions: HashMap<String, DecisionRow> =
            decisions_on(conn, id)?.into_iter().map(|row| (row.id.to_string(), row)).collect();
        let names = Names::read(conn)?;
        let items =
            rows.iter().map(|row| entry(conn, &loaded, (&decisions, &names), row)).collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}

fn entry(
    conn: &Conn,
    loaded: &LoadedAgreement,
    (decisions, names): (&HashMap<String, DecisionRow>, &Names),
    Entry { row, times, since, .. }: &Entry,
) -> Result<HistoryEntry> {
    let detail: Map<String, Value> = row.detail.read()?;
    let decision = detail.get("decision_id").and_then(Value::as_str).and_then(|id| decisions.get(id));
    let name = row.person_id.or(row.client_id).and_then(|id| names.of(id));
    let name = name.unwrap_or_else(|| say(conn.lang(), "history-system", &Args::default()));
    let mut args = Args::one("who", &name);
    if let Some(definition) = row.section_key.as_ref().and_then(|key| loaded.template.prescription.section(key)) {
        args.set("section", definition.heading.to(conn.lang()));
    }
    let revision = detail.get("revision").and_then(Value::as_str).unwrap_or_default();
    args.set("revision", revision);
    let key = format!("history-{}", row.kind.replace('.', "-"));
    let mut sentence = try_say(conn.lang(), &key, &args).unwrap_or_else(|| say(conn.lang(), "history-other", &args));
    if *times > 1 {
        sentence = format!("{sentence} {}", say(conn.lang(), "history-times", &Args::one("count", times)));
    }
    let on_behalf_of_name = row.on_behalf_of_id.and_then(|person| names.of(person));
    if let Some(name) = &on_behalf_of_name {
        let behalf = Args::one("name", name);
        sentence = format!("{sentence} {}", say(conn.lang(), "history-on-behalf-of", &behalf));
    }
    Ok(HistoryEntry {
        sequence: row.sequence,
        kind: row.kind.clone(),
        sentence,
        section_key: row.section_key.clone(),
        reason: decision.and_then(|decision| decision.reason.clone()),
        person_id: row.person_id,
        client_id: row.client_id,
        name,
        on_behalf_of_id: row.on_behalf_of_id,
        on_behalf_of_name,
        times: *times,
        since: *since,
        occurred_at: row.occurred_at,
    })
}
