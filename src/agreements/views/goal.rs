//! A goal and an indicator as resources of their own.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::action::ActionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::model::{Aggregation, Direction, Origin};
use crate::agreements::goals::model::{GoalRow, IndicatorRow};
use crate::error::{Code, Result};
use crate::http::{Etag, Tagged};
use crate::text::Lang;
use crate::types::{Id, Quantity, Ts};

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
    /// What is to be reached.
    #[schema(max_length = 500, example = "Flere borgere klarer sig selv efter et rehabiliteringsforløb")]
    pub title: String,
    /// How, when and by whom the effect is judged.
    #[schema(required = true, max_length = 4000, example = "Teamlederne vurderer i december sammen med brugerrådet.")]
    pub assessment: Option<String>,
    /// Where it comes from.
    #[schema(required = true)]
    pub origin: Option<Origin>,
    /// The theme of the strategy letter that it serves.
    #[schema(required = true)]
    pub theme_id: Option<Id>,
    /// The people whom it is meant for.
    #[schema(required = true, max_length = 500, example = "Borgere over 65 år")]
    pub target_group: Option<String>,
    /// The change, for whom.
    #[schema(required = true, max_length = 2000, example = "Borgeren kan igen klare hverdagen uden hjælp.")]
    pub effect: Option<String>,
    /// The last day on which it is to be done.
    #[schema(required = true, max_length = 200, example = "Udgangen af 2015")]
    pub horizon: Option<String>,
    /// The goal of an earlier agreement that it continues.
    #[schema(required = true)]
    pub inherited_from_id: Option<Id>,
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
    /// What is counted or measured.
    #[schema(max_length = 300, example = "Andel der klarer sig uden hjælp efter forløbet")]
    pub name: String,
    /// Unit of measure, such as `%` or `days`.
    #[schema(max_length = 50, example = "%")]
    pub unit: String,
    /// Which way it should go.
    pub direction: Direction,
    /// Where it stands at first.
    #[schema(required = true, value_type = Option<f64>, example = 58)]
    pub baseline: Option<Quantity>,
    /// Where it should be.
    #[schema(required = true, value_type = Option<f64>, example = 65)]
    pub target: Option<Quantity>,
    /// How observations become one.
    pub aggregation: Aggregation,
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
            title: row.title.clone(),
            assessment: row.assessment.clone(),
            origin: row.origin,
            theme_id: row.theme_id,
            target_group: row.target_group.clone(),
            effect: row.effect.clone(),
            horizon: row.horizon.clone(),
            inherited_from_id: row.inherited_from_id,
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
            name: row.name.clone(),
            unit: row.unit.clone(),
            direction: row.direction,
            baseline: row.baseline.map(Quantity),
            target: row.target.map(Quantity),
            aggregation: row.aggregation,
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
