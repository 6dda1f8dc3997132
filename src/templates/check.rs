//! Whether agreements can be made from a template: all that is in the way of publishing it. Pure.

use std::collections::HashSet;

use super::model::{AppliesTo, Duty, Field, FieldType, LocalText, Prescription, Route, SectionDefinition, Signatory};
use crate::error::Fault;
use crate::organisation::UnitKind;

/// The most characters that a field may ask for.
const LONGEST: u32 = 20_000;

/// The kinds of unit that a template is for; centres and institutions where it names none.
pub fn kinds(applies_to: &AppliesTo) -> Vec<UnitKind> {
    if applies_to.kinds.is_empty() { vec![UnitKind::Centre, UnitKind::Institution] } else { applies_to.kinds.clone() }
}

/// Everything that keeps a template from being published, with pointers into the template. `themes` are the keys of
/// its letter's themes, where it has a letter.
pub fn gaps(prescription: &Prescription, applies_to: &AppliesTo, themes: Option<&[&str]>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if prescription.sections.is_empty() {
        faults.push(Fault::at("/sections", "no-section"));
    }
    let keys = prescription.sections.iter().map(|section| section.key.as_str());
    faults.extend(repeated(keys).into_iter().map(|at| Fault::at(format!("/sections/{at}/key"), "duplicate-key")));
    for (at, section) in prescription.sections.iter().enumerate() {
        let base = format!("/sections/{at}");
        faults.extend(section_gaps(section, &base, themes));
        faults.extend(route_gaps(&section.routes, &format!("{base}/routes")));
    }
    faults.extend(route_gaps(&prescription.routes, "/routes"));
    for kind in kinds(applies_to) {
        faults.extend(unrouted(prescription, kind));
        faults.extend(unsigned(prescription, kind));
    }
    let kinds = prescription.signatories.iter().map(|one| one.kinds.as_slice());
    faults.extend(repeated_kinds(kinds, "/signatories"));
    faults
}

/// The places of what stands a second time.
fn repeated<T: std::hash::Hash + Eq>(all: impl Iterator<Item = T>) -> Vec<usize> {
    let mut seen = HashSet::new();
    all.enumerate().filter_map(|(at, one)| (!seen.insert(one)).then_some(at)).collect()
}

fn blank(text: &LocalText, place: String) -> Option<Fault> {
    text.da.trim().is_empty().then(|| Fault::at(place + "/da", "blank"))
}

fn section_gaps(section: &SectionDefinition, base: &str, themes: Option<&[&str]>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = blank(&section.heading, format!("{base}/heading")).into_iter().collect();
    if let (Some(key), Some(themes)) = (section.theme_key.as_deref(), themes)
        && !themes.contains(&key)
    {
        faults.push(Fault::at(format!("{base}/theme_key"), "unknown-theme"));
    }
    let keys = section.fields.iter().map(|field| field.key.as_str());
    faults.extend(repeated(keys).into_iter().map(|at| Fault::at(format!("{base}/fields/{at}/key"), "duplicate-key")));
    for (at, field) in section.fields.iter().enumerate() {
        faults.extend(field_gaps(field, &format!("{base}/fields/{at}")));
    }
    faults
}

fn field_gaps(field: &Field, base: &str) -> Vec<Fault> {
    let mut faults: Vec<Fault> = blank(&field.label, format!("{base}/label")).into_iter().collect();
    if !(1..=LONGEST).contains(&field.max_length) {
        faults.push(Fault::at(format!("{base}/max_length"), "out-of-range").with("min", 1).with("max", LONGEST));
    }
    if field.r#type == FieldType::Choice && field.choices.is_empty() {
        faults.push(Fault::at(format!("{base}/choices"), "no-choices"));
    }
    let keys = field.choices.iter().map(|choice| choice.key.as_str());
    faults.extend(repeated(keys).into_iter().map(|at| Fault::at(format!("{base}/choices/{at}/key"), "duplicate-key")));
    let labels = field.choices.iter().enumerate();
    faults.extend(labels.filter_map(|(at, choice)| blank(&choice.label, format!("{base}/choices/{at}/label"))));
    faults
}

