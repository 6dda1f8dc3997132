//! An observation as its reader sees it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::action::ActionView;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::observations::model::{ObservationFields, ObservationKind, ObservationRow};
use crate::agreements::observations::policy;
use crate::http::Etag;
use crate::text::{Args, Lang, say};
use crate::text_enum;
use crate::types::{Date, Id, Ts};

text_enum! {
    /// What its writer should know of an observation.
    pub enum WarningCode {
        /// It is about so few that others do not see its value.
        SmallN = "small-n",
        /// Its day lies outside the agreement's period.
        OutsidePeriod = "outside-period",
    }
}

/// Something that a writer should know, and that stops nothing.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Warning)]
pub struct WarningView {
    /// Stable, for programs.
    pub code: WarningCode,
    /// The warning, in the reader's language.
    #[schema(max_length = 1000, example = "Målingen er om færre end 5. Andre ser ikke værdien.")]
    pub message: String,
}

/// Something that was seen of a goal's effect.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Observation)]
pub struct ObservationView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The goal whose effect was seen.
    pub goal_id: Id,
    /// The indicator it is about; of a measurement always.
    #[schema(required = true)]
    pub indicator_id: Option<Id>,
    /// What kind it is.
    pub kind: ObservationKind,
    /// The day it is about.
    #[schema(example = "2014-11-03")]
    pub observed_on: Date,
    /// What is said of it.
    #[serde(flatten)]
    pub fields: ObservationFields,
    /// Whether its value, and what might tell it, is kept from the reader because it is about too few.
    pub suppressed: bool,
    /// What its writers should know.
    #[schema(max_items = 10)]
    pub warnings: Vec<WarningView>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl ObservationView {
    /// An observation in an agreement.
    pub fn of(row: &ObservationRow, loaded: &LoadedAgreement, lang: Lang) -> Self {
        let limit = loaded.organisation.settings.small_number_limit;
        let suppressed = policy::is_suppressed(row, &loaded.relation, limit);
        let permitted = policy::can_observe(&loaded.relation).and(policy::is_observed(loaded.agreement.state));
        ObservationView {
            etag: Etag::default(),
            id: row.id,
            agreement_id: row.agreement_id,
            goal_id: row.goal_id,
            indicator_id: row.indicator_id,
            kind: row.kind,
            observed_on: row.observed_on,
            fields: if suppressed { row.without_value() } else { row.fields.clone() },
            suppressed,
            warnings: if suppressed { Vec::new() } else { warnings(row, loaded, limit, lang) },
            available_actions: ["update", "delete"].map(|action| ActionView::of(action, permitted, lang)).into(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn warnings(row: &ObservationRow, loaded: &LoadedAgreement, limit: i64, lang: Lang) -> Vec<WarningView> {
    let (from, to) = (loaded.agreement.period_from, loaded.agreement.period_to);
    let outside = row.observed_on < from || row.observed_on > to;
    let all = [(WarningCode::SmallN, row.is_small(limit)), (WarningCode::OutsidePeriod, outside)];
    let told = all.into_iter().filter(|(_, applies)| *applies).map(|(code, _)| {
        let message = say(lang, &format!("warning-{code}"), &Args::one("limit", limit));
        WarningView { code, message }
    });
    told.collect()
}
