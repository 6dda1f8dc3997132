//! From the letter to the reader's own work: what each theme asks of them, what they have, and what they owe.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::AgreementState;
use crate::agreements::agreement::store as agreements;
use crate::agreements::commitments::model::{CommitmentState, CommitmentWithParties, PartyRow};
use crate::agreements::commitments::store as commitments;
use crate::agreements::effects::coverage::Rung;
use crate::agreements::effects::covered::Covered;
use crate::agreements::effects::inherited::Inherited;
use crate::agreements::effects::roll_up::roll_up;
use crate::agreements::effects::status::EffectStatus;
use crate::agreements::goals::corporate::{self, CorporateGoal, CorporateGoalRow};
use crate::agreements::goals::model::GoalRow;
use crate::agreements::sections::model::SectionState;
use crate::agreements::views::agreement::{UnitName, unit_names};
use crate::agreements::views::roll_up::IndicatorRollUpView;
use crate::app::RequestContext;
use crate::cycles;
use crate::cycles::model::Deadline;
use crate::db::Conn;
use crate::error::Result;
use crate::http::Reply;
use crate::letters;
use crate::letters::store::ThemeRow;
use crate::organisation::leaders::held_by;
use crate::organisation::{self, Organisation};
use crate::text::Lang;
use crate::types::{Date, Id};

/// What the year asks of the reader, theme by theme, and what they have of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineOfSight {
    /// The day on which effects are read.
    #[schema(example = "2014-11-10")]
    pub on: Date,
    /// The themes of the letters that the reader's agreements answer, in the order of the letters.
    #[schema(max_items = 1000)]
    pub themes: Vec<SightTheme>,
    /// The commitments of the reader's units that stand: what they have promised, and what others have promised them.
    #[schema(max_items = 1000)]
    pub promises: Vec<Promise>,
    /// What is to be done by when.
    #[schema(max_items = 1000)]
    pub deadlines: Vec<SightDeadline>,
}

/// A theme, seen from the reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct SightTheme {
    /// The theme.
    pub theme_id: Id,
    /// The letter it stands in.
    pub strategy_letter_id: Id,
    /// What the theme is called.
    #[schema(max_length = 300, example = "Borger- og brugereffekter")]
    pub title: String,
    /// What each of the reader's agreements holds of it.
    #[schema(max_items = 100)]
    pub own: Vec<OwnStand>,
    /// Sections about it that every agreement has and that are not approved yet.
    #[schema(max_items = 1000)]
    pub asked: Vec<AskedSection>,
    /// What the whole organisation aims at, how far it is, and whether the reader has taken it over.
    #[schema(max_items = 50)]
    pub above: Vec<GoalAbove>,
}

/// What an agreement of the reader's holds of a theme.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnStand {
    /// The agreement.
    pub agreement_id: Id,
    /// The units that make it.
    #[schema(max_items = 100)]
    pub org_units: Vec<UnitName>,
    /// How far it has come.
    pub rung: Rung,
    /// Its goals that serve the theme.
    #[schema(max_items = 1000)]
    pub goals: Vec<OwnGoal>,
}

/// A goal, and how its effect goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnGoal {
    /// The goal.
    pub goal_id: Id,
    /// What is to be reached.
    #[schema(max_length = 500, example = "Flere borgere klarer sig selv efter et rehabiliteringsforløb")]
    pub title: String,
    /// How its effect goes.
    pub status: EffectStatus,
}

/// A section that every agreement has.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedSection {
    /// The agreement.
    pub agreement_id: Id,
    /// The section's key.
    #[schema(max_length = 60, example = "effects")]
    pub key: String,
    /// Its heading, in the reader's language.
    #[schema(max_length = 4000, example = "Borger- og brugereffekter")]
    pub heading: String,
    /// Where it stands.
    pub state: SectionState,
}

/// A goal of the whole organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalAbove {
    /// The corporate goal.
    pub goal_id: Id,
    /// What is to be reached.
    #[schema(max_length = 500, example = "Flere borgere klarer sig selv")]
    pub title: String,
    /// Whether an agreement of the reader's has taken it over.
    pub taken_over: bool,
    /// What the units that took it over report together, of each indicator.
    #[schema(max_items = 20)]
    pub indicators: Vec<IndicatorRollUpView>,
}

