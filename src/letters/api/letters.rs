//! Strategy letters over HTTP.

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::themes::ThemeView;
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Fault, FaultView, Result};
use crate::http::{Etag, Ids, IfMatch, Json, Reply, Tagged, patch};
use crate::letters::model::{self, Heading, LetterAction, LetterState, ThemeFacts, have_own_keys};
use crate::letters::policy;
use crate::letters::store::{self, LetterRow, ThemeRow};
use crate::organisation::{self, Organisation, Role};
use crate::text::Lang;
use crate::types::{Date, Id, Json as StoredJson, Ts};

/// A strategy letter to be written.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStrategyLetter {
    /// The year it is for.
    #[validate(range(min = 1990, max = 2100))]
    #[schema(minimum = 1990, maximum = 2100, example = 2015)]
    pub year: i64,
    /// What it is called; it may be blank until it is published.
    #[serde(default)]
    #[validate(length(max = 300))]
    #[schema(max_length = 300, example = "Direktionens strategibrev 2015")]
    pub title: String,
    /// The day it was issued.
    #[serde(default)]
    #[schema(example = "2014-11-03")]
    pub issued_on: Option<Date>,
    /// The letter as it stands.
    #[serde(default)]
    #[validate(length(max = 200_000))]
    #[schema(max_length = 200000, example = "I år har Direktionen valgt at arbejde med strategibrevet på en ny måde.")]
    pub source_text: String,
    /// Its headings, in their order.
    #[serde(default)]
    #[validate(length(max = 50), nested, custom(function = have_own_keys))]
    #[schema(max_items = 50)]
    pub headings: Vec<Heading>,
}

/// What may be changed of a strategy letter while it is a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrategyLetterPatch {
    /// The year it is for.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1990, max = 2100))]
    #[schema(nullable = false, minimum = 1990, maximum = 2100, example = 2015)]
    pub year: Option<i64>,
    /// What it is called.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 300))]
    #[schema(nullable = false, max_length = 300, example = "Direktionens strategibrev 2015")]
    pub title: Option<String>,
    /// The day it was issued.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Date>, example = "2014-11-03")]
    pub issued_on: Option<Option<Date>>,
    /// The letter as it stands.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200_000))]
    #[schema(nullable = false, max_length = 200000, example = "Direktionens strategibrev er ingen facitliste!")]
    pub source_text: Option<String>,
    /// Its headings, in their order; all of them.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50), nested, custom(function = have_own_keys))]
    #[schema(nullable = false, max_items = 50)]
    pub headings: Option<Vec<Heading>>,
}

impl StrategyLetterPatch {
    fn applied_to(&self, stored: &LetterRow) -> LetterRow {
        LetterRow {
            year: self.year.unwrap_or(stored.year),
            title: self.title.clone().unwrap_or_else(|| stored.title.clone()),
            issued_on: self.issued_on.unwrap_or(stored.issued_on),
            source_text: self.source_text.clone().unwrap_or_else(|| stored.source_text.clone()),
            headings: self.headings.as_ref().map_or_else(|| stored.headings.clone(), StoredJson::of),
            ..stored.clone()
        }
    }
}

