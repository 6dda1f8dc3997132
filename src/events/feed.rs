//! The change feed: what happened, in the order of the commits, for systems that follow along.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use actix_web::get;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::store;
use crate::app::RequestContext;
use crate::db::Conn;
use crate::db::journal::{Event, EventRow, Noun};
use crate::error::Result;
use crate::events::listener::Listener;
use crate::http::{Query, Reply, query_fault};
use crate::organisation::{self, Organisation};
use crate::types::{Id, Json, Ts};

/// How many events are looked at for one page, so that a narrow filter still answers soon.
const LOOKED_AT: i64 = 1000;

/// Which events.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// After which event: `next` of the page before; from the beginning when absent.
    #[validate(length(min = 1, max = 19))]
    #[param(max_length = 19, pattern = "^[0-9]+$", example = "0")]
    after: Option<String>,
    /// Of a type, as in `dk.aftalestyring.section.approved.v1`.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, example = "dk.aftalestyring.section.approved.v1")]
    r#type: Option<String>,
    /// Of a unit and all below it.
    under: Option<Id>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Seconds to wait when there is nothing to give, 0 to 30; 0 when absent. The answer comes as soon as something
    /// fits: at once for what this server commits, within a second for another one on the same database. When the time
    /// is over, or the server stops, it is a page without items.
    #[validate(range(min = 0, max = 30))]
    #[param(minimum = 0, maximum = 30, example = 30)]
    wait: Option<u16>,
}

/// A page of the change feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventPage {
    /// The events, oldest first.
    #[schema(max_items = 200)]
    pub items: Vec<CloudEvent>,
    /// What to ask for next, as `after`; it passes what was filtered out, and stays when nothing has happened.
    #[schema(max_length = 19, pattern = "^[0-9]+$", example = "42")]
    pub next: String,
}

/// Something that happened: a thin CloudEvent (CloudEvents 1.0) that says where to look, and no names or texts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub struct CloudEvent {
    /// The version of CloudEvents.
    #[schema(max_length = 5, example = "1.0")]
    pub specversion: &'static str,
    /// Its id: the same however often it is received.
    pub id: Id,
    /// The municipality that it is about.
    #[schema(max_length = 100, example = "/municipalities/66b5241c-3220-5288-8d7d-de77c99eb902")]
    pub source: String,
    /// What happened, as CloudEvents names it.
    #[schema(max_length = 100, example = "dk.aftalestyring.section.approved.v1")]
    pub r#type: String,
    /// The id of the resource.
    pub subject: Id,
    /// When that happened.
    pub time: Ts,
    /// Its number in the municipality, without gaps, as text.
    #[schema(max_length = 19, pattern = "^[0-9]+$", example = "42")]
    pub sequence: String,
    /// The media type of `data`.
    #[schema(max_length = 50, example = "application/json")]
    pub datacontenttype: &'static str,
    /// Where to look.
    #[schema(value_type = EventSubject)]
    pub data: EventSubject,
}

/// What an event is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventSubject {
    /// The agreement it belongs to.
    #[schema(required = true)]
    pub agreement_id: Option<Id>,
    /// The section's key, when it is a section.
    #[schema(required = true, max_length = 60, example = "effects")]
    pub section_key: Option<String>,
    /// The unit it belongs to.
    #[schema(required = true)]
    pub org_unit_id: Option<Id>,
    /// The resource's version afterwards.
    #[schema(required = true)]
    pub version: Option<i64>,
    /// The address of the resource; null when it has none.
    #[schema(
        required = true,
        max_length = 300,
        example = "/api/v1/agreements/01931f2e-7c00-7000-8000-000000000001/sections/effects"
    )]
    pub href: Option<String>,
    /// The names of the changed fields.
    #[schema(value_type = Vec<String>, max_items = 100, example = json!(["content"]))]
    pub changed: Json,
    /// Ids and codes that tell more.
    #[schema(value_type = Object)]
    pub detail: Json,
}

impl CloudEvent {
    fn of(row: EventRow) -> Self {
        CloudEvent {
            specversion: "1.0",
            id: row.id,
            source: format!("/municipalities/{}", row.municipality_id),
            r#type: type_of(&row.kind),
            subject: row.subject_id,
            time: row.occurred_at,
            sequence: row.sequence.to_string(),
            datacontenttype: "application/json",
            data: EventSubject {
                href: Noun::parse(&row.resource).and_then(|noun| noun.address(&row)),
                agreement_id: row.agreement_id,
                section_key: row.section_key,
                org_unit_id: row.org_unit_id,
                version: row.version,
                changed: row.changed,
                detail: row.detail,
            },
        }
    }
}

fn type_of(kind: &str) -> String {
    format!("dk.aftalestyring.{kind}.v1")
}

