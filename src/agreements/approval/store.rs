//! How decisions and signatures are kept, and what of strategy and cycle the workflow reads.

use diesel::prelude::*;

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::schema::{decisions, signatures};
use crate::templates::model::{Duty, Signatory};
use crate::types::{Id, Ts};
use crate::{each, later, text_enum};

text_enum! {
    /// What was decided.
    pub enum Outcome {
        /// It is good.
        Approved = "approved",
        /// It is sent back.
        Returned = "returned",
        /// It is taken up again.
        Reopened = "reopened",
    }
}

/// A decision: written once.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = decisions, treat_none_as_default_value = false)]
pub struct DecisionRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// The section's key.
    pub section_key: String,
    /// The revision it is about.
    pub revision: i64,
    /// The hash of that revision.
    pub content_sha256: String,
    /// The step of the route, from 0.
    pub step: i64,
    /// What the step was for.
    pub duty: Duty,
    /// What was decided.
    pub outcome: Outcome,
    /// Why; compulsory on a return.
    pub reason: Option<String>,
    /// Who decided.
    pub person_id: Id,
    /// The barred person whose standing deputy that is.
    pub acting_for_id: Option<Id>,
    /// Whom the step was resolved to at submission, when that was somebody else.
    pub instead_of_id: Option<Id>,
    /// When.
    pub decided_at: Ts,
}

/// A signature.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signatures, treat_none_as_default_value = false)]
pub struct SignatureRow {
    /// The municipality.
    pub municipality_id: Id,
    /// Its id.
    pub id: Id,
    /// The agreement.
    pub agreement_id: Id,
    /// As whom.
    pub signatory: Signatory,
    /// Who signed.
    pub person_id: Id,
    /// On whose behalf.
    pub acting_for_id: Option<Id>,
    /// The hash over the hashes of all approved revisions.
    pub content_sha256: String,
    /// Whether it was given on paper and registered here.
    pub on_paper: bool,
    /// When.
    pub signed_at: Ts,
    /// When a reopened section made it void.
    pub voided_at: Option<Ts>,
}

/// Keeps a decision.
///
/// # Errors
/// When the database fails.
pub fn insert_decision(tx: &mut Tx, row: &DecisionRow) -> Result<()> {
    let place = ("decisions", row.id, String::new());
    later!(tx, place, diesel::insert_into(decisions::table).values(row.clone()))
}

/// The decisions on an agreement, oldest first.
///
/// # Errors
/// When the database fails.
pub fn decisions_on(conn: &mut Conn, agreement_id: Id) -> Result<Vec<DecisionRow>> {
    let scope = conn.scope();
    Ok(each!(conn => decisions::table
        .filter(decisions::municipality_id.eq(scope).and(decisions::agreement_id.eq(agreement_id)))
        .order((decisions::decided_at, decisions::id)).select(DecisionRow::as_select()).load(conn))?)
}

/// The sections of some agreements that a person has returned, each by its agreement and key.
///
/// # Errors
/// When the database fails.
pub fn returned_by(conn: &mut Conn, person: Id, agreements: &[Id]) -> Result<Vec<(Id, String)>> {
    let scope = conn.scope();
    Ok(each!(conn => decisions::table
        .filter(decisions::municipality_id.eq(scope).and(decisions::agreement_id.eq_any(agreements)))
        .filter(decisions::person_id.eq(person).and(decisions::outcome.eq(Outcome::Returned)))
        .select((decisions::agreement_id, decisions::section_key)).distinct().load(conn))?)
}

/// Keeps a signature.
///
/// # Errors
/// When the database fails.
pub fn insert_signature(tx: &mut Tx, row: &SignatureRow) -> Result<()> {
    each!(tx => diesel::insert_into(signatures::table).values(row).execute(tx))?;
    Ok(())
}

/// The signatures that an agreement has and that are not void.
///
/// # Errors
/// When the database fails.
pub fn signatures_on(conn: &mut Conn, agreement_id: Id) -> Result<Vec<SignatureRow>> {
    signatures_on_all(conn, &[agreement_id])
}

/// The signatures on some agreements that are not void, in the order in which they were given.
///
/// # Errors
/// When the database fails.
pub fn signatures_on_all(conn: &mut Conn, agreements: &[Id]) -> Result<Vec<SignatureRow>> {
    let scope = conn.scope();
    Ok(each!(conn => {
        let query = signatures::table
            .filter(signatures::municipality_id.eq(scope).and(signatures::voided_at.is_null()))
            .order((signatures::signed_at, signatures::id)).select(SignatureRow::as_select()).into_boxed();
        match agreements {
            [one] => query.filter(signatures::agreement_id.eq(*one)),
            many => query.filter(signatures::agreement_id.eq_any(many)),
        }.load(conn)
    })?)
}

/// Makes the signatures on an agreement void.
///
/// # Errors
/// When the database fails.
pub fn void_signatures(tx: &mut Tx, agreement_id: Id) -> Result<()> {
    let (scope, now) = (tx.scope(), tx.now());
    let target = signatures::table
        .filter(signatures::municipality_id.eq(scope).and(signatures::agreement_id.eq(agreement_id)))
        .filter(signatures::voided_at.is_null());
    each!(tx => diesel::update(target).set(signatures::voided_at.eq(now)).execute(tx))?;
    Ok(())
}
