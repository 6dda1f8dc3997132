//! The themes of a strategy letter over HTTP.

use actix_web::{delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::access::Actor;
use crate::access::action::ActionView;
use crate::app::RequestContext;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Fault, Result};
use crate::http::{Etag, Ids, IfMatch, Json, Reply, Tagged, patch};
use crate::letters::model::{LetterAction, LetterState, has_key};
use crate::letters::store::{self, LetterRow, ThemeRow};
use crate::letters::{goals, policy};
use crate::organisation::{self, Organisation};
use crate::text::Lang;
use crate::types::{Id, MAX_KEY, Ts, is_key};

/// A theme to be put into a strategy letter.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTheme {
    /// Its key within the letter, by which the sections of templates name it.
    #[validate(length(min = 1, max = MAX_KEY), custom(function = is_key))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9_-]+$", example = "borger-og-brugereffekter")]
    pub key: String,
    /// The heading of the letter it stands under.
    #[validate(length(min = 1, max = MAX_KEY))]
    #[schema(min_length = 1, max_length = 60, example = "resultater-for-borgerne")]
    pub heading_key: String,
    /// Its place among the themes; the last when absent.
    #[serde(default)]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10000, example = 0)]
    pub position: Option<i64>,
    /// What it is called.
    #[validate(length(min = 1, max = 300), custom(function = crate::http::is_said))]
    #[schema(min_length = 1, max_length = 300, example = "Borger- og brugereffekter")]
    pub title: String,
    /// What the letter says of it.
    #[serde(default)]
    #[validate(length(max = 50_000))]
    #[schema(max_length = 50000, example = "Vi skal vide, hvilke effekter kommunens service har for borgeren.")]
    pub text: String,
    /// The director who owns it, and decides on its sections.
    #[serde(default)]
    pub owner_id: Option<Id>,
}

/// What may be changed of a theme; of a published letter's, the owner alone.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemePatch {
    /// Its key within the letter.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = MAX_KEY), custom(function = is_key))]
    #[schema(nullable = false, min_length = 1, max_length = 60, pattern = "^[a-z0-9_-]+$", example = "servicekultur")]
    pub key: Option<String>,
    /// The heading of the letter it stands under.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = MAX_KEY))]
    #[schema(nullable = false, min_length = 1, max_length = 60, example = "resultater-for-borgerne")]
    pub heading_key: Option<String>,
    /// Its place among the themes.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(nullable = false, minimum = 0, maximum = 10000, example = 2)]
    pub position: Option<i64>,
    /// What it is called.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 300, example = "En styrket servicekultur")]
    pub title: Option<String>,
    /// What the letter says of it.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50_000))]
    #[schema(nullable = false, max_length = 50000, example = "Vi skal fortsat forbedre vores servicekultur.")]
    pub text: Option<String>,
    /// The director who owns it.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<Id>)]
    pub owner_id: Option<Option<Id>>,
}

impl ThemePatch {
    fn applied_to(&self, stored: &ThemeRow) -> ThemeRow {
        ThemeRow {
            key: self.key.clone().unwrap_or_else(|| stored.key.clone()),
            heading_key: self.heading_key.clone().unwrap_or_else(|| stored.heading_key.clone()),
            position: self.position.unwrap_or(stored.position),
            title: self.title.clone().unwrap_or_else(|| stored.title.clone()),
            body: self.text.clone().unwrap_or_else(|| stored.body.clone()),
            owner_id: self.owner_id.unwrap_or(stored.owner_id),
            ..stored.clone()
        }
    }
}

