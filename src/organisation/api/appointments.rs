//! Appointments over HTTP.

use actix_web::{delete, get, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::{policy, upsert};
use crate::access::action::ActionView;
use crate::access::{Actor, Who};
use crate::app::RequestContext;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Fault, Result};
use crate::http::{Etag, Ids, IfMatch, Json, OptionalIfMatch, Page, Paging, PersonRef, Query, Reply, Tagged};
use crate::organisation::model::Role;
use crate::organisation::store::{AppointmentFilter, AppointmentNames, AppointmentRow};
use crate::organisation::timeline::Days;
use crate::organisation::{store, timeline};
use crate::text;
use crate::text::Lang;
use crate::types::{Date, Id, Json as StoredJson, Ts};

/// An appointment as its source gives it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_forwards, skip_on_field_errors = false))]
pub struct NewAppointment {
    /// The id of the person.
    pub person_id: Id,
    /// The id of the unit.
    pub org_unit_id: Id,
    /// The role there.
    pub role: Role,
    /// The first day.
    #[schema(example = "2014-11-01")]
    pub from: Date,
    /// The last day, inclusive; open when null.
    #[serde(default)]
    pub to: Option<Date>,
    /// Whether it is for a time, until somebody is appointed.
    #[serde(default)]
    pub acting: bool,
    /// Who decides when this person is barred.
    #[serde(default)]
    pub standing_deputy_id: Option<Id>,
    /// The units a director answers for.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_items = 200)]
    pub responsible_for: Vec<Id>,
    /// When the source changed it; older than what is stored is refused.
    #[serde(default)]
    pub source_changed_at: Option<Ts>,
}

fn is_forwards(appointment: &NewAppointment) -> Result<(), ValidationError> {
    let backwards = appointment.to.is_some_and(|to| to < appointment.from);
    if backwards { Err(ValidationError::new("period-backwards")) } else { Ok(()) }
}

/// An appointment of a person to a role in a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Appointment)]
pub struct AppointmentView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// Its id, given by its source.
    pub id: Id,
    /// The id of the person.
    pub person_id: Id,
    /// The person's name.
    #[schema(max_length = 200, example = "Centerchef for Social og Handicap")]
    pub person_name: String,
    /// The unit.
    pub org_unit_id: Id,
    /// The unit's newest name.
    #[schema(max_length = 200, example = "Social- og Handicapcentret")]
    pub org_unit_name: String,
    /// The role there.
    pub role: Role,
    /// The first day.
    #[schema(example = "2014-11-01")]
    pub from: Date,
    /// The last day, inclusive; open when null.
    #[schema(required = true)]
    pub to: Option<Date>,
    /// Whether it is for a time, until somebody is appointed.
    pub acting: bool,
    /// Who decides when this person is barred.
    #[schema(required = true)]
    pub standing_deputy_id: Option<Id>,
    /// The name of that person.
    #[schema(required = true, max_length = 200, example = "Direktør for børn og unge")]
    pub standing_deputy_name: Option<String>,
    /// The units a director answers for.
    #[schema(value_type = Vec<Id>, max_items = 200)]
    pub responsible_for: StoredJson,
    /// The newest names of those units, in the same order.
    #[schema(max_items = 200, example = json!(["Social- og Handicapcentret"]))]
    pub responsible_for_names: Vec<String>,
    /// The source that manages it.
    #[schema(max_length = 100, example = "hr-demo")]
    pub managed_by: String,
    /// When its source changed it.
    #[schema(required = true)]
    pub source_changed_at: Option<Ts>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl AppointmentView {
    fn of(row: &AppointmentRow, actor: &Actor, names: &AppointmentNames, lang: Lang) -> Result<Self> {
        let responsible_for: Vec<Id> = row.responsible_for.read()?;
        let replace = can_change(actor, row).and_then(|()| policy::can_replace(actor, &row.managed_by));
        Ok(AppointmentView {
            etag: Etag::default(),
            id: row.id,
            person_id: row.person_id,
            person_name: names.person(row.person_id),
            org_unit_id: row.org_unit_id,
            org_unit_name: names.unit(row.org_unit_id),
            role: row.role,
            from: row.from_on,
            to: row.to_on,
            acting: row.acting,
            standing_deputy_id: row.standing_deputy_id,
            standing_deputy_name: row.standing_deputy_id.map(|id| names.person(id)),
            responsible_for: row.responsible_for.clone(),
            responsible_for_names: responsible_for.into_iter().map(|id| names.unit(id)).collect(),
            managed_by: row.managed_by.clone(),
            source_changed_at: row.source_changed_at,
            available_actions: vec![ActionView::of("replace", replace, lang), ActionView::of("delete", replace, lang)],
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn view(conn: &mut Conn, actor: &Actor, row: &AppointmentRow) -> Result<AppointmentView> {
    let names = AppointmentNames::of(conn, std::slice::from_ref(row))?;
    AppointmentView::of(row, actor, &names, conn.lang())
}

fn can_change(actor: &Actor, row: &AppointmentRow) -> Result<(), Code> {
    policy::can_appoint(actor, row.role, [Some(row.person_id), row.standing_deputy_id])
}

/// Which appointments a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AppointmentQuery {
    /// Of a unit.
    unit: Option<Id>,
    /// Of a person; `me` for the caller.
    #[param(value_type = Option<String>, max_length = 36, example = "me")]
    person: Option<PersonRef>,
    /// To a role.
    role: Option<Role>,
    /// Valid on a day.
    #[param(example = "2014-11-10")]
    valid_at: Option<Date>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// Lists the appointments.
///
/// Who has which role where, and since when. Filter by person, unit or role.
#[utoipa::path(tag = "organisation", params(AppointmentQuery), responses(
    (status = 200, description = "A page of appointments.", body = Page<AppointmentView>)
))]
#[get("/api/v1/appointments")]
pub async fn list_appointments(call: RequestContext, query: Query<AppointmentQuery>) -> Result<Reply> {
    let (paging, address) = (Paging::<Id>::of(query.limit, query.cursor.as_deref())?, call.address());
    call.read(move |conn, actor| {
        let person = match query.person {
            Some(PersonRef::Me) => Some(actor.person()?),
            Some(PersonRef::Person(id)) => Some(id),
            None => None,
        };
        let filter = AppointmentFilter { unit: query.unit, person, role: query.role, valid_at: query.valid_at };
        let found = store::list_appointments(conn, &filter, paging.after, paging.fetch())?;
        let (found, next_cursor) = paging.cut(found, |row| row.id);
        let names = AppointmentNames::of(conn, &found)?;
        let items = found
            .iter()
            .map(|row| Tagged::of(row.version, &AppointmentView::of(row, actor, &names, conn.lang())?))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}

/// Reads one appointment.
///
/// For a link to an appointment, as in an event.
#[utoipa::path(tag = "organisation", params(("id" = Id, Path, description = "The appointment.")), responses(
    (status = 200, description = "The appointment.", body = AppointmentView, headers(("ETag" = String)))
))]
#[get("/api/v1/appointments/{id}")]
pub async fn get_appointment(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let row = store::find_appointment(conn, id)?;
        Reply::item(row.version, &view(conn, actor, &row)?)
    })
    .await
}

