use std::collections::HashMap;

use super::*;
use crate::organisation::UnitKind;
use crate::organisation::model::{Appointed, Settings, Unit};
use crate::types::Date;

/// A directorate over a centre over an institution, with people who can be appointed by name.
struct Town {
    appointments: Vec<Appointed>,
    last_resort: Option<Id>,
}

fn id(name: &str) -> Id {
    Id::of_name(name)
}

impl Town {
    fn new() -> Self {
        let mut town = Town { appointments: Vec::new(), last_resort: None };
        town.appoint("executive", Role::ChiefExecutive, "directorate");
        town.appoint("director", Role::Director, "directorate");
        town.appoint("chief", Role::Leader, "centre");
        town.appoint("leader", Role::Leader, "institution");
        town
    }

    fn appoint(&mut self, person: &str, role: Role, unit: &str) -> &mut Appointed {
        self.appointments.push(Appointed {
            id: Id::new(),
            person_id: id(person),
            org_unit_id: id(unit),
            role,
            acting: false,
            standing_deputy_id: None,
            responsible_for: Vec::new(),
        });
        self.appointments.last_mut().expect("just made")
    }

    fn dismiss(&mut self, person: &str) {
        self.appointments.retain(|held| held.person_id != id(person));
    }

    fn organisation(&self) -> Organisation {
        let unit = |name: &str, kind, parent: Option<&str>| Unit {
            id: id(name),
            name: name.to_owned(),
            folded_name: name.to_owned(),
            kind,
            parent_id: parent.map(id),
            holds_agreement: true,
        };
        let settings = Settings {
            name: "By".to_owned(),
            time_zone: chrono_tz::UTC,
            last_resort_id: self.last_resort,
            small_number_limit: 5,
            open_promise_limit: 8,
        };
        let units = [
            unit("directorate", UnitKind::Directorate, None),
            unit("centre", UnitKind::Centre, Some("directorate")),
            unit("institution", UnitKind::Institution, Some("centre")),
        ];
        let today = Date::parse("2014-11-10").expect("a day");
        Organisation::new(today, settings, units, self.appointments.clone(), HashMap::new())
    }
}

const THEME: [RouteStep; 1] = [RouteStep { role: RouteRole::ThemeDirector, duty: Duty::Approve, rule: StepRule::All }];
const SUPERIOR: [RouteStep; 1] =
    [RouteStep { role: RouteRole::SuperiorLeader, duty: Duty::Approve, rule: StepRule::All }];

fn people(route: &Route) -> Vec<(Id, Option<Id>)> {
    route.steps[0].people.iter().map(|assignee| (assignee.person_id, assignee.on_behalf_of)).collect()
}

fn asked(town: &Town, unit: &str, steps: &[RouteStep], owner: Option<&str>, editors: &[Id]) -> Result<Route, Code> {
    let organisation = town.organisation();
    let units = [id(unit)];
    let route_context =
        RouteContext { organisation: &organisation, units: &units, theme_owner: owner.map(id), editors };
    resolve(steps, &route_context, &Route::default(), Resubmission::Restart)
}

#[test]
fn a_centres_section_goes_to_the_director_of_its_theme() {
    let route = asked(&Town::new(), "centre", &THEME, Some("director"), &[]).expect("a route");
    assert_eq!(people(&route), [(id("director"), None)]);
}

#[test]
fn an_institutions_section_goes_to_its_centres_chief() {
    let route = asked(&Town::new(), "institution", &SUPERIOR, None, &[]).expect("a route");
    assert_eq!(people(&route), [(id("chief"), None)]);
}

#[test]
fn a_theme_without_a_director_goes_to_the_chief_executive() {
    for owner in [None, Some("somebody who left")] {
        let route = asked(&Town::new(), "centre", &THEME, owner, &[]).expect("a route");
        assert_eq!(people(&route), [(id("executive"), None)]);
    }
}

#[test]
fn a_director_who_acts_as_chief_of_the_centre_cannot_approve_it() {
    let mut town = Town::new();
    town.appoint("director", Role::Leader, "centre").acting = true;
    let route = asked(&town, "centre", &THEME, Some("director"), &[]).expect("a route");
    assert_eq!(people(&route), [(id("executive"), None)]);
}

