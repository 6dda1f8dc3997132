//! What a goal refers to: its theme, and the goal above that it continues.

use std::collections::HashMap;

use super::{corporate, store};
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::AgreementState;
use crate::db::Tx;
use crate::error::{Code, Fault, Result};
use crate::types::Id;

/// What a goal refers to, and what the stored one does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct References {
    /// The goal; none for a new one.
    pub goal: Option<Id>,
    /// The theme it serves.
    pub theme: Option<Id>,
    /// The goal above.
    pub above: Option<Id>,
    /// The goal above of what is stored.
    pub stored_above: Option<Id>,
}

/// The most levels of goals that are followed upwards.
const HIGHEST: usize = 12;

/// Goes on when each goal's theme stands in the cycle's letter, and the goal above is known, stands, and does not stand
/// below the goal itself.
///
/// # Errors
/// 422 with a pointer to each that is not.
pub fn check(
    tx: &mut Tx,
    loaded: &LoadedAgreement,
    goals: &[References],
    place: impl Fn(usize) -> String,
) -> Result<()> {
    let above = Above::of(tx, goals)?;
    let themes = match goals.iter().any(|one| one.theme.is_some()) {
        true => store::themes_of_cycle(tx, loaded.agreement.cycle_id)?,
        false => Vec::new(),
    };
    let (mut unknown, mut wrong) = (Vec::new(), Vec::new());
    for (index, one) in goals.iter().enumerate() {
        let at = |name: &str, code| Fault::at(format!("{}/{name}", place(index)), code);
        if one.theme.is_some_and(|theme| !themes.contains(&theme)) {
            unknown.push(at("theme_id", "unknown-id"));
        }
        match one.above.map(|id| above.fault(one, id)) {
            Some(Some("unknown-id")) => unknown.push(at("inherited_from_id", "unknown-id")),
            Some(Some(code)) => wrong.push(at("inherited_from_id", code)),
            Some(None) | None => {}
        }
    }
    match (unknown.is_empty(), wrong.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => Err(Code::InvalidBody.refuse().faults(wrong).into()),
        (false, _) => Err(Code::UnknownReference.refuse().faults(unknown).into()),
    }
}

/// The goals above some goals.
struct Above {
    goals: HashMap<Id, (Option<Id>, AgreementState)>,
    corporate: Vec<Id>,
}

impl Above {
    fn of(tx: &mut Tx, goals: &[References]) -> Result<Self> {
        let mut found = Above { goals: HashMap::new(), corporate: Vec::new() };
        let mut asked: Vec<Id> = goals.iter().filter_map(|one| one.above).collect();
        for _ in 0..HIGHEST {
            asked.sort_unstable();
            asked.dedup();
            asked.retain(|id| !found.goals.contains_key(id) && !found.corporate.contains(id));
            if asked.is_empty() {
                break;
            }
            let rows = store::above(tx, &asked)?;
            let others: Vec<Id> =
                asked.iter().copied().filter(|id| rows.iter().all(|(known, ..)| known != id)).collect();
            found.corporate.extend(corporate::known(tx, &others)?);
            asked = rows.iter().filter_map(|(_, next, _)| *next).collect();
            found.goals.extend(rows.into_iter().map(|(id, next, state)| (id, (next, state))));
        }
        Ok(found)
    }

    /// What is wrong with a goal above.
    fn fault(&self, one: &References, id: Id) -> Option<&'static str> {
        if self.corporate.contains(&id) {
            return None;
        }
        let Some((_, state)) = self.goals.get(&id) else { return Some("unknown-id") };
        if one.goal.is_some_and(|own| self.reaches(id, own)) {
            return Some("inherits-itself");
        }
        if self.levels_above(id) >= HIGHEST {
            return Some("too-many-levels");
        }
        // What was given up later is left where it was taken over before.
        let is_new = one.stored_above != Some(id);
        (is_new && *state == AgreementState::Withdrawn).then_some("inherits-withdrawn")
    }

    /// How many levels there are from a goal upwards, itself among them.
    fn levels_above(&self, from: Id) -> usize {
        let mut at = Some(from);
        let mut levels = 0;
        while let Some(id) = at.filter(|_| levels <= HIGHEST) {
            levels += 1;
            at = self.goals.get(&id).and_then(|(next, _)| *next);
        }
        levels
    }

    /// Whether a goal stands somewhere above another, or is it.
    fn reaches(&self, from: Id, wanted: Id) -> bool {
        let mut at = Some(from);
        for _ in 0..=HIGHEST {
            match at {
                Some(id) if id == wanted => return true,
                Some(id) => at = self.goals.get(&id).and_then(|(next, _)| *next),
                None => return false,
            }
        }
        // More levels than any organisation has are a circle.
        true
    }
}
