//! People and what other systems call them.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::version;
use crate::db::{Conn, NewRow, Tx};
use crate::each;
use crate::error::{Code, Fault, Result};
use crate::organisation::model::LOCAL;
use crate::schema::{people, person_identities, users};
use crate::text::{fold, fold_email};
use crate::types::{Id, Json, Ts};

/// A person: one human is one record.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = people, primary_key(municipality_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct PersonRow {
    /// The municipality.
    pub municipality_id: Id,
    /// The person's id, given by its source.
    pub id: Id,
    /// The source that manages the record.
    pub managed_by: String,
    /// When its source changed it.
    pub source_changed_at: Option<Ts>,
    /// The name.
    pub name: String,
    /// The name as it is sorted.
    pub folded_name: String,
    /// Where to write to.
    pub email: Option<String>,
    /// Whatever else its source wants kept.
    pub extensions: Json,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
    /// The e-mail address as it is found.
    pub folded_email: Option<String>,
}

crate::versioned!(PersonRow);

impl PersonRow {
    /// A new person, managed here.
    pub fn new(start: NewRow, id: Id, name: &str, email: Option<&str>) -> Self {
        PersonRow {
            municipality_id: start.municipality_id,
            id,
            managed_by: LOCAL.to_owned(),
            source_changed_at: None,
            name: name.to_owned(),
            folded_name: fold(name),
            email: email.map(str::to_owned),
            extensions: Json::default(),
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
            folded_email: email.map(fold_email),
        }
    }
}

/// What a system calls a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The system that knows the person by the subject.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "hr-demo")]
    pub issuer: String,
    /// What it calls the person.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "medarbejder-4711")]
    pub subject: String,
}

/// A person with what other systems call them.
pub type PersonWithIdentities = (PersonRow, Vec<Identity>);

/// One person.
///
/// # Errors
/// 404 when there is none.
pub fn find_person(conn: &mut Conn, id: Id) -> Result<PersonWithIdentities> {
    let scope = conn.scope();
    let person: PersonRow = each!(conn => people::table
        .filter(people::municipality_id.eq(scope).and(people::id.eq(id)))
        .select(PersonRow::as_select()).first(conn))?;
    let identities = identities_of(conn, &[id])?.into_iter().map(|(_, identity)| identity).collect();
    Ok((person, identities))
}

fn identities_of(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, Identity)>> {
    let scope = conn.scope();
    let rows: Vec<(Id, String, String)> = each!(conn => person_identities::table
        .filter(person_identities::municipality_id.eq(scope).and(person_identities::person_id.eq_any(ids)))
        .order((person_identities::issuer, person_identities::subject))
        .select((person_identities::person_id, person_identities::issuer, person_identities::subject)).load(conn))?;
    Ok(rows.into_iter().map(|(person, issuer, subject)| (person, Identity { issuer, subject })).collect())
}

/// Whose e-mail addresses are searched: those that the searcher reads.
#[derive(Debug, Clone, Copy)]
pub enum KnownAddresses {
    /// Everybody's.
    All,
    /// One's own, or nobody's.
    Own(Option<Id>),
}

/// Which people a list holds.
#[derive(Debug, Clone, Copy)]
pub struct PersonFilter<'a> {
    /// With this in their name, or in an e-mail address that is known.
    pub q: Option<&'a str>,
    /// The e-mail addresses that are known.
    pub addresses: KnownAddresses,
    /// Known both to an outside system and by a log-in (false), or not (true).
    pub unmatched: Option<bool>,
}