/// What a unit of the reader's, or somebody for it, has promised.
#[derive(Debug, Serialize, ToSchema)]
pub struct Promise {
    /// The commitment.
    pub commitment_id: Id,
    /// What it is about.
    #[schema(max_length = 500, example = "Fælles overgang fra børnehus til skole")]
    pub title: String,
    /// Where it stands today.
    pub state: CommitmentState,
    /// The last day on which it is to be done.
    #[schema(required = true, example = "2015-05-01")]
    pub due_on: Option<Date>,
    /// What the reader's units have promised.
    #[schema(max_items = 21, example = json!(["Vi holder et møde for hvert barn."]))]
    pub owed: Vec<String>,
    /// What the other parties have promised.
    #[schema(max_items = 21, example = json!(["Skolen sætter en lærer af."]))]
    pub awaited: Vec<String>,
}

/// A day by which something is to be done with an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct SightDeadline {
    /// The agreement.
    pub agreement_id: Id,
    /// What is to be done, and by when.
    #[serde(flatten)]
    pub deadline: Deadline,
}

/// From the strategy letter to the reader's own work.
///
/// For each theme of the year: what the reader's agreements hold and how it goes, what is asked of them, and what the
/// whole organisation aims at and how far it is. Besides, what they and others have promised, and by when what is due.
/// Empty for who holds no agreement.
#[utoipa::path(tag = "me", responses((status = 200, description = "The line of sight.", body = LineOfSight)))]
#[get("/api/v1/me/line-of-sight")]
pub async fn get_line_of_sight(call: RequestContext) -> Result<Reply> {
    call.read(|conn, actor| {
        let (person, organisation) = (actor.person()?, organisation::current(conn)?);
        let held = held_by(&organisation, person);
        let own = Own::read(conn, actor, &held, organisation.today)?;
        let mut themes = Vec::new();
        let above = Aims::read(conn, actor, &own.letters(), organisation.today)?;
        for theme in letters::store::themes_of(conn, &own.letters())? {
            themes.push(own.theme(&organisation, &theme, &above, conn.lang())?);
        }
        let promises = commitments::standing(conn, &held)?;
        let promises = promises.iter().map(|one| promise(one, &held, organisation.today)).collect();
        let deadlines = own.deadlines(conn)?;
        Reply::json(&LineOfSight { on: organisation.today, themes, promises, deadlines })
    })
    .await
}

/// The agreements that the reader holds and that are not over.
struct Own {
    /// Each with its letter.
    agreements: Vec<(Id, Option<Id>)>,
    covered: Covered,
}

const STANDING: [AgreementState; 5] = [
    AgreementState::Draft,
    AgreementState::InReview,
    AgreementState::Returned,
    AgreementState::Approved,
    AgreementState::InForce,
];

impl Own {
    fn read(conn: &mut Conn, actor: &Actor, held: &[Id], on: Date) -> Result<Self> {
        let mut found = Vec::new();
        let rows = if held.is_empty() { Vec::new() } else { agreements::in_states_of(conn, &STANDING, Some(held))? };
        for row in rows {
            let cycle = cycles::store::find(conn, row.cycle_id)?;
            found.push((row.id, cycle.letter_id));
        }
        let ids: Vec<Id> = found.iter().map(|(id, _)| *id).collect();
        Ok(Own { agreements: found, covered: Covered::read(conn, actor, &ids, on)? })
    }

