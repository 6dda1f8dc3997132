//! Who decides: a template's steps, resolved to people, and whom they wait for now (domain rules 2 and 3). Pure.

use serde::{Deserialize, Serialize};

use crate::error::Code;
use crate::organisation::leaders::{holders, is_holder};
use crate::organisation::{Organisation, Role};
use crate::templates::model::{Duty, Resubmission, RouteRole, RouteStep, Signatory, StepRule};
use crate::types::{Id, Ts};

/// A route, resolved at a submission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Route {
    /// Its steps, in their order.
    pub steps: Vec<Step>,
}

/// A step of a resolved route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Whom it asks.
    pub role: RouteRole,
    /// What for.
    pub duty: Duty,
    /// How many of its people must decide.
    pub rule: StepRule,
    /// Whether it was passed by an earlier revision, and the route goes on after it.
    #[serde(default)]
    pub carried_over: bool,
    /// Its people.
    pub people: Vec<Assignee>,
}

/// A place in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignee {
    /// Whom the step was resolved to.
    pub person_id: Id,
    /// The barred person whose standing deputy that is.
    pub on_behalf_of: Option<Id>,
    /// The decision, once it is made.
    pub decided: Option<Decided>,
}

/// A decision on a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The id of the decision.
    pub decision_id: Id,
    /// The id of the person who decided.
    pub person_id: Id,
    /// Whether it was approved; else returned.
    pub approved: bool,
    /// When the decision was made.
    pub at: Ts,
}

/// Somebody a step waits for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The person.
    pub person_id: Id,
    /// For whom they would decide, as a standing deputy.
    pub on_behalf_of: Option<Id>,
    /// Whom the step was resolved to at submission, when that is somebody else.
    pub instead_of: Option<Id>,
    /// The place in the step.
    pub assignee: usize,
}

/// What resolving depends on.
#[derive(Debug, Clone, Copy)]
pub struct RouteContext<'a> {
    /// The organisation today.
    pub organisation: &'a Organisation,
    /// The agreement's units.
    pub units: &'a [Id],
    /// The director who owns the section's theme.
    pub theme_owner: Option<Id>,
    /// Who edited the revision.
    pub editors: &'a [Id],
}

