//! An agreement's history: the whole story in sentences, and who did what.

use std::collections::HashMap;

use actix_web::get;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::agreements::dossier::Dossier;
use crate::db::Conn;
use crate::db::types::{Id, Ts};
use crate::error::Result;
use crate::events::EventRow;
use crate::events::api::HistoryQuery;
use crate::events::store::{Filter, newest_first};
use crate::http::{Call, Ids, Page, Paging, Query, Reply};
use crate::text::{Args, say, try_say};
use crate::workflow::store::{DecisionRow, decisions_on};

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
    /// The person's name.
    #[schema(max_length = 200, example = "Direktør for det sociale område")]
    pub name: String,
    /// For whom it was done.
    #[schema(required = true)]
    pub on_behalf_of_id: Option<Id>,
    /// When that happened.
    pub occurred_at: Ts,
}

/// The whole story of an agreement, newest first.
///
/// Sentences for people, in the reader's language. The audit log has the same events for programs.
#[utoipa::path(tag = "agreements", params(("id" = Id, Path, description = "The agreement."), HistoryQuery), responses(
    (status = 200, description = "A page of what happened.", body = Page<HistoryEntry>)
))]
#[get("/api/v1/agreements/{id}/history")]
pub async fn get_agreement_history(call: Call, id: Ids<1>, query: Query<HistoryQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    let (paging, address) = (Paging::<i64>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let dossier = Dossier::read(conn, actor, id)?;
        let filter = Filter { agreement: Some(id), ..Filter::default() };
        let rows = newest_first(conn, &filter, paging.after, paging.fetch())?;
        let (rows, next_cursor) = paging.cut(rows, |row| row.sequence);
        let decisions: HashMap<String, DecisionRow> =
            decisions_on(conn, id)?.into_iter().map(|row| (row.id.to_string(), row)).collect();
        let items = rows.iter().map(|row| entry(conn, &dossier, &decisions, row)).collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}

fn entry(
    conn: &Conn,
    dossier: &Dossier,
    decisions: &HashMap<String, DecisionRow>,
    row: &EventRow,
) -> Result<HistoryEntry> {
    let detail: Map<String, Value> = row.detail.read()?;
    let decision = detail.get("decision_id").and_then(Value::as_str).and_then(|id| decisions.get(id));
    let organisation = &dossier.organisation;
    let name = row.person_id.map(|person| organisation.name_of(person).to_owned());
    let name = name.unwrap_or_else(|| say(conn.lang(), "history-system", &Args::default()));
    let mut args = Args::one("who", &name);
    if let Some(definition) = row.section_key.as_ref().and_then(|key| dossier.template.prescription.section(key)) {
        args.set("section", definition.heading.to(conn.lang()));
    }
    let revision = detail.get("revision").and_then(Value::as_str).unwrap_or_default();
    args.set("revision", revision);
    let key = format!("history-{}", row.kind.replace('.', "-"));
    let mut sentence = try_say(conn.lang(), &key, &args).unwrap_or_else(|| say(conn.lang(), "history-other", &args));
    if let Some(person) = row.on_behalf_of_id {
        let behalf = Args::one("name", organisation.name_of(person));
        sentence = format!("{sentence} {}", say(conn.lang(), "history-on-behalf-of", &behalf));
    }
    Ok(HistoryEntry {
        sequence: row.sequence,
        kind: row.kind.clone(),
        sentence,
        section_key: row.section_key.clone(),
        reason: decision.and_then(|decision| decision.reason.clone()),
        person_id: row.person_id,
        name,
        on_behalf_of_id: row.on_behalf_of_id,
        occurred_at: row.occurred_at,
    })
}
