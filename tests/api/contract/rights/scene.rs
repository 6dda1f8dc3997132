//! An agreement that has come to some state, and everybody who may have something to do with it.

use aftalestyring::auth::ClientScope;
use aftalestyring::organisation::Role;
use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Client, Unit, World};

/// Where an agreement stands, and its section »effects« in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    Draft,
    Submitted,
    /// The section is approved, and another is not.
    PartlyApproved,
    /// The section is returned, and another waits.
    Returned,
    Approved,
    InForce,
}

impl Stand {
    pub const ALL: [Stand; 6] =
        [Stand::Draft, Stand::Submitted, Stand::PartlyApproved, Stand::Returned, Stand::Approved, Stand::InForce];

    pub fn name(self) -> &'static str {
        ["draft", "submitted", "partly approved", "returned", "approved", "in force"][self as usize]
    }
}

/// Who there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// A centre, led by two, with everybody else at their place.
    Usual,
    /// A centre that the director of its theme leads, acting, as do the chief executive and a coordinator.
    Barred,
    /// An institution whose leader has left.
    Vacant,
}

impl Cast {
    fn unit(self) -> Unit {
        if self == Cast::Vacant { Unit::CareHome } else { Unit::Social }
    }

    fn holder(self) -> &'static str {
        if self == Cast::Vacant { "plejehjemsleder" } else { "socialchef" }
    }

    /// Who decides on the two sections, and who signs.
    fn deciders(self) -> ([&'static str; 2], [&'static str; 2]) {
        match self {
            Cast::Usual => (["socialdirektør", "skoledirektør"], ["socialchef", "kommunaldirektør"]),
            Cast::Barred => (["stedfortræder", "skoledirektør"], ["socialchef", "sidste instans"]),
            Cast::Vacant => (["socialchef", "socialchef"], ["plejehjemsleder", "socialchef"]),
        }
    }
}

const USUAL: [(&str, &str); 20] = [
    ("leader", "socialchef"),
    ("second leader", "anden chef"),
    ("contributor", "medarbejder"),
    ("director of the theme", "socialdirektør"),
    ("director of another section", "skoledirektør"),
    ("director of neither", "stedfortræder"),
    ("director of the area", "områdedirektør"),
    ("chief executive", "kommunaldirektør"),
    ("leader above", "direktionschef"),
    ("coordinator", "koordinator"),
    ("administrator", "administrator"),
    ("works council", "med-udvalg"),
    ("user board", "brugerbestyrelse"),
    ("reader", "læser"),
    ("leader of a neighbour", "skolechef"),
    ("leader below", "plejehjemsleder"),
    ("leader of a partner", "børnehusleder"),
    ("shared with", "fortrolig"),
    ("shared with, administrator", "teknisk"),
    ("shared with, left since", "tidligere"),
];

const BARRED: [(&str, &str); 8] = [
    ("leader", "socialchef"),
    ("director acting as leader", "socialdirektør"),
    ("their standing deputy", "stedfortræder"),
    ("chief executive, leading", "kommunaldirektør"),
    ("coordinator, leading", "strategichef"),
    ("last resort", "sidste instans"),
    ("director of another section", "skoledirektør"),
    ("coordinator", "koordinator"),
];

const VACANT: [(&str, &str); 6] = [
    ("leader who has left", "plejehjemsleder"),
    ("leader above, standing in", "socialchef"),
    ("chief executive", "kommunaldirektør"),
    ("director of the area", "socialdirektør"),
    ("contributor of the centre", "medarbejder"),
    ("coordinator", "koordinator"),
];

/// An agreement and everybody around it.
pub struct Scene {
    pub world: World,
    pub id: Id,
    pub commitment: String,
    pub callers: Vec<(&'static str, Client)>,
}

impl Scene {
    /// Makes the municipality of a cast, and brings its agreement to a stand.
    pub async fn set(cast: Cast, stand: Stand) -> Self {
        let mut world = World::new().await;
        match cast {
            Cast::Usual => employ_everybody(&mut world).await,
            Cast::Barred => bar_everybody(&mut world).await,
            Cast::Vacant => {}
        }
        let id = world.agreement(cast.unit()).await;
        let holder = world.as_person(cast.holder());
        let path = format!("/api/v1/agreements/{id}");
        if cast == Cast::Usual {
            let people = ["fortrolig", "teknisk", "tidligere"].map(|name| world.person(name));
            holder.act(&path, "share", json!({"people": people})).await.ok();
            world.end_appointment("tidligere").await;
        }
        let commitment = fill(&world, &holder, id).await;
        advance(&world, cast, &path, stand).await;
        if cast == Cast::Vacant {
            world.end_appointment("plejehjemsleder").await;
        }
        let callers = callers(&world, cast);
        Scene { world, id, commitment, callers }
    }

    /// The submitted agreement of an institution, on which the leader above it decides.
    pub async fn of_institution(world: World) -> Self {
        let id = world.agreement(Unit::CareHome).await;
        let holder = world.as_person("plejehjemsleder");
        let commitment = fill(&world, &holder, id).await;
        let scene = Scene { world, id, commitment, callers: Vec::new() };
        holder.act(&scene.agreement(), "submit", json!({})).await.ok();
        scene
    }