impl RouteContext<'_> {
    /// Why a person may not decide (domain rule 2). Who stands in for a leader who is not there hands in for the
    /// unit, and is barred like a leader. Who gives roles could else make themselves the one who decides: by appointing
    /// somebody less, or somebody more.
    pub fn disqualify(&self, person: Id) -> Option<Code> {
        if is_holder(self.organisation, person, self.units) {
            Some(Code::OwnUnit)
        } else if self.editors.contains(&person) {
            Some(Code::EditedRevision)
        } else if self.organisation.gives_roles(person) {
            Some(Code::GivesRoles)
        } else {
            None
        }
    }

    /// Whether a person may be asked to decide.
    pub fn is_free(&self, person: Id) -> bool {
        self.organisation.may_decide(person) && self.disqualify(person).is_none()
    }

    /// Whom a role means, barred or not.
    fn candidates(&self, role: RouteRole) -> Vec<Id> {
        let mut found = match role {
            RouteRole::SuperiorLeader => {
                self.units.iter().flat_map(|unit| self.superior_leaders(*unit)).collect::<Vec<Id>>()
            }
            // Who owns a theme decides by being of the directorate, not by the name that stands at the theme.
            RouteRole::ThemeDirector => self.theme_owner.into_iter().filter(|owner| self.directs(*owner)).collect(),
            RouteRole::AreaDirector => {
                let directors = self.units.iter().flat_map(|unit| self.organisation.area_directors(*unit));
                directors.map(|held| held.person_id).collect()
            }
            RouteRole::ChiefExecutive => self.chief_executives(),
        };
        found.sort();
        found.dedup();
        found
    }

    /// The leaders of the nearest unit above that has one who is not barred.
    fn superior_leaders(&self, unit: Id) -> Vec<Id> {
        let above = self.organisation.ancestors(unit).into_iter().map(|place| {
            let leaders = self.organisation.appointed(place, Role::Leader).map(|held| held.person_id);
            leaders.filter(|person| self.disqualify(*person).is_none()).collect::<Vec<Id>>()
        });
        above.into_iter().find(|leaders| !leaders.is_empty()).unwrap_or_default()
    }

    fn directs(&self, person: Id) -> bool {
        self.organisation.held_by(person).any(|held| matches!(held.role, Role::Director | Role::ChiefExecutive))
    }

    fn chief_executives(&self) -> Vec<Id> {
        self.organisation.with_role(Role::ChiefExecutive).map(|held| held.person_id).collect()
    }

    fn deputy_of(&self, person: Id) -> Option<Id> {
        let deputies = self.organisation.held_by(person).filter_map(|held| held.standing_deputy_id);
        deputies.into_iter().find(|deputy| self.is_free(*deputy))
    }

    /// The candidate; else the standing deputy, the chief executive, the municipality's last resort.
    fn assign(&self, candidate: Option<Id>) -> Option<Assignee> {
        if let Some(person_id) = candidate.filter(|person| self.is_free(*person)) {
            return Some(Assignee { person_id, on_behalf_of: None, decided: None });
        }
        if let Some((barred, deputy)) =
            candidate.and_then(|barred| self.deputy_of(barred).map(|deputy| (barred, deputy)))
        {
            return Some(Assignee { person_id: deputy, on_behalf_of: Some(barred), decided: None });
        }
        self.last_assignees().next()
    }

    /// Who is left when nobody else is: the chief executive, then the municipality's last resort.
    fn last_assignees(&self) -> impl Iterator<Item = Assignee> {
        let last = self.chief_executives().into_iter().chain(self.organisation.settings.last_resort_id);
        let free = last.filter(|person| self.is_free(*person));
        free.map(|person_id| Assignee { person_id, on_behalf_of: None, decided: None })
    }

    /// The people of a role: each candidate, or whoever decides in their place.
    fn assignees(&self, role: RouteRole) -> Vec<Assignee> {
        let candidates = self.candidates(role);
        let mut assignees: Vec<Assignee> = if candidates.is_empty() {
            self.assign(None).into_iter().collect()
        } else {
            candidates.into_iter().filter_map(|candidate| self.assign(Some(candidate))).collect()
        };
        let mut seen = Vec::new();
        assignees.retain(|assignee| {
            let new = !seen.contains(&assignee.person_id);
            seen.push(assignee.person_id);
            new
        });
        assignees
    }

    /// The people who may sign as a signatory, the holders apart.
    pub fn signers(&self, signatory: Signatory) -> Vec<Id> {
        let role = match signatory {
            Signatory::Holder => return holders(self.organisation, self.units),
            Signatory::SuperiorLeader => RouteRole::SuperiorLeader,
            Signatory::AreaDirector => RouteRole::AreaDirector,
            Signatory::ChiefExecutive => RouteRole::ChiefExecutive,
        };
        self.assignees(role).into_iter().map(|assignee| assignee.person_id).collect()
    }
}

/// Resolves a template's steps to people.
///
/// # Errors
/// `no-approver` when nobody is left for a step, or there are no steps.
pub fn resolve(
    steps: &[RouteStep],
    route_context: &RouteContext<'_>,
    before: &Route,
    resubmission: Resubmission,
) -> Result<Route, Code> {
    let carried = if resubmission == Resubmission::Continue { before.passed() } else { 0 };
    let steps = steps.iter().enumerate().map(|(index, step)| {
        let people = route_context.assignees(step.role);
        let carried_over = index < carried;
        let step = Step { role: step.role, duty: step.duty, rule: step.rule, carried_over, people };
        if step.people.is_empty() { Err(Code::NoApprover) } else { Ok(step) }
    });
    let steps = steps.collect::<Result<Vec<Step>, Code>>()?;
    if steps.is_empty() { Err(Code::NoApprover) } else { Ok(Route { steps }) }
}

impl Step {
    fn is_passed(&self) -> bool {
        let approved = |assignee: &Assignee| assignee.decided.as_ref().is_some_and(|decided| decided.approved);
        self.carried_over
            || match self.rule {
                StepRule::All => self.people.iter().all(approved),
                StepRule::Any => self.people.iter().any(approved),
            }
    }
}