/// What is wrong with routes that stand together: each must end in an approval, and be the only one for its kinds.
fn route_gaps(routes: &[Route], base: &str) -> Vec<Fault> {
    let open = routes.iter().enumerate().filter(|(_, route)| !approves(route));
    let mut faults: Vec<Fault> =
        open.map(|(at, _)| Fault::at(format!("{base}/{at}/steps"), "route-does-not-approve")).collect();
    faults.extend(repeated_kinds(routes.iter().map(|route| route.kinds.as_slice()), base));
    faults
}

fn approves(route: &Route) -> bool {
    route.steps.last().is_some_and(|step| step.duty == Duty::Approve)
}

/// A kind that two entries of a list name is a mistake: only the first would ever be used.
fn repeated_kinds<'a>(lists: impl Iterator<Item = &'a [UnitKind]>, base: &str) -> Vec<Fault> {
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (at, kinds) in lists.enumerate() {
        for kind in kinds.iter().filter(|kind| !seen.insert(**kind)) {
            faults.push(Fault::at(format!("{base}/{at}/kinds"), "duplicate-kind").with("kind", kind));
        }
    }
    faults
}

/// A kind whose sections nobody would decide on: neither a section's own routes nor the template's name it.
fn unrouted(prescription: &Prescription, kind: UnitKind) -> Option<Fault> {
    let without = |section: &SectionDefinition| prescription.steps(section, kind).is_empty();
    let named = prescription.routes.iter().any(|route| route.kinds.contains(&kind));
    let lacks = if prescription.sections.is_empty() { !named } else { prescription.sections.iter().any(without) };
    lacks.then(|| Fault::at("/routes", "no-route").with("kind", kind))
}

