//! Strategy letters in a list: what tells one from another, without the letters themselves.

use std::collections::HashMap;

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::letters::actions;
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::error::Result;
use crate::http::{Etag, Page, Paging, Query, Reply, Tagged};
use crate::letters::model::{self, LetterState, ThemeFacts};
use crate::letters::policy;
use crate::letters::store::{self, LetterHead, ThemeHead};
use crate::text::Lang;
use crate::types::{Date, Id, Ts};

/// A strategy letter as it stands in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StrategyLetterSummary {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// Its id.
    pub id: Id,
    /// The year it is for.
    #[schema(example = 2015)]
    pub year: i64,
    /// What it is called.
    #[schema(max_length = 300, example = "Direktionens strategibrev 2015")]
    pub title: String,
    /// The day it was issued.
    #[schema(required = true, example = "2014-11-03")]
    pub issued_on: Option<Date>,
    /// How many themes it has.
    #[schema(example = 6)]
    pub theme_count: usize,
    /// Where it stands.
    pub state: LetterState,
    /// When the leaders got it.
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

impl StrategyLetterSummary {
    fn of(letter: &LetterHead, themes: &[ThemeHead], actor: &Actor, lang: Lang) -> Result<Self> {
        let facts: Vec<ThemeFacts<'_>> = themes.iter().map(ThemeHead::facts).collect();
        let gaps = match letter.state {
            LetterState::Draft => model::gaps(&letter.title, &letter.headings.read::<Vec<_>>()?, &facts),
            LetterState::Published => Vec::new(),
        };
        Ok(StrategyLetterSummary {
            etag: Etag::default(),
            id: letter.id,
            year: letter.year,
            title: letter.title.clone(),
            issued_on: letter.issued_on,
            theme_count: themes.len(),
            state: letter.state,
            published_at: letter.published_at,
            available_actions: actions(actor, letter.state, &gaps, lang),
            created_at: letter.created_at,
            updated_at: letter.updated_at,
        })
    }
}

/// Which strategy letters a list holds.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StrategyLetterQuery {
    /// Of a year.
    #[validate(range(min = 1990, max = 2100))]
    #[param(minimum = 1990, maximum = 2100, example = 2015)]
    year: Option<i64>,
    /// Items on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(max_length = 500, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// Strategy letters, the newest year first; what one says is read at its own address.
///
/// Drafts are listed for the coordinator and the directorate alone.
#[utoipa::path(tag = "strategy", params(StrategyLetterQuery), responses(
    (status = 200, description = "A page of strategy letters.", body = Page<StrategyLetterSummary>)
))]
#[get("/api/v1/strategy-letters")]
pub async fn list_strategy_letters(call: RequestContext, query: Query<StrategyLetterQuery>) -> Result<Reply> {
    let paging = Paging::<(i64, Id)>::of(query.limit, query.cursor.as_deref())?;
    let address = call.address();
    call.read(move |conn, actor| {
        let state = policy::can_see_plans(actor).err().map(|_| LetterState::Published);
        let found = store::list(conn, query.year, state, paging.after.as_ref(), paging.fetch())?;
        let (letters, next_cursor) = paging.cut(found, |letter| (letter.year, letter.id));
        let mut themes: HashMap<Id, Vec<ThemeHead>> = HashMap::new();
        for theme in store::theme_heads(conn, &letters.iter().map(|letter| letter.id).collect::<Vec<_>>())? {
            themes.entry(theme.letter_id).or_default().push(theme);
        }
        let items = letters
            .iter()
            .map(|letter| {
                let own = themes.get(&letter.id).map_or(&[][..], Vec::as_slice);
                Tagged::of(letter.version, &StrategyLetterSummary::of(letter, own, actor, conn.lang())?)
            })
            .collect::<Result<Vec<_>>>()?;
        Page { items, next_cursor, total: None }.reply(&address)
    })
    .await
}