/// Makes an appointment, or replaces what its source gives of it.
///
/// An equal body writes nothing and makes no event. The unit exists on every day of it. An administrator gives every
/// role; a coordinator gives `leader`, `contributor`, `works_council`, `user_board` and `reader`; machine clients give
/// `leader` and `contributor`, to people and in units of their own source. Whoever could not give the role of an appointment does not change it either, and
/// nobody gives or changes one of their own, be it as a deputy.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The appointment."),
    ("If-Match" = Option<String>, Header, description = "The ETag of what is replaced, to be compared."),
), request_body = NewAppointment, responses(
    (status = 200, description = "The appointment, replaced.", body = AppointmentView, headers(("ETag" = String))),
    (status = 201, description = "The appointment, made.", body = AppointmentView)
))]
#[put("/api/v1/appointments/{id}")]
pub async fn put_appointment(
    call: RequestContext,
    id: Ids<1>,
    if_match: OptionalIfMatch,
    body: Json<NewAppointment>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        policy::can_appoint(actor, body.role, [Some(body.person_id), body.standing_deputy_id])?;
        match store::find_appointment(tx, id) {
            Ok(stored) => {
                can_change(actor, &stored)?;
                if_match.0.accepts(&stored)?;
                check_references(tx, &body)?;
                check_sources(tx, actor, &body)?;
                replace(tx, actor, stored, &body)
            }
            Err(error) if error.code() == Code::NotFound => {
                if_match.0.accepts_nothing()?;
                check_references(tx, &body)?;
                check_sources(tx, actor, &body)?;
                insert(tx, actor, id, &body)
            }
            Err(error) => Err(error),
        }
    })
    .await
}

/// A client that could appoint other sources' people, or to their units, would choose who decides there.
fn check_sources(tx: &mut Tx, actor: &Actor, body: &NewAppointment) -> Result<()> {
    let Who::Client { source, .. } = &actor.who else { return Ok(()) };
    let people =
        [("/person_id".to_owned(), Some(body.person_id)), ("/standing_deputy_id".to_owned(), body.standing_deputy_id)];
    let people: Vec<(String, Id)> = people.into_iter().filter_map(|(place, id)| Some((place, id?))).collect();
    let answered_for =
        body.responsible_for.iter().enumerate().map(|(at, unit)| (format!("/responsible_for/{at}"), *unit));
    let units: Vec<(String, Id)> =
        std::iter::once(("/org_unit_id".to_owned(), body.org_unit_id)).chain(answered_for).collect();
    let ids = |all: &[(String, Id)]| all.iter().map(|(_, id)| *id).collect::<Vec<Id>>();
    let mut own = store::people_of_source(tx, &ids(&people), source)?;
    own.extend(store::units_of_source(tx, &ids(&units), source)?);
    let foreign = people.into_iter().chain(units).filter(|(_, id)| !own.contains(id));
    let faults: Vec<Fault> = foreign.map(|(place, _)| Fault::at(place, "managed-elsewhere")).collect();
    if faults.is_empty() { Ok(()) } else { Err(Code::ManagedElsewhere.refuse().faults(faults).into()) }
}

