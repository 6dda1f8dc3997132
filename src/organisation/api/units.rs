//! Units over HTTP.

use actix_web::{get, patch, put};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::auth::Actor;
use crate::auth::action::ActionView;
use crate::db::types::{Id, Json as StoredJson, Ts};
use crate::db::{Conn, Tx};
use crate::error::{Code, Fault, Result};
use crate::events::{self, Event};
use crate::http::{
    Call, Etag, Ids, IfMatch, Json, OptionalIfMatch, Page, Paging, Query, Reply, Tagged, Versioned, patch, query_fault,
};
use crate::organisation::model::{Days, Organisation, UnitKind, fold};
use crate::organisation::store::{self, OrgUnitRow, OrgUnitWithTimeline, ValidityRow};
use crate::organisation::{self, policy, upsert};

/// What is true of a unit for a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Validity)]
pub struct ValidityView {
    /// The first day.
    #[schema(example = "2014-01-01")]
    pub from: NaiveDate,
    /// The last day, inclusive; open when null.
    #[serde(default)]
    #[schema(required = true)]
    pub to: Option<NaiveDate>,
    /// The unit above it; null at the top.
    #[serde(default)]
    #[schema(required = true)]
    pub parent_id: Option<Id>,
    /// Its name.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "Social- og Handicapcentret")]
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its number in the register of production units: 10 digits.
    #[serde(default)]
    #[validate(custom(function = is_p_number))]
    #[schema(required = true, pattern = "^[0-9]{10}$", min_length = 10, max_length = 10, example = "1003259472")]
    pub p_number: Option<String>,
}

fn is_p_number(number: &str) -> Result<(), ValidationError> {
    let right = number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit());
    if right { Ok(()) } else { Err(ValidationError::new("not-a-p-number")) }
}

/// A unit as its source gives it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrgUnit {
    /// Its timeline; periods don't overlap.
    #[validate(length(min = 1, max = 200), nested, custom(function = are_in_order))]
    #[schema(min_items = 1, max_items = 200)]
    pub validities: Vec<ValidityView>,
    /// Its names in other systems.
    #[serde(default)]
    #[validate(custom(function = is_small))]
    #[schema(value_type = Object)]
    pub external_keys: Map<String, Value>,
    /// Whatever else the source wants kept; given back as it came.
    #[serde(default)]
    #[validate(custom(function = is_small))]
    #[schema(value_type = Object)]
    pub extensions: Map<String, Value>,
    /// When the source changed it; older than what is stored is refused.
    #[serde(default)]
    pub source_changed_at: Option<Ts>,
}

fn are_in_order(validities: &[ValidityView]) -> Result<(), ValidationError> {
    let days: Vec<Days> = validities.iter().map(|one| Days { from: one.from, to: one.to }).collect();
    if days.iter().any(Days::is_backwards) {
        return Err(ValidationError::new("period-backwards"));
    }
    let overlap = days.iter().enumerate().any(|(at, one)| days.iter().skip(at + 1).any(|other| one.overlaps(other)));
    if overlap { Err(ValidationError::new("validities-overlap")) } else { Ok(()) }
}

/// Free objects are kept as they are, up to 16 KiB.
pub fn is_small(object: &Map<String, Value>) -> Result<(), ValidationError> {
    let bytes = serde_json::to_vec(object).map_or(usize::MAX, |text| text.len());
    if bytes <= 16 * 1024 { Ok(()) } else { Err(ValidationError::new("too-large")) }
}

