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
        "goal_corporate_goal_id" => of_demo("corporate-goal", "selvhjulpne"),
        "client_id" => of_demo("client", demo::HR_CLIENT),
        "cycle_id" => of_demo("cycle", "2015"),
        "org_unit_id" => unit("social"),
        "person_id" => person("centerchef.social"),
        "strategy_letter_id" => of_demo("strategy-letter", "2015"),
        "template_id" => of_demo("template", "2015"),
        "theme_id" => of_demo("theme", "borger-og-brugereffekter"),
        "user_id" => of_demo("user", "centerchef.social"),
        "section_key" => return Some(json!("effects")),
        "observation_date" => return Some(json!("2014-11-03")),
        "revision_number" => return Some(json!(1)),
        other => made(other.strip_suffix("_id")?),
    };
    Some(json!(id))
}
