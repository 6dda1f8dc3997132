//! Tasks as they are found, before the page is cut.

use super::task::{Task, TaskKind};
use crate::agreements::approval::places::WaitingPlace;
use crate::templates::model::Duty;
use crate::types::{Date, Ts};

/// A task that is found: told at once, or only when it stands on the page, where there may be thousands.
pub enum Found {
    /// A task, told.
    Told(Box<Task>),
    /// A decision that waits.
    Decision {
        /// The last day on which it is to be made.
        due: Option<Date>,
        /// Where it waits.
        place: WaitingPlace,
    },
}

/// Where a task stands in the list: without a day last, then by day, by age, and by the parts of its id, of which the
/// first is its kind.
pub type Key = (bool, Option<Date>, Ts, Vec<String>);

impl Found {
    /// A task that is told.
    pub fn told(task: Task) -> Self {
        Found::Told(Box::new(task))
    }

    /// What kind of thing waits.
    pub fn kind(&self) -> TaskKind {
        match self {
            Found::Told(task) => task.kind,
            Found::Decision { place, .. } => kind_of(place.duty),
        }
    }

    /// The last day on which it is to be done.
    pub fn due(&self) -> Option<Date> {
        match self {
            Found::Told(task) => task.due,
            Found::Decision { due, .. } => *due,
        }
    }

    /// Its place in the list.
    pub fn key(&self) -> Key {
        let (since, id) = match self {
            Found::Told(task) => (task.since, task.id.clone()),
            Found::Decision { place, .. } => (place.since, id_of(place)),
        };
        (self.due().is_none(), self.due(), since, id.split(':').map(str::to_owned).collect())
    }
}

/// What is asked of the reader.
pub fn kind_of(duty: Duty) -> TaskKind {
    match duty {
        Duty::Review => TaskKind::Review,
        Duty::Approve => TaskKind::Approve,
    }
}

/// Somebody who stands in for another may have a place of their own in the same section.
pub fn id_of(place: &WaitingPlace) -> String {
    let behalf = place.on_behalf_of.map(|person| format!(":{person}")).unwrap_or_default();
    format!("{}:{}:{}{behalf}", kind_of(place.duty), place.agreement_id, place.section_key)
}