fn changes(before: &ThemeRow, after: &ThemeRow) -> Vec<&'static str> {
    let fields = [
        ("key", after.key != before.key),
        ("heading_key", after.heading_key != before.heading_key),
        ("position", after.position != before.position),
        ("title", after.title != before.title),
        ("text", after.body != before.body),
        ("owner_id", after.owner_id != before.owner_id),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// A theme of a strategy letter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Theme)]
pub struct ThemeView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the theme.
    pub id: Id,
    /// Its key within the letter.
    #[schema(max_length = 60, example = "borger-og-brugereffekter")]
    pub key: String,
    /// The heading of the letter it stands under.
    #[schema(max_length = 60, example = "resultater-for-borgerne")]
    pub heading_key: String,
    /// Its place among the themes.
    #[schema(example = 0)]
    pub position: i64,
    /// What it is called.
    #[schema(max_length = 300, example = "Borger- og brugereffekter")]
    pub title: String,
    /// What the letter says of it.
    #[schema(max_length = 50000, example = "Vi skal vide, hvilke effekter kommunens service har for borgeren.")]
    pub text: String,
    /// The director who owns it; without one the chief executive decides on its sections.
    #[schema(required = true)]
    pub owner_id: Option<Id>,
    /// The owner's name.
    #[schema(required = true, max_length = 200, example = "Karen Holm")]
    pub owner_name: Option<String>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
    #[serde(skip)]
    version: i64,
}

impl ThemeView {
    pub(super) fn of(
        theme: &ThemeRow,
        state: LetterState,
        actor: &Actor,
        organisation: &Organisation,
        lang: Lang,
    ) -> Self {
        let may = |action| policy::can_prepare(actor).and(state.after(action).map(|_| ()).map_err(|no| no.code));
        ThemeView {
            etag: Etag::default(),
            id: theme.id,
            key: theme.key.clone(),
            heading_key: theme.heading_key.clone(),
            position: theme.position,
            title: theme.title.clone(),
            text: theme.body.clone(),
            owner_id: theme.owner_id,
            owner_name: theme.owner_id.map(|owner| organisation.name_of(owner).to_owned()),
            available_actions: vec![
                ActionView::of("update", may(LetterAction::Edit), lang),
                ActionView::of("name_owner", may(LetterAction::NameOwner), lang),
                ActionView::of("delete", may(LetterAction::Edit), lang),
            ],
            created_at: theme.created_at,
            updated_at: theme.updated_at,
            version: theme.version,
        }
    }

    pub(super) fn tagged(&self) -> Result<Tagged> {
        Tagged::of(self.version, self)
    }
}

fn view(conn: &mut Conn, actor: &Actor, letter: &LetterRow, theme: &ThemeRow) -> Result<ThemeView> {
    let organisation = organisation::current(conn)?;
    Ok(ThemeView::of(theme, letter.state, actor, &organisation, conn.lang()))
}

/// Puts a theme into a strategy letter that is a draft.
///
/// Templates refer to themes by their keys; the owner decides on the sections that answer it.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The strategy letter.")),
    request_body = NewTheme, responses((status = 201, description = "The theme, made.", body = ThemeView)))]
#[post("/api/v1/strategy-letters/{id}/themes")]
pub async fn create_theme(call: RequestContext, id: Ids<1>, body: Json<NewTheme>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut letter = store::lock(tx, id)?;
        policy::can_prepare(actor)?;
        let others = store::themes_of(tx, &[id])?;
        let theme = ThemeRow {
            position: body.position.unwrap_or_else(|| others.last().map_or(0, |last| last.position + 1)),
            body: body.text.clone(),
            owner_id: body.owner_id,
            ..ThemeRow::new(tx.new_row(), Id::new(), id, (&body.heading_key, &body.key), &body.title)
        };
        check_references(tx, &letter, &theme)?;
        letter.state = letter.state.after(LetterAction::Edit)?;
        check_key(&others, &theme)?;
        store::insert_theme(tx, &theme)?;
        store::save(tx, &mut letter)?;
        tx.record(Event::of(EventKind::ThemeCreated, theme.id).version(1).detail("letter_id", id));
        let address = format!("/api/v1/strategy-letters/{id}/themes/{}", theme.id);
        Reply::created(address, 1, &view(tx, actor, &letter, &theme)?)
    })
    .await
}

