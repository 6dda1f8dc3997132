//! Goals of the whole organisation, on the themes of a letter.

use actix_web::{delete, get, patch, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::inherited::{RollUpQuery, Top, put_together};
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::agreements::goals::corporate::{self, CorporateGoal, CorporateGoalRow, MOST_CORPORATE_GOALS};
use crate::agreements::goals::model::Indicator;
use crate::agreements::goals::store;
use crate::agreements::sections::ids::refuse_used;
use crate::agreements::views::roll_up::RollUpView;
use crate::app::RequestContext;
use crate::db::journal::{Event, EventKind};
use crate::db::{Conn, Tx};
use crate::error::{Code, Fault, Result};
use crate::http::{Etag, Ids, IfMatch, Json, Query, Reply, Tagged, patch};
use crate::letters::model::LetterAction;
use crate::letters::store::LetterRow;
use crate::letters::{self, policy};
use crate::text::Lang;
use crate::types::{Date, Id, Json as StoredJson, Ts};

/// A goal of the whole organisation, which units take over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CorporateGoal)]
pub struct CorporateGoalView {
    /// Its version and a digest.
    #[serde(skip_serializing_if = "Etag::unset")]
    #[schema(required = true)]
    pub etag: Etag,
    /// The id of the goal.
    pub id: Id,
    /// The letter it stands in.
    pub strategy_letter_id: Id,
    /// The theme it stands under.
    pub theme_id: Id,
    /// What is to be reached.
    #[schema(max_length = 500, example = "Flere borgere klarer sig selv")]
    pub title: String,
    /// The people whom it is meant for.
    #[schema(required = true, max_length = 500, example = "Borgere, der får hjælp af kommunen")]
    pub target_group: Option<String>,
    /// The change, for whom.
    #[schema(required = true, max_length = 2000, example = "Borgeren kan igen klare hverdagen uden hjælp.")]
    pub effect: Option<String>,
    /// By when it is to be reached, in words.
    #[schema(required = true, max_length = 200, example = "Udgangen af 2016")]
    pub horizon: Option<String>,
    /// How its effect is measured.
    #[schema(max_items = 20)]
    pub indicators: Vec<Indicator>,
    /// What the reader may do with it.
    #[schema(max_items = 20)]
    pub available_actions: Vec<ActionView>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
}

/// The goals of a theme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CorporateGoals)]
pub struct CorporateGoalsView {
    /// The goals, in their order.
    #[schema(value_type = Vec<CorporateGoalView>, max_items = 50)]
    pub items: Vec<Tagged>,
}

/// A change of a corporate goal; its indicators are sent whole.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorporateGoalPatch {
    /// What is to be reached.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 500), custom(function = crate::http::is_said))]
    #[schema(nullable = false, min_length = 1, max_length = 500, example = "Flere borgere klarer sig selv")]
    pub title: Option<String>,
    /// The people whom it is meant for.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(max_length = 500, example = "Borgere, der får hjælp af kommunen")]
    pub target_group: Option<Option<String>>,
    /// The change, for whom.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000, example = "Borgeren kan igen klare hverdagen uden hjælp.")]
    pub effect: Option<Option<String>>,
    /// By when it is to be reached, in words.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(max_length = 200, example = "Udgangen af 2016")]
    pub horizon: Option<Option<String>>,
    /// All its indicators, in their order.
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 20), nested)]
    #[schema(nullable = false, max_items = 20)]
    pub indicators: Option<Vec<Indicator>>,
}

impl CorporateGoalPatch {
    fn applied_to(&self, before: CorporateGoal) -> CorporateGoal {
        let patch = self.clone();
        CorporateGoal {
            title: patch.title.unwrap_or(before.title),
            target_group: patch.target_group.unwrap_or(before.target_group),
            effect: patch.effect.unwrap_or(before.effect),
            horizon: patch.horizon.unwrap_or(before.horizon),
            indicators: patch.indicators.unwrap_or(before.indicators),
        }
        .with_ids()
    }
}