    /// The agreement's address.
    pub fn agreement(&self) -> String {
        format!("/api/v1/agreements/{}", self.id)
    }

    /// The address of the section that is asked about.
    pub fn section(&self) -> String {
        format!("/api/v1/agreements/{}/sections/effects", self.id)
    }

    /// What an address answers the coordinator, who sees everything.
    pub async fn seen(&self, address: &str) -> Value {
        self.world.as_person("koordinator").get(address).await.ok()
    }
}

fn callers(world: &World, cast: Cast) -> Vec<(&'static str, Client)> {
    let people: &[(&'static str, &'static str)] = match cast {
        Cast::Usual => &USUAL,
        Cast::Barred => &BARRED,
        Cast::Vacant => &VACANT,
    };
    let mut callers: Vec<(&'static str, Client)> =
        people.iter().map(|(who, name)| (*who, world.as_person(name))).collect();
    if cast == Cast::Usual {
        callers.push(("client, agreements:read", world.as_hr_for(&[ClientScope::AgreementsRead])));
        callers.push(("client without it", world.as_hr_for(&[ClientScope::OrganisationWrite])));
    }
    callers
}

async fn employ_everybody(world: &mut World) {
    world.employ("anden chef", Role::Leader, Unit::Social, &[]).await;
    world.employ("områdedirektør", Role::Director, Unit::Directorate, &[Unit::Social]).await;
    world.employ("direktionschef", Role::Leader, Unit::Directorate, &[]).await;
    world.employ("med-udvalg", Role::WorksCouncil, Unit::Social, &[]).await;
    world.employ("brugerbestyrelse", Role::UserBoard, Unit::Social, &[]).await;
    world.employ("fortrolig", Role::Reader, Unit::Directorate, &[]).await;
    world.employ("teknisk", Role::Administrator, Unit::Directorate, &[]).await;
    world.employ("tidligere", Role::Reader, Unit::Directorate, &[]).await;
}

async fn bar_everybody(world: &mut World) {
    world.employ("sidste instans", Role::Director, Unit::Directorate, &[]).await;
    world.employ("strategichef", Role::Coordinator, Unit::Directorate, &[]).await;
    let coordinator = world.as_person("koordinator");
    for (person, deputy) in
        [("socialdirektør", Some("stedfortræder")), ("kommunaldirektør", None), ("strategichef", None)]
    {
        let leads = json!({
            "person_id": world.person(person), "org_unit_id": world.unit(Unit::Social), "role": "leader",
            "from": "2014-01-01", "acting": true, "standing_deputy_id": deputy.map(|name| world.person(name))
        });
        coordinator.put(&format!("/api/v1/appointments/{}", Id::new()), leads).await.ok();
    }
    let last_resort = json!({"last_resort_id": world.person("sidste instans")});
    world.as_person("administrator").patch("/api/v1/municipality", last_resort).await.ok();
}

/// Writes both plans, a goal and a commitment; gives the commitment's address.
async fn fill(world: &World, holder: &Client, id: Id) -> String {
    let path = format!("/api/v1/agreements/{id}");
    for key in ["effects", "cross-cutting"] {
        holder.patch(&format!("{path}/sections/{key}"), json!({"content": {"plan": "Vi planlægger."}})).await.ok();
    }
    holder.post(&format!("{path}/goals"), json!({"section_key": "effects", "title": "Et mål"})).await.ok();
    let commitment = json!({
        "agreement_id": id, "section_key": "cross-cutting", "title": "Fælles overgang",
        "partners": [{"org_unit_id": world.unit(Unit::Nursery)}]
    });
    holder.post("/api/v1/commitments", commitment).await.header("location").to_owned()
}

/// Takes the agreement through the workflow until it stands where it should.
async fn advance(world: &World, cast: Cast, path: &str, stand: Stand) {
    if stand == Stand::Draft {
        return;
    }
    let (holder, (deciders, signers)) = (world.as_person(cast.holder()), cast.deciders());
    holder.act(path, "submit", json!({})).await.ok();
    let decide = async |index: usize, action: &str| {
        let address = format!("{path}/sections/{}", ["effects", "cross-cutting"][index]);
        world.as_person(deciders[index]).act(&address, action, json!({"reason": "Mere"})).await
    };
    let approve = async |index: usize| {
        let address = format!("{path}/sections/{}", ["effects", "cross-cutting"][index]);
        world.as_person(deciders[index]).act(&address, "approve", json!({})).await.ok();
    };
    match stand {
        Stand::Draft | Stand::Submitted => {}
        Stand::Returned => drop(decide(0, "return").await.ok()),
        Stand::PartlyApproved => approve(0).await,
        Stand::Approved | Stand::InForce => {
            approve(0).await;
            approve(1).await;
        }
    }
    if stand == Stand::InForce {
        for signer in signers {
            world.as_person(signer).act(path, "sign", json!({})).await.ok();
        }
    }
}
