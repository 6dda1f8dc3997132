//! Templates in a list: what tells one from another, without what they prescribe.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::read::{actions, gaps, themes_of};
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::error::Result;
use crate::http::{Etag, Page, Paging, Query, Reply, Tagged};
use crate::letters::store::ThemeRow;
use crate::templates::model::AppliesTo;
use crate::templates::policy;
use crate::templates::state::TemplateState;
use crate::templates::store::{self, Filter, TemplateRow};
use crate::text::Lang;
use crate::types::{Id, Ts};

/// A version of a template as it stands in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateSummary {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// Its id.
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
    /// How many sections it prescribes.
    #[schema(example = 8)]
    pub section_count: usize,
    /// When it was published.
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

impl TemplateSummary {
    fn of(template: &TemplateRow, themes: &[ThemeRow], actor: &Actor, lang: Lang) -> Result<Self> {
        Ok(TemplateSummary {
            etag: Etag::default(),
            id: template.id,
            name: template.name.clone(),
            number: template.number,
            based_on_id: template.based_on_id,
            letter_id: template.letter_id,
            state: template.state,
            applies_to: template.applies_to()?,
            section_count: template.prescription()?.sections.len(),
            published_at: template.published_at,
            available_actions: actions(actor, template.state, &gaps(template, themes)?, lang),
            created_at: template.created_at,
            updated_at: template.updated_at,
        })
    }
}

/// Which templates a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateQuery {
    /// In a state.
    state: Option<TemplateState>,
    /// Of a strategy letter.
    letter: Option<Id>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// Templates, the newest first; what one prescribes is read at its own address.
///
/// Drafts are listed for the coordinator and the directorate alone.
#[utoipa::path(tag = "strategy", params(TemplateQuery), responses(
    (status = 200, description = "A page of templates.", body = Page<TemplateSummary>)
))]
#[get("/api/v1/templates")]
pub async fn list_templates(call: RequestContext, query: Query<TemplateQuery>) -> Result<Reply> {
    let paging = Paging::<Id>::of(query.limit, query.cursor.as_deref())?;
    let address = call.address();
    call.read(move |conn, actor| {
        let visible = policy::can_see(actor, TemplateState::Draft).err().map(|_| TemplateState::Published);
        let filter = Filter { state: query.state, visible, letter: query.letter };
        let found = store::list(conn, filter, paging.after, paging.fetch())?;
        let (templates, next_cursor) = paging.cut(found, |template| template.id);
        let themes = themes_of(conn, &templates)?;
        let items = templates
            .iter()
            .map(|template| Tagged::of(template.version, &TemplateSummary::of(template, &themes, actor, conn.lang())?))
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}
