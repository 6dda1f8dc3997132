//! Log-ins over HTTP, for administrators.

use actix_web::{delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::access::Actor;
use crate::access::action::ActionView;
use crate::accounts::sessions;
use crate::accounts::users::model::CODE_LIVES;
use crate::accounts::users::newcomer::{Newcomer, welcome};
use crate::accounts::users::policy;
use crate::accounts::users::reset::replace_password;
use crate::accounts::users::store::{self, UserRow};
use crate::app::RequestContext;
use crate::auth::password::one_time_code;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Fault, Result};
use crate::http::{Etag, Ids, IfMatch, Json, Page, Paging, PersonRef, Query, Reply, Tagged, patch, query_fault};
use crate::organisation::store::known_people;
use crate::organisation::{self, Role};
use crate::text::fold_email;
use crate::types::{Id, Ts};

/// A log-in, for a person who is there or for somebody new: exactly one of `person_id` and `newcomer`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_for_one))]
#[schema(example = json!({
    "person_id": "01931f2e-7c00-7000-8000-000000000001",
    "email": "centerchef.social@demo.example"
}))]
pub struct NewUser {
    /// The person who logs in by it.
    #[serde(default)]
    pub person_id: Option<Id>,
    /// Somebody whom no HR system brings: the person and the appointment are made with the log-in.
    #[serde(default)]
    #[validate(nested)]
    pub newcomer: Option<NewPersonWithRole>,
    /// The e-mail address, of its own in the municipality.
    #[validate(email, length(max = 200))]
    #[schema(format = Email, max_length = 200, example = "centerchef.social@demo.example")]
    pub email: String,
}

/// Somebody new, with a role from today.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Newcomer)]
pub struct NewPersonWithRole {
    /// The name of the person.
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Karen Kirkegaard")]
    pub name: String,
    /// The unit of the appointment.
    pub org_unit_id: Id,
    /// The role there.
    pub role: Role,
}

fn is_for_one(user: &NewUser) -> Result<(), ValidationError> {
    if user.person_id.is_some() == user.newcomer.is_some() { Err(ValidationError::new("one-of-two")) } else { Ok(()) }
}

/// A change of a log-in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// The e-mail address.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(email, length(max = 200))]
    #[schema(nullable = false, format = Email, max_length = 200, example = "centerchef.social@demo.example")]
    pub email: Option<String>,
    /// Whether it is shut; shutting it ends its sessions.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub disabled: Option<bool>,
}

/// A log-in of a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the log-in.
    pub id: Id,
    /// The person who logs in by it.
    pub person_id: Id,
    /// The person's name.
    #[schema(max_length = 200, example = "Karen Kirkegaard")]
    pub name: String,
    /// The e-mail address.
    #[schema(max_length = 200, example = "centerchef.social@demo.example")]
    pub email: String,
    /// Whether it is shut.
    pub disabled: bool,
    /// Until when a one-time code waits to be used; null when the person has a password of their own.
    #[schema(required = true)]
    pub code_expires_at: Option<Ts>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl UserView {
    fn of(row: &UserRow, actor: &Actor, conn: &Conn, name: &str) -> Self {
        let shut = |action| ActionView::of(action, policy::can_shut(actor, row.id), conn.lang());
        UserView {
            etag: Etag::default(),
            id: row.id,
            person_id: row.person_id,
            name: name.to_owned(),
            email: row.email.clone(),
            disabled: row.disabled,
            code_expires_at: row.code_expires_at,
            available_actions: vec![
                ActionView::of("update", Ok(()), conn.lang()),
                ActionView::of("create_one_time_code", Ok(()), conn.lang()),
                shut("disable"),
                shut("delete"),
            ],
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A new log-in: the only answer that ever holds its code.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedUser)]
pub struct IssuedUserView {
    /// The log-in.
    #[serde(flatten)]
    pub user: UserView,
    /// By which the person chooses a password at their first log-in.
    #[schema(max_length = 100, example = "4f3a2-9b1c0-77de1-0a5b9")]
    pub one_time_code: String,
}

/// A one-time code: the only answer that ever holds it.
#[derive(Serialize, ToSchema)]
#[schema(as = OneTimeCode)]
pub struct OneTimeCodeView {
    /// By which the person chooses a password at their next log-in.
    #[schema(max_length = 100, example = "4f3a2-9b1c0-77de1-0a5b9")]
    pub one_time_code: String,
    /// When it is good for nothing any more.
    pub code_expires_at: Ts,
}

/// Which log-ins a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// Of a person, or of the reader: `me`.
    #[param(value_type = Option<String>, max_length = 36, pattern = "^(me|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")]
    person: Option<PersonRef>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
    /// `total` counts all items.
    #[param(pattern = "^total$", max_length = 5)]
    include: Option<String>,
}

