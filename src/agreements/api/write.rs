//! Making, changing and sharing agreements.

use actix_web::{patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::create::{in_cycle, make};
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::policy;
use crate::agreements::agreement::store::{self, ReaderReason};
use crate::agreements::views::agreement::{AgreementView, view};
use crate::agreements::views::agreement_expansions::Expand;
use crate::app::RequestContext;
use crate::db::Tx;
use crate::db::journal::EventKind;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Reply, patch};
use crate::organisation::store as people;
use crate::types::Id;

/// An agreement to be made besides those that the opening of a cycle makes.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// The cycle, which must be open.
    pub cycle_id: Id,
    /// Its units; two schools may share one.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub org_unit_ids: Vec<Id>,
}

/// Makes an agreement for units that have none in the cycle.
///
/// For a unit that came after the cycle was opened, or for several that make one together. The template of the first
/// unit applies.
#[utoipa::path(tag = "agreements", request_body = NewAgreement, responses(
    (status = 201, description = "The agreement, made.", body = AgreementView)
))]
#[post("/api/v1/agreements")]
pub async fn create_agreement(call: RequestContext, body: Json<NewAgreement>) -> Result<Reply> {
    call.write(move |tx, actor| {
        let making = in_cycle(tx, body.cycle_id, body.org_unit_ids.clone())?;
        let agreement = make(tx, &making)?;
        let loaded = LoadedAgreement::lock(tx, actor, agreement.id)?;
        let address = format!("/api/v1/agreements/{}", agreement.id);
        Reply::created(address, agreement.version, &view(tx, actor, &loaded, Expand::default())?)
    })
    .await
}

/// What may be changed of an agreement besides its sections.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementPatch {
    /// What it is called.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = crate::http::is_said))]
    #[schema(
        nullable = false,
        min_length = 1,
        max_length = 300,
        example = "Aftale 2015 for Social- og Handicapcentret"
    )]
    pub title: Option<String>,
    /// The number of its case in the municipality's archive.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100, example = "00.30.00-Ø02-1-10")]
    pub case_number: Option<Option<String>>,
}

/// Changes an agreement's title or case number.
///
/// For what is written outside the sections. The sections are changed by their own addresses or in the draft. The title
/// stays once every section is approved; the case number may be given later.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = AgreementPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The agreement.", body = AgreementView)
))]
#[patch("/api/v1/agreements/{id}")]
pub async fn update_agreement(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<AgreementPatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        policy::can_rename(&loaded.relation)?;
        if_match.accepts(&loaded.agreement)?;
        let row = &mut loaded.agreement;
        let title = body.title.clone().filter(|title| *title != row.title);
        if title.is_some() && !row.state.may_be_renamed() {
            return Err(Code::IllegalMove.refuse().with("state", row.state).into());
        }
        let case_number = body.case_number.clone().filter(|number| *number != row.case_number);
        let changed: Vec<&str> = [title.as_ref().map(|_| "title"), case_number.as_ref().map(|_| "case_number")]
            .into_iter()
            .flatten()
            .collect();
        if !changed.is_empty() {
            row.title = title.unwrap_or_else(|| row.title.clone());
            row.case_number = case_number.unwrap_or_else(|| row.case_number.clone());
            store::save(tx, row)?;
            tx.record(loaded.agreement_event(EventKind::AgreementUpdated).changed(changed));
        }
        reply(tx, actor, &loaded)
    })
    .await
}

/// With whom an agreement's draft is shared.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewShare)]
pub struct Sharing {
    /// Whether the leaders above may read it.
    #[serde(default)]
    pub line: bool,
    /// The people who may read it, all of them.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_items = 200)]
    pub people: Vec<Id>,
}

/// Shares the draft with the leaders above, or with people by name, in place of those before.
///
/// Others see a draft only when it is shared with them. The list replaces the one before.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The agreement."),
    ("If-Match" = String, Header, description = "The agreement's ETag; optional in a dry run."),
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), request_body = Sharing, responses(
    (status = 200, description = "The agreement.", body = AgreementView)
))]
#[post("/api/v1/agreements/{id}/share")]
pub async fn share_agreement(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<Sharing>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        policy::can_submit(&loaded.relation)?;
        if_match.accepts(&loaded.agreement)?;
        let known = people::known_people(tx, &body.people)?;
        let unknown = body.people.iter().enumerate().filter(|(_, person)| !known.contains(person));
        let faults: Vec<Fault> = unknown.map(|(at, _)| Fault::at(format!("/people/{at}"), "unknown-id")).collect();
        if !faults.is_empty() {
            return Err(Code::UnknownReference.refuse().faults(faults).into());
        }
        loaded.agreement.shared_with_line = body.line;
        store::remove_shared(tx, id)?;
        store::add_readers(tx, id, &body.people, ReaderReason::Shared)?;
        store::save(tx, &mut loaded.agreement)?;
        let shared = loaded.agreement_event(EventKind::AgreementShared);
        tx.record(shared.detail("line", body.line).notifies(body.people.iter().copied()));
        reply(tx, actor, &loaded)
    })
    .await
}

/// The agreement as it stands now, to its writer.
///
/// # Errors
/// When the database fails.
pub fn reply(tx: &mut Tx, actor: &Actor, loaded: &LoadedAgreement) -> Result<Reply> {
    Reply::item(loaded.agreement.version, &view(tx, actor, loaded, Expand::default())?)
}