fn differences(before: &CorporateGoal, after: &CorporateGoal) -> Vec<&'static str> {
    let fields = [
        ("title", after.title != before.title),
        ("target_group", after.target_group != before.target_group),
        ("effect", after.effect != before.effect),
        ("horizon", after.horizon != before.horizon),
        ("indicators", after.indicators != before.indicators),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

fn view(row: &CorporateGoalRow, letter: &LetterRow, actor: &Actor, lang: Lang) -> Result<CorporateGoalView> {
    let goal = row.goal()?;
    let open = letter.state.after(LetterAction::Edit).map(|_| ()).map_err(|refusal| refusal.code);
    let permitted = policy::can_prepare(actor).and(open);
    Ok(CorporateGoalView {
        etag: Etag::default(),
        id: row.id,
        strategy_letter_id: row.letter_id,
        theme_id: row.theme_id,
        title: goal.title,
        target_group: goal.target_group,
        effect: goal.effect,
        horizon: goal.horizon,
        indicators: goal.indicators,
        available_actions: ["update", "delete"].map(|action| ActionView::of(action, permitted, lang)).into(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// A letter that the reader may see, when it has the theme.
fn read_letter(conn: &mut Conn, actor: &Actor, (id, theme_id): (Id, Id)) -> Result<LetterRow> {
    let letter = letters::store::find(conn, id)?;
    policy::can_see(actor, letter.state)?;
    letters::store::find_theme(conn, id, theme_id)?;
    Ok(letter)
}

/// The goals of the whole organisation under a theme of a strategy letter.
///
/// What units take over into their agreements, with `POST /agreements/{id}/inherited-goals`.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
), responses((status = 200, description = "The goals.", body = CorporateGoalsView)))]
#[get("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals")]
pub async fn list_corporate_goals(call: RequestContext, ids: Ids<2>) -> Result<Reply> {
    let Ids([id, theme_id]) = ids;
    call.read(move |conn, actor| {
        let letter = read_letter(conn, actor, (id, theme_id))?;
        let rows = corporate::of_theme(conn, theme_id)?;
        let item = |row: &CorporateGoalRow| Tagged::of(row.version, &view(row, &letter, actor, conn.lang())?);
        Reply::json(&CorporateGoalsView { items: rows.iter().map(item).collect::<Result<Vec<_>>>()? })
    })
    .await
}

/// Reads a goal of the whole organisation.
///
/// For a link to one, as from a goal that was taken over from it.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
    ("corporate_goal_id" = Id, Path, description = "The goal."),
), responses((status = 200, description = "The goal.", body = CorporateGoalView, headers(("ETag" = String)))))]
#[get("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals/{corporate_goal_id}")]
pub async fn get_corporate_goal(call: RequestContext, ids: Ids<3>) -> Result<Reply> {
    let Ids([id, theme_id, goal_id]) = ids;
    call.read(move |conn, actor| {
        let letter = read_letter(conn, actor, (id, theme_id))?;
        let row = corporate::find(conn, theme_id, goal_id)?;
        Reply::item(row.version, &view(&row, &letter, actor, conn.lang())?)
    })
    .await
}

/// Sets a goal of the whole organisation under a theme of a letter that is a draft.
///
/// The coordinator sets it. Once the letter is published, units take it over, and it stays as it is.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
), request_body = CorporateGoal, responses((status = 201, description = "The goal, set.", body = CorporateGoalView)))]
#[post("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals")]
pub async fn create_corporate_goal(call: RequestContext, ids: Ids<2>, body: Json<CorporateGoal>) -> Result<Reply> {
    let Ids([id, theme_id]) = ids;
    call.write(move |tx, actor| {
        let mut letter = letters::store::lock(tx, id)?;
        letters::store::find_theme(tx, id, theme_id)?;
        policy::can_prepare(actor)?;
        check_ids(&body.indicators)?;
        let others = corporate::of_theme(tx, theme_id)?;
        if others.len() >= MOST_CORPORATE_GOALS {
            return Err(Code::InvalidBody.refuse().fault(super::goal::full("", MOST_CORPORATE_GOALS)).into());
        }
        letter.state = letter.state.after(LetterAction::Edit)?;
        let position = others.iter().map(|one| one.position + 1).max().unwrap_or_default();
        let row = CorporateGoalRow::new(tx.new_row(), (id, theme_id), position, &body.clone().with_ids());
        corporate::insert(tx, &row)?;
        letters::store::save(tx, &mut letter)?;
        tx.record(event(EventKind::CorporateGoalCreated, &row));
        let view = view(&row, &letter, actor, tx.lang())?;
        let address = format!("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals/{}", row.id);
        Reply::created(address, row.version, &view)
    })
    .await
}

/// Each indicator has an id of its own, or none yet.
fn check_ids(indicators: &[Indicator]) -> Result<()> {
    refuse_used(indicators.iter().map(|one| one.id), |_| false, |at| format!("/indicators/{at}/id"))
}

fn event(kind: EventKind, row: &CorporateGoalRow) -> Event {
    let event = Event::of(kind, row.id).version(row.version);
    event.detail("letter_id", row.letter_id).detail("theme_id", row.theme_id)
}

