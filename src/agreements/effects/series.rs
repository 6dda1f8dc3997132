//! What was seen of an agreement's goals, as one reader may see it.

use super::exact::{Exact, measured};
use super::reading::{Course, IndicatorReading, Point, Reading, ReadingCode};
use super::status::{EffectStatus, Evidence, newest, status};
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::model::{GoalRow, IndicatorRow};
use crate::agreements::observations::model::{ObservationKind, ObservationRow};
use crate::agreements::observations::policy::is_suppressed;
use crate::agreements::observations::store;
use crate::db::Conn;
use crate::error::Result;
use crate::types::{Date, Id};

/// What was seen in an agreement up to a day, and the day.
pub struct Seen<'a> {
    loaded: &'a LoadedAgreement,
    rows: Vec<ObservationRow>,
    day: Date,
}

/// A measurement, with its value unless it is kept from the reader.
pub struct Measured<'a> {
    /// The measurement.
    pub row: &'a ObservationRow,
    /// Its value in the unit of the indicator.
    pub value: Option<Exact>,
}

/// How the effect of a goal goes, and why.
pub struct GoalEffect {
    /// How it goes.
    pub status: EffectStatus,
    /// What each indicator reads.
    pub indicators: Vec<IndicatorReading>,
    /// What counted.
    pub explanation: Vec<Evidence>,
}

impl<'a> Seen<'a> {
    /// What was seen in an agreement, or of one goal of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn up_to(conn: &mut Conn, loaded: &'a LoadedAgreement, goal: Option<Id>, day: Date) -> Result<Self> {
        Ok(Seen { loaded, rows: store::up_to(conn, loaded.agreement.id, goal, day)?, day })
    }

    /// What was seen in an agreement, which has been read already: oldest first.
    pub fn with(loaded: &'a LoadedAgreement, rows: Vec<ObservationRow>, day: Date) -> Self {
        Seen { loaded, rows, day }
    }

    /// Whether anything was seen of a goal's effect.
    pub fn is_observed(&self, goal: Id) -> bool {
        self.rows.iter().any(|row| row.goal_id == goal)
    }

    /// The measurements of an indicator, oldest first.
    pub fn measurements(&self, indicator: &IndicatorRow) -> Vec<Measured<'_>> {
        let own = |row: &&ObservationRow| row.indicator_id == Some(indicator.id);
        let all = self.rows.iter().filter(|row| row.kind == ObservationKind::Measurement).filter(own);
        let value =
            |row: &ObservationRow| (!self.keeps(row)).then(|| measured(&indicator.fields, &row.fields)).flatten();
        all.map(|row| Measured { row, value: value(row) }).collect()
    }

    /// What else was seen, oldest first: assessments and citizen voices.
    pub fn in_words(&self) -> impl Iterator<Item = &ObservationRow> {
        self.rows.iter().filter(|row| row.kind != ObservationKind::Measurement)
    }

    fn keeps(&self, row: &ObservationRow) -> bool {
        is_suppressed(row, &self.loaded.relation, self.loaded.organisation.settings.small_number_limit)
    }

    /// The course of an indicator.
    pub fn course(&self, indicator: &IndicatorRow) -> Course {
        Course::of(&indicator.fields, (self.loaded.agreement.period_from, self.loaded.agreement.period_to))
    }

    /// What an indicator reads: by what the reader may see, so that nothing that is kept from them can be told from it.
    pub fn reading(&self, indicator: &IndicatorRow) -> IndicatorReading {
        let all = self.measurements(indicator);
        let last = all.iter().rev().find_map(|one| Some((one.row.observed_on, one.value.clone()?)));
        let reading = self.course(indicator).read(last, self.day);
        let hidden = reading.code == ReadingCode::NoMeasurement && !all.is_empty();
        if hidden { IndicatorReading { code: ReadingCode::Suppressed, ..reading } } else { reading }
    }

    /// How the effect of a goal goes.
    pub fn effect(&self, goal: &GoalRow, indicators: &[IndicatorRow]) -> GoalEffect {
        let own: Vec<&IndicatorRow> = indicators.iter().filter(|one| one.goal_id == goal.id).collect();
        let readings: Vec<IndicatorReading> = own.iter().map(|one| self.reading(one)).collect();
        let measured = own.iter().zip(&readings).map(|(indicator, read)| Evidence {
            kind: ObservationKind::Measurement,
            indicator_id: Some(indicator.id),
            observed_on: read.last.as_ref().map(|(day, _)| *day),
            reading: read.reading,
            code: read.code,
        });
        let judged = self.in_words().filter(|row| row.goal_id == goal.id).filter_map(|row| {
            Some(Evidence {
                kind: row.kind,
                indicator_id: row.indicator_id,
                observed_on: Some(row.observed_on),
                reading: Reading::from(row.fields.judgement?),
                code: ReadingCode::Judgement,
            })
        });
        let explanation = newest(measured.chain(judged).collect());
        GoalEffect { status: status(&explanation), indicators: readings, explanation }
    }
}

/// The points of a series that the reader may see.
pub fn points(measurements: &[Measured<'_>]) -> Vec<Point> {
    measurements.iter().filter_map(|one| Some((one.row.observed_on, one.value.clone()?))).collect()
}
