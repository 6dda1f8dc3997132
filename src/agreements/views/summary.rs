//! An agreement as it stands in a list.

use serde::Serialize;
use utoipa::ToSchema;

use super::agreement::{Holder, UnitName, holders, unit_names};
use super::progress::Progress;
use crate::access::action::ActionView;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store::AgreementRow;
use crate::error::Result;
use crate::http::Etag;
use crate::organisation::Organisation;
use crate::types::{Date, Id, Ts};

/// An agreement as it stands in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgreementSummary {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// Its id.
    pub id: Id,
    /// The cycle it belongs to.
    pub cycle_id: Id,
    /// The cycle's year.
    #[schema(example = 2015)]
    pub year: i64,
    /// What it is called.
    #[schema(max_length = 300, example = "Aftale 2015 for Social- og Handicapcentret")]
    pub title: String,
    /// The units that make the agreement.
    #[schema(max_items = 100)]
    pub org_units: Vec<UnitName>,
    /// Its holders; empty while vacant.
    #[schema(max_items = 100)]
    pub holders: Vec<Holder>,
    /// The day from which its units have had no leader; null while somebody leads one, or when nobody ever has.
    #[schema(required = true, example = "2014-09-01")]
    pub vacant_since: Option<Date>,
    /// The unit it is made with: the nearest one above all of its units; null when there is none.
    #[schema(required = true)]
    pub counterpart: Option<UnitName>,
    /// Where it stands.
    pub state: AgreementState,
    /// Whether it was submitted past the deadline.
    pub late: bool,
    /// The number of its case in the municipality's archive.
    #[schema(required = true, max_length = 100, example = "00.30.00-Ø02-1-10")]
    pub case_number: Option<String>,
    /// How far it has come.
    pub progress: Progress,
    /// What the reader may do with it; with `include=actions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<ActionView>>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl AgreementSummary {
    /// An agreement in a list.
    ///
    /// # Errors
    /// When what is stored cannot be read: a fault of ours.
    pub fn of(
        row: &AgreementRow,
        organisation: &Organisation,
        progress: Progress,
        actions: Option<Vec<ActionView>>,
    ) -> Result<Self> {
        let units = row.units()?;
        Ok(AgreementSummary {
            etag: Etag::default(),
            id: row.id,
            cycle_id: row.cycle_id,
            year: row.year,
            title: row.title.clone(),
            org_units: unit_names(organisation, &units),
            holders: holders(organisation, &units),
            vacant_since: organisation.vacant_since(&units),
            counterpart: organisation.nearest_above(&units).map(UnitName::of),
            state: row.state,
            late: row.late,
            case_number: row.case_number.clone(),
            progress,
            available_actions: actions,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