fn changes(before: &LetterRow, after: &LetterRow) -> Vec<&'static str> {
    let fields = [
        ("year", after.year != before.year),
        ("title", after.title != before.title),
        ("issued_on", after.issued_on != before.issued_on),
        ("source_text", after.source_text != before.source_text),
        ("headings", after.headings != before.headings),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// A strategy letter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StrategyLetter)]
pub struct StrategyLetterView {
    /// Its version and a digest; a change of a theme raises the version too.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the strategy letter.
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
    /// The letter as it stands.
    #[schema(max_length = 200000, example = "I år har Direktionen valgt at arbejde med strategibrevet på en ny måde.")]
    pub source_text: String,
    /// Its headings, in their order.
    #[schema(max_items = 50)]
    pub headings: Vec<Heading>,
    /// Its themes, in their order.
    #[schema(value_type = Vec<ThemeView>, max_items = 1000)]
    pub themes: Vec<Tagged>,
    /// Where it stands.
    pub state: LetterState,
    /// When the leaders got it.
    #[schema(required = true)]
    pub published_at: Option<Ts>,
    /// What keeps it from being published.
    #[schema(max_items = 1000)]
    pub gaps: Vec<FaultView>,
    /// What it would be better with; never in the way.
    #[schema(max_items = 1000)]
    pub advice: Vec<FaultView>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// What the reader may do with a letter in a state, with what keeps it from being published.
pub(super) fn actions(actor: &Actor, state: LetterState, gaps: &[Fault], lang: Lang) -> Vec<ActionView> {
    let may = |action| policy::can_prepare(actor).and(state.after(action).map(|_| ()).map_err(|no| no.code));
    let not_ready = (!gaps.is_empty()).then(|| Code::NotReady.refuse().faults(gaps.to_vec()));
    let publish = may(LetterAction::Publish).map_or_else(|code| Some(code.refuse()), |()| not_ready);
    vec![
        ActionView::of("update", may(LetterAction::Edit), lang),
        ActionView::of("create_theme", may(LetterAction::Edit), lang),
        ActionView::unless("publish", publish.as_ref(), lang),
    ]
}

struct Reader<'a> {
    actor: &'a Actor,
    organisation: &'a Organisation,
    lang: Lang,
}

impl StrategyLetterView {
    fn of(letter: &LetterRow, themes: &[&ThemeRow], reader: &Reader<'_>) -> Result<Self> {
        let (headings, lang) = (letter.headings()?, reader.lang);
        let facts: Vec<ThemeFacts<'_>> = themes.iter().map(|theme| theme.facts()).collect();
        let gaps = match letter.state {
            LetterState::Draft => model::gaps(&letter.title, &headings, &facts),
            LetterState::Published => Vec::new(),
        };
        Ok(StrategyLetterView {
            etag: Etag::default(),
            id: letter.id,
            year: letter.year,
            title: letter.title.clone(),
            issued_on: letter.issued_on,
            source_text: letter.source_text.clone(),
            headings,
            themes: themes
                .iter()
                .map(|theme| ThemeView::of(theme, letter.state, reader.actor, reader.organisation, lang).tagged())
                .collect::<Result<_>>()?,
            state: letter.state,
            published_at: letter.published_at,
            gaps: gaps.iter().map(|fault| fault.view(lang)).collect(),
            advice: model::advice(&facts).iter().map(|fault| fault.view(lang)).collect(),
            available_actions: actions(reader.actor, letter.state, &gaps, lang),
            created_at: letter.created_at,
            updated_at: letter.updated_at,
        })
    }
}

fn view(conn: &mut Conn, actor: &Actor, letter: &LetterRow) -> Result<StrategyLetterView> {
    let themes = store::themes_of(conn, &[letter.id])?;
    let organisation = organisation::current(conn)?;
    let reader = Reader { actor, organisation: &organisation, lang: conn.lang() };
    StrategyLetterView::of(letter, &themes.iter().collect::<Vec<_>>(), &reader)
}

/// Begins a strategy letter, as a draft.
///
/// The first step of a year. Add themes, then publish it.
#[utoipa::path(tag = "strategy", request_body = NewStrategyLetter, responses(
    (status = 201, description = "The strategy letter, made.", body = StrategyLetterView)
))]
#[post("/api/v1/strategy-letters")]
pub async fn create_strategy_letter(call: RequestContext, body: Json<NewStrategyLetter>) -> Result<Reply> {
    call.write(move |tx, actor| {
        policy::can_prepare(actor)?;
        let letter = LetterRow {
            issued_on: body.issued_on,
            source_text: body.source_text.clone(),
            headings: StoredJson::of(&body.headings),
            ..LetterRow::new(tx.new_row(), Id::new(), body.year, &body.title)
        };
        store::insert(tx, &letter)?;
        tx.record(Event::of(EventKind::StrategyLetterCreated, letter.id).version(1));
        let address = format!("/api/v1/strategy-letters/{}", letter.id);
        Reply::created(address, 1, &view(tx, actor, &letter)?)
    })
    .await
}

