use std::collections::HashMap;

use super::*;
use crate::organisation::model::Settings;
use crate::text::fold;
use crate::types::Date;

/// Direktionen > Socialcentret > Plejehjemmet > Afdelingen, and Skolecentret beside it, with a staff unit.
fn organisation() -> Organisation {
    let unit = |name: &str, kind: UnitKind, parent: Option<&str>| Unit {
        id: Id::of_name(name),
        name: name.to_owned(),
        folded_name: fold(name),
        kind,
        parent_id: parent.map(Id::of_name),
        holds_agreement: kind != UnitKind::Directorate,
    };
    let units = [
        unit("Direktionen", UnitKind::Directorate, None),
        unit("Socialcentret", UnitKind::Centre, Some("Direktionen")),
        unit("Plejehjemmet", UnitKind::Institution, Some("Socialcentret")),
        unit("Afdelingen", UnitKind::Institution, Some("Plejehjemmet")),
        unit("Skolecentret", UnitKind::Centre, Some("Direktionen")),
        unit("Staben", UnitKind::Staff, Some("Direktionen")),
        Unit { holds_agreement: false, ..unit("Klubben", UnitKind::Institution, Some("Skolecentret")) },
    ];
    let settings = Settings {
        name: "Lilleby".to_owned(),
        time_zone: chrono_tz::Europe::Copenhagen,
        last_resort_id: None,
        small_number_limit: 5,
        open_promise_limit: 8,
    };
    Organisation::new(day("2014-11-10"), settings, units, Vec::new(), HashMap::new())
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn names(organisation: &Organisation, ids: &[Id]) -> Vec<String> {
    ids.iter().map(|id| organisation.unit(*id).expect("a unit").name.clone()).collect()
}

fn template(name: &str, kinds: &[UnitKind], under: &[&str]) -> Candidate {
    let under = under.iter().map(|unit| Id::of_name(unit)).collect();
    Candidate { id: Id::of_name(name), applies_to: AppliesTo { kinds: kinds.to_vec(), under } }
}

fn chosen(unit: &str, templates: &[Candidate]) -> Result<Id, NoTemplate> {
    let organisation = organisation();
    let unit = organisation.unit(Id::of_name(unit)).expect("a unit");
    template_for(&organisation, unit, templates)
}

#[test]
fn every_state_and_action_stands_in_the_table() {
    let mut grid = String::from("state  ");
    for action in CycleAction::ALL {
        grid.push_str(&format!(" {:<10}", action.as_str()));
    }
    for state in CycleState::ALL {
        grid.push_str(&format!("\n{:<7}", state.as_str()));
        for action in CycleAction::ALL {
            let next = state.after(*action).map_or("-", CycleState::as_str);
            grid.push_str(&format!(" {next:<10}"));
        }
    }
    let lines: Vec<&str> = grid.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    state   edit       reschedule open
    planned planned    planned    open
    open    -          open       -
    closed  -          -          -
    ");
}

#[test]
fn a_cycle_is_for_the_centres_and_institutions_that_hold_agreements() {
    let organisation = organisation();
    let all = units_in_scope(&organisation, &Scope::default());
    assert_eq!(names(&organisation, &all), ["Afdelingen", "Plejehjemmet", "Skolecentret", "Socialcentret"]);
}

#[test]
fn a_scope_is_narrowed_by_kind_subtree_and_exceptions() {
    let organisation = organisation();
    let social = Scope { under: vec![Id::of_name("Socialcentret")], ..Scope::default() };
    let found = units_in_scope(&organisation, &social);
    assert_eq!(names(&organisation, &found), ["Afdelingen", "Plejehjemmet", "Socialcentret"]);
    let staff = Scope { kinds: vec![UnitKind::Staff, UnitKind::Centre], ..Scope::default() };
    let found = units_in_scope(&organisation, &staff);
    assert_eq!(names(&organisation, &found), ["Skolecentret", "Socialcentret", "Staben"]);
    let spared = Scope { exceptions: vec![Id::of_name("Plejehjemmet")], ..social };
    let found = units_in_scope(&organisation, &spared);
    assert_eq!(names(&organisation, &found), ["Afdelingen", "Socialcentret"], "an exception spares itself alone");
}

#[test]
fn the_narrowest_template_wins() {
    let (all, kind) = (template("all", &[], &[]), template("kind", &[UnitKind::Institution], &[]));
    let social = template("social", &[], &["Socialcentret"]);
    let home = template("home", &[], &["Plejehjemmet"]);
    let both = template("both", &[UnitKind::Institution], &["Socialcentret"]);
    for (unit, templates, winner) in [
        ("Plejehjemmet", vec![&all], "all"),
        ("Plejehjemmet", vec![&all, &kind], "kind"),
        ("Plejehjemmet", vec![&all, &kind, &social], "social"),
        ("Plejehjemmet", vec![&all, &kind, &social, &both], "both"),
        ("Plejehjemmet", vec![&home, &both, &social, &kind, &all], "home"),
        ("Socialcentret", vec![&home, &both, &social, &kind, &all], "social"),
        ("Skolecentret", vec![&home, &both, &social, &kind, &all], "all"),
        ("Afdelingen", vec![&social, &home], "home"),
    ] {
        let templates: Vec<Candidate> = templates.into_iter().cloned().collect();
        assert_eq!(chosen(unit, &templates), Ok(Id::of_name(winner)), "{unit}");
        let reversed: Vec<Candidate> = templates.into_iter().rev().collect();
        assert_eq!(chosen(unit, &reversed), Ok(Id::of_name(winner)), "the order of the templates says nothing");
    }
}

#[test]
fn the_deepest_of_a_templates_own_subtrees_counts() {
    let wide = template("wide", &[], &["Direktionen", "Plejehjemmet"]);
    let social = template("social", &[], &["Socialcentret"]);
    assert_eq!(chosen("Plejehjemmet", &[wide.clone(), social.clone()]), Ok(wide.id));
    assert_eq!(chosen("Socialcentret", &[wide, social.clone()]), Ok(social.id));
}

#[test]
fn a_tie_or_nothing_is_no_template() {
    let (a, b) = (template("a", &[], &[]), template("b", &[], &[]));
    assert_eq!(chosen("Plejehjemmet", &[a.clone(), b]), Err(NoTemplate::Tied));
    let centres = template("centres", &[UnitKind::Centre], &[]);
    assert_eq!(chosen("Plejehjemmet", std::slice::from_ref(&centres)), Err(NoTemplate::NoneApplies));
    assert_eq!(chosen("Plejehjemmet", &[]), Err(NoTemplate::NoneApplies));
    assert_eq!(chosen("Plejehjemmet", &[centres, a.clone()]), Ok(a.id), "a tie among others is no concern of its");
}

#[test]
fn an_opening_gives_each_unit_its_template_or_names_all_that_have_none() {
    let organisation = organisation();
    let (centres, home) = (template("centres", &[UnitKind::Centre], &[]), template("home", &[], &["Plejehjemmet"]));
    let plan = plan_open(&organisation, &Scope::default(), &[centres.clone(), home]).expect("a plan");
    let plan: Vec<(Id, Id)> = plan.iter().map(|one| (one.org_unit_id, one.template_id)).collect();
    let expected =
        [("Afdelingen", "home"), ("Plejehjemmet", "home"), ("Skolecentret", "centres"), ("Socialcentret", "centres")];
    assert_eq!(plan, expected.map(|(unit, template)| (Id::of_name(unit), Id::of_name(template))));
    let again = Candidate { id: Id::of_name("again"), ..centres.clone() };
    let faults = plan_open(&organisation, &Scope::default(), &[centres, again]).expect_err("no plan");
    let faults: Vec<(String, &str)> = faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect();
    let at = |unit: &str| format!("/org_units/{}", Id::of_name(unit));
    assert_eq!(
        faults,
        [
            (at("Afdelingen"), "no-template-applies"),
            (at("Plejehjemmet"), "no-template-applies"),
            (at("Skolecentret"), "templates-tied"),
            (at("Socialcentret"), "templates-tied"),
        ]
    );
}

#[test]
fn deadlines_follow_each_other_where_they_are_given() {
    let deadlines = |submit: Option<&str>, approve: Option<&str>, sign: Option<&str>| Deadlines {
        submit: submit.map(day),
        approve: approve.map(day),
        sign: sign.map(day),
    };
    assert!(are_in_order(&deadlines(None, None, None)).is_ok());
    assert!(are_in_order(&deadlines(Some("2014-12-15"), None, Some("2014-12-15"))).is_ok());
    assert!(are_in_order(&deadlines(Some("2014-12-16"), None, Some("2014-12-15"))).is_err());
    assert!(are_in_order(&deadlines(None, Some("2015-02-01"), Some("2015-01-31"))).is_err());
}