/// The log-ins, in the order of their e-mail addresses.
///
/// Who can log in. Filter by person.
#[utoipa::path(tag = "administration", params(UserQuery), responses(
    (status = 200, description = "A page of log-ins.", body = Page<UserView>)
))]
#[get("/api/v1/users")]
pub async fn list_users(call: RequestContext, query: Query<UserQuery>) -> Result<Reply> {
    let paging = Paging::<String>::of(query.limit, query.cursor.as_deref())?;
    let counted = match query.include.as_deref() {
        None => false,
        Some("total") => true,
        Some(_) => return Err(query_fault("include", "unknown-value")),
    };
    let address = call.address();
    call.read(move |conn, actor| {
        let person = query.person.map(|person| match person {
            PersonRef::Me => actor.id(),
            PersonRef::Person(id) => id,
        });
        let total = counted.then(|| store::count(conn, person)).transpose()?;
        let rows = store::list(conn, person, paging.after.as_deref(), paging.fetch())?;
        let (rows, next_cursor) = paging.cut(rows, |row| row.email.clone());
        let organisation = organisation::current(conn)?;
        let items = rows
            .iter()
            .map(|row| {
                let name = organisation.name_of(row.person_id);
                Tagged::of(row.version, &UserView::of(row, actor, conn, name))
            })
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total }.reply(&address)
    })
    .await
}

/// A new code and its hash, for whoever may make one.
async fn new_code(call: &RequestContext) -> Result<(String, String)> {
    call.permitted()?;
    let code = one_time_code()?;
    let hash = call.app().passwords.hash(code.clone(), Vec::new(), "").await?;
    Ok((code, hash))
}

/// Makes a log-in for a person who is there, or for somebody new together with their appointment.
///
/// Nobody chooses another's password: the answer holds a one-time code, once, which the person sends as `password`
/// together with the `new_password` of their choice at their first log-in, within fourteen days. `Idempotency-Key` is
/// not honoured, since the answer holds the code: a repetition is 409 `already-exists`.
#[utoipa::path(tag = "administration", request_body = NewUser, responses(
    (status = 201, description = "The log-in, with its code.", body = IssuedUserView)
))]
#[post("/api/v1/users")]
pub async fn create_user(call: RequestContext, body: Json<NewUser>) -> Result<Reply> {
    let (code, code_hash) = new_code(&call).await?;
    call.write_secret(move |tx, actor| {
        let (row, name) = match (body.person_id, &body.newcomer) {
            (Some(person_id), _) => {
                let row = of_known(tx, person_id, &body.email, &code_hash)?;
                (row, organisation::current(tx)?.name_of(person_id).to_owned())
            }
            (None, Some(newcomer)) => (of_newcomer(tx, newcomer, &body.email, &code_hash)?, newcomer.name.clone()),
            (None, None) => return Err(Code::InvalidBody.refuse().fault(Fault::at("", "one-of-two")).into()),
        };
        let view = UserView::of(&row, actor, tx, &name);
        let reply = Reply::created(format!("/api/v1/users/{}", row.id), 1, &view)?;
        Ok(reply.beside("one_time_code", &code)?.no_store())
    })
    .await
}

fn of_known(tx: &mut Tx, person_id: Id, email: &str, code_hash: &str) -> Result<UserRow> {
    if known_people(tx, &[person_id])?.is_empty() {
        return Err(Code::UnknownReference.refuse().fault(Fault::at("/person_id", "unknown-id")).into());
    }
    let row = UserRow {
        code_expires_at: Some(tx.now().plus(CODE_LIVES)),
        ..UserRow::new(tx.new_row(), Id::new(), person_id, email, code_hash)
    };
    store::insert(tx, &row)?;
    tx.record(Event::of(EventKind::UserCreated, row.id).version(1).detail("person_id", row.person_id));
    Ok(row)
}

