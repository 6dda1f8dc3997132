//! People over HTTP.

use actix_web::{get, patch, put};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::units::is_small;
use super::{policy, upsert};
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Result};
use crate::http::{Etag, Ids, IfMatch, Json, OptionalIfMatch, Page, Paging, Query, Reply, Tagged, Versioned, patch};
use crate::organisation::model::LOCAL;
use crate::organisation::store;
use crate::organisation::store::{Identity, KnownAddresses, PersonFilter, PersonRow, PersonWithIdentities};
use crate::text::{fold, fold_email};
use crate::types::{Id, Json as StoredJson, Ts};

/// A person as their source gives them.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The person's full name.
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Leder af Børnehuset Mælkebøtten")]
    pub name: String,
    /// Where to write to.
    #[serde(default)]
    #[validate(email, length(max = 200))]
    #[schema(format = "email", max_length = 200, example = "leder.maelkeboetten@demo.example")]
    pub email: Option<String>,
    /// What other systems call the person; each belongs to one person.
    #[serde(default)]
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub identities: Vec<Identity>,
    /// Whatever else the source wants kept; given back as it came.
    #[serde(default)]
    #[validate(custom(function = is_small))]
    #[schema(value_type = Object)]
    pub extensions: Map<String, Value>,
    /// When the source changed it; older than what is stored is refused.
    #[serde(default)]
    pub source_changed_at: Option<Ts>,
}

/// What may be changed of a person whom no outside system manages.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    /// The person's full name.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Centerchef for Social og Handicap")]
    pub name: Option<String>,
    /// Where to write to.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(email, length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200, example = "centerchef.social@demo.example")]
    pub email: Option<Option<String>>,
}

/// A person in the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    /// The version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true, value_type = String, max_length = 60, example = "\"3.9f86d081884c7d65\"")]
    pub etag: Etag,
    /// The id, given by the person's source.
    pub id: Id,
    /// The person's full name.
    #[schema(max_length = 200, example = "Centerchef for Social og Handicap")]
    pub name: String,
    /// Where to write to; null for readers who need not know.
    #[schema(required = true, max_length = 200, example = "centerchef.social@demo.example")]
    pub email: Option<String>,
    /// What other systems call the person; empty for readers who need not know.
    #[schema(max_items = 20)]
    pub identities: Vec<Identity>,
    /// Whatever else the source wants kept.
    #[schema(value_type = Object)]
    pub extensions: StoredJson,
    /// The source that manages the record.
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

/// Whether an actor may change a person by hand: only whom no outside system manages.
fn can_change(actor: &Actor, person: &PersonRow) -> Result<(), Code> {
    policy::can_change_local(actor)?;
    if person.managed_by == LOCAL { Ok(()) } else { Err(Code::ManagedElsewhere) }
}

fn known_addresses(actor: &Actor) -> KnownAddresses {
    if policy::can_match(actor).is_ok() { KnownAddresses::All } else { KnownAddresses::Own(actor.person_id()) }
}

/// E-mail addresses and identities are for those who run the municipality, for its systems and for the person.
fn knows_more(actor: &Actor, person: Id) -> bool {
    policy::can_match(actor).is_ok() || actor.person_id() == Some(person)
}

impl PersonView {
    fn of((person, identities): &PersonWithIdentities, actor: &Actor, conn: &Conn) -> Self {
        let knows = knows_more(actor, person.id);
        PersonView {
            etag: Etag::default(),
            id: person.id,
            name: person.name.clone(),
            email: person.email.clone().filter(|_| knows),
            identities: if knows { identities.clone() } else { Vec::new() },
            extensions: if knows { person.extensions.clone() } else { StoredJson::default() },
            managed_by: person.managed_by.clone(),
            source_changed_at: person.source_changed_at,
            available_actions: vec![
                ActionView::of("replace", policy::can_replace(actor, &person.managed_by), conn.lang()),
                ActionView::of("update", can_change(actor, person), conn.lang()),
            ],
            created_at: person.created_at,
            updated_at: person.updated_at,
        }
    }
}

/// Which people a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PersonQuery {
    /// Part of the name, or of an e-mail address that the reader may know.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, example = "centerchef")]
    q: Option<String>,
    /// `false`: people whom an outside system knows (it manages the record, or an identity stands in it) and who have a
    /// log-in, be it shut. `true`: all others. Of these, one that an outside system knows lacks a log-in; one that none
    /// knows was made here, and may be a second record of somebody whom HR brought. For administrators, coordinators
    /// and machine clients.
    unmatched: Option<bool>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// People by name.
