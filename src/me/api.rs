//! The reader over HTTP.

use actix_web::get;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::auth::action::ActionView;
use crate::auth::{Actor, ClientScope, Who, table};
use crate::db::Conn;
use crate::db::types::{Id, Json};
use crate::error::Result;
use crate::http::{Call, Reply};
use crate::organisation::model::Appointed;
use crate::organisation::{Organisation, Role, current_of, store};

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_me).service(super::tasks::list_my_tasks);
}

/// Something with a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: Id,
    /// Its name.
    #[schema(max_length = 200, example = "Social- og Handicapcentret")]
    pub name: String,
}

/// A role that the reader has today, by an appointment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldRole)]
pub struct HeldRoleView {
    /// The appointment.
    pub id: Id,
    /// The role.
    pub role: Role,
    /// The unit it is in.
    pub org_unit: Named,
    /// Whether it is for a time, until somebody is appointed.
    pub acting: bool,
    /// The units a director answers for.
    #[schema(max_items = 1000)]
    pub responsible_for: Vec<Named>,
}

/// The reader.
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
    /// The source whose rows a machine client writes; null for a person.
    #[schema(required = true, max_length = 100, example = "hr-demo")]
    pub source: Option<String>,
    /// The municipality.
    pub municipality: Named,
    /// The roles of today; none for a machine client.
    #[schema(max_items = 1000)]
    pub roles: Vec<HeldRoleView>,
    /// What a machine client's token is for; none for a person.
    #[schema(max_items = 20)]
    pub scopes: Vec<ClientScope>,
    /// The day that deadlines and validity go by.
    #[schema(example = "2014-11-10")]
    pub today: NaiveDate,
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
    fn of(actor: &Actor, conn: &Conn, organisation: &Organisation, municipality: &store::MunicipalityRow) -> Self {
        let actions = OPERATIONS.map(|id| {
            let permitted = table::permits(id, actor).map_err(|error| error.code());
            ActionView::of(id, permitted, conn.lang())
        });
        let anybody = MeView {
            person: None,
            user_id: None,
            session_id: None,
            client_id: None,
            source: None,
            municipality: Named { id: municipality.municipality_id, name: municipality.name.clone() },
            roles: actor.appointments.iter().map(|held| HeldRoleView::of(held, organisation)).collect(),
            scopes: Vec::new(),
            today: organisation.today,
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
            Who::Client { client_id, source, scopes } => {
                MeView { client_id: Some(*client_id), source: Some(source.clone()), scopes: scopes.clone(), ..anybody }
            }
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

/// Who the reader is, and what they may.
#[utoipa::path(tag = "me", responses((status = 200, description = "The reader.", body = MeView)))]
#[get("/api/v1/me")]
pub async fn get_me(call: Call) -> Result<Reply> {
    call.read(|conn, actor| {
        let municipality = store::municipality(conn)?;
        let organisation = current_of(conn, &municipality)?;
        Reply::json(&MeView::of(actor, conn, &organisation, &municipality))
    })
    .await
}
