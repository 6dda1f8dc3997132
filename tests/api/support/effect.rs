//! A goal with an indicator, and what is seen of it.

use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use super::{Response, Unit, World};

/// A goal with one indicator in the section of effects, in the agreement of the social centre.
pub struct Measured {
    pub agreement: Id,
    /// The address of the agreement.
    pub path: String,
    pub goal_id: Value,
    pub indicator_id: Value,
    /// The address of the indicator.
    pub indicator: String,
}

impl Measured {
    /// Makes it, with what is said of the indicator.
    pub async fn make(world: &World, indicator: Value) -> Self {
        let agreement = world.agreement(Unit::Social).await;
        let path = format!("/api/v1/agreements/{agreement}");
        let goal = json!({"section_key": "effects", "title": "Flere klarer sig selv", "indicators": [indicator]});
        let made = world.as_person("socialchef").post(&format!("{path}/goals"), goal).await.ok();
        let (goal_id, indicator_id) = (made["id"].clone(), made["indicators"][0]["id"].clone());
        let text = |id: &Value| id.as_str().expect("an id").to_owned();
        let indicator = format!("{path}/goals/{}/indicators/{}", text(&goal_id), text(&indicator_id));
        Measured { agreement, path, goal_id, indicator_id, indicator }
    }

    /// The address of a day's measurement.
    pub fn on(&self, day: &str) -> String {
        format!("{}/observations/{day}", self.indicator)
    }

    /// The chief measures.
    pub async fn measure(&self, world: &World, day: &str, value: Value) -> Response {
        world.as_person("socialchef").put(&self.on(day), value).await
    }

    /// The chief writes down what was judged or said.
    pub async fn observe(&self, world: &World, kind: &str, day: &str, said: Value) -> Response {
        let mut body = json!({"kind": kind, "goal_id": self.goal_id, "observed_on": day});
        for (name, value) in said.as_object().expect("fields") {
            body[name] = value.clone();
        }
        world.as_person("socialchef").post(&format!("{}/observations", self.path), body).await
    }

    /// How the goal's effect goes, as somebody reads it.
    pub async fn effect(&self, world: &World, who: &str) -> Value {
        world.as_person(who).get(&format!("{}/effects", self.path)).await.ok()["goals"][0].clone()
    }
}

impl World {
    /// Moves the clock to the morning of a day.
    pub fn on_the_day(&self, day: &str) {
        let at: chrono::DateTime<chrono::Utc> = format!("{day}T08:00:00Z").parse().expect("an instant");
        self.app.clock.advance(at - self.app.clock.now().instant());
    }

    /// Approves all of an agreement, so that everybody reads it.
    pub async fn approve_all(&self, agreement: Id) {
        for key in ["effects", "cross-cutting", "service"] {
            self.put_section(agreement, key, SectionState::Approved, "socialdirektør").await;
        }
    }
}