#[test]
fn the_standing_deputy_of_a_barred_director_comes_before_the_chief_executive() {
    let mut town = Town::new();
    town.appoint("deputy", Role::Director, "directorate");
    town.appoint("director", Role::Leader, "centre").standing_deputy_id = Some(id("deputy"));
    let route = asked(&town, "centre", &THEME, Some("director"), &[]).expect("a route");
    assert_eq!(people(&route), [(id("deputy"), Some(id("director")))]);
}

#[test]
fn who_edited_the_revision_does_not_decide_on_it() {
    let route = asked(&Town::new(), "centre", &THEME, Some("director"), &[id("director")]).expect("a route");
    assert_eq!(people(&route), [(id("executive"), None)]);
}

#[test]
fn the_superior_is_the_nearest_who_is_not_barred() {
    let mut town = Town::new();
    town.appoint("mayor's chief", Role::Leader, "directorate");
    town.appoint("chief", Role::Leader, "institution");
    let route = asked(&town, "institution", &SUPERIOR, None, &[]).expect("a route");
    assert_eq!(people(&route), [(id("mayor's chief"), None)]);
}

#[test]
fn when_nobody_is_left_the_last_resort_decides_and_without_one_it_is_refused() {
    let mut town = Town::new();
    town.dismiss("director");
    town.appoint("executive", Role::Leader, "centre");
    assert_eq!(asked(&town, "centre", &THEME, Some("director"), &[]), Err(Code::NoApprover));
    town.appoint("auditor", Role::Director, "directorate");
    town.last_resort = Some(id("auditor"));
    let route = asked(&town, "centre", &THEME, Some("director"), &[]).expect("a route");
    assert_eq!(people(&route), [(id("auditor"), None)]);
}

#[test]
fn a_kind_of_unit_without_steps_has_nobody_to_decide() {
    assert_eq!(asked(&Town::new(), "centre", &[], None, &[]), Err(Code::NoApprover));
}

fn decided(person: &str, approved: bool) -> Decided {
    let at = Ts::of("2014-11-10T08:00:00Z".parse().expect("an instant"));
    Decided { decision_id: id("decision"), person_id: id(person), approved, at }
}

#[test]
fn an_approver_whose_appointment_ended_is_replaced_and_both_are_known() {
    let mut town = Town::new();
    let route = asked(&town, "institution", &SUPERIOR, None, &[]).expect("a route");
    town.dismiss("chief");
    town.appoint("new chief", Role::Leader, "centre");
    let (organisation, units) = (town.organisation(), [id("institution")]);
    let route_context = RouteContext { organisation: &organisation, units: &units, theme_owner: None, editors: &[] };
    let waiting = route.waiting(&route_context);
    assert_eq!(
        waiting,
        [Waiting { person_id: id("new chief"), on_behalf_of: None, instead_of: Some(id("chief")), assignee: 0 }]
    );
    assert_eq!(route.assignee_for(id("chief"), None, &route_context), Err(Code::NotYourStep));
}

#[test]
fn steps_run_in_order_and_all_or_any_of_a_step_decide() {
    let mut town = Town::new();
    town.appoint("second chief", Role::Leader, "centre");
    for (rule, needed) in [(StepRule::All, 2), (StepRule::Any, 1)] {
        let steps = [
            RouteStep { role: RouteRole::SuperiorLeader, duty: Duty::Review, rule },
            RouteStep { role: RouteRole::ChiefExecutive, duty: Duty::Approve, rule: StepRule::All },
        ];
        let mut route = asked(&town, "institution", &steps, None, &[]).expect("a route");
        let (organisation, units) = (town.organisation(), [id("institution")]);
        let route_context =
            RouteContext { organisation: &organisation, units: &units, theme_owner: None, editors: &[] };
        assert_eq!(route.assignee_for(id("executive"), None, &route_context), Err(Code::NotYourStep));
        for chief in ["chief", "second chief"].iter().take(needed) {
            let assignee = route.assignee_for(id(chief), None, &route_context).expect("it waits for them").assignee;
            assert!(!route.decide(assignee, decided(chief, true)));
        }
        assert_eq!(route.assignee_for(id("chief"), None, &route_context), Err(Code::AlreadyDecided));
        let assignee = route.assignee_for(id("executive"), None, &route_context).expect("it waits for them").assignee;
        assert!(route.decide(assignee, decided("executive", true)));
        assert_eq!(route.waiting(&route_context), []);
    }
}