/// Only administrators make log-ins, and they give every role.
fn of_newcomer(tx: &mut Tx, newcomer: &NewPersonWithRole, email: &str, code_hash: &str) -> Result<UserRow> {
    let org_unit_id = newcomer.org_unit_id;
    if organisation::current(tx)?.unit(org_unit_id).is_none() {
        return Err(Code::UnknownReference.refuse().fault(Fault::at("/newcomer/org_unit_id", "unknown-id")).into());
    }
    let (name, role) = (newcomer.name.clone(), newcomer.role);
    welcome(tx, &Newcomer { name, email: fold_email(email), org_unit_id, role }, code_hash)
}

/// Reads one log-in.
///
/// Without the password, which nobody can read.
#[utoipa::path(tag = "administration", params(("id" = Id, Path, description = "The log-in.")), responses(
    (status = 200, description = "The log-in.", body = UserView, headers(("ETag" = String)))
))]
#[get("/api/v1/users/{id}")]
pub async fn get_user(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let row = store::find(conn, id)?;
        let organisation = organisation::current(conn)?;
        Reply::item(row.version, &UserView::of(&row, actor, conn, organisation.name_of(row.person_id)))
    })
    .await
}

/// Changes a log-in.
///
/// Its address, or whether it is shut. A password is changed by its owner, or by a one-time code.
#[utoipa::path(tag = "administration", params(
    ("id" = Id, Path, description = "The log-in."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = UserPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The log-in.", body = UserView)
))]
#[patch("/api/v1/users/{id}")]
pub async fn update_user(call: RequestContext, id: Ids<1>, if_match: IfMatch, body: Json<UserPatch>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let stored = store::find(tx, id)?;
        if body.disabled == Some(true) {
            policy::can_shut(actor, id)?;
        }
        if_match.accepts(&stored)?;
        let mut changed = UserRow {
            email: body.email.as_deref().map_or_else(|| stored.email.clone(), fold_email),
            disabled: body.disabled.unwrap_or(stored.disabled),
            ..stored.clone()
        };
        save(tx, &stored, &mut changed)?;
        let organisation = organisation::current(tx)?;
        Reply::item(changed.version, &UserView::of(&changed, actor, tx, organisation.name_of(changed.person_id)))
    })
    .await
}

fn save(tx: &mut Tx, stored: &UserRow, changed: &mut UserRow) -> Result<()> {
    let fields = [("email", changed.email != stored.email), ("disabled", changed.disabled != stored.disabled)];
    let fields: Vec<&str> = fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect();
    if fields.is_empty() {
        return Ok(());
    }
    store::save(tx, changed)?;
    if changed.disabled {
        sessions::end_all(tx, changed.id, None, "disabled")?;
    }
    tx.record(Event::of(EventKind::UserUpdated, changed.id).version(changed.version).changed(fields));
    Ok(())
}

/// Makes a one-time code in place of a password that is forgotten or was found out, and tells it once.
///
/// The sessions of the log-in end. At the next log-in, within fourteen days, the person sends the code as `password`
/// together with the `new_password` of their choice. `Idempotency-Key` is not honoured, since the answer holds the code.
#[utoipa::path(tag = "administration", params(("id" = Id, Path, description = "The log-in.")), responses(
    (status = 201, description = "The code.", body = OneTimeCodeView)
))]
#[post("/api/v1/users/{id}/one-time-code")]
pub async fn create_one_time_code(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    let (one_time_code, code_hash) = new_code(&call).await?;
    call.write_secret(move |tx, _| {
        let mut user = store::find(tx, id)?;
        let code_expires_at = replace_password(tx, &mut user, &code_hash)?;
        let view = OneTimeCodeView { one_time_code: one_time_code.clone(), code_expires_at };
        Ok(Reply::created_json(&view)?.no_store())
    })
    .await
}

/// Deletes a log-in; its sessions end.
///
/// When somebody has left. The person stays, with all that they did.
#[utoipa::path(tag = "administration", params(
    ("id" = Id, Path, description = "The log-in."),
    ("If-Match" = String, Header, description = "The ETag of what is deleted."),
), responses((status = 204, description = "It is gone.")))]
#[delete("/api/v1/users/{id}")]
pub async fn delete_user(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let row = store::find(tx, id)?;
        policy::can_shut(actor, id)?;
        if_match.accepts(&row)?;
        sessions::end_all(tx, id, None, "deleted")?;
        store::delete(tx, id)?;
        tx.record(Event::of(EventKind::UserDeleted, id).version(row.version));
        Ok(Reply::no_content())
    })
    .await
}