/// A kind whose agreements nobody would sign, or the holder not.
fn unsigned(prescription: &Prescription, kind: UnitKind) -> Option<Fault> {
    let Some(at) = prescription.signatories.iter().position(|one| one.kinds.contains(&kind)) else {
        return Some(Fault::at("/signatories", "no-signatories").with("kind", kind));
    };
    let holder_signs = prescription.signatories(kind).contains(&Signatory::Holder);
    (!holder_signs).then(|| Fault::at(format!("/signatories/{at}/signatories"), "holder-does-not-sign"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::templates::model::Resubmission;

    /// What the letter of 2015 demands: two plans, decided on by the leader above and signed by both.
    fn sound() -> Value {
        json!({
            "sections": [
                {"key": "effects", "kind": "effects", "heading": {"da": "Borger- og brugereffekter"}, "demanded": true,
                 "theme_key": "effekter",
                 "fields": [{"key": "plan", "type": "text", "label": {"da": "Plan"}, "demand": "block"}]},
                {"key": "cross_cutting", "kind": "cross_cutting", "heading": {"da": "Tværgående samarbejde"},
                 "demanded": true},
            ],
            "routes": [{"kinds": ["centre", "institution"], "steps": [
                {"role": "area_director", "duty": "review", "rule": "any"},
                {"role": "superior_leader", "duty": "approve", "rule": "any"},
            ]}],
            "signatories": [{"kinds": ["centre", "institution"], "signatories": ["holder", "superior_leader"]}],
        })
    }

    fn found(template: &Value, applies_to: &AppliesTo, themes: Option<&[&str]>) -> Vec<String> {
        let read = |name: &str| template[name].clone();
        let prescription = Prescription {
            sections: serde_json::from_value(read("sections")).expect("sections"),
            routes: serde_json::from_value(read("routes")).expect("routes"),
            signatories: serde_json::from_value(read("signatories")).expect("signatories"),
            resubmission: Resubmission::Restart,
        };
        let faults = gaps(&prescription, applies_to, themes);
        faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_sound_template_has_no_gaps() {
        let none: [&str; 0] = [];
        assert_eq!(found(&sound(), &AppliesTo::default(), Some(&["effekter"])), none);
        assert_eq!(found(&sound(), &AppliesTo::default(), None), none);
    }

    #[test]
    fn an_empty_template_lacks_sections_routes_and_signatories_for_each_kind() {
        let empty = json!({"sections": [], "routes": [], "signatories": []});
        assert_eq!(
            found(&empty, &AppliesTo::default(), None),
            [
                "/sections no-section",
                "/routes no-route",
                "/signatories no-signatories",
                "/routes no-route",
                "/signatories no-signatories"
            ]
        );
    }

    #[test]
    fn every_kind_it_is_for_needs_a_route_and_signatories() {
        let staff_too = AppliesTo { kinds: vec![UnitKind::Centre, UnitKind::Staff], under: Vec::new() };
        assert_eq!(found(&sound(), &staff_too, None), ["/routes no-route", "/signatories no-signatories"]);
    }

    #[test]
    fn routes_of_all_sections_of_their_own_make_the_templates_unneeded() {
        let mut template = sound();
        template["routes"] = json!([]);
        let own = json!([{"kinds": ["centre", "institution"], "steps": [{"role": "theme_director", "duty": "approve", "rule": "all"}]}]);
        template["sections"][0]["routes"] = own.clone();
        assert_eq!(found(&template, &AppliesTo::default(), None), ["/routes no-route", "/routes no-route"]);
        template["sections"][1]["routes"] = own;
        assert_eq!(found(&template, &AppliesTo::default(), None), [""; 0]);
    }

    #[test]
    fn a_route_must_end_with_an_approval_and_be_the_only_one_of_its_kind() {
        let mut template = sound();
        template["routes"][0]["steps"].as_array_mut().expect("steps").reverse();
        template["routes"].as_array_mut().expect("routes").push(
            json!({"kinds": ["staff", "centre"], "steps": [{"role": "chief_executive", "duty": "approve", "rule": "any"}]}),
        );
        template["sections"][1]["routes"] =
            json!([{"kinds": ["centre"], "steps": [{"role": "theme_director", "duty": "review", "rule": "all"}]}]);
        assert_eq!(
            found(&template, &AppliesTo::default(), None),
            [
                "/sections/1/routes/0/steps route-does-not-approve",
                "/routes/0/steps route-does-not-approve",
                "/routes/1/kinds duplicate-kind"
            ]
        );
    }

    #[test]
    fn the_holder_always_signs() {
        let mut template = sound();
        template["signatories"][0]["signatories"] = json!(["chief_executive"]);
        template["signatories"]
            .as_array_mut()
            .expect("signatories")
            .push(json!({"kinds": ["centre"], "signatories": ["holder"]}));
        assert_eq!(
            found(&template, &AppliesTo::default(), None),
            [
                "/signatories/0/signatories holder-does-not-sign",
                "/signatories/0/signatories holder-does-not-sign",
                "/signatories/1/kinds duplicate-kind"
            ]
        );
    }

    #[test]
    fn sections_fields_and_choices_have_keys_labels_and_themes_that_hold() {
        let mut template = sound();
        template["sections"][1]["key"] = json!("effects");
        template["sections"][1]["heading"]["da"] = json!(" ");
        template["sections"][0]["fields"] = json!([
            {"key": "plan", "type": "choice", "label": {"da": "Plan"}},
            {"key": "plan", "type": "choice", "label": {"da": ""}, "max_length": 0,
             "choices": [{"key": "ja", "label": {"da": "Ja"}}, {"key": "ja", "label": {"da": ""}}]},
        ]);
        assert_eq!(
            found(&template, &AppliesTo::default(), Some(&["servicekultur"])),
            [
                "/sections/1/key duplicate-key",
                "/sections/0/theme_key unknown-theme",
                "/sections/0/fields/1/key duplicate-key",
                "/sections/0/fields/0/choices no-choices",
                "/sections/0/fields/1/label/da blank",
                "/sections/0/fields/1/max_length out-of-range",
                "/sections/0/fields/1/choices/1/key duplicate-key",
                "/sections/0/fields/1/choices/1/label/da blank",
                "/sections/1/heading/da blank",
            ]
        );
    }
}
