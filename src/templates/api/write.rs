//! Templates as they are written.

use actix_web::{delete, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::read::{TemplateView, gaps, themes_of, view};
use crate::app::RequestContext;
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Error, Fault, Result};
use crate::http::{Ids, IfMatch, Json, Reply, patch};
use crate::letters;
use crate::organisation::UnitKind;
use crate::templates::model::{AppliesTo, Resubmission, Route, SectionDefinition, Signatories};
use crate::templates::policy;
use crate::templates::state::TemplateAction;
use crate::templates::store::{self, TemplateRow};
use crate::types::{Id, Json as StoredJson};

/// A template to be written. What is not given is taken from the version it is based on.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemplate {
    /// What it is called; it must be given where it is based on nothing.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Aftale 2015")]
    pub name: Option<String>,
    /// The version it is made from.
    #[serde(default)]
    pub based_on_id: Option<Id>,
    /// The strategy letter whose themes its sections answer.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Id>)]
    pub letter_id: Option<Option<Id>>,
    /// Which units it is for; all where it is based on nothing.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(nested)]
    #[schema(nullable = false)]
    pub applies_to: Option<AppliesTo>,
    /// Its sections, in their order.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50), nested)]
    #[schema(nullable = false, max_items = 50)]
    pub sections: Option<Vec<SectionDefinition>>,
    /// Who decides, per kind of unit.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 10), nested)]
    #[schema(nullable = false, max_items = 10)]
    pub routes: Option<Vec<Route>>,
    /// Who signs, per kind of unit.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 10), nested)]
    #[schema(nullable = false, max_items = 10)]
    pub signatories: Option<Vec<Signatories>>,
    /// Where the route of a returned section begins again; `restart` where it is based on nothing.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub resubmission: Option<Resubmission>,
}

/// What may be changed of a template while it is a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplatePatch {
    /// What it is called.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Aftale 2015")]
    pub name: Option<String>,
    /// The strategy letter whose themes its sections answer.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Id>)]
    pub letter_id: Option<Option<Id>>,
    /// Which units it is for; a list that is not sent stays.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(nested)]
    #[schema(nullable = false)]
    pub applies_to: Option<AppliesToPatch>,
    /// Its sections, in their order; all of them.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50), nested)]
    #[schema(nullable = false, max_items = 50)]
    pub sections: Option<Vec<SectionDefinition>>,
    /// Who decides, per kind of unit; all of it.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 10), nested)]
    #[schema(nullable = false, max_items = 10)]
    pub routes: Option<Vec<Route>>,
    /// Who signs, per kind of unit; all of it.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 10), nested)]
    #[schema(nullable = false, max_items = 10)]
    pub signatories: Option<Vec<Signatories>>,
    /// Where the route of a returned section begins again.
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(nullable = false)]
    pub resubmission: Option<Resubmission>,
}

/// What may be changed of which units a template is for.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesToPatch {
    /// The kinds of unit; none means all.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 5))]
    #[schema(nullable = false, max_items = 5)]
    pub kinds: Option<Vec<UnitKind>>,
    /// The units under which they stand; none means all.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100))]
    #[schema(nullable = false, max_items = 100)]
    pub under: Option<Vec<Id>>,
}

impl TemplatePatch {
    fn applied_to(&self, stored: &TemplateRow) -> Result<TemplateRow> {
        let mut applies_to = stored.applies_to()?;
        if let Some(change) = self.applies_to.clone() {
            applies_to.kinds = change.kinds.unwrap_or(applies_to.kinds);
            applies_to.under = change.under.unwrap_or(applies_to.under);
        }
        Ok(TemplateRow {
            name: self.name.clone().unwrap_or_else(|| stored.name.clone()),
            letter_id: self.letter_id.unwrap_or(stored.letter_id),
            applies_to: StoredJson::of(&applies_to),
            sections: self.sections.as_ref().map_or_else(|| stored.sections.clone(), StoredJson::of),
            routes: self.routes.as_ref().map_or_else(|| stored.routes.clone(), StoredJson::of),
            signatories: self.signatories.as_ref().map_or_else(|| stored.signatories.clone(), StoredJson::of),
            resubmission: self.resubmission.unwrap_or(stored.resubmission),
            ..stored.clone()
        })
    }
}

fn changes(before: &TemplateRow, after: &TemplateRow) -> Vec<&'static str> {
    let fields = [
        ("name", after.name != before.name),
        ("letter_id", after.letter_id != before.letter_id),
        ("applies_to", after.applies_to != before.applies_to),
        ("sections", after.sections != before.sections),
        ("routes", after.routes != before.routes),
        ("signatories", after.signatories != before.signatories),
        ("resubmission", after.resubmission != before.resubmission),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// Begins a template, as a draft: from nothing, or as the next version of another one.
///
/// What is not given is copied from the version it is based on, and its number is one more than that version's.
#[utoipa::path(tag = "strategy", request_body = NewTemplate, responses(
    (status = 201, description = "The template, made.", body = TemplateView)
))]
#[post("/api/v1/templates")]
pub async fn create_template(call: RequestContext, body: Json<NewTemplate>) -> Result<Reply> {
    if body.name.is_none() && body.based_on_id.is_none() {
        return Err(Code::InvalidBody.refuse().fault(Fault::at("/name", "required").with("name", "name")).into());
    }
    call.write(move |tx, actor| {
        policy::can_write(actor)?;
        let template = made(tx, &body)?;
        check_references(tx, &template)?;
        store::insert(tx, &template)?;
        tx.record(Event::of(EventKind::TemplateCreated, template.id).version(1).detail("number", template.number));
        let address = format!("/api/v1/templates/{}", template.id);
        Reply::created(address, 1, &view(tx, actor, &template)?)
    })
    .await
}