///
/// To find a person by a part of the name, or whoever another system knows by an identity.
#[utoipa::path(tag = "organisation", params(PersonQuery), responses(
    (status = 200, description = "A page of people.", body = Page<PersonView>)
))]
#[get("/api/v1/people")]
pub async fn list_people(call: RequestContext, query: Query<PersonQuery>) -> Result<Reply> {
    let paging = Paging::<(String, Id)>::of(query.limit, query.cursor.as_deref())?;
    let address = call.address();
    call.read(move |conn, actor| {
        if query.unmatched.is_some() {
            policy::can_match(actor)?;
        }
        let addresses = known_addresses(actor);
        let filter = PersonFilter { q: query.q.as_deref(), addresses, unmatched: query.unmatched };
        let found = store::list_people(conn, &filter, paging.after.as_ref(), paging.fetch())?;
        let (found, next_cursor) = paging.cut(found, |(person, _)| (person.folded_name.clone(), person.id));
        let items = found
            .iter()
            .map(|person| Tagged::of(person.0.version, &PersonView::of(person, actor, conn)))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}

/// Reads one person.
///
/// With the identities by which other systems know them.
#[utoipa::path(tag = "organisation", params(("id" = Id, Path, description = "The person.")), responses(
    (status = 200, description = "The person.", body = PersonView, headers(("ETag" = String)))
))]
#[get("/api/v1/people/{id}")]
pub async fn get_person(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let person = store::find_person(conn, id)?;
        Reply::item(person.0.version, &PersonView::of(&person, actor, conn))
    })
    .await
}

/// Makes a person, or replaces what their source gives.
///
/// An equal body writes nothing and makes no event.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The person."),
    ("If-Match" = Option<String>, Header, description = "The ETag of what is replaced, to be compared."),
), request_body = NewPerson, responses(
    (status = 200, description = "The person, replaced.", body = PersonView, headers(("ETag" = String))),
    (status = 201, description = "The person, made.", body = PersonView)
))]
#[put("/api/v1/people/{id}")]
pub async fn put_person(
    call: RequestContext,
    id: Ids<1>,
    if_match: OptionalIfMatch,
    body: Json<NewPerson>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| match store::find_person(tx, id) {
        Ok(stored) => {
            if_match.0.accepts(&stored.0)?;
            replace(tx, actor, stored, &body)
        }
        Err(error) if error.code() == Code::NotFound => {
            if_match.0.accepts_nothing()?;
            insert(tx, actor, id, &body)
        }
        Err(error) => Err(error),
    })
    .await
}

fn sorted(identities: &[Identity]) -> Vec<Identity> {
    let mut sorted = identities.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted
}

fn insert(tx: &mut Tx, actor: &Actor, id: Id, body: &NewPerson) -> Result<Reply> {
    let person = PersonRow {
        managed_by: policy::source_of(actor).to_owned(),
        source_changed_at: body.source_changed_at,
        extensions: StoredJson::of(&body.extensions),
        ..PersonRow::new(tx.new_row(), id, &body.name, body.email.as_deref())
    };
    let made = (person, sorted(&body.identities));
    store::insert_person(tx, &made)?;
    tx.record(Event::of(EventKind::PersonCreated, id).version(1));
    Reply::created(format!("/api/v1/people/{id}"), 1, &PersonView::of(&made, actor, tx))
}

fn replace(tx: &mut Tx, actor: &Actor, stored: PersonWithIdentities, body: &NewPerson) -> Result<Reply> {
    let (person, identities) = &stored;
    upsert::check(actor, &person.managed_by, body.source_changed_at, person.source_changed_at)?;
    let mut changed = (
        PersonRow {
            source_changed_at: body.source_changed_at.or(person.source_changed_at),
            name: body.name.clone(),
            folded_name: fold(&body.name),
            email: body.email.clone(),
            folded_email: body.email.as_deref().map(fold_email),
            extensions: StoredJson::of(&body.extensions),
            ..person.clone()
        },
        sorted(&body.identities),
    );
    let fields = upsert::differing([
        ("name", changed.0.name != person.name),
        ("email", changed.0.email != person.email),
        ("identities", changed.1 != *identities),
        ("extensions", changed.0.extensions != person.extensions),
        ("source_changed_at", changed.0.source_changed_at != person.source_changed_at),
    ]);
    if !fields.is_empty() {
        store::save_person(tx, &mut changed)?;
        tx.record(Event::of(EventKind::PersonReplaced, person.id).version(changed.0.version).changed(fields));
    }
    Reply::item(changed.0.version, &PersonView::of(&changed, actor, tx))
}

/// Changes a person whom no outside system manages.
///
/// For people who are kept in this system. Those of an HR system are changed there.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The person."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = PersonPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The person.", body = PersonView)
))]
#[patch("/api/v1/people/{id}")]
pub async fn update_person(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<PersonPatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut stored = store::find_person(tx, id)?;
        policy::can_change_local(actor)?;
        if_match.accepts(&stored.0)?;
        can_change(actor, &stored.0)?;
        let before = stored.0.clone();
        let person = &mut stored.0;
        person.name = body.name.clone().unwrap_or_else(|| before.name.clone());
        person.folded_name = fold(&person.name);
        person.email = body.email.clone().unwrap_or_else(|| before.email.clone());
        person.folded_email = person.email.as_deref().map(fold_email);
        let fields = upsert::differing([("name", person.name != before.name), ("email", person.email != before.email)]);
        if !fields.is_empty() {
            store::save_person(tx, &mut stored)?;
            tx.record(Event::of(EventKind::PersonUpdated, id).version(stored.0.version()).changed(fields));
        }
        Reply::item(stored.0.version, &PersonView::of(&stored, actor, tx))
    })
    .await
}