/// What a request asks for, as it reads on.
#[derive(Clone)]
struct Wanted {
    after: i64,
    r#type: Option<String>,
    under: Option<Id>,
    limit: usize,
}

/// What was found, and whether that is all there is.
struct Found {
    page: EventPage,
    next: i64,
    at_end: bool,
}

/// A unit and all below it, as the organisation stands today.
struct Places {
    organisation: Arc<Organisation>,
    root: Id,
    /// The units of the agreements that the events belong to: an agreement may be of several.
    of_agreements: HashMap<Id, Vec<Id>>,
}

impl Places {
    fn read(conn: &mut Conn, root: Id, rows: &[EventRow]) -> Result<Self> {
        let agreements: BTreeSet<Id> = rows.iter().filter_map(|row| row.agreement_id).collect();
        let mut of_agreements: HashMap<Id, Vec<Id>> = HashMap::new();
        for (agreement, unit) in store::units_of(conn, &agreements.into_iter().collect::<Vec<_>>())? {
            of_agreements.entry(agreement).or_default().push(unit);
        }
        Ok(Places { organisation: organisation::current(conn)?, root, of_agreements })
    }

    /// Whether something happened to one of its units, or in an agreement of one.
    fn include(&self, row: &EventRow) -> bool {
        let units = row.agreement_id.and_then(|agreement| self.of_agreements.get(&agreement));
        let mut all = row.org_unit_id.into_iter().chain(units.into_iter().flatten().copied());
        all.any(|unit| self.organisation.is_within(unit, self.root))
    }
}

impl Wanted {
    fn of(query: &EventQuery) -> Result<Self> {
        let after: i64 = match &query.after {
            None => 0,
            Some(text) => text.parse().map_err(|_| query_fault("after", "not-a-sequence"))?,
        };
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(query_fault("limit", "not-a-limit"));
        }
        Ok(Wanted { after, r#type: query.r#type.clone(), under: query.under, limit: usize::from(limit) })
    }

    /// Whether events of a noun and a kind are asked for.
    fn takes(&self, noun: Option<Noun>, kind: &str) -> bool {
        noun.is_some_and(Noun::is_fed) && self.r#type.as_ref().is_none_or(|wanted| type_of(kind) == *wanted)
    }

    /// Whether something that was just committed may be asked for; where its unit stands is seen when it is read.
    fn may_take(&self, event: &Event) -> bool {
        let placed = event.org_unit_id.is_some() || event.agreement_id.is_some();
        self.takes(Some(event.kind.noun()), event.kind.as_str()) && (self.under.is_none() || placed)
    }

    fn look(&self, conn: &mut Conn) -> Result<Found> {
        if self.after > store::last_sequence(conn)? {
            return Err(query_fault("after", "not-a-sequence"));
        }
        let rows = store::oldest_first(conn, self.after, LOOKED_AT)?;
        let places = self.under.map(|root| Places::read(conn, root, &rows)).transpose()?;
        let at_end = i64::try_from(rows.len()).is_ok_and(|seen| seen < LOOKED_AT);
        let (mut next, mut items) = (self.after, Vec::new());
        for row in rows {
            if items.len() == self.limit {
                break;
            }
            next = row.sequence;
            let placed = places.as_ref().is_none_or(|places| places.include(&row));
            if placed && self.takes(Noun::parse(&row.resource), &row.kind) {
                items.push(CloudEvent::of(row));
            }
        }
        Ok(Found { page: EventPage { items, next: next.to_string() }, next, at_end })
    }
}

/// What happened after an event, in the order of the commits.
///
/// With `wait`, a request that would be answered without items is kept until there is something to give: ask again
/// with the `next` of each answer.
#[utoipa::path(tag = "events", params(EventQuery), responses(
    (status = 200, description = "A page of events.", body = EventPage)
))]
#[get("/api/v1/events")]
pub async fn list_events(mut call: RequestContext, query: Query<EventQuery>) -> Result<Reply> {
    let mut wanted = Wanted::of(&query)?;
    let until = Instant::now() + Duration::from_secs(query.wait.unwrap_or(0).into());
    // Listening begins before the first look, so that nothing is missed in between.
    let mut listener =
        query.wait.filter(|seconds| *seconds > 0).map(|_| Listener::of(&call.app().db, call.actor.scope));
    loop {
        let look = wanted.clone();
        let found = call.read(move |conn, _| look.look(conn)).await?;
        let Some(heard) = listener.as_mut().filter(|_| found.page.items.is_empty()) else {
            return Reply::json(&found.page);
        };
        wanted.after = found.next;
        if found.at_end {
            let goes_on = timeout_at(until, heard.wait(|event| wanted.may_take(event))).await.unwrap_or(false);
            call = call.renewed().await?;
            if !goes_on {
                // One last look passes what did not fit.
                listener = None;
            }
        } else if Instant::now() >= until {
            listener = None;
        }
    }
}
