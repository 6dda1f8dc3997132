//! Goals that are taken over from above, and what the units report together.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::goal::find_goal;
use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::effects::inherited::Inherited;
use crate::agreements::effects::roll_up::roll_up;
use crate::agreements::goals::inherit::{Above, NewInheritedGoal};
use crate::agreements::goals::model::{Goal, GoalRow, IndicatorFields, MOST_GOALS, Origin, check_course};
use crate::agreements::goals::references::{self, References};
use crate::agreements::goals::{corporate, save, store};
use crate::agreements::views::goal::GoalView;
use crate::agreements::views::roll_up::{IndicatorRollUpView, RollUpView};
use crate::app::RequestContext;
use crate::db::{Conn, Tx};
use crate::error::{Code, Error, Fault, Result};
use crate::http::{Ids, Json, Query, Reply};
use crate::letters;
use crate::organisation;
use crate::templates::model::SectionKind;
use crate::types::{Date, Id};

/// Takes over a goal from above, with its indicators.
///
/// Its title, effect and indicators are copied, and both links are kept, so that what is measured can be put together
/// above. The unit may have a baseline and a target of its own.
#[utoipa::path(tag = "effects", params(("id" = Id, Path, description = "The agreement.")),
    request_body = NewInheritedGoal, responses((status = 201, description = "The goal, taken over.", body = GoalView)))]
#[post("/api/v1/agreements/{id}/inherited-goals")]
pub async fn inherit_goal(call: RequestContext, id: Ids<1>, body: Json<NewInheritedGoal>) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut loaded = LoadedAgreement::lock(tx, actor, id)?;
        let above = above(tx, actor, body.inherit_from)?;
        let key = section_for(&loaded, &body, above.theme_id)?;
        loaded.can_write(&key)?;
        let own: Vec<GoalRow> = store::of_agreement(tx, id)?.into_iter().filter(|one| one.section_key == key).collect();
        if own.len() >= MOST_GOALS {
            return Err(Code::InvalidBody.refuse().fault(super::goal::full("/section_key", MOST_GOALS)).into());
        }
        let (mut goal, links) = above.taken_over(&body.indicators).map_err(strange)?;
        check_courses(&goal, &body)?;
        // A theme of another year's letter is none of this one's.
        let themes = store::themes_of_cycle(tx, loaded.agreement.cycle_id)?;
        goal.theme_id = goal.theme_id.filter(|theme| themes.contains(theme));
        let refers = References { theme: goal.theme_id, above: goal.inherited_from_id, ..References::default() };
        references::check(tx, &loaded, &[refers], |_| String::new())?;
        loaded.check_editable(&key)?;
        if store::of_agreement(tx, id)?.iter().any(|one| one.fields.inherited_from_id == goal.inherited_from_id) {
            return Err(Code::AlreadyExists.refuse().fault(Fault::at("/inherit_from", "taken-over-already")).into());
        }
        let position = own.iter().map(|goal| goal.position + 1).max().unwrap_or_default();
        let (row, indicators) = save::create(tx, &loaded, (&key, position), &goal, &links)?;
        loaded.save_edited(tx, &key)?;
        let view = GoalView::of(&row, &indicators, &loaded, tx.lang())?;
        Reply::created(format!("/api/v1/agreements/{id}/goals/{}", row.id), row.version, &view)
    })
    .await
}

