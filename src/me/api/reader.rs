//! Who the reader is.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::action::ActionView;
use crate::access::{Actor, Who, table};
use crate::accounts::names::Names;
use crate::app::RequestContext;
use crate::auth::ClientScope;
use crate::cycles::model::{CycleState, Deadlines};
use crate::cycles::store::{self as cycles, CycleRow};
use crate::db::Conn;
use crate::error::Result;
use crate::http::Reply;
use crate::organisation::model::Appointed;
use crate::organisation::{Organisation, Role, current_of, store};
use crate::text::Lang;
use crate::types::{Date, Id, Json};

/// Something by its id, with the name that people know it by.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamedReference)]
pub struct Named {
    /// The id of the thing.
    pub id: Id,
    /// The name of the thing.
    #[schema(max_length = 200, example = "Social- og Handicapcentret")]
    pub name: String,
}

/// A role that the reader has today, by an appointment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldRole)]
pub struct HeldRoleView {
    /// The id of the appointment.
    pub id: Id,
    /// The role that is held.
    pub role: Role,
    /// The unit it is in.
    pub org_unit: Named,
    /// Whether it is for a time, until somebody is appointed.
    pub acting: bool,
    /// The units a director answers for.
    #[schema(max_items = 1000)]
    pub responsible_for: Vec<Named>,
}

/// A cycle in which agreements are made.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurrentCycle {
    /// The id of the cycle.
    pub id: Id,
    /// The year it is for.
    #[schema(example = 2015)]
    pub year: i64,
    /// What it is called.
    #[schema(max_length = 200, example = "Aftaler 2015")]
    pub name: String,
    /// Where it stands.
    pub state: CycleState,
    /// By when something is to be done, in the municipality's time zone.
    pub deadlines: Deadlines,
}

/// Who the reader is, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MeView {
    /// The person; null for a machine client.
    #[schema(required = true)]
    pub person: Option<Named>,
    /// The log-in; null for a machine client.
    #[schema(required = true)]
    pub user_id: Option<Id>,
    /// The session; null for a machine client.
    #[schema(required = true)]
    pub session_id: Option<Id>,
    /// The machine client; null for a person.
    #[schema(required = true)]
    pub client_id: Option<Id>,
    /// The name of that client.
    #[schema(required = true, max_length = 200, example = "Lønsystemet")]
    pub client_name: Option<String>,
    /// The source whose rows a machine client writes; null for a person.
    #[schema(required = true, max_length = 100, example = "hr-demo")]
    pub source: Option<String>,
    /// The municipality of the reader.
    pub municipality: Named,
    /// The roles of today; none for a machine client.
    #[schema(max_items = 1000)]
    pub roles: Vec<HeldRoleView>,
    /// What a machine client's token is for; none for a person.
    #[schema(max_items = 20)]
    pub scopes: Vec<ClientScope>,
    /// The day that deadlines and validity go by.
    #[schema(example = "2014-11-10")]
    pub today: Date,
    /// The open cycles, the newest year first; none for a machine client that reads no agreements.
    #[schema(max_items = 100)]
    pub current_cycles: Vec<CurrentCycle>,
    /// The languages that the municipality writes in, the first one first.
    #[schema(value_type = Vec<String>, max_items = 2, example = json!(["da", "en"]))]
    pub languages: Json,
    /// Operations for the whole municipality, by their ids.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
}

/// What a page shows or hides for its reader before it asks for anything else.
const OPERATIONS: [&str; 6] =
    ["change_password", "update_municipality", "list_users", "create_user", "list_clients", "create_client"];

impl MeView {
    fn of(
        actor: &Actor,
        lang: Lang,
        organisation: &Organisation,
        municipality: &store::MunicipalityRow,
        (current_cycles, client_name): (Vec<CurrentCycle>, Option<String>),
    ) -> Self {
        let actions = OPERATIONS.map(|id| {
            let permitted = table::permits(id, actor).map_err(|error| error.code());
            ActionView::of(id, permitted, lang)
        });
        let anybody = MeView {
            person: None,
            user_id: None,
            session_id: None,
            client_id: None,
            client_name: None,
            source: None,
            municipality: Named { id: municipality.municipality_id, name: municipality.name.clone() },
            roles: actor.appointments.iter().map(|held| HeldRoleView::of(held, organisation)).collect(),
            scopes: Vec::new(),
            today: organisation.today,
            current_cycles,
            languages: municipality.languages.clone(),
            available_actions: actions.into(),
        };
        match &actor.who {
            Who::Person { person_id, user_id, session_id } => MeView {
                person: Some(Named { id: *person_id, name: organisation.name_of(*person_id).to_owned() }),
                user_id: Some(*user_id),
                session_id: Some(*session_id),
                ..anybody
            },
            Who::Client { client_id, source, scopes } => MeView {
                client_id: Some(*client_id),
                client_name,
                source: Some(source.clone()),
                scopes: scopes.clone(),
                ..anybody
            },
        }
    }
}

impl HeldRoleView {
    fn of(held: &Appointed, organisation: &Organisation) -> Self {
        let named =
            |id: Id| Named { id, name: organisation.unit(id).map(|unit| unit.name.clone()).unwrap_or_default() };
        HeldRoleView {
            id: held.id,
            role: held.role,
            org_unit: named(held.org_unit_id),
            acting: held.acting,
            responsible_for: held.responsible_for.iter().copied().map(named).collect(),
        }
    }
}

/// The most cycles that are open at once and told of.
const MOST_CYCLES: i64 = 100;

/// The open cycles, for whoever may list cycles.
fn current_cycles(conn: &mut Conn, actor: &Actor) -> Result<Vec<CurrentCycle>> {
    if table::permits("list_cycles", actor).is_err() {
        return Ok(Vec::new());
    }
    let open = cycles::Filter { year: None, states: vec![CycleState::Open] };
    let told = |row: CycleRow| {
        let deadlines = row.deadlines()?;
        Ok(CurrentCycle { id: row.id, year: row.year, name: row.name, state: row.state, deadlines })
    };
    cycles::list(conn, &open, None, MOST_CYCLES)?.into_iter().map(told).collect()
}

/// Who the reader is, what they may, and in which cycles agreements are made.
///
/// The first call of every page: name, roles, municipality, open years, and what to show.
#[utoipa::path(tag = "me", responses((status = 200, description = "The reader.", body = MeView)))]
#[get("/api/v1/me")]
pub async fn get_me(call: RequestContext) -> Result<Reply> {
    call.read(|conn, actor| {
        let municipality = store::municipality(conn)?;
        let organisation = current_of(conn, &municipality)?;
        let cycles = current_cycles(conn, actor)?;
        let client_name = match actor.client_id() {
            Some(client) => Names::read(conn)?.of(client),
            None => None,
        };
        Reply::json(&MeView::of(actor, conn.lang(), &organisation, &municipality, (cycles, client_name)))
    })
    .await
}