/// What may be changed of a unit besides what its source gives: its local fields.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgUnitPatch {
    /// Whether it makes agreements.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub holds_agreement: Option<bool>,
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrgUnit)]
pub struct OrgUnitView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// Its id, given by its source.
    pub id: Id,
    /// Its name today, or on the last day it had one.
    #[schema(max_length = 200, example = "Social- og Handicapcentret")]
    pub name: String,
    /// What it is today, or was last.
    pub kind: UnitKind,
    /// The unit above it today, or at last.
    #[schema(required = true)]
    pub parent_id: Option<Id>,
    /// Its timeline, oldest first.
    #[schema(max_items = 200)]
    pub validities: Vec<ValidityView>,
    /// Its names in other systems.
    #[schema(value_type = Object)]
    pub external_keys: StoredJson,
    /// Whatever else the source wants kept.
    #[schema(value_type = Object)]
    pub extensions: StoredJson,
    /// Whether it makes agreements.
    pub holds_agreement: bool,
    /// The source that manages it.
    #[schema(max_length = 100, example = "hr-demo")]
    pub managed_by: String,
    /// When its source changed it.
    #[schema(required = true)]
    pub source_changed_at: Option<Ts>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl OrgUnitView {
    fn of((unit, validities): &OrgUnitWithTimeline, actor: &Actor, conn: &Conn, today: NaiveDate) -> Self {
        let now = validities.iter().find(|validity| validity.days().include(today)).or(validities.last());
        OrgUnitView {
            etag: Etag::default(),
            id: unit.id,
            name: now.map(|validity| validity.name.clone()).unwrap_or_default(),
            kind: now.map_or(UnitKind::Other, |validity| validity.kind),
            parent_id: now.and_then(|validity| validity.parent_id),
            validities: validities.iter().map(ValidityView::of).collect(),
            external_keys: unit.external_keys.clone(),
            extensions: unit.extensions.clone(),
            holds_agreement: unit.holds_agreement,
            managed_by: unit.managed_by.clone(),
            source_changed_at: unit.source_changed_at,
            available_actions: vec![
                ActionView::of("replace", policy::can_replace(actor, &unit.managed_by), conn.lang()),
                ActionView::of("update", policy::can_change_local(actor), conn.lang()),
            ],
            created_at: unit.created_at,
            updated_at: unit.updated_at,
        }
    }
}

impl ValidityView {
    fn of(row: &ValidityRow) -> Self {
        ValidityView {
            from: row.from_on,
            to: row.to_on,
            parent_id: row.parent_id,
            name: row.name.clone(),
            kind: row.kind,
            p_number: row.p_number.clone(),
        }
    }

    fn row(&self, municipality_id: Id, org_unit_id: Id) -> ValidityRow {
        ValidityRow {
            municipality_id,
            org_unit_id,
            from_on: self.from,
            to_on: self.to,
            parent_id: self.parent_id,
            name: self.name.clone(),
            folded_name: fold(&self.name),
            kind: self.kind,
            p_number: self.p_number.clone(),
        }
    }
}

/// Which units a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrgUnitQuery {
    /// Of a kind.
    kind: Option<UnitKind>,
    /// Directly below a unit.
    parent: Option<Id>,
    /// A unit and all below it.
    under: Option<Id>,
    /// As of a day; today when absent.
    #[param(example = "2014-11-10")]
    valid_at: Option<NaiveDate>,
    /// Part of the name.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, example = "skole")]
    q: Option<String>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
    /// `total` counts all items.
    #[param(pattern = "^total$", max_length = 5)]
    include: Option<String>,
}

/// Units by name, as of a day.
#[utoipa::path(tag = "organisation", params(OrgUnitQuery), responses(
    (status = 200, description = "A page of units.", body = Page<OrgUnitView>)
))]
#[get("/api/v1/org-units")]
pub async fn list_org_units(call: Call, query: Query<OrgUnitQuery>) -> Result<Reply> {
    let paging = Paging::<(String, Id)>::of(query.limit, query.cursor.as_deref())?;
    let counted = match query.include.as_deref() {
        None => false,
        Some("total") => true,
        Some(_) => return Err(query_fault("include", "unknown-value")),
    };
    let address = call.address();
    call.read(move |conn, actor| {
        let today = organisation::current(conn)?.today;
        let mut found = matching(conn, &query, query.valid_at.unwrap_or(today))?;
        let total = counted.then(|| i64::try_from(found.len()).unwrap_or(i64::MAX));
        found.sort_by(|a, b| (&a.folded_name, a.org_unit_id).cmp(&(&b.folded_name, b.org_unit_id)));
        let key = |row: &ValidityRow| (row.folded_name.clone(), row.org_unit_id);
        let rest = found.into_iter().filter(|row| paging.after.as_ref().is_none_or(|after| key(row) > *after));
        let (page, next_cursor) = paging.cut(rest.collect(), key);
        let ids: Vec<Id> = page.iter().map(|row| row.org_unit_id).collect();
        let items = store::find_units(conn, &ids)?
            .iter()
            .map(|unit| Tagged::of(unit.0.version, &OrgUnitView::of(unit, actor, conn, today)))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total }.reply(&address)
    })
    .await
}

