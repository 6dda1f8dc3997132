//! What travels of a unit, in and out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::access::Actor;
use crate::access::action::ActionView;
use crate::db::Conn;
use crate::error::Result;
use crate::http::{Etag, Reply, patch};
use crate::organisation;
use crate::organisation::api::policy;
use crate::organisation::model::UnitKind;
use crate::organisation::store::{OrgUnitWithTimeline, ValidityRow};
use crate::organisation::timeline::Days;
use crate::text::fold;
use crate::types::{Date, Id, Json as StoredJson, Ts};

/// What is true of a unit for a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Validity)]
pub struct ValidityView {
    /// The first day.
    #[schema(example = "2014-01-01")]
    pub from: Date,
    /// The last day, inclusive; open when null.
    #[serde(default)]
    #[schema(required = true)]
    pub to: Option<Date>,
    /// The unit above it; null at the top.
    #[serde(default)]
    #[schema(required = true)]
    pub parent_id: Option<Id>,
    /// The name of the unit.
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
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

/// A unit of the organisation.
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
    pub(super) fn of((unit, validities): &OrgUnitWithTimeline, actor: &Actor, conn: &Conn, today: Date) -> Self {
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

    pub(super) fn row(&self, municipality_id: Id, org_unit_id: Id) -> ValidityRow {
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

/// A unit as it stands now, to its reader.
pub(super) fn reply(conn: &mut Conn, actor: &Actor, unit: &OrgUnitWithTimeline) -> Result<Reply> {
    let today = organisation::current(conn)?.today;
    Reply::item(unit.0.version, &OrgUnitView::of(unit, actor, conn, today))
}
