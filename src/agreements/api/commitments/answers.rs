//! What happens to a commitment: it is confirmed, countered, declined, withdrawn, fulfilled.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::context::CommitmentContext;
use crate::access::Actor;
use crate::agreements::commitments::draft::{self, recount};
use crate::agreements::commitments::model::{Answer, CommitmentWithParties, PartyRow};
use crate::agreements::commitments::moves::{self, Moment, Terms};
use crate::agreements::commitments::policy::NamedParty;
use crate::agreements::commitments::store;
use crate::agreements::views::commitment::CommitmentView;
use crate::app::RequestContext;
use crate::db::Tx;
use crate::db::journal::EventKind;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Reply};
use crate::organisation::Organisation;
use crate::organisation::leaders::holders;
use crate::types::{Date, Id};

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

/// Body of a counter-proposal: what a partner would rather agree on. What is left out stays as it is proposed.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCounter {
    /// What the partner promises.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Skolen sætter en lærer af til hvert andet møde.")]
    pub promise: Option<String>,
    /// What citizens gain.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Barnet møder en skole, der kender det.")]
    pub expected_gain: Option<String>,
    /// The last day on which it is to be done.
    #[serde(default)]
    #[schema(example = "2015-08-01")]
    pub due_on: Option<Date>,
    /// The unit that says so; needed by whoever leads several of the parties.
    #[serde(default)]
    pub org_unit_id: Option<Id>,
    /// The party outside for whom the holder says so; needed where there are several.
    #[serde(default)]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Boligforeningen Åparken")]
    pub external_name: Option<String>,
}

/// Body of a fulfilment: for whom it is said that a commitment was kept.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFulfilment {
    /// The unit that says so; needed by whoever speaks for several parties and not for all of them at once.
    #[serde(default)]
    pub org_unit_id: Option<Id>,
    /// The party outside for whom the holder says so.
    #[serde(default)]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 200, example = "Boligforeningen Åparken")]
    pub external_name: Option<String>,
    /// How it is known, where the coordinator says so for all parties.
    #[serde(default)]
    #[validate(length(min = 1, max = 2000), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 2000, example = "Begge centre har meldt det på dialogmødet.")]
    pub reason: Option<String>,
}

/// Keeps what a party has said, and tells the others. The section stays as it is, also when it is locked; only its count
/// of parties who have not confirmed follows.
fn keep(tx: &mut Tx, actor: &Actor, mut found: CommitmentContext, place: usize, kind: EventKind) -> Result<Reply> {
    store::save(tx, &mut found.commitment)?;
    found.count_aside(tx)?;
    let unit = found.commitment.1.get(place).and_then(|party| party.org_unit_id);
    let others = leaders(&found.organisation, &found.commitment, |party| party.org_unit_id != unit || unit.is_none());
    let event = draft::commitment_event(kind, &found.commitment).detail("state", found.commitment.0.state);
    let event = event.notifies(others);
    tx.record(match unit {
        Some(unit) => event.org_unit(unit),
        None => event,
    });
    found.reply(actor, tx.lang())
}

fn moment(tx: &Tx) -> Moment {
    Moment { by: tx.author().person, at: tx.now() }
}

/// A party says yes or no. Where a proposer agrees to another gain or day, that changes their section, which must be
/// open for it.
fn answer(
    tx: &mut Tx,
    actor: &Actor,
    (id, if_match): (Id, &IfMatch),
    (said, reason): (Answer, Option<&str>),
    named: &NamedParty<'_>,
) -> Result<Reply> {
    let mut found = CommitmentContext::lock(tx, actor, id)?;
    let (role, parties) = (found.role(actor)?, &found.commitment.1);
    let (place, kind) = match said {
        Answer::Declined => (role.party_of(parties, named)?, EventKind::CommitmentDeclined),
        _ => (role.party_of(parties, named)?, EventKind::CommitmentConfirmed),
    };
    if_match.accepts(&found.commitment.0)?;
    let changes_section = said == Answer::Confirmed && moves::changes_section(&found.commitment, place);
    moves::answer(&mut found.commitment, place, (said, reason), moment(tx))?;
    if changes_section {
        let key = found.commitment.0.section_key.clone();
        found.loaded_mut()?.save_edited(tx, &key)?;
    }
    keep(tx, actor, found, place, kind)
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
/// A partner may answer while the section is locked, and may change the answer later. Where a partner has countered, the
/// holder confirms what they would rather agree on; another gain or day changes the section, which must be open then.
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
        let named = NamedParty { org_unit_id: body.org_unit_id, external_name: body.external_name.as_deref() };
        answer(tx, actor, (id, &if_match), (Answer::Confirmed, None), &named)
    })
    .await
}