fn matching(conn: &mut Conn, query: &OrgUnitQuery, day: NaiveDate) -> Result<Vec<ValidityRow>> {
    let all = store::validities_on(conn, day)?;
    let parent_of = |id: Id| all.iter().find(|row| row.org_unit_id == id).and_then(|row| row.parent_id);
    let is_under = |row: &ValidityRow, root: Id| {
        std::iter::successors(Some(row.org_unit_id), |id| parent_of(*id)).take(64).any(|id| id == root)
    };
    let wanted = query.q.as_deref().map(fold);
    Ok(all
        .iter()
        .filter(|row| query.kind.is_none_or(|kind| row.kind == kind))
        .filter(|row| query.parent.is_none_or(|parent| row.parent_id == Some(parent)))
        .filter(|row| query.under.is_none_or(|root| is_under(row, root)))
        .filter(|row| wanted.as_ref().is_none_or(|q| row.folded_name.contains(q.as_str())))
        .cloned()
        .collect())
}

/// One unit.
#[utoipa::path(tag = "organisation", params(("id" = Id, Path, description = "The unit.")), responses(
    (status = 200, description = "The unit.", body = OrgUnitView, headers(("ETag" = String)))
))]
#[get("/api/v1/org-units/{id}")]
pub async fn get_org_unit(call: Call, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let unit = store::find_unit(conn, id)?;
        reply(conn, actor, &unit)
    })
    .await
}

fn reply(conn: &mut Conn, actor: &Actor, unit: &OrgUnitWithTimeline) -> Result<Reply> {
    let today = organisation::current(conn)?.today;
    Reply::item(unit.0.version, &OrgUnitView::of(unit, actor, conn, today))
}

/// Makes a unit, or replaces what its source gives of it.
///
/// An equal body writes nothing and makes no event.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The unit."),
    ("If-Match" = Option<String>, Header, description = "The ETag of what is replaced, to be compared."),
), request_body = NewOrgUnit, responses(
    (status = 200, description = "The unit, replaced.", body = OrgUnitView, headers(("ETag" = String))),
    (status = 201, description = "The unit, made.", body = OrgUnitView)
))]
#[put("/api/v1/org-units/{id}")]
pub async fn put_org_unit(call: Call, id: Ids<1>, if_match: OptionalIfMatch, body: Json<NewOrgUnit>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        check_references(tx, id, &body)?;
        match store::find_unit(tx, id) {
            Ok(stored) => {
                if_match.0.accepts(&stored.0)?;
                replace(tx, actor, stored, &body)
            }
            Err(error) if error.code() == Code::NotFound => insert(tx, actor, id, &body),
            Err(error) => Err(error),
        }
    })
    .await
}

