//! The municipality over HTTP.

use actix_web::{get, patch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::policy;
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Fault, Result};
use crate::http::{Etag, IfMatch, Json, Reply, patch};
use crate::organisation::store::MunicipalityRow;
use crate::organisation::{self, store};
use crate::types::{Date, Id, Json as StoredJson, Ts};

crate::text_enum! {
    /// A language that a municipality may write in.
    pub enum Language {
        /// Danish.
        Danish = "da",
        /// English.
        English = "en",
    }
}

/// A change of the municipality's settings.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MunicipalityPatch {
    /// The name of the municipality.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Lilleby Kommune")]
    pub name: Option<String>,
    /// Its number in the register of companies: 8 digits.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = is_cvr))]
    #[schema(nullable = false, pattern = "^[0-9]{8}$", min_length = 8, max_length = 8, example = "29189999")]
    pub cvr: Option<String>,
    /// Its time zone, by its IANA name.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 64), custom(function = is_time_zone))]
    #[schema(nullable = false, max_length = 64, example = "Europe/Copenhagen")]
    pub time_zone: Option<String>,
    /// The languages it writes in, the first one first.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 2))]
    #[schema(nullable = false, min_items = 1, max_items = 2)]
    pub languages: Option<Vec<Language>>,
    /// The person who decides when nobody else is left; null for nobody.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Id>)]
    pub last_resort_id: Option<Option<Id>>,
    /// Values about fewer people than this are kept from those who do not see a unit's drafts.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 100))]
    #[schema(nullable = false, minimum = 1, maximum = 100, example = 5)]
    pub small_number_limit: Option<i64>,
    /// A unit with more open commitments than this is shown as having promised too much.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(nullable = false, minimum = 1, maximum = 1000, example = 8)]
    pub open_promise_limit: Option<i64>,
}

/// Whether a text is a number of the register of companies.
///
/// # Errors
/// With the code `not-a-cvr`.
pub fn is_cvr(number: &str) -> Result<(), ValidationError> {
    let right = number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit());
    if right { Ok(()) } else { Err(ValidationError::new("not-a-cvr")) }
}

/// Whether a text names a time zone.
///
/// # Errors
/// With the code `unknown-time-zone`.
pub fn is_time_zone(name: &str) -> Result<(), ValidationError> {
    name.parse::<chrono_tz::Tz>().map(|_| ()).map_err(|_| ValidationError::new("unknown-time-zone"))
}

/// The municipality, with its settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Municipality)]
pub struct MunicipalityView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the municipality.
    pub id: Id,
    /// The name of the municipality.
    #[schema(max_length = 200, example = "Lilleby Kommune")]
    pub name: String,
    /// Its number in the register of companies.
    #[schema(max_length = 8, example = "29189999")]
    pub cvr: String,
    /// Its time zone.
    #[schema(max_length = 64, example = "Europe/Copenhagen")]
    pub time_zone: String,
    /// The languages it writes in, the first one first.
    #[schema(value_type = Vec<Language>, max_items = 2)]
    pub languages: StoredJson,
    /// The person who decides when nobody else is left.
    #[schema(required = true)]
    pub last_resort_id: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Kommunaldirektør")]
    pub last_resort_name: Option<String>,
    /// The day that deadlines and validity go by instead of today, in a demonstration; set by the operator alone.
    #[schema(required = true, example = "2014-11-10")]
    pub business_date: Option<Date>,
    /// Values about fewer people than this are kept from those who do not see a unit's drafts.
    #[schema(minimum = 1, maximum = 100, example = 5)]
    pub small_number_limit: i64,
    /// A unit with more open commitments than this is shown as having promised too much.
    #[schema(minimum = 1, maximum = 1000, example = 8)]
    pub open_promise_limit: i64,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