impl Route {
    /// The step that waits; none when all are passed.
    pub fn current(&self) -> Option<usize> {
        self.steps.iter().position(|step| !step.is_passed())
    }

    /// How many steps are passed from the first on.
    fn passed(&self) -> usize {
        self.current().unwrap_or(self.steps.len())
    }

    /// Everybody who stands in it, or has decided in the place of somebody who does.
    pub fn people(&self) -> Vec<Id> {
        let of = |assignee: &Assignee| {
            let decided = assignee.decided.as_ref().map(|decided| decided.person_id);
            std::iter::once(assignee.person_id).chain(decided)
        };
        let mut people: Vec<Id> = self.steps.iter().flat_map(|step| step.people.iter().flat_map(of)).collect();
        people.sort();
        people.dedup();
        people
    }

    /// Everybody who has approved.
    pub fn approvers(&self) -> Vec<Id> {
        let assignees = self.steps.iter().flat_map(|step| &step.people);
        assignees
            .filter_map(|assignee| assignee.decided.as_ref())
            .filter(|it| it.approved)
            .map(|it| it.person_id)
            .collect()
    }

    /// Whom it waits for now. Somebody whose appointment has ended, or who has become barred since, is replaced by
    /// whom their role means today; where all of these have a place of their own, by the last who are left.
    pub fn waiting(&self, route_context: &RouteContext<'_>) -> Vec<Waiting> {
        let Some(step) = self.current().and_then(|index| self.steps.get(index)) else { return Vec::new() };
        let mut found: Vec<Waiting> = Vec::new();
        for (index, assignee) in step.people.iter().enumerate().filter(|(_, assignee)| assignee.decided.is_none()) {
            let taken = |person: Id| {
                let assigned =
                    step.people.iter().enumerate().any(|(at, other)| at != index && other.person_id == person);
                assigned || found.iter().any(|one| one.person_id == person)
            };
            let now = if route_context.is_free(assignee.person_id) {
                Some((assignee.person_id, assignee.on_behalf_of))
            } else {
                let today = route_context.assignees(step.role).into_iter().chain(route_context.last_assignees());
                let today = today.into_iter().find(|today| !taken(today.person_id));
                today.map(|today| (today.person_id, today.on_behalf_of))
            };
            if let Some((person_id, on_behalf_of)) = now {
                let instead_of = (person_id != assignee.person_id).then_some(assignee.person_id);
                found.push(Waiting { person_id, on_behalf_of, instead_of, assignee: index });
            }
        }
        found
    }

    /// The place on which a person decides now: the one on behalf of whom they name; unless they name anybody their
    /// own, or else the first.
    ///
    /// # Errors
    /// `already-decided`, `own-unit`, `edited-revision` or `not-your-step`.
    pub fn assignee_for(
        &self,
        person: Id,
        on_behalf_of: Option<Id>,
        route_context: &RouteContext<'_>,
    ) -> Result<Waiting, Code> {
        let waiting = self.waiting(route_context);
        let mine = || waiting.iter().filter(|one| one.person_id == person);
        if let Some(first) = mine().next() {
            let named = mine().find(|one| one.on_behalf_of == on_behalf_of);
            let unnamed = Some(first).filter(|_| on_behalf_of.is_none());
            return named.or(unnamed).copied().ok_or(Code::NotYourStep);
        }
        if let Some(reason) = route_context.disqualify(person).filter(|_| self.people().contains(&person)) {
            return Err(reason);
        }
        let decided = self.steps.iter().flat_map(|step| &step.people).filter_map(|assignee| assignee.decided.as_ref());
        if decided.into_iter().any(|decided| decided.person_id == person) {
            return Err(Code::AlreadyDecided);
        }
        Err(route_context.disqualify(person).unwrap_or(Code::NotYourStep))
    }

    /// Notes a decision on a place of the current step; tells whether the whole route is passed.
    pub fn decide(&mut self, assignee: usize, decided: Decided) -> bool {
        let current = self.current();
        if let Some(place) =
            current.and_then(|index| self.steps.get_mut(index)).and_then(|step| step.people.get_mut(assignee))
        {
            place.decided = Some(decided);
        }
        self.current().is_none()
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