/// A goal in a letter that is locked for a change of it, once who asks may and has seen it.
fn locked(
    tx: &mut Tx,
    actor: &Actor,
    (id, theme_id, goal_id): (Id, Id, Id),
    if_match: &IfMatch,
) -> Result<(LetterRow, CorporateGoalRow)> {
    let letter = letters::store::lock(tx, id)?;
    letters::store::find_theme(tx, id, theme_id)?;
    let row = corporate::find(tx, theme_id, goal_id)?;
    policy::can_prepare(actor)?;
    if_match.accepts(&row)?;
    Ok((letter, row))
}

/// Changes a goal of the whole organisation while its letter is a draft.
///
/// What is left out stays as it is; `indicators` are sent whole.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
    ("corporate_goal_id" = Id, Path, description = "The goal."),
    ("If-Match" = String, Header, description = "The goal's ETag the change is made to."),
), request_body(content = CorporateGoalPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The goal.", body = CorporateGoalView)
))]
#[patch("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals/{corporate_goal_id}")]
pub async fn update_corporate_goal(
    call: RequestContext,
    ids: Ids<3>,
    if_match: IfMatch,
    body: Json<CorporateGoalPatch>,
) -> Result<Reply> {
    let Ids([id, theme_id, goal_id]) = ids;
    call.write(move |tx, actor| {
        let (mut letter, mut row) = locked(tx, actor, (id, theme_id, goal_id), &if_match)?;
        check_ids(body.indicators.as_deref().unwrap_or_default())?;
        letter.state = letter.state.after(LetterAction::Edit)?;
        let before = row.goal()?;
        let after = body.applied_to(before.clone());
        let changed = differences(&before, &after);
        if !changed.is_empty() {
            row.content = StoredJson::of(&after);
            corporate::save(tx, &mut row)?;
            letters::store::save(tx, &mut letter)?;
            tx.record(event(EventKind::CorporateGoalUpdated, &row).changed(changed));
        }
        Reply::item(row.version, &view(&row, &letter, actor, tx.lang())?)
    })
    .await
}

/// Takes a goal of the whole organisation out of a letter that is a draft.
///
/// Not one that a unit has taken over already.
#[utoipa::path(tag = "strategy", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
    ("corporate_goal_id" = Id, Path, description = "The goal."),
    ("If-Match" = String, Header, description = "The goal's ETag."),
), responses((status = 204, description = "The goal is gone.")))]
#[delete("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals/{corporate_goal_id}")]
pub async fn delete_corporate_goal(call: RequestContext, ids: Ids<3>, if_match: IfMatch) -> Result<Reply> {
    let Ids([id, theme_id, goal_id]) = ids;
    call.write(move |tx, actor| {
        let (mut letter, row) = locked(tx, actor, (id, theme_id, goal_id), &if_match)?;
        letter.state = letter.state.after(LetterAction::Edit)?;
        if store::is_inherited(tx, goal_id)? {
            return Err(Code::InUse.refuse().fault(Fault::at("", "goal-taken-over")).into());
        }
        corporate::delete(tx, goal_id)?;
        letters::store::save(tx, &mut letter)?;
        tx.record(event(EventKind::CorporateGoalDeleted, &row));
        Ok(Reply::no_content())
    })
    .await
}

/// What the units that took over a corporate goal report together.
///
/// As of an agreement's goal; the days are those of the letter's year unless others are asked for.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The strategy letter."),
    ("theme_id" = Id, Path, description = "The theme."),
    ("corporate_goal_id" = Id, Path, description = "The goal."),
    RollUpQuery,
), responses((status = 200, description = "What is reported together.", body = RollUpView)))]
#[get("/api/v1/strategy-letters/{id}/themes/{theme_id}/goals/{corporate_goal_id}/roll-up")]
pub async fn get_corporate_goal_roll_up(call: RequestContext, ids: Ids<3>, query: Query<RollUpQuery>) -> Result<Reply> {
    let Ids([id, theme_id, goal_id]) = ids;
    call.read(move |conn, actor| {
        let letter = read_letter(conn, actor, (id, theme_id))?;
        let goal = corporate::find(conn, theme_id, goal_id)?.goal()?;
        let indicators = goal.indicators.iter().filter_map(|one| Some((one.id?, one.fields()))).collect();
        let top = Top { goal_id, title: goal.title.clone(), indicators };
        put_together(conn, actor, top, &query, year(letter.year))
    })
    .await
}

/// The first and the last day of a year.
fn year(year: i64) -> (Date, Date) {
    let day = |month, day| NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(9999), month, day).unwrap_or_default();
    (Date::of(day(1, 1)), Date::of(day(12, 31)))
}
