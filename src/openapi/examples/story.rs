//! What the examples name: things of the demonstration, and some that the examples make in it.

use serde_json::{Value, json};

use crate::demo;
use crate::types::Id;

/// Somewhere that an example names something whose id the server makes.
pub(super) const SOMETHING: &str = "01931f2e-7c00-7000-8000-000000000001";

/// Something of the demonstration.
pub(super) fn of_demo(kind: &str, key: &str) -> Id {
    demo::id(kind, key)
}

/// A unit of the demonstration.
pub(super) fn unit(key: &str) -> Id {
    of_demo("org-unit", key)
}

/// Somebody of the demonstration.
pub(super) fn person(login: &str) -> Id {
    of_demo("person", login)
}

/// Something that an example makes, with an id that the sender chooses.
pub(super) fn made(kind: &str) -> Id {
    of_demo("example", kind)
}

/// What a part of a path is, by the name of the parameter.
pub fn of_path(name: &str) -> Option<Value> {
    let id = match name {
        "agreement_id" => of_demo("agreement", "social"),
        "appointment_id" => of_demo("appointment", "centerchef.social"),
        "client_id" => of_demo("client", demo::HR_CLIENT),
        "commitment_id" => made("commitment"),
        "cycle_id" => of_demo("cycle", "2015"),
        "goal_id" => made("goal"),
        "indicator_id" => made("indicator"),
        "org_unit_id" => unit("social"),
        "person_id" => person("centerchef.social"),
        "strategy_letter_id" => of_demo("strategy-letter", "2015"),
        "template_id" => of_demo("template", "2015"),
        "theme_id" => of_demo("theme", "borger-og-brugereffekter"),
        "user_id" => of_demo("user", "centerchef.social"),
        "section_key" => return Some(json!("effects")),
        "revision_number" => return Some(json!(1)),
        "comment_id" | "secret_id" => return Some(json!(SOMETHING)),
        _ => return None,
    };
    Some(json!(id))
}

/// A shape that reads better with another value than its first.
pub(super) fn of_shape(name: &str) -> Option<Value> {
    Some(match name {
        "Id" => json!(SOMETHING),
        "UnitKind" => json!("centre"),
        "RouteRole" => json!("theme_director"),
        "Duty" => json!("approve"),
        "Role" => json!("leader"),
        _ => return None,
    })
}

/// An id that a field of a shape names.
pub(super) fn of_property(owner: &str, property: &str) -> Option<Value> {
    let name = match (owner, property) {
        ("Agreement" | "AgreementSummary", "id") => "agreement_id",
        ("Appointment" | "HeldRole", "id") => "appointment_id",
        ("MachineClient", "id") => "client_id",
        ("Commitment", "id") => "commitment_id",
        ("Cycle" | "CurrentCycle", "id") => "cycle_id",
        ("Goal" | "DraftGoal", "id") | (_, "inherited_from_id") => "goal_id",
        ("Indicator" | "DraftIndicator", "id") => "indicator_id",
        ("OrgUnit" | "UnitName", "id") => "org_unit_id",
        ("StrategyLetter", "id") | (_, "letter_id") => "strategy_letter_id",
        ("Template" | "TemplateName", "id") => "template_id",
        ("Theme", "id") => "theme_id",
        ("User", "id") => "user_id",
        ("Person", "id") | (_, "author_id" | "signed_by" | "submitted_by" | "on_behalf_of") => "person_id",
        (_, "owner_id" | "changed_by" | "acting_for_id") => return Some(json!(person("direktoer.social"))),
        (_, "parent_id") => return Some(json!(unit("direktionen"))),
        (_, "standing_deputy_id") => return Some(json!(person("konsulent.social"))),
        (_, "last_resort_id") => return Some(json!(person("kommunaldirektoer"))),
        ("Municipality" | "MunicipalityChoice", "id") => return Some(json!(demo::scope().municipality())),
        (_, name) => name,
    };
    of_path(name)
}
