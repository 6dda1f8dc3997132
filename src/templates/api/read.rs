//! Templates as they are read.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::db::Conn;
use crate::error::{Code, Fault, FaultView, Result};
use crate::http::{Etag, Ids, Reply};
use crate::letters;
use crate::letters::store::ThemeRow;
use crate::templates::content_schema::ContentSchema;
use crate::templates::model::{AppliesTo, Resubmission, Route, SectionDefinition, Signatories};
use crate::templates::state::{TemplateAction, TemplateState};
use crate::templates::store::{self, TemplateRow};
use crate::templates::{check, policy};
use crate::text::Lang;
use crate::types::{Id, Ts};

/// A version of a template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Template)]
pub struct TemplateView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the template.
    pub id: Id,
    /// What it is called.
    #[schema(max_length = 200, example = "Aftale 2015")]
    pub name: String,
    /// Its number: one more than that of the version it was made from.
    #[schema(example = 1)]
    pub number: i64,
    /// The version it was made from.
    #[schema(required = true)]
    pub based_on_id: Option<Id>,
    /// The strategy letter whose themes its sections answer.
    #[schema(required = true)]
    pub letter_id: Option<Id>,
    /// Where it stands.
    pub state: TemplateState,
    /// Which units it is for.
    pub applies_to: AppliesTo,
    /// Its sections, in their order.
    #[schema(max_items = 50)]
    pub sections: Vec<SectionDefinition>,
    /// Who decides, per kind of unit.
    #[schema(max_items = 10)]
    pub routes: Vec<Route>,
    /// Who signs, per kind of unit.
    #[schema(max_items = 10)]
    pub signatories: Vec<Signatories>,
    /// Where the route of a returned section begins again.
    pub resubmission: Resubmission,
    /// When it was published.
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    /// What keeps it from being published.
    #[schema(max_items = 10000)]
    pub gaps: Vec<FaultView>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// What keeps a template from being published; `themes` holds at least those of its letter.
pub(super) fn gaps(template: &TemplateRow, themes: &[ThemeRow]) -> Result<Vec<Fault>> {
    if template.state == TemplateState::Published {
        return Ok(Vec::new());
    }
    let keys = template.letter_id.map(|letter| -> Vec<&str> {
        themes.iter().filter(|theme| theme.letter_id == letter).map(|theme| theme.key.as_str()).collect()
    });
    Ok(check::gaps(&template.prescription()?, &template.applies_to()?, keys.as_deref()))
}

pub(super) fn themes_of(conn: &mut Conn, templates: &[TemplateRow]) -> Result<Vec<ThemeRow>> {
    let mut letters: Vec<Id> = templates.iter().filter_map(|template| template.letter_id).collect();
    letters.sort_unstable();
    letters.dedup();
    letters::store::themes_of(conn, &letters)
}

/// What the reader may do with a template in a state, with what keeps it from being published.
pub(super) fn actions(actor: &Actor, state: TemplateState, gaps: &[Fault], lang: Lang) -> Vec<ActionView> {
    let may = |action| policy::can_write(actor).and(state.after(action).map(|_| ()).map_err(|no| no.code));
    let not_ready = (!gaps.is_empty()).then(|| Code::NotReady.refuse().faults(gaps.to_vec()));
    let publish = may(TemplateAction::Publish).map_or_else(|code| Some(code.refuse()), |()| not_ready);
    vec![
        ActionView::of("update", may(TemplateAction::Edit), lang),
        ActionView::unless("publish", publish.as_ref(), lang),
        ActionView::of("delete", may(TemplateAction::Delete), lang),
    ]
}

impl TemplateView {
    fn of(template: &TemplateRow, themes: &[ThemeRow], actor: &Actor, conn: &Conn) -> Result<Self> {
        let (prescription, gaps, lang) = (template.prescription()?, gaps(template, themes)?, conn.lang());
        Ok(TemplateView {
            etag: Etag::default(),
            id: template.id,
            name: template.name.clone(),
            number: template.number,
            based_on_id: template.based_on_id,
            letter_id: template.letter_id,
            state: template.state,
            applies_to: template.applies_to()?,
            sections: prescription.sections,
            routes: prescription.routes,
            signatories: prescription.signatories,
            resubmission: prescription.resubmission,
            published_at: template.published_at,
            gaps: gaps.iter().map(|fault| fault.view(lang)).collect(),
            available_actions: actions(actor, template.state, &gaps, lang),
            created_at: template.created_at,
            updated_at: template.updated_at,
        })
    }
}

pub(super) fn view(conn: &mut Conn, actor: &Actor, template: &TemplateRow) -> Result<TemplateView> {
    let themes = themes_of(conn, std::slice::from_ref(template))?;
    TemplateView::of(template, &themes, actor, conn)
}

/// Reads one version of a template.
///
/// With its sections, fields, routes and signatories: what an editor needs to show a form.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The template.")), responses(
    (status = 200, description = "The template.", body = TemplateView, headers(("ETag" = String)))
))]
#[get("/api/v1/templates/{id}")]
pub async fn get_template(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let template = store::find(conn, id)?;
        policy::can_see(actor, template.state)?;
        Reply::item(template.version, &view(conn, actor, &template)?)
    })
    .await
}

/// The JSON Schema of what the sections of an agreement hold, with its texts in the reader's language.
///
/// To check content before it is sent, or to make a form from it.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The template.")), responses(
    (status = 200, description = "A JSON Schema (2020-12).", body = ContentSchema)
))]
#[get("/api/v1/templates/{id}/schema")]
pub async fn get_template_schema(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let (Ids([id]), lang) = (id, call.lang);
    call.read(move |conn, actor| {
        let template = store::find(conn, id)?;
        policy::can_see(actor, template.state)?;
        Reply::json(&ContentSchema::of(&template.name, &template.prescription()?, lang))
    })
    .await
}