/// A page of people by name.
///
/// # Errors
/// When the database fails.
pub fn list_people(
    conn: &mut Conn,
    filter: &PersonFilter<'_>,
    after: Option<&(String, Id)>,
    limit: i64,
) -> Result<Vec<PersonWithIdentities>> {
    let scope = conn.scope();
    let pattern = |folded: String| format!("%{}%", escape_like(&folded));
    let patterns = filter.q.map(|q| (pattern(fold(q)), pattern(fold_email(q))));
    let rows: Vec<PersonRow> = each!(conn => {
        let mut query = people::table.filter(people::municipality_id.eq(scope))
            .order((people::folded_name, people::id)).limit(limit).select(PersonRow::as_select()).into_boxed();
        if let Some((name, address)) = &patterns {
            let named = people::folded_name.like(name).escape('\\').nullable();
            let addressed = people::folded_email.like(address).escape('\\');
            query = match filter.addresses {
                KnownAddresses::All => query.filter(named.or(addressed)),
                KnownAddresses::Own(own) => {
                    query.filter(named.or(addressed.and(people::id.nullable().eq(own))))
                }
            };
        }
        if let Some(unmatched) = filter.unmatched {
            let identified = person_identities::table
                .filter(person_identities::municipality_id.eq(scope).and(person_identities::person_id.eq(people::id)));
            let logs_in = users::table.filter(users::municipality_id.eq(scope).and(users::person_id.eq(people::id)));
            let matched = exists(logs_in).and(people::managed_by.ne(LOCAL).or(exists(identified)));
            query = if unmatched { query.filter(not(matched)) } else { query.filter(matched) };
        }
        if let Some((name, id)) = after {
            query = query.filter(people::folded_name.gt(name).or(people::folded_name.eq(name).and(people::id.gt(id))));
        }
        query.load(conn)
    })?;
    let ids: Vec<Id> = rows.iter().map(|person| person.id).collect();
    let identities = identities_of(conn, &ids)?;
    let of =
        |id: Id| identities.iter().filter(|(person, _)| *person == id).map(|(_, identity)| identity.clone()).collect();
    Ok(rows.into_iter().map(|person| (person.clone(), of(person.id))).collect())
}

/// Makes a text find itself in a LIKE pattern, with `\` as the escape.
pub fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Which of some ids are people of the municipality.
///
/// # Errors
/// When the database fails.
pub fn known_people(conn: &mut Conn, ids: &[Id]) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => people::table
        .filter(people::municipality_id.eq(scope).and(people::id.eq_any(ids)))
        .select(people::id).load(conn))?)
}

/// Which of some people a source manages.
///
/// # Errors
/// When the database fails.
pub fn people_of_source(conn: &mut Conn, ids: &[Id], source: &str) -> Result<Vec<Id>> {
    let scope = conn.scope();
    Ok(each!(conn => people::table
        .filter(people::municipality_id.eq(scope).and(people::id.eq_any(ids)).and(people::managed_by.eq(source)))
        .select(people::id).load(conn))?)
}

/// Keeps a new person.
///
/// # Errors
/// 409 when the id or an identity is taken.
pub fn insert_person(tx: &mut Tx, (person, identities): &PersonWithIdentities) -> Result<()> {
    version::changed(tx);
    each!(tx => diesel::insert_into(people::table).values(person).execute(tx))?;
    insert_identities(tx, person.id, identities)
}

/// Saves a person who was read in this transaction; the version rises.
///
/// # Errors
/// 412 when somebody else wrote it in between; 409 when an identity is taken.
pub fn save_person(tx: &mut Tx, (person, identities): &mut PersonWithIdentities) -> Result<()> {
    version::changed(tx);
    let (scope, seen) = (tx.scope(), person.version);
    (person.version, person.changed_by, person.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = people::table
        .filter(people::municipality_id.eq(scope).and(people::id.eq(person.id)).and(people::version.eq(seen)));
    if each!(tx => diesel::update(target).set(&*person).execute(tx))? == 0 {
        return Err(Code::StaleVersion.into());
    }
    let own = person_identities::table
        .filter(person_identities::municipality_id.eq(scope).and(person_identities::person_id.eq(person.id)));
    each!(tx => diesel::delete(own).execute(tx))?;
    insert_identities(tx, person.id, identities)
}

fn insert_identities(tx: &mut Tx, person: Id, identities: &[Identity]) -> Result<()> {
    use person_identities::dsl;
    let scope = tx.scope();
    for (index, identity) in identities.iter().enumerate() {
        let taken: Option<Id> = each!(tx => dsl::person_identities
            .filter(dsl::municipality_id.eq(scope).and(dsl::issuer.eq(&identity.issuer)).and(dsl::subject.eq(&identity.subject)))
            .select(dsl::person_id).first(tx).optional())?;
        if taken.is_some() {
            let place = Fault::at(format!("/identities/{index}"), "identity-taken");
            return Err(Code::AlreadyExists.refuse().fault(place).into());
        }
        let row = (
            dsl::municipality_id.eq(scope),
            dsl::issuer.eq(&identity.issuer),
            dsl::subject.eq(&identity.subject),
            dsl::person_id.eq(person),
        );
        each!(tx => diesel::insert_into(dsl::person_identities).values(row).execute(tx))?;
    }
    Ok(())
}
