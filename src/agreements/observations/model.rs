//! What an observation is, and what is said of it. Pure.

use diesel::prelude::*;
use validator::ValidationError;

use crate::db::NewRow;
use crate::schema::observations;
use crate::text_enum;
use crate::types::{Date, Id, Quantity, Ts};

text_enum! {
    /// What kind of observation it is; none counts for more than another.
    pub enum ObservationKind {
        /// A value of an indicator.
        Measurement = "measurement",
        /// What somebody who knows the work judges.
        Assessment = "assessment",
        /// What citizens or users say.
        CitizenVoice = "citizen_voice",
    }
}

text_enum! {
    /// How it goes, as somebody judges it.
    pub enum Judgement {
        /// The effect is there.
        Achieved = "achieved",
        /// It will be there in time.
        OnTrack = "on_track",
        /// It will not be there in time.
        OffTrack = "off_track",
        /// It cannot be said yet.
        TooEarly = "too_early",
    }
}

text_enum! {
    /// How far an observation is to be trusted, as its writer says.
    pub enum Confidence {
        /// Little.
        Low = "low",
        /// Somewhat.
        Medium = "medium",
        /// Much.
        High = "high",
    }
}

crate::fields! {
    ObservationFields of observations: "What is said of an observation." {
        required {}
        defaulted {}
        optional {
            /// The value: of an indicator in its unit, of an assessment on its scale. At most six decimals and 15
            /// significant digits.
            #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 61)]
            value: Quantity,
            /// What is counted of the whole, where the indicator is a ratio.
            #[schema(value_type = Option<f64>, minimum = -9000000000000.0, maximum = 9000000000000.0, example = 61)]
            numerator: Quantity,
            /// The whole, where the indicator is a ratio: more than 0.
            #[validate(custom(function = is_something))]
            #[schema(value_type = Option<f64>, minimum = 0.000001, maximum = 9000000000000.0, example = 100)]
            denominator: Quantity,
            /// What was seen or said, in words.
            #[validate(length(max = 4000), custom(function = crate::http::is_plain))]
            #[schema(max_length = 4000, example = "Brugerrådet oplever, at forløbene begynder til tiden.")]
            text: String,
            /// How it goes, where an assessment or a citizen voice says so.
            judgement: Judgement,
            /// What the value of an assessment means.
            #[validate(length(max = 300), custom(function = crate::http::is_plain))]
            #[schema(max_length = 300, example = "1 (slet ikke) til 5 (i høj grad)")]
            scale: String,
            /// How it was found.
            #[validate(length(max = 300), custom(function = crate::http::is_plain))]
            #[schema(max_length = 300, example = "Journalgennemgang")]
            method: String,
            /// Where it comes from.
            #[validate(length(max = 300), custom(function = crate::http::is_plain))]
            #[schema(max_length = 300, example = "Omsorgssystemet")]
            source: String,
            /// How many people or cases it is about; of a ratio this is its denominator.
            #[validate(range(min = 1, max = 1_000_000_000))]
            #[schema(minimum = 1, maximum = 1000000000, example = 120)]
            n: i64,
            /// How far it is to be trusted.
            confidence: Confidence,
        }
    }
    ObservationPatch: "A change of an observation."

    /// A measurement of an indicator on a day.
    pub struct NewMeasurement {}

    /// A row of what is imported. An indicator says which goal and which agreement it belongs to.
    pub struct ImportedObservation {
        /// Its id, where it is known here already or its sender chooses one.
        #[serde(default)]
        pub id: Option<Id>,
        /// What kind it is.
        #[serde(default = "measurement")]
        pub kind: ObservationKind,
        /// The goal whose effect was seen; not needed where the indicator is named.
        #[serde(default)]
        pub goal_id: Option<Id>,
        /// The indicator: of a measurement always, of others where they are about it.
        #[serde(default)]
        pub indicator_id: Option<Id>,
        /// The day it is about; not in the future.
        #[schema(example = "2014-11-03")]
        pub observed_on: Date,
    }

    /// A new observation. A measurement of a day that has one replaces it.
    pub struct NewObservation {
        /// Its id; made by the client or, when null, by the server.
        #[serde(default)]
        pub id: Option<Id>,
        /// What kind it is.
        pub kind: ObservationKind,
        /// The goal whose effect was seen.
        pub goal_id: Id,
        /// The indicator: of a measurement always, of others where they are about it.
        #[serde(default)]
        pub indicator_id: Option<Id>,
        /// The day it is about; not in the future.
        #[schema(example = "2014-11-03")]
        pub observed_on: Date,
    }
}

impl ImportedObservation {
    /// A stored observation in the form that an import takes.
    pub fn of(row: &ObservationRow) -> Self {
        let (goal, indicator) = (Some(row.goal_id), row.indicator_id);
        ImportedObservation::saying(row.fields.clone(), Some(row.id), row.kind, goal, indicator, row.observed_on)
    }
}

/// The first version of an observation. A measurement may be taken back and made again at the same address: its versions go
/// on, so that who has seen the other one does not replace this one.
fn first_version(kind: ObservationKind, at: Ts) -> i64 {
    match kind {
        ObservationKind::Measurement => at.instant().timestamp_millis().max(1),
        _ => 1,
    }
}

fn is_something(whole: &Quantity) -> Result<(), ValidationError> {
    if *whole > Quantity(0) { Ok(()) } else { Err(ValidationError::new("zero-denominator")) }
}

fn measurement() -> ObservationKind {
    ObservationKind::Measurement
}

/// An observation.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = observations, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ObservationRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The goal whose effect was seen.
    pub goal_id: Id,
    /// The indicator it is about.
    pub indicator_id: Option<Id>,
    /// What kind it is.
    pub kind: ObservationKind,
    /// The day it is about.
    pub observed_on: Date,
    /// What is said of it.
    #[diesel(embed)]
    pub fields: ObservationFields,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

crate::versioned!(ObservationRow);

/// What an observation is of: the agreement, the goal, and the indicator where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// The agreement.
    pub agreement_id: Id,
    /// The goal.
    pub goal_id: Id,
    /// The indicator.
    pub indicator_id: Option<Id>,
}

impl ObservationRow {
    /// A new observation.
    pub fn new(
        start: NewRow,
        id: Id,
        of: Observed,
        (kind, observed_on): (ObservationKind, Date),
        fields: ObservationFields,
    ) -> Self {
        ObservationRow {
            municipality_id: start.municipality_id,
            id,
            agreement_id: of.agreement_id,
            goal_id: of.goal_id,
            indicator_id: of.indicator_id,
            kind,
            observed_on,
            fields,
            version: first_version(kind, start.at),
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
        }
    }

    /// What is left of what it says for those from whom small numbers are kept: neither the value nor what might tell it.
    pub fn without_value(&self) -> ObservationFields {
        let text = self.fields.text.clone().filter(|_| self.kind != ObservationKind::Measurement);
        ObservationFields { value: None, numerator: None, denominator: None, n: None, text, ..self.fields.clone() }
    }

    /// Whether it is about fewer people than a limit, as far as it says: by the denominator of a ratio, or by `n`.
    pub fn is_small(&self, limit: i64) -> bool {
        let whole = self.fields.denominator.map(|whole| whole < Quantity::of_whole(limit));
        whole.or(self.fields.n.map(|n| n < limit)).unwrap_or(false)
    }
}

impl ObservationFields {
    /// What is kept of it: texts without a word are none.
    pub fn kept(self) -> Self {
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        ObservationFields {
            text: said(self.text),
            scale: said(self.scale),
            method: said(self.method),
            source: said(self.source),
            ..self
        }
    }
}