fn check_references(tx: &mut Tx, body: &NewAppointment) -> Result<()> {
    let people: Vec<Id> = std::iter::once(body.person_id).chain(body.standing_deputy_id).collect();
    let units: Vec<Id> = std::iter::once(body.org_unit_id).chain(body.responsible_for.iter().copied()).collect();
    let (people_known, units_known) = (store::known_people(tx, &people)?, store::known_units(tx, &units)?);
    let mut faults = Vec::new();
    for (place, person) in [("/person_id", Some(body.person_id)), ("/standing_deputy_id", body.standing_deputy_id)] {
        if person.is_some_and(|person| !people_known.contains(&person)) {
            faults.push(Fault::at(place, "unknown-id"));
        }
    }
    if !units_known.contains(&body.org_unit_id) {
        faults.push(Fault::at("/org_unit_id", "unknown-id"));
    }
    for (index, unit) in body.responsible_for.iter().enumerate() {
        if !units_known.contains(unit) {
            faults.push(Fault::at(format!("/responsible_for/{index}"), "unknown-id"));
        }
    }
    if units_known.contains(&body.org_unit_id) {
        faults.extend(outside_life(tx, body)?);
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

/// Nobody is appointed for a day on which there is no such unit.
fn outside_life(tx: &mut Tx, body: &NewAppointment) -> Result<Option<Fault>> {
    let life = store::life_of(tx, body.org_unit_id)?;
    let day = timeline::first_uncovered(&life, Days { from: body.from, to: body.to });
    Ok(day.map(|day| {
        let place = if day == body.from { "/from" } else { "/to" };
        Fault::at(place, "outside-unit-life").with("day", text::date(tx.lang(), day))
    }))
}

fn insert(tx: &mut Tx, actor: &Actor, id: Id, body: &NewAppointment) -> Result<Reply> {
    let row = AppointmentRow {
        managed_by: policy::source_of(actor).to_owned(),
        source_changed_at: body.source_changed_at,
        to_on: body.to,
        acting: body.acting,
        standing_deputy_id: body.standing_deputy_id,
        responsible_for: StoredJson::of(&body.responsible_for),
        ..AppointmentRow::new(tx.new_row(), id, body.person_id, (body.role, body.org_unit_id), body.from)
    };
    store::insert_appointment(tx, &row)?;
    tx.record(told(EventKind::AppointmentCreated, &row));
    Reply::created(format!("/api/v1/appointments/{id}"), 1, &view(tx, actor, &row)?)
}

fn told(kind: EventKind, row: &AppointmentRow) -> Event {
    Event::of(kind, row.id)
        .org_unit(row.org_unit_id)
        .version(row.version)
        .detail("person_id", row.person_id)
        .detail("role", row.role)
}

fn replace(tx: &mut Tx, actor: &Actor, stored: AppointmentRow, body: &NewAppointment) -> Result<Reply> {
    upsert::check(actor, &stored.managed_by, body.source_changed_at, stored.source_changed_at)?;
    let mut row = AppointmentRow {
        source_changed_at: body.source_changed_at.or(stored.source_changed_at),
        person_id: body.person_id,
        org_unit_id: body.org_unit_id,
        role: body.role,
        from_on: body.from,
        to_on: body.to,
        acting: body.acting,
        standing_deputy_id: body.standing_deputy_id,
        responsible_for: StoredJson::of(&body.responsible_for),
        ..stored.clone()
    };
    let fields = upsert::differing([
        ("person_id", row.person_id != stored.person_id),
        ("org_unit_id", row.org_unit_id != stored.org_unit_id),
        ("role", row.role != stored.role),
        ("from", row.from_on != stored.from_on),
        ("to", row.to_on != stored.to_on),
        ("acting", row.acting != stored.acting),
        ("standing_deputy_id", row.standing_deputy_id != stored.standing_deputy_id),
        ("responsible_for", row.responsible_for != stored.responsible_for),
        ("source_changed_at", row.source_changed_at != stored.source_changed_at),
    ]);
    if !fields.is_empty() {
        store::save_appointment(tx, &mut row)?;
        tx.record(told(EventKind::AppointmentReplaced, &row).changed(fields));
    }
    Reply::item(row.version, &view(tx, actor, &row)?)
}

/// Takes an appointment away, as if it had never been. One that ends is given its last day instead.
///
/// Whoever could not give its role does not take it away, and nobody takes away their own.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The appointment."),
    ("If-Match" = String, Header, description = "The ETag of what is deleted."),
), responses((status = 204, description = "The appointment is gone.")))]
#[delete("/api/v1/appointments/{id}")]
pub async fn delete_appointment(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let row = store::find_appointment(tx, id)?;
        can_change(actor, &row)?;
        if_match.accepts(&row)?;
        policy::can_replace(actor, &row.managed_by)?;
        store::delete_appointment(tx, id)?;
        tx.record(told(EventKind::AppointmentDeleted, &row));
        Ok(Reply::no_content())
    })
    .await
}