    /// The letters that they answer, each once.
    fn letters(&self) -> Vec<Id> {
        let mut letters: Vec<Id> = self.agreements.iter().filter_map(|(_, letter)| *letter).collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    fn answering(&self, letter: Id) -> impl Iterator<Item = &LoadedAgreement> {
        let own = self.agreements.iter().filter(move |(_, answered)| *answered == Some(letter));
        own.filter_map(|(id, _)| self.covered.agreement(*id))
    }

    fn theme(&self, organisation: &Organisation, theme: &ThemeRow, aims: &Aims, lang: Lang) -> Result<SightTheme> {
        let (mut own, mut asked, mut taken_over) = (Vec::new(), Vec::new(), Vec::new());
        for loaded in self.answering(theme.letter_id) {
            let (stand, agreement_id) = (self.covered.stand(loaded, theme.id)?, loaded.agreement.id);
            taken_over.extend(stand.goals.iter().filter_map(|(goal, _)| goal.fields.inherited_from_id));
            let goal = |(goal, status): &(&GoalRow, EffectStatus)| OwnGoal {
                goal_id: goal.id,
                title: goal.fields.title.clone(),
                status: *status,
            };
            own.push(OwnStand {
                agreement_id,
                org_units: unit_names(organisation, &loaded.units),
                rung: stand.rung,
                goals: stand.goals.iter().map(goal).collect(),
            });
            let about = loaded.sections.iter().filter(|one| one.theme_id == Some(theme.id) && one.demanded);
            for section in about.filter(|one| one.state != SectionState::Approved) {
                let heading = loaded.definition(&section.key)?.heading.to(lang).to_owned();
                asked.push(AskedSection { agreement_id, key: section.key.clone(), heading, state: section.state });
            }
        }
        let above = aims.of_theme(theme.id, organisation, &taken_over);
        let (theme_id, strategy_letter_id, title) = (theme.id, theme.letter_id, theme.title.clone());
        Ok(SightTheme { theme_id, strategy_letter_id, title, own, asked, above })
    }

    fn deadlines(&self, conn: &mut Conn) -> Result<Vec<SightDeadline>> {
        let mut found = Vec::new();
        for loaded in self.agreements.iter().filter_map(|(id, _)| self.covered.agreement(*id)) {
            let agreement_id = loaded.agreement.id;
            let deadlines = cycles::cache::deadlines(conn, loaded.agreement.cycle_id)?.all();
            found.extend(deadlines.into_iter().map(|deadline| SightDeadline { agreement_id, deadline }));
        }
        Ok(found)
    }
}

/// What the whole organisation aims at, and what is reported of it up to today.
struct Aims {
    goals: Vec<(CorporateGoalRow, CorporateGoal)>,
    inherited: Inherited,
}

impl Aims {
    fn read(conn: &mut Conn, actor: &Actor, letters: &[Id], today: Date) -> Result<Self> {
        let rows = corporate::of_letters(conn, letters)?;
        let goals = rows.into_iter().map(|row| Ok((row.clone(), row.goal()?))).collect::<Result<Vec<_>>>()?;
        let ids: Vec<Id> = goals.iter().flat_map(|(_, goal)| goal.indicators.iter().filter_map(|one| one.id)).collect();
        let ever = Date::parse("0001-01-01").unwrap_or(today);
        let inherited = Inherited::find(conn, actor, &ids, (ever, today))?;
        Ok(Aims { goals, inherited })
    }

    fn of_theme(&self, theme: Id, organisation: &Organisation, taken_over: &[Id]) -> Vec<GoalAbove> {
        let put_together = |goal: &CorporateGoal| {
            let indicators = goal.indicators.iter().filter_map(|one| {
                let (id, fields) = (one.id?, one.fields());
                Some(IndicatorRollUpView::of(id, &fields, &roll_up(&fields, &self.inherited.nodes(id)), organisation))
            });
            indicators.collect()
        };
        let goal = |(row, goal): &(CorporateGoalRow, CorporateGoal)| GoalAbove {
            goal_id: row.id,
            title: goal.title.clone(),
            taken_over: taken_over.contains(&row.id),
            indicators: put_together(goal),
        };
        self.goals.iter().filter(|(row, _)| row.theme_id == theme).map(goal).collect()
    }
}

fn promise((row, parties): &CommitmentWithParties, held: &[Id], today: Date) -> Promise {
    let is_own = |party: &&PartyRow| party.org_unit_id.is_some_and(|unit| held.contains(&unit));
    let said = |own: bool| {
        let promises = parties.iter().filter(move |party| is_own(party) == own && !party.promise.trim().is_empty());
        promises.map(|party| party.promise.clone()).collect()
    };
    Promise {
        commitment_id: row.id,
        title: row.title.clone(),
        state: row.state_on(today),
        due_on: row.due_on,
        owed: said(true),
        awaited: said(false),
    }
}