fn reply(conn: &mut Conn, actor: &Actor, row: &MunicipalityRow) -> Result<Reply> {
    let named = match row.last_resort_id {
        Some(person) => Some(organisation::current(conn)?.name_of(person).to_owned()),
        None => None,
    };
    let view = MunicipalityView {
        etag: Etag::default(),
        id: row.municipality_id,
        name: row.name.clone(),
        cvr: row.cvr.clone(),
        time_zone: row.time_zone.clone(),
        languages: row.languages.clone(),
        last_resort_id: row.last_resort_id,
        last_resort_name: named,
        business_date: row.business_date,
        small_number_limit: row.small_number_limit,
        open_promise_limit: row.open_promise_limit,
        available_actions: vec![ActionView::of("update", policy::can_change_settings(actor), conn.lang())],
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    Reply::item(row.version, &view)
}

/// The municipality of the reader.
///
/// Its name, its languages, its time zone, and who decides when nobody else is left.
#[utoipa::path(tag = "administration", responses(
    (status = 200, description = "The municipality.", body = MunicipalityView, headers(("ETag" = String)))
))]
#[get("/api/v1/municipality")]
pub async fn get_municipality(call: RequestContext) -> Result<Reply> {
    call.read(|conn, actor| {
        let row = store::municipality(conn)?;
        reply(conn, actor, &row)
    })
    .await
}

/// Changes the municipality's settings.
///
/// For administrators. What is left out stays as it is.
#[utoipa::path(tag = "administration", params(
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = MunicipalityPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The municipality.", body = MunicipalityView)
))]
#[patch("/api/v1/municipality")]
pub async fn update_municipality(
    call: RequestContext,
    if_match: IfMatch,
    body: Json<MunicipalityPatch>,
) -> Result<Reply> {
    call.write(move |tx, actor| {
        let stored = store::municipality(tx)?;
        policy::can_change_settings(actor)?;
        if_match.accepts(&stored)?;
        check_last_resort(tx, &body)?;
        let mut changed = changed(&stored, &body);
        let fields = [
            ("name", changed.name != stored.name),
            ("cvr", changed.cvr != stored.cvr),
            ("time_zone", changed.time_zone != stored.time_zone),
            ("languages", changed.languages != stored.languages),
            ("last_resort_id", changed.last_resort_id != stored.last_resort_id),
            ("small_number_limit", changed.small_number_limit != stored.small_number_limit),
            ("open_promise_limit", changed.open_promise_limit != stored.open_promise_limit),
        ];
        let fields: Vec<&str> = fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect();
        if !fields.is_empty() {
            store::save_municipality(tx, &mut changed)?;
            let event = Event::of(EventKind::MunicipalityUpdated, changed.municipality_id);
            tx.record(event.version(changed.version).changed(fields));
        }
        reply(tx, actor, &changed)
    })
    .await
}

fn check_last_resort(tx: &mut Tx, body: &MunicipalityPatch) -> Result<()> {
    match body.last_resort_id.flatten() {
        Some(id) if store::known_people(tx, &[id])?.is_empty() => {
            Err(Code::UnknownReference.refuse().fault(Fault::at("/last_resort_id", "unknown-id")).into())
        }
        _ => Ok(()),
    }
}

fn changed(stored: &MunicipalityRow, body: &MunicipalityPatch) -> MunicipalityRow {
    let languages = body.languages.clone().map(|mut languages| {
        languages.dedup();
        StoredJson::of(&languages)
    });
    let stored = stored.clone();
    MunicipalityRow {
        name: body.name.clone().unwrap_or(stored.name),
        cvr: body.cvr.clone().unwrap_or(stored.cvr),
        time_zone: body.time_zone.clone().unwrap_or(stored.time_zone),
        languages: languages.unwrap_or(stored.languages),
        last_resort_id: body.last_resort_id.unwrap_or(stored.last_resort_id),
        small_number_limit: body.small_number_limit.unwrap_or(stored.small_number_limit),
        open_promise_limit: body.open_promise_limit.unwrap_or(stored.open_promise_limit),
        ..stored
    }
}
