//! Who took over an indicator from above, and what they report, as one reader may see it.

use std::collections::{HashMap, HashSet};

use super::exact::{exact, measured};
use super::roll_up::{Node, Reported, Value};
use crate::access::Actor;
use crate::agreements::agreement::load_many::load_many;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::goals::model::IndicatorRow;
use crate::agreements::goals::store as goals;
use crate::agreements::observations::model::ObservationRow;
use crate::agreements::observations::policy::is_suppressed;
use crate::agreements::observations::store;
use crate::db::Conn;
use crate::error::Result;
use crate::types::{Date, Id};

/// Everybody below some indicators, in agreements that everybody reads.
pub struct Inherited {
    below: HashMap<Id, Vec<IndicatorRow>>,
    loaded: HashMap<Id, LoadedAgreement>,
    newest: HashMap<Id, ObservationRow>,
}

/// The most levels that are followed.
const DEEPEST: usize = 12;

impl Inherited {
    /// Finds who took over some indicators, and the newest that each has measured between two days.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(conn: &mut Conn, actor: &Actor, tops: &[Id], days: (Date, Date)) -> Result<Self> {
        let (mut below, mut seen, mut asked) = (HashMap::<Id, Vec<IndicatorRow>>::new(), HashSet::new(), tops.to_vec());
        let mut all = Vec::new();
        for _ in 0..DEEPEST {
            asked.retain(|id| seen.insert(*id));
            if asked.is_empty() {
                break;
            }
            let rows = goals::inheriting(conn, &asked)?;
            asked = rows.iter().map(|row| row.id).collect();
            all.extend(rows);
        }
        let mut agreements: Vec<Id> = all.iter().map(|row| row.agreement_id).collect();
        agreements.sort_unstable();
        agreements.dedup();
        let (mut loaded, _) = load_many(conn, actor, &agreements)?;
        loaded.retain(|_, one| one.agreement.state.is_public());
        all.retain(|row| loaded.contains_key(&row.agreement_id));
        let ids: Vec<Id> = all.iter().map(|row| row.id).collect();
        let mut newest = HashMap::<Id, ObservationRow>::new();
        for row in store::measured_between(conn, &ids, days)? {
            let Some(indicator) = row.indicator_id else { continue };
            if newest.get(&indicator).is_none_or(|known| known.observed_on < row.observed_on) {
                newest.insert(indicator, row);
            }
        }
        for row in all {
            below.entry(row.inherited_from_id.unwrap_or(row.id)).or_default().push(row);
        }
        Ok(Inherited { below, loaded, newest })
    }

    /// Those who took over an indicator, with those below them.
    pub fn nodes(&self, of: Id) -> Vec<Node> {
        self.nodes_down_to(of, DEEPEST)
    }

    fn nodes_down_to(&self, of: Id, levels: usize) -> Vec<Node> {
        let Some(levels) = levels.checked_sub(1) else { return Vec::new() };
        let node = |row: &IndicatorRow| {
            let loaded = self.loaded.get(&row.agreement_id)?;
            Some(Node {
                indicator_id: row.id,
                agreement_id: row.agreement_id,
                org_unit: loaded.units.first().copied()?,
                reported: self.reported(row, loaded),
                below: self.nodes_down_to(row.id, levels),
            })
        };
        self.below.get(&of).into_iter().flatten().filter_map(node).collect()
    }

    fn reported(&self, indicator: &IndicatorRow, loaded: &LoadedAgreement) -> Reported {
        let Some(row) = self.newest.get(&indicator.id) else { return Reported::Nothing };
        if is_suppressed(row, &loaded.relation, loaded.organisation.settings.small_number_limit) {
            return Reported::Suppressed(row.observed_on);
        }
        let parts = row.fields.numerator.map(exact).zip(row.fields.denominator.map(exact));
        match measured(&indicator.fields, &row.fields) {
            Some(value) => Reported::Value(row.observed_on, Value { value, parts }),
            None => Reported::Nothing,
        }
    }
}