/// One strategy letter with its themes.
///
/// With its source text, its headings and its themes.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The strategy letter.")), responses(
    (status = 200, description = "The strategy letter.", body = StrategyLetterView, headers(("ETag" = String)))
))]
#[get("/api/v1/strategy-letters/{id}")]
pub async fn get_strategy_letter(call: RequestContext, id: Ids<1>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let letter = store::find(conn, id)?;
        policy::can_see(actor, letter.state)?;
        Reply::item(letter.version, &view(conn, actor, &letter)?)
    })
    .await
}

/// Changes a strategy letter that is a draft.
///
/// A heading that a theme stands under cannot be left out (`in-use`).
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = StrategyLetterPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The strategy letter.", body = StrategyLetterView)
))]
#[patch("/api/v1/strategy-letters/{id}")]
pub async fn update_strategy_letter(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<StrategyLetterPatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let stored = store::lock(tx, id)?;
        policy::can_prepare(actor)?;
        if_match.accepts(&stored)?;
        let mut letter = body.applied_to(&stored);
        let changed = changes(&stored, &letter);
        if !changed.is_empty() {
            letter.state = stored.state.after(LetterAction::Edit)?;
            keep_used_headings(tx, &letter)?;
            store::save(tx, &mut letter)?;
            tx.record(Event::of(EventKind::StrategyLetterUpdated, id).version(letter.version).changed(changed));
        }
        Reply::item(letter.version, &view(tx, actor, &letter)?)
    })
    .await
}

fn keep_used_headings(tx: &mut Tx, letter: &LetterRow) -> Result<()> {
    let themes = store::themes_of(tx, &[letter.id])?;
    let facts: Vec<ThemeFacts<'_>> = themes.iter().map(ThemeRow::facts).collect();
    let missed = model::headings_missed(&letter.headings()?, &facts);
    if missed.is_empty() { Ok(()) } else { Err(Code::InUse.refuse().faults(missed).into()) }
}

/// Gives a strategy letter to the leaders.
///
/// It must have a title, a heading and a theme (`not-ready` lists what lacks). Afterwards only the owners of its
/// themes change. A theme without an owner is no hindrance: the chief executive then decides on its sections.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("If-Match" = String, Header, description = "The ETag of what is published."),
    ("dry_run" = Option<bool>, Query, description = "Tells what would happen, and changes nothing."),
), responses((status = 200, description = "The strategy letter, published.", body = StrategyLetterView)))]
#[post("/api/v1/strategy-letters/{id}/publish")]
pub async fn publish_strategy_letter(call: RequestContext, id: Ids<1>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut letter = store::lock(tx, id)?;
        policy::can_prepare(actor)?;
        if_match.accepts(&letter)?;
        letter.state = letter.state.after(LetterAction::Publish)?;
        let themes = store::themes_of(tx, &[id])?;
        let facts: Vec<ThemeFacts<'_>> = themes.iter().map(ThemeRow::facts).collect();
        let gaps = model::gaps(&letter.title, &letter.headings()?, &facts);
        if !gaps.is_empty() {
            return Err(Code::NotReady.refuse().faults(gaps).into());
        }
        letter.published_at = Some(tx.now());
        store::save(tx, &mut letter)?;
        let organisation = organisation::current(tx)?;
        let leaders = organisation.with_role(Role::Leader).map(|held| held.person_id);
        tx.record(Event::of(EventKind::StrategyLetterPublished, id).version(letter.version).notifies(leaders));
        Reply::item(letter.version, &view(tx, actor, &letter)?)
    })
    .await
}
