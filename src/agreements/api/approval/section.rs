//! Decisions on a section.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::api::sections::{locked, reply};
use crate::agreements::approval::decide::{self as deciding, DecisionInput};
use crate::agreements::approval::guards;
use crate::agreements::approval::store::Outcome;
use crate::agreements::comments::create::create_with_decision;
use crate::agreements::comments::input::NewRemark;
use crate::agreements::sections::store as sections;
use crate::agreements::views::section::SectionView;
use crate::app::RequestContext;
use crate::db::Tx;
use crate::error::Result;
use crate::http::{IfMatch, Json, JsonOrNothing, Reply, SectionPath};
use crate::types::Id;

/// Body of an approval: for whom, where the caller has several places.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = NewApproval)]
pub struct Approval {
    /// For whom, as a standing deputy; where the caller has several places.
    pub on_behalf_of: Option<Id>,
}

/// A return, with its reason.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewReturn)]
pub struct Returning {
    /// What must be mended, and why.
    #[validate(length(min = 1, max = 4000), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 4000, example = "Skriv, hvordan effekten måles, og hvornår.")]
    pub reason: String,
    /// Comments on the section, made in the same act.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    #[schema(max_items = 50)]
    pub comments: Vec<NewRemark>,
    /// For whom, as a standing deputy; where the caller has several places.
    #[serde(default)]
    pub on_behalf_of: Option<Id>,
}

/// A reopening, with its reason.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewReopening)]
pub struct Reopening {
    /// Why it must be taken up again.
    #[validate(length(min = 1, max = 4000), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 4000, example = "Byrådet har ændret budgettet.")]
    pub reason: String,
}

/// Somebody's decision on a section, before it is known whether it may be made.
pub struct Decision {
    /// What is decided.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<String>,
    /// For whom, as a standing deputy.
    pub on_behalf_of: Option<Id>,
}

/// Makes a decision on a section of a locked agreement: may they (403), have they seen it (412), can it be done (409).
///
/// # Errors
/// As said, and 404 for a section that does not exist.
pub fn decide(
    tx: &mut Tx,
    actor: &Actor,
    loaded: &mut LoadedAgreement,
    (key, if_match): (&str, &IfMatch),
    decision: &Decision,
) -> Result<()> {
    let person = actor.person()?;
    let section = loaded.section(key)?.clone();
    let owners = sections::theme_owners(tx, std::slice::from_ref(&section))?;
    let permitted = guards::may_decide(loaded, &section, &owners, person, decision.on_behalf_of)?;
    if_match.accepts(&section)?;
    let place = permitted.place?;
    let decision = DecisionInput { person, outcome: decision.outcome, reason: decision.reason.clone() };
    deciding::decide(tx, loaded, key, place, &decision)
}

/// Approves a section, at the step that waits for the caller.
///
/// Takes the step that waits for the caller; `available_actions` says whether one does. After the last step the
/// section is approved.
#[utoipa::path(tag = "workflow", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
    ("If-Match" = String, Header, description = "The section's ETag; optional in a dry run."),
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), request_body(content = Option<Approval>, content_type = "application/json"), responses(
    (status = 200, description = "The section.", body = SectionView)
))]
#[post("/api/v1/agreements/{id}/sections/{key}/approve")]
pub async fn approve_section(
    call: RequestContext,
    path: SectionPath,
    if_match: IfMatch,
    body: JsonOrNothing<Approval>,
) -> Result<Reply> {
    call.write(move |tx, actor| {
        let decision = Decision { outcome: Outcome::Approved, reason: None, on_behalf_of: body.on_behalf_of };
        let (mut loaded, goals) = locked(tx, actor, &path)?;
        decide(tx, actor, &mut loaded, (&path.key, &if_match), &decision)?;
        reply(tx, actor, &loaded, &path.key, goals)
    })
    .await
}

/// Returns a section with a reason, and comments on it where that helps: it goes back to the holder at once.
///
/// The holder reads the reason first. Use comments for what belongs to a place in the text.
#[utoipa::path(tag = "workflow", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
    ("If-Match" = String, Header, description = "The section's ETag; optional in a dry run."),
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), request_body = Returning, responses((status = 200, description = "The section.", body = SectionView)))]
#[post("/api/v1/agreements/{id}/sections/{key}/return")]
pub async fn return_section(
    call: RequestContext,
    path: SectionPath,
    if_match: IfMatch,
    body: Json<Returning>,
) -> Result<Reply> {
    call.write(move |tx, actor| {
        let reason = Some(body.reason.clone());
        let decision = Decision { outcome: Outcome::Returned, reason, on_behalf_of: body.on_behalf_of };
        let (mut loaded, goals) = locked(tx, actor, &path)?;
        decide(tx, actor, &mut loaded, (&path.key, &if_match), &decision)?;
        create_with_decision(tx, actor, &mut loaded, &path.key, &body.comments)?;
        reply(tx, actor, &loaded, &path.key, goals)
    })
    .await
}

/// Takes an approved or omitted section up again, before the agreement is in force; signatures are void.
///
/// When something has changed after the approval. The holder writes and submits it again.
#[utoipa::path(tag = "workflow", params(
    ("id" = Id, Path, description = "The agreement."),
    ("key" = String, Path, description = "The section's key.", max_length = 60),
    ("If-Match" = String, Header, description = "The section's ETag; optional in a dry run."),
    ("dry_run" = Option<bool>, Query, description = "Whether only to tell what would happen."),
), request_body = Reopening, responses((status = 200, description = "The section.", body = SectionView)))]
#[post("/api/v1/agreements/{id}/sections/{key}/reopen")]
pub async fn reopen_section(
    call: RequestContext,
    path: SectionPath,
    if_match: IfMatch,
    body: Json<Reopening>,
) -> Result<Reply> {
    call.write(move |tx, actor| {
        let (mut loaded, goals) = locked(tx, actor, &path)?;
        let (person, section) = (actor.person()?, loaded.section(&path.key)?.clone());
        guards::has_say(&loaded, &section, Some(person))?;
        if_match.accepts(&section)?;
        guards::may_reopen(&loaded, &section, Some(person))?;
        let decision = DecisionInput { person, outcome: Outcome::Reopened, reason: Some(body.reason.clone()) };
        deciding::reopen(tx, &mut loaded, &path.key, &decision)?;
        reply(tx, actor, &loaded, &path.key, goals)
    })
    .await
}