fn check_references(tx: &mut Tx, id: Id, body: &NewOrgUnit) -> Result<()> {
    let parents: Vec<Id> = body.validities.iter().filter_map(|validity| validity.parent_id).collect();
    let known = store::known_units(tx, &parents)?;
    let organisation = organisation::current(tx)?;
    let faults: Vec<Fault> = body
        .validities
        .iter()
        .enumerate()
        .filter_map(|(index, validity)| {
            let code = match validity.parent_id? {
                parent if parent == id || is_below(&organisation, parent, id) => "parent-below",
                parent if !known.contains(&parent) => "unknown-id",
                _ => return None,
            };
            Some(Fault::at(format!("/validities/{index}/parent_id"), code))
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

fn is_below(organisation: &Organisation, unit: Id, above: Id) -> bool {
    organisation.ancestors(unit).contains(&above)
}

fn insert(tx: &mut Tx, actor: &Actor, id: Id, body: &NewOrgUnit) -> Result<Reply> {
    let (municipality_id, now) = (tx.scope(), tx.now());
    let makes_agreements = |validity: &ValidityView| matches!(validity.kind, UnitKind::Centre | UnitKind::Institution);
    let unit = OrgUnitRow {
        municipality_id,
        id,
        managed_by: policy::source_of(actor).to_owned(),
        source_changed_at: body.source_changed_at,
        external_keys: StoredJson::of(&body.external_keys),
        extensions: StoredJson::of(&body.extensions),
        holds_agreement: body.validities.last().is_some_and(makes_agreements),
        version: 1,
        changed_by: Some(actor.id()),
        created_at: now,
        updated_at: now,
    };
    let made = (unit, timeline(body, municipality_id, id));
    store::insert_unit(tx, &made)?;
    tx.record(Event::of("org_unit.created", id).org_unit(id).version(1));
    let today = organisation::current(tx)?.today;
    Reply::created(format!("/api/v1/org-units/{id}"), 1, &OrgUnitView::of(&made, actor, tx, today))
}

fn timeline(body: &NewOrgUnit, municipality_id: Id, id: Id) -> Vec<ValidityRow> {
    let mut rows: Vec<ValidityRow> = body.validities.iter().map(|one| one.row(municipality_id, id)).collect();
    rows.sort_by_key(|row| row.from_on);
    rows
}

fn replace(tx: &mut Tx, actor: &Actor, stored: OrgUnitWithTimeline, body: &NewOrgUnit) -> Result<Reply> {
    upsert::check(actor, &stored.0.managed_by, body.source_changed_at, stored.0.source_changed_at)?;
    let (unit, validities) = &stored;
    let mut changed = (
        OrgUnitRow {
            source_changed_at: body.source_changed_at.or(unit.source_changed_at),
            external_keys: StoredJson::of(&body.external_keys),
            extensions: StoredJson::of(&body.extensions),
            ..unit.clone()
        },
        timeline(body, unit.municipality_id, unit.id),
    );
    let fields = upsert::differing([
        ("validities", changed.1 != *validities),
        ("external_keys", changed.0.external_keys != unit.external_keys),
        ("extensions", changed.0.extensions != unit.extensions),
        ("source_changed_at", changed.0.source_changed_at != unit.source_changed_at),
    ]);
    if !fields.is_empty() {
        store::save_unit(tx, &mut changed)?;
        tx.record(Event::of("org_unit.replaced", unit.id).org_unit(unit.id).version(changed.0.version).changed(fields));
    }
    reply(tx, actor, &changed)
}

/// Changes a unit's local fields.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The unit."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = OrgUnitPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The unit.", body = OrgUnitView)
))]
#[patch("/api/v1/org-units/{id}")]
pub async fn update_org_unit(call: Call, id: Ids<1>, if_match: IfMatch, body: Json<OrgUnitPatch>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut unit = store::find_unit(tx, id)?;
        policy::can_change_local(actor)?;
        if_match.accepts(&unit.0)?;
        if let Some(holds) = body.holds_agreement.filter(|holds| *holds != unit.0.holds_agreement) {
            unit.0.holds_agreement = holds;
            store::save_unit(tx, &mut unit)?;
            let event = Event::of("org_unit.updated", id).org_unit(id).version(unit.0.version());
            tx.record(event.changed(["holds_agreement"]));
        }
        reply(tx, actor, &unit)
    })
    .await
}

/// What happened to a unit, newest first.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The unit."), events::api::HistoryQuery
), responses(
    (status = 200, description = "A page of what happened.", body = Page<events::api::AuditEntry>)
))]
#[get("/api/v1/org-units/{id}/history")]
pub async fn get_org_unit_history(call: Call, id: Ids<1>, query: Query<events::api::HistoryQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    let (paging, address) = (Paging::<i64>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, _| {
        store::find_unit(conn, id)?;
        let filter = events::store::Filter { subject: Some(id), ..Default::default() };
        events::api::audit_page(conn, &filter, &paging)?.reply(&address)
    })
    .await
}