fn check_references(tx: &mut Tx, letter: &LetterRow, theme: &ThemeRow) -> Result<()> {
    let mut faults = Vec::new();
    if !has_key(&letter.headings()?, &theme.heading_key) {
        faults.push(Fault::at("/heading_key", "unknown-heading"));
    }
    if let Some(owner) = theme.owner_id
        && organisation::store::known_people(tx, &[owner])?.is_empty()
    {
        faults.push(Fault::at("/owner_id", "unknown-id"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

fn check_key(others: &[ThemeRow], theme: &ThemeRow) -> Result<()> {
    if others.iter().any(|other| other.id != theme.id && other.key == theme.key) {
        return Err(Code::AlreadyExists.refuse().fault(Fault::at("/key", "duplicate-key")).into());
    }
    Ok(())
}

/// One theme of a strategy letter.
///
/// For a link to a theme, as from a section that answers it.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
), responses((status = 200, description = "The theme.", body = ThemeView, headers(("ETag" = String)))))]
#[get("/api/v1/strategy-letters/{id}/themes/{theme_id}")]
pub async fn get_theme(call: RequestContext, ids: Ids<2>) -> Result<Reply> {
    let Ids([id, theme_id]) = ids;
    call.read(move |conn, actor| {
        let letter = store::find(conn, id)?;
        policy::can_see(actor, letter.state)?;
        let theme = store::find_theme(conn, id, theme_id)?;
        Reply::item(theme.version, &view(conn, actor, &letter, &theme)?)
    })
    .await
}

/// Changes a theme; of a published letter's, only who owns it.
///
/// What is left out stays as it is.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
    ("If-Match" = String, Header, description = "The theme's ETag the change is made to."),
), request_body(content = ThemePatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The theme.", body = ThemeView)
))]
#[patch("/api/v1/strategy-letters/{id}/themes/{theme_id}")]
pub async fn update_theme(
    call: RequestContext,
    ids: Ids<2>,
    if_match: IfMatch,
    body: Json<ThemePatch>,
) -> Result<Reply> {
    let Ids([id, theme_id]) = ids;
    call.write(move |tx, actor| {
        let mut letter = store::lock(tx, id)?;
        let stored = store::find_theme(tx, id, theme_id)?;
        policy::can_prepare(actor)?;
        if_match.accepts(&stored)?;
        let mut theme = body.applied_to(&stored);
        let changed = changes(&stored, &theme);
        if !changed.is_empty() {
            check_references(tx, &letter, &theme)?;
            let action = if changed == ["owner_id"] { LetterAction::NameOwner } else { LetterAction::Edit };
            letter.state = letter.state.after(action)?;
            check_key(&store::themes_of(tx, &[id])?, &theme)?;
            store::save_theme(tx, &mut theme)?;
            store::save(tx, &mut letter)?;
            let event = Event::of(EventKind::ThemeUpdated, theme_id).version(theme.version).detail("letter_id", id);
            tx.record(event.changed(changed));
        }
        Reply::item(theme.version, &view(tx, actor, &letter, &theme)?)
    })
    .await
}

/// Takes a theme out of a strategy letter that is a draft.
///
/// Only while the letter is a draft, and no goal of the whole organisation stands under it.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
    ("If-Match" = String, Header, description = "The theme's ETag."),
), responses((status = 204, description = "The theme is gone.")))]
#[delete("/api/v1/strategy-letters/{id}/themes/{theme_id}")]
pub async fn delete_theme(call: RequestContext, ids: Ids<2>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id, theme_id]) = ids;
    call.write(move |tx, actor| {
        let mut letter = store::lock(tx, id)?;
        let theme = store::find_theme(tx, id, theme_id)?;
        policy::can_prepare(actor)?;
        if_match.accepts(&theme)?;
        letter.state = letter.state.after(LetterAction::Edit)?;
        if goals::stand_under(tx, theme_id)? {
            return Err(Code::InUse.refuse().fault(Fault::at("", "theme-has-goals")).into());
        }
        store::delete_theme(tx, &theme)?;
        store::save(tx, &mut letter)?;
        tx.record(Event::of(EventKind::ThemeDeleted, theme_id).version(theme.version).detail("letter_id", id));
        Ok(Reply::no_content())
    })
    .await
}