/// The goal above, for an actor who may see it: corporate, or of an agreement that stands.
fn above(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Above> {
    let unknown = || Code::UnknownReference.refuse().fault(Fault::at("/inherit_from", "unknown-id"));
    if let Some(row) = corporate::find_any(tx, id)? {
        let letter = letters::store::find(tx, row.letter_id)?;
        letters::policy::can_see(actor, letter.state).map_err(|_| unknown())?;
        let (theme_id, origin) = (Some(row.theme_id), Some(Origin::Corporate));
        return Ok(Above { id, theme_id, origin, goal: row.goal()? });
    }
    let owner = store::owners(tx, &[id])?.into_iter().next().ok_or_else(unknown)?;
    let seen = LoadedAgreement::read(tx, actor, owner.1).and_then(|loaded| {
        let goal = find_goal(tx, &loaded, id)?;
        Ok((loaded, goal))
    });
    let (loaded, goal) = seen.map_err(|error| match error.code() {
        Code::NotFound => unknown().into(),
        _ => error,
    })?;
    if loaded.agreement.state == AgreementState::Withdrawn {
        return Err(Code::InvalidBody.refuse().fault(Fault::at("/inherit_from", "inherits-withdrawn")).into());
    }
    let indicators = store::indicators_of(tx, id)?;
    Ok(Above::of_goal(&(goal, indicators)))
}

/// The section that a goal is taken over into: the one that is named, that of the same theme, or the first about effects.
fn section_for(loaded: &LoadedAgreement, body: &NewInheritedGoal, theme: Option<Id>) -> Result<String> {
    if let Some(key) = &body.section_key {
        let unknown = || Code::UnknownReference.refuse().fault(Fault::at("/section_key", "unknown-key"));
        return loaded.section(key).map(|section| section.key.clone()).map_err(|_| unknown().into());
    }
    let of_theme = loaded.sections.iter().find(|section| theme.is_some() && section.theme_id == theme);
    let about_effects = || loaded.sections.iter().find(|section| section.kind == SectionKind::Effects);
    let found = of_theme.or_else(about_effects).map(|section| section.key.clone());
    found.ok_or_else(|| Code::InvalidBody.refuse().fault(Fault::at("/section_key", "required")).into())
}

/// Goes on when each indicator is named once, and what is the unit's own of it can be read.
fn check_courses(goal: &Goal, body: &NewInheritedGoal) -> Result<()> {
    let named = |at: usize| body.indicators.get(at).map(|own| own.inherited_from_id);
    let again = (1..body.indicators.len()).filter(|at| (0..*at).any(|before| named(before) == named(*at)));
    let mut found: Vec<Fault> =
        again.map(|at| Fault::at(format!("/indicators/{at}/inherited_from_id"), "duplicate-key")).collect();
    let wrong = goal.indicators.iter().filter_map(|one| check_course(&one.fields()).err());
    found.extend(wrong.map(|code| Fault::at("/indicators", code)));
    if found.is_empty() { Ok(()) } else { Err(Code::InvalidBody.refuse().faults(found).into()) }
}

fn strange(places: Vec<usize>) -> Error {
    let place = |at: &usize| Fault::at(format!("/indicators/{at}/inherited_from_id"), "unknown-id");
    Code::UnknownReference.refuse().faults(places.iter().map(place).collect()).into()
}

/// The days of what counts.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RollUpQuery {
    /// From a day; the first of the agreement's period, or of the letter's year, when absent.
    #[param(example = "2015-01-01")]
    from: Option<Date>,
    /// Up to a day, inclusive; the last of that period when absent.
    #[param(example = "2015-12-31")]
    to: Option<Date>,
}

/// A goal above, and its indicators in their order.
pub(super) struct Top {
    pub goal_id: Id,
    pub title: String,
    pub indicators: Vec<(Id, IndicatorFields)>,
}

/// What is reported together of a goal, in a period unless other days are asked for.
pub(super) fn put_together(
    conn: &mut Conn,
    actor: &Actor,
    top: Top,
    query: &RollUpQuery,
    period: (Date, Date),
) -> Result<Reply> {
    let (from, to) = (query.from.unwrap_or(period.0), query.to.unwrap_or(period.1));
    if to < from {
        return Err(Code::InvalidParameter.refuse().fault(Fault::at("?to", "period-backwards")).into());
    }
    let ids: Vec<Id> = top.indicators.iter().map(|(id, _)| *id).collect();
    let inherited = Inherited::find(conn, actor, &ids, (from, to))?;
    let organisation = organisation::current(conn)?;
    let view = |(id, fields): &(Id, IndicatorFields)| {
        IndicatorRollUpView::of(*id, fields, &roll_up(fields, &inherited.nodes(*id)), &organisation)
    };
    let indicators = top.indicators.iter().map(view).collect();
    Reply::json(&RollUpView { goal_id: top.goal_id, title: top.title, from, to, indicators })
}

/// What the units that took over a goal report together.
///
/// Level by level: whoever reports nothing is represented by those who took it over from them. Only what is approved, in
/// force or closed counts. A ratio adds numerators and denominators; where a unit is missing it is partial, and where
/// nobody reports it is null, never zero.
#[utoipa::path(tag = "effects", params(
    ("id" = Id, Path, description = "The agreement."),
    ("goal_id" = Id, Path, description = "The goal."),
    RollUpQuery,
), responses((status = 200, description = "What is reported together.", body = RollUpView)))]
#[get("/api/v1/agreements/{id}/goals/{goal_id}/roll-up")]
pub async fn get_goal_roll_up(call: RequestContext, ids: Ids<2>, query: Query<RollUpQuery>) -> Result<Reply> {
    let Ids([id, goal_id]) = ids;
    call.read(move |conn, actor| {
        let loaded = LoadedAgreement::read(conn, actor, id)?;
        let goal = find_goal(conn, &loaded, goal_id)?;
        let indicators = store::indicators_of(conn, goal_id)?.into_iter().map(|row| (row.id, row.fields)).collect();
        let period = (loaded.agreement.period_from, loaded.agreement.period_to);
        put_together(conn, actor, Top { goal_id, title: goal.fields.title, indicators }, &query, period)
    })
    .await
}
