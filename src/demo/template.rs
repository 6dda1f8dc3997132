//! The template of 2015: two compulsory sections, the letter's other themes as optional ones.

use crate::organisation::UnitKind;
use crate::templates::model::{
    Demand, Demands, Duty, Field, FieldType, FilledBy, LocalText, Prescription, Resubmission, Route, RouteRole,
    RouteStep, SectionDefinition, SectionKind, Signatories, Signatory, StepRule,
};

fn text(da: &str, en: &str) -> LocalText {
    LocalText { da: da.to_owned(), en: en.to_owned() }
}

fn field(key: &str, demand: Demand, label: LocalText, help: LocalText) -> Field {
    Field {
        key: key.to_owned(),
        r#type: FieldType::Text,
        label,
        help,
        demand,
        max_length: 8000,
        minutes: 60,
        choices: Vec::new(),
    }
}

/// What the letter demands and advises (domain rule 1).
pub fn prescription() -> Prescription {
    let mut sections = vec![effects(), cross_cutting()];
    sections.extend(optional());
    Prescription {
        sections,
        routes: vec![
            route(UnitKind::Centre, RouteRole::ThemeDirector),
            route(UnitKind::Institution, RouteRole::SuperiorLeader),
        ],
        signatories: vec![
            signed_by(UnitKind::Centre, Signatory::ChiefExecutive),
            signed_by(UnitKind::Institution, Signatory::SuperiorLeader),
        ],
        resubmission: Resubmission::Restart,
    }
}

fn route(kind: UnitKind, role: RouteRole) -> Route {
    Route { kinds: vec![kind], steps: vec![RouteStep { role, duty: Duty::Approve, rule: StepRule::All }] }
}

fn signed_by(kind: UnitKind, other: Signatory) -> Signatories {
    Signatories { kinds: vec![kind], signatories: vec![Signatory::Holder, other] }
}

fn effects() -> SectionDefinition {
    SectionDefinition {
        key: "effects".to_owned(),
        label: "1".to_owned(),
        kind: SectionKind::Effects,
        heading: text("Borger- og brugereffekter", "Citizen and user effects"),
        guidance: text(
            "Beskriv, hvordan enheden planlægger at arbejde med borger- og brugereffekter. Sæt få effektmål, og skriv \
             for hvert, hvordan det måles eller vurderes.",
            "Describe how the unit plans to work with citizen and user effects. Set few effect goals, and say of each \
             how it is measured or judged.",
        ),
        demanded: true,
        allows_not_applicable: false,
        theme_key: Some("borger-og-brugereffekter".to_owned()),
        filled_by: FilledBy::Holder,
        fields: vec![field(
            "plan",
            Demand::Block,
            text("Plan for arbejdet med borger- og brugereffekter", "Plan for the work with citizen and user effects"),
            text("Hvad gør I, hvem gør det, og hvornår?", "What will you do, who will do it, and when?"),
        )],
        demands: Demands { goal_present: Demand::Advise, ..Demands::default() },
        routes: Vec::new(),
    }
}

fn cross_cutting() -> SectionDefinition {
    SectionDefinition {
        key: "cross-cutting".to_owned(),
        label: "2".to_owned(),
        kind: SectionKind::CrossCutting,
        heading: text("Tværgående samarbejde", "Cross-cutting work"),
        guidance: text(
            "Skriv, hvordan der lokalt arbejdes med at koordinere og tænke på tværs, og hvem I gør det sammen med.",
            "Say how you coordinate and think across the organisation, and with whom you do so.",
        ),
        demanded: true,
        allows_not_applicable: false,
        theme_key: Some("tvaergaaende-samarbejde".to_owned()),
        filled_by: FilledBy::Holder,
        fields: vec![field(
            "plan",
            Demand::Block,
            text("Plan for det tværgående samarbejde", "Plan for the cross-cutting work"),
            text(
                "Hvad gør I sammen med andre, og hvad får borgerne ud af det?",
                "What will you do with others, and what do citizens gain?",
            ),
        )],
        demands: Demands { partner_named: Demand::Advise, ..Demands::default() },
        routes: Vec::new(),
    }
}

/// The letter's other themes.
fn optional() -> Vec<SectionDefinition> {
    [
        ("implementation", "3", "implementering-i-bund", text("Implementering i bund", "Implementation in full")),
        ("service-culture", "4", "servicekultur", text("Servicekultur", "Service culture")),
        ("workflows", "5", "effektive-arbejdsgange", text("Effektive arbejdsgange", "Efficient ways of working")),
        (
            "competencies",
            "6",
            "kompetencer-og-ledelse",
            text("Kompetencer og værdibaseret ledelse", "Competencies and value-based leadership"),
        ),
    ]
    .into_iter()
    .map(|(key, label, theme, heading)| SectionDefinition {
        key: key.to_owned(),
        label: label.to_owned(),
        kind: SectionKind::Text,
        heading,
        guidance: LocalText::default(),
        demanded: false,
        allows_not_applicable: true,
        theme_key: Some(theme.to_owned()),
        filled_by: FilledBy::Holder,
        fields: vec![field(
            "text",
            Demand::Block,
            text("Det vil vi", "What we will do"),
            text("Kun hvis temaet er vigtigt for jer i år.", "Only if the theme matters to you this year."),
        )],
        demands: Demands::default(),
        routes: Vec::new(),
    })
    .collect()
}