#[test]
fn a_resubmission_restarts_the_route_or_goes_on_where_it_was_returned() {
    let town = Town::new();
    let steps = [SUPERIOR[0], RouteStep { role: RouteRole::ChiefExecutive, duty: Duty::Approve, rule: StepRule::All }];
    let mut before = asked(&town, "institution", &steps, None, &[]).expect("a route");
    before.decide(0, decided("chief", true));
    before.decide(0, decided("executive", false));
    let (organisation, units) = (town.organisation(), [id("institution")]);
    let route_context = RouteContext { organisation: &organisation, units: &units, theme_owner: None, editors: &[] };
    let again = |how| resolve(&steps, &route_context, &before, how).expect("a route").current();
    assert_eq!((again(Resubmission::Restart), again(Resubmission::Continue)), (Some(0), Some(1)));
}

#[test]
fn where_one_of_two_leaves_the_chief_executive_decides_in_their_place() {
    let mut town = Town::new();
    town.appoint("second chief", Role::Leader, "centre");
    let mut route = asked(&town, "institution", &SUPERIOR, None, &[]).expect("a route");
    town.dismiss("second chief");
    let (organisation, units) = (town.organisation(), [id("institution")]);
    let route_context = RouteContext { organisation: &organisation, units: &units, theme_owner: None, editors: &[] };
    let assignee = route.assignee_for(id("chief"), None, &route_context).expect("it waits for them").assignee;
    assert!(!route.decide(assignee, decided("chief", true)));
    let waiting = route.waiting(&route_context);
    let expected = [(id("executive"), Some(id("second chief")))];
    assert_eq!(waiting.iter().map(|one| (one.person_id, one.instead_of)).collect::<Vec<_>>(), expected);
    assert!(route.decide(waiting[0].assignee, decided("executive", true)));
}

#[test]
fn who_stands_in_for_a_leader_is_barred_like_one() {
    let mut town = Town::new();
    town.dismiss("leader");
    let route = asked(&town, "institution", &SUPERIOR, None, &[]).expect("a route");
    assert_eq!(people(&route), [(id("executive"), None)]);
    town.dismiss("chief");
    assert_eq!(asked(&town, "institution", &SUPERIOR, None, &[]), Err(Code::NoApprover));
}

#[test]
fn who_approves_nothing_by_their_role_is_never_asked() {
    for role in [Role::Coordinator, Role::Administrator, Role::WorksCouncil, Role::UserBoard] {
        let mut town = Town::new();
        town.appoint("somebody", role, "directorate");
        let route = asked(&town, "centre", &THEME, Some("somebody"), &[]).expect("a route");
        assert_eq!(people(&route), [(id("executive"), None)], "{role}");
    }
}

#[test]
fn a_deputy_decides_for_the_one_they_stand_for_and_for_nobody_else() {
    let mut town = Town::new();
    town.appoint("director", Role::Leader, "centre").standing_deputy_id = Some(id("deputy"));
    town.appoint("deputy", Role::Director, "directorate");
    let route = asked(&town, "centre", &THEME, Some("director"), &[]).expect("a route");
    let (organisation, units) = (town.organisation(), [id("centre")]);
    let route_context = RouteContext { organisation: &organisation, units: &units, theme_owner: None, editors: &[] };
    let assignee = |principal: Option<&str>| {
        route.assignee_for(id("deputy"), principal.map(id), &route_context).map(|assignee| assignee.on_behalf_of)
    };
    assert_eq!(assignee(None), Ok(Some(id("director"))));
    assert_eq!(assignee(Some("director")), Ok(Some(id("director"))));
    assert_eq!(assignee(Some("executive")), Err(Code::NotYourStep));
}