fn made(tx: &mut Tx, body: &NewTemplate) -> Result<TemplateRow> {
    let basis = body.based_on_id.map(|id| store::find(tx, id).map_err(|error| unknown(error, "/based_on_id")));
    let basis = basis.transpose()?;
    let new = TemplateRow::new(tx.new_row(), Id::new(), "");
    let kept = basis.map_or(new.clone(), |basis| TemplateRow {
        name: basis.name,
        number: basis.number + 1,
        letter_id: basis.letter_id,
        applies_to: basis.applies_to,
        sections: basis.sections,
        routes: basis.routes,
        signatories: basis.signatories,
        resubmission: basis.resubmission,
        ..new
    });
    Ok(TemplateRow {
        name: body.name.clone().unwrap_or(kept.name),
        based_on_id: body.based_on_id,
        letter_id: body.letter_id.unwrap_or(kept.letter_id),
        applies_to: body.applies_to.as_ref().map_or(kept.applies_to, StoredJson::of),
        sections: body.sections.as_ref().map_or(kept.sections, StoredJson::of),
        routes: body.routes.as_ref().map_or(kept.routes, StoredJson::of),
        signatories: body.signatories.as_ref().map_or(kept.signatories, StoredJson::of),
        resubmission: body.resubmission.unwrap_or(kept.resubmission),
        ..kept
    })
}

/// What a body refers to and is not there is the body's fault, not the address's.
fn unknown(error: Error, pointer: &str) -> Error {
    match error.code() {
        Code::NotFound => Code::UnknownReference.refuse().fault(Fault::at(pointer, "unknown-id")).into(),
        _ => error,
    }
}

fn check_references(tx: &mut Tx, template: &TemplateRow) -> Result<()> {
    if let Some(letter) = template.letter_id {
        letters::store::find(tx, letter).map_err(|error| unknown(error, "/letter_id"))?;
    }
    let under = template.applies_to()?.under;
    let known = crate::organisation::store::known_units(tx, &under)?;
    let unknown = under.iter().enumerate().filter(|(_, unit)| !known.contains(unit));
    let faults: Vec<Fault> =
        unknown.map(|(at, _)| Fault::at(format!("/applies_to/under/{at}"), "unknown-id")).collect();
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

/// Changes a template that is a draft.
///
/// What is left out stays as it is; a list replaces the one before.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The template."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = TemplatePatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The template.", body = TemplateView)
))]
#[patch("/api/v1/templates/{id}")]
pub async fn update_template(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<TemplatePatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let stored = store::find(tx, id)?;
        policy::can_write(actor)?;
        if_match.accepts(&stored)?;
        let mut template = body.applied_to(&stored)?;
        let changed = changes(&stored, &template);
        if !changed.is_empty() {
            check_references(tx, &template)?;
            template.state = stored.state.after(TemplateAction::Edit)?;
            store::save(tx, &mut template)?;
            tx.record(Event::of(EventKind::TemplateUpdated, id).version(template.version).changed(changed));
        }
        Reply::item(template.version, &view(tx, actor, &template)?)
    })
    .await
}

/// Throws a template away that is a draft and that no other is based on.
///
/// Published templates stay, since agreements are read with them.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The template."),
    ("If-Match" = String, Header, description = "The template's ETag."),
), responses((status = 204, description = "The template is gone.")))]
#[delete("/api/v1/templates/{id}")]
pub async fn delete_template(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let template = store::find(tx, id)?;
        policy::can_write(actor)?;
        if_match.accepts(&template)?;
        template.state.after(TemplateAction::Delete)?;
        if store::is_based_on(tx, id)? {
            return Err(Code::InUse.into());
        }
        store::delete(tx, &template)?;
        tx.record(Event::of(EventKind::TemplateDeleted, id).version(template.version));
        Ok(Reply::no_content())
    })
    .await
}

/// Lets agreements be made from a template, which stays as it is from then on.
///
/// `not-ready` lists all that is in the way: keys that stand twice, choices without choices, themes that the letter
/// lacks, kinds of unit without a route that ends in an approval, or without signatories, the holder among them.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The template."),
    ("If-Match" = String, Header, description = "The ETag of what is published."),
    ("dry_run" = Option<bool>, Query, description = "Tells what would happen, and changes nothing."),
), responses((status = 200, description = "The template, published.", body = TemplateView)))]
#[post("/api/v1/templates/{id}/publish")]
pub async fn publish_template(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut template = store::find(tx, id)?;
        policy::can_write(actor)?;
        if_match.accepts(&template)?;
        let published = template.state.after(TemplateAction::Publish)?;
        let themes = themes_of(tx, std::slice::from_ref(&template))?;
        let gaps = gaps(&template, &themes)?;
        if !gaps.is_empty() {
            return Err(Code::NotReady.refuse().faults(gaps).into());
        }
        (template.state, template.published_at) = (published, Some(tx.now()));
        store::save(tx, &mut template)?;
        tx.record(
            Event::of(EventKind::TemplatePublished, id).version(template.version).detail("number", template.number),
        );
        Reply::item(template.version, &view(tx, actor, &template)?)
    })
    .await
}
