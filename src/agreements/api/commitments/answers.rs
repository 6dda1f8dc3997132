//! What happens to a commitment: it is confirmed, declined, withdrawn.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::context::CommitmentContext;
use crate::access::Actor;
use crate::agreements::commitments::draft::{self, recount};
use crate::agreements::commitments::model::{self, Answer, CommitmentAction};
use crate::agreements::commitments::model::{CommitmentWithParties, PartyRow};
use crate::agreements::commitments::policy::NamedParty;
use crate::agreements::commitments::store;
use crate::agreements::views::commitment::CommitmentView;
use crate::app::RequestContext;
use crate::db::Tx;
use crate::db::journal::EventKind;
use crate::error::{Code, Result};
use crate::http::{Ids, IfMatch, Json, Reply};
use crate::organisation::Organisation;
use crate::organisation::leaders::holders;
use crate::types::Id;

/// Body of a confirmation: whose promise is given.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewConfirmation)]
pub struct Confirmation {
    /// The unit that says so; needed by whoever leads several of the parties.
    #[serde(default)]
    pub org_unit_id: Option<Id>,
    /// The party outside for whom the holder says so; needed where there are several.
    #[serde(default)]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Boligforeningen Åparken")]
    pub external_name: Option<String>,
}

/// Body of a refusal: who declines a commitment, and why.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRefusal)]
pub struct Refusing {
    /// The reason, as people are told.
    #[validate(length(min = 1, max = 2000), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 2000, example = "Vi har ingen lærer at sætte af.")]
    pub reason: String,
    /// The unit that says so; needed by whoever leads several of the parties.
    #[serde(default)]
    pub org_unit_id: Option<Id>,
    /// The party outside for whom the holder says so; needed where there are several.
    #[serde(default)]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Boligforeningen Åparken")]
    pub external_name: Option<String>,
}

/// Body of a withdrawal: why a commitment is taken back.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWithdrawal)]
pub struct Withdrawal {
    /// The reason, as people are told.
    #[serde(default)]
    #[validate(length(min = 1, max = 2000), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 2000, example = "Projektet er lagt sammen med et andet.")]
    pub reason: Option<String>,
}

/// What a party says.
struct Said<'a> {
    answer: Answer,
    action: CommitmentAction,
    kind: EventKind,
    reason: Option<&'a str>,
    named: NamedParty<'a>,
}

/// Notes what a party says. The section stays as it is, also when it is locked; only its count of partners who have
/// not confirmed follows.
fn answer(tx: &mut Tx, actor: &Actor, id: Id, if_match: &IfMatch, said: &Said<'_>) -> Result<Reply> {
    let mut found = CommitmentContext::lock(tx, actor, id)?;
    let party = found.role(actor)?.party_of(&found.commitment.1, &said.named)?;
    if_match.accepts(&found.commitment.0)?;
    found.commitment.0.state.permits(said.action)?;
    let (now, author) = (tx.now(), tx.author().person);
    let party = found.commitment.1.get_mut(party).ok_or(Code::NotParty)?;
    if party.state == said.answer {
        return Err(Code::AlreadyDecided.into());
    }
    (party.state, party.reason) = (said.answer, said.reason.map(str::to_owned));
    (party.answered_by, party.answered_at) = (author, Some(now));
    let unit = party.org_unit_id;
    found.commitment.0.state = model::state_of(&found.commitment.1);
    store::save(tx, &mut found.commitment)?;
    found.count_aside(tx)?;
    let others = leaders(&found.organisation, &found.commitment, |party| party.org_unit_id != unit || unit.is_none());
    let event = draft::commitment_event(said.kind, &found.commitment).detail("state", found.commitment.0.state);
    let event = event.notifies(others);
    tx.record(match unit {
        Some(unit) => event.org_unit(unit),
        None => event,
    });
    found.reply(actor, tx.lang())
}

/// Who is told of a commitment, for some of its parties.
fn leaders(
    organisation: &Organisation,
    (_, parties): &CommitmentWithParties,
    which: impl Fn(&PartyRow) -> bool,
) -> Vec<Id> {
    let units = parties.iter().filter(|party| which(party)).filter_map(|party| party.org_unit_id);
    units.flat_map(|unit| holders(organisation, &[unit])).collect()
}

/// Confirms a commitment for a unit that is asked; the holder of its agreement confirms for parties outside.
///
/// A partner may answer while the section is locked, and may change the answer later.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The commitment."),
    ("If-Match" = String, Header, description = "The ETag of the commitment that is confirmed."),
    ("dry_run" = Option<bool>, Query, description = "Only say what would happen."),
), request_body = Confirmation, responses((status = 200, description = "The commitment.", body = CommitmentView)))]
#[post("/api/v1/commitments/{id}/confirm")]
pub async fn confirm_commitment(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<Confirmation>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let said = Said {
            answer: Answer::Confirmed,
            action: CommitmentAction::Confirm,
            kind: EventKind::CommitmentConfirmed,
            reason: None,
            named: NamedParty { org_unit_id: body.org_unit_id, external_name: body.external_name.as_deref() },
        };
        answer(tx, actor, id, &if_match, &said)
    })
    .await
}

/// Declines a commitment with a reason, for a unit that is asked; the holder declines for parties outside.
///
/// The holder reads the reason, and changes or withdraws the commitment.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The commitment."),
    ("If-Match" = String, Header, description = "The ETag of the commitment that is declined."),
    ("dry_run" = Option<bool>, Query, description = "Only say what would happen."),
), request_body = Refusing, responses((status = 200, description = "The commitment.", body = CommitmentView)))]
#[post("/api/v1/commitments/{id}/decline")]
pub async fn decline_commitment(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<Refusing>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let said = Said {
            answer: Answer::Declined,
            action: CommitmentAction::Decline,
            kind: EventKind::CommitmentDeclined,
            reason: Some(&body.reason),
            named: NamedParty { org_unit_id: body.org_unit_id, external_name: body.external_name.as_deref() },
        };
        answer(tx, actor, id, &if_match, &said)
    })
    .await
}

/// Takes a commitment back while its section is being written; the partners are told.
///
/// When it is no longer needed. The partners' tasks go away.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The commitment."),
    ("If-Match" = String, Header, description = "The ETag of the commitment that is taken back."),
    ("dry_run" = Option<bool>, Query, description = "Only say what would happen."),
), request_body = Withdrawal, responses((status = 200, description = "The commitment.", body = CommitmentView)))]
#[post("/api/v1/commitments/{id}/withdraw")]
pub async fn withdraw_commitment(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<Withdrawal>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut found = CommitmentContext::lock(tx, actor, id)?;
        found.role(actor)?.can_ask_to_withdraw()?;
        if_match.accepts(&found.commitment.0)?;
        let key = found.commitment.0.section_key.clone();
        found.loaded_mut()?.check_editable(&key)?;
        draft::withdraw(tx, &found.organisation, &mut found.commitment, body.reason.as_deref())?;
        let loaded = found.loaded_mut()?;
        recount(tx, loaded, &key)?;
        loaded.save_edited(tx, &key)?;
        found.reply(actor, tx.lang())
    })
    .await
}
