//! A goal and an indicator as resources of their own.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::action::ActionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::model::{GoalFields, GoalRow, IndicatorFields, IndicatorRow};
use crate::error::{Code, Result};
use crate::http::{Etag, Tagged};
use crate::text::Lang;
use crate::types::{Id, Ts};

/// A goal of a section, with its indicators.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Goal)]
pub struct GoalView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the goal.
    pub id: Id,
    /// The id of the agreement it belongs to.
    pub agreement_id: Id,
    /// The key of the section it belongs to.
    #[schema(max_length = 60, example = "effects")]
    pub section_key: String,
    /// What is said of it.
    #[serde(flatten)]
    pub fields: GoalFields,
    /// How its effect is measured, in the order of their places.
    #[schema(value_type = Vec<IndicatorView>, max_items = 20)]
    pub indicators: Vec<Tagged>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it, or an indicator of it, was written last.
    pub updated_at: Ts,
}

/// An indicator of a goal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Indicator)]
pub struct IndicatorView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the indicator.
    pub id: Id,
    /// The id of the goal that it measures.
    pub goal_id: Id,
    /// The id of the agreement it belongs to.
    pub agreement_id: Id,
    /// The indicator of a goal above that it was taken over from.
    #[schema(required = true)]
    pub inherited_from_id: Option<Id>,
    /// What is said of it.
    #[serde(flatten)]
    pub fields: IndicatorFields,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// Whether the reader of an agreement changes what a section of it consists of, now.
fn can_change(loaded: &LoadedAgreement, key: &str) -> Result<(), Code> {
    let permitted = loaded.can_write(key).and_then(|()| loaded.check_editable(key));
    permitted.map_err(|error| error.code())
}

fn actions(names: &[&'static str], permitted: Result<(), Code>, lang: Lang) -> Vec<ActionView> {
    names.iter().map(|action| ActionView::of(action, permitted, lang)).collect()
}

impl GoalView {
    /// A goal with its indicators among all of the agreement.
    ///
    /// # Errors
    /// When an indicator cannot be written: a fault of ours.
    pub fn of(row: &GoalRow, indicators: &[IndicatorRow], loaded: &LoadedAgreement, lang: Lang) -> Result<Self> {
        let permitted = can_change(loaded, &row.section_key);
        let own = indicators.iter().filter(|one| one.goal_id == row.id);
        let own = own.map(|one| Tagged::of(one.version, &IndicatorView::of(one, permitted, lang)));
        Ok(GoalView {
            etag: Etag::default(),
            id: row.id,
            agreement_id: row.agreement_id,
            section_key: row.section_key.clone(),
            fields: row.fields.clone(),
            indicators: own.collect::<Result<Vec<Tagged>>>()?,
            available_actions: actions(&["update", "delete", "create_indicator"], permitted, lang),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl IndicatorView {
    fn of(row: &IndicatorRow, permitted: Result<(), Code>, lang: Lang) -> Self {
        IndicatorView {
            etag: Etag::default(),
            id: row.id,
            goal_id: row.goal_id,
            agreement_id: row.agreement_id,
            inherited_from_id: row.inherited_from_id,
            fields: row.fields.clone(),
            available_actions: actions(&["update", "delete"], permitted, lang),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    /// An indicator of a goal in a section.
    pub fn in_section(row: &IndicatorRow, key: &str, loaded: &LoadedAgreement, lang: Lang) -> Self {
        IndicatorView::of(row, can_change(loaded, key), lang)
    }
}
