//! One of everything that has an address, made over HTTP.

use std::collections::HashMap;

use aftalestyring::types::Id;
use serde_json::{Value, json};

use super::{Client, Unit, World, strategy};

/// The day on which the indicator was measured.
pub const MEASURED_ON: &str = "2014-11-03";

/// The ids of one of everything, by the address of its list.
pub struct Everything {
    ids: HashMap<&'static str, String>,
}

impl Everything {
    /// The id of the one in a list; `open` is the cycle of the agreement.
    pub fn id(&self, list: &str) -> &str {
        self.ids.get(list).unwrap_or_else(|| panic!("there is none in {list}"))
    }

    /// An address of the document with these ids in it.
    pub fn address(&self, template: &str) -> String {
        let mut address = String::new();
        for part in template.split('/').skip(1) {
            let filled = match part {
                "{key}" => "effects",
                "{number}" => "1",
                "{date}" => MEASURED_ON,
                "{corporate_goal_id}" => self.id("corporate-goals"),
                part if part.starts_with('{') => self.id(address.rsplit('/').next().unwrap_or_default()),
                part => part,
            };
            address = format!("{address}/{filled}");
        }
        address
    }

    /// Makes one of everything in a municipality.
    pub async fn make(world: &World) -> Self {
        let mut all = Everything { ids: HashMap::new() };
        all.make_organisation(world).await;
        all.make_strategy(world).await;
        all.make_agreement(world).await;
        all
    }

    fn keep(&mut self, list: &'static str, made: &Value) {
        self.ids.insert(list, made["id"].as_str().expect("an id").to_owned());
    }

    async fn post(&mut self, client: &Client, address: &str, list: &'static str, body: Value) {
        let made = client.post(address, body).await.ok();
        self.keep(list, &made);
    }

    async fn put(&mut self, client: &Client, list: &'static str, body: Value) {
        let made = client.put(&format!("/api/v1/{list}/{}", Id::new()), body).await.ok();
        self.keep(list, &made);
    }

    async fn make_organisation(&mut self, world: &World) {
        let (coordinator, administrator) = (world.as_person("koordinator"), world.as_person("administrator"));
        let validity = json!({
            "from": "2014-01-01", "parent_id": world.unit(Unit::Directorate), "name": "Kulturcentret", "kind": "centre"
        });
        self.put(&coordinator, "org-units", json!({"validities": [validity]})).await;
        self.put(&coordinator, "people", json!({"name": "Kulturchef"})).await;
        let leads = json!({
            "person_id": self.id("people"), "org_unit_id": self.id("org-units"), "role": "leader", "from": "2014-01-01"
        });
        self.put(&coordinator, "appointments", leads).await;
        let log_in = json!({"person_id": self.id("people"), "email": "kulturchef@lilleby.example"});
        self.post(&administrator, "/api/v1/users", "users", log_in).await;
        let client = json!({"client_key": "arkiv", "name": "Arkivet", "source": "arkiv", "scopes": ["events:read"]});
        self.post(&administrator, "/api/v1/clients", "clients", client).await;
        let secrets = format!("/api/v1/clients/{}/secrets", self.id("clients"));
        self.post(&administrator, &secrets, "secrets", json!({})).await;
    }

    async fn make_strategy(&mut self, world: &World) {
        let coordinator = world.as_person("koordinator");
        self.post(&coordinator, "/api/v1/strategy-letters", "strategy-letters", strategy::letter(2016)).await;
        let themes = format!("/api/v1/strategy-letters/{}/themes", self.id("strategy-letters"));
        let theme = json!({"key": "effekter", "heading_key": "borgerne", "title": "Borger- og brugereffekter"});
        self.post(&coordinator, &themes, "themes", theme).await;
        let goals = format!("{themes}/{}/goals", self.id("themes"));
        let goal = json!({"title": "Flere klarer sig selv", "indicators": [{"name": "Andel uden hjælp", "unit": "%"}]});
        self.post(&coordinator, &goals, "corporate-goals", goal).await;
        self.post(&coordinator, "/api/v1/templates", "templates", strategy::template("Aftale 2016")).await;
        let mut cycle = strategy::cycle(&[self.id("templates")]);
        cycle["year"] = json!(2016);
        self.post(&coordinator, "/api/v1/cycles", "cycles", cycle).await;
    }

    async fn make_agreement(&mut self, world: &World) {
        let first = world.agreement(Unit::School).await;
        let coordinator = world.as_person("koordinator");
        let cycle = coordinator.get(&format!("/api/v1/agreements/{first}")).await.ok()["cycle_id"].clone();
        self.keep("open", &json!({"id": cycle}));
        let agreement = json!({"cycle_id": cycle, "org_unit_ids": [world.unit(Unit::Social)]});
        self.post(&coordinator, "/api/v1/agreements", "agreements", agreement).await;
        let (chief, path) = (world.as_person("socialchef"), self.address("/api/v1/agreements/{id}"));
        let goal = json!({"section_key": "effects", "title": "Flere klarer sig selv"});
        self.post(&chief, &format!("{path}/goals"), "goals", goal).await;
        let indicators = self.address("/api/v1/agreements/{id}/goals/{goal_id}/indicators");
        self.post(&chief, &indicators, "indicators", json!({"name": "Andel uden hjælp", "unit": "%"})).await;
        let measured = format!("{indicators}/{}/observations/{MEASURED_ON}", self.id("indicators"));
        chief.put(&measured, json!({"value": 58})).await.ok();
        let seen = json!({
            "kind": "assessment", "goal_id": self.id("goals"), "observed_on": MEASURED_ON, "text": "Det går fremad.",
            "judgement": "on_track"
        });
        self.post(&chief, &format!("{path}/observations"), "observations", seen).await;
        let comment = json!({"section_key": "effects", "body": "Hvordan måler vi det?"});
        self.post(&chief, &format!("{path}/comments"), "comments", comment).await;
        let commitment = json!({
            "agreement_id": self.id("agreements"), "section_key": "cross-cutting", "title": "Fælles overgang",
            "partners": [{"org_unit_id": world.unit(Unit::School)}]
        });
        self.post(&chief, "/api/v1/commitments", "commitments", commitment).await;
    }
}
