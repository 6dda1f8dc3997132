//! The lists of values that a text may have, where the server knows them all: names of actions, codes and kinds of
//! events. A client compiles against them; the tests hold every answer to them.

use crate::db::journal::EventKind;
use crate::error::Code;
use crate::tasks::api::task::TaskKind;
use crate::text;

/// A list, and where it is used: shapes and their fields.
pub(super) struct Values {
    /// What the list is called.
    pub name: &'static str,
    /// What one of its values is.
    pub description: &'static str,
    /// One of them, for examples.
    pub example: &'static str,
    /// The values.
    pub known: fn() -> Vec<String>,
    /// The shapes with a field of this kind, and the field.
    pub places: &'static [(&'static str, &'static str)],
}

pub(super) const ALL: &[Values] = &[
    Values {
        name: "ActionName",
        description: "The name of an action that a reader may take, as in `available_actions`.",
        example: "submit",
        known: || ACTIONS.iter().map(|action| (*action).to_owned()).collect(),
        places: &[("AvailableAction", "action")],
    },
    Values {
        name: "ProblemCode",
        description: "The code of a refusal: stable, for programs. `/problems` tells of each.",
        example: "not-ready",
        known: || Code::ALL.iter().map(|code| code.as_str().to_owned()).collect(),
        places: &[("Problem", "code")],
    },
    Values {
        name: "ReasonCode",
        description: "Why something waits, or why it cannot be done: the kind of a task, or the code of a refusal.",
        example: "not-holder",
        known: || {
            let waits = TaskKind::ALL.iter().map(|kind| kind.as_str().replace('_', "-"));
            waits.chain(Code::ALL.iter().map(|code| code.as_str().to_owned())).collect()
        },
        places: &[("Reason", "code")],
    },
    Values {
        name: "FaultCode",
        description: "The code of what is wrong or missing at a place: stable, for programs.",
        example: "field-missing",
        known: || text::names("fault-"),
        places: &[("Fault", "code")],
    },
    Values {
        name: "EventKind",
        description: "What happened, as `noun.past-tense`.",
        example: "section.submitted",
        known: || EventKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect(),
        places: &[("Change", "kind"), ("AuditEntry", "kind"), ("HistoryEntry", "kind")],
    },
    Values {
        name: "EventType",
        description: "What happened, as CloudEvents names it: `dk.aftalestyring.<noun>.<past-tense>.v1`.",
        example: "dk.aftalestyring.section.submitted.v1",
        known: || {
            EventKind::ALL
                .iter()
                .filter(|kind| kind.noun().is_fed())
                .map(|kind| format!("dk.aftalestyring.{kind}.v1"))
                .collect()
        },
        places: &[("Event", "type")],
    },
];

const ACTIONS: &[&str] = &[
    "approve",
    "change_password",
    "confirm",
    "counter",
    "create_client",
    "create_indicator",
    "create_one_time_code",
    "create_secret",
    "create_theme",
    "create_user",
    "decline",
    "delete",
    "demand_answer",
    "disable",
    "fulfil",
    "list_clients",
    "list_users",
    "name_owner",
    "open",
    "publish",
    "recall",
    "reopen",
    "replace",
    "reschedule",
    "resolve",
    "return",
    "share",
    "sign",
    "submit",
    "update",
    "update_municipality",
    "withdraw",
];