/// Declines a commitment with a reason, for a unit that is asked; the holder declines for parties outside.
///
/// The holder reads the reason, and changes or withdraws the commitment. Where a partner has countered, the holder
/// declines what they would rather agree on: the proposal stands as it was.
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
        let named = NamedParty { org_unit_id: body.org_unit_id, external_name: body.external_name.as_deref() };
        answer(tx, actor, (id, &if_match), (Answer::Declined, Some(&body.reason)), &named)
    })
    .await
}

/// Proposes other terms of a commitment, for a unit that is asked.
///
/// Who counters has confirmed the other terms. The proposer confirms or declines them, changes the commitment, or
/// withdraws it; until then what was proposed stands. Who proposed changes it with PATCH instead.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The commitment."),
    ("If-Match" = String, Header, description = "The ETag of the commitment that is countered."),
    ("dry_run" = Option<bool>, Query, description = "Only say what would happen."),
), request_body = NewCounter, responses((status = 200, description = "The commitment.", body = CommitmentView)))]
#[post("/api/v1/commitments/{id}/counter")]
pub async fn counter_commitment(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<NewCounter>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut found = CommitmentContext::lock(tx, actor, id)?;
        let named = NamedParty { org_unit_id: body.org_unit_id, external_name: body.external_name.as_deref() };
        let (role, parties) = (found.role(actor)?, &found.commitment.1);
        let place = match role.partner_of(parties, &named) {
            Err(_) if role.holder => return Err(Code::OwnProposal.into()),
            place => place?,
        };
        if_match.accepts(&found.commitment.0)?;
        let (promise, expected_gain) = (body.promise.clone(), body.expected_gain.clone());
        let terms = Terms { promise, expected_gain, due_on: body.due_on };
        moves::counter(&mut found.commitment, place, &terms, moment(tx))?;
        keep(tx, actor, found, place, EventKind::CommitmentCountered)
    })
    .await
}

/// Says that a commitment was kept, for the caller's own side.
///
/// It is fulfilled once all parties say so; the holder speaks for parties outside. The coordinator may say so for any
/// party or for all, with a reason. It can be said late, too.
#[utoipa::path(tag = "agreements", params(
    ("id" = Id, Path, description = "The commitment."),
    ("If-Match" = String, Header, description = "The ETag of the commitment that was kept."),
    ("dry_run" = Option<bool>, Query, description = "Only say what would happen."),
), request_body = NewFulfilment, responses((status = 200, description = "The commitment.", body = CommitmentView)))]
#[post("/api/v1/commitments/{id}/fulfil")]
pub async fn fulfil_commitment(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<NewFulfilment>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut found = CommitmentContext::lock(tx, actor, id)?;
        let named = NamedParty { org_unit_id: body.org_unit_id, external_name: body.external_name.as_deref() };
        let (role, parties) = (found.role(actor)?, &found.commitment.1);
        let places = role.keepers(parties, &named)?;
        let is_own = |place: &usize| parties.get(*place).is_some_and(|party| role.speaks_for(party));
        let unexplained = body.reason.is_none() && !places.iter().all(is_own);
        if_match.accepts(&found.commitment.0)?;
        if unexplained {
            return Err(Code::InvalidBody.refuse().fault(Fault::at("/reason", "required")).into());
        }
        moves::fulfil(&mut found.commitment, &places, moment(tx))?;
        if let (Some(reason), Some(own)) = (&body.reason, found.commitment.1.iter_mut().find(|party| party.proposer)) {
            own.reason = Some(reason.clone());
        }
        let place = places.first().copied().unwrap_or_default();
        keep(tx, actor, found, place, EventKind::CommitmentFulfilled)
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
