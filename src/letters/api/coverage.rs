//! How far the units have come with each theme of a strategy letter.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::access::Actor;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::store as agreements;
use crate::agreements::effects::coverage::Rung;
use crate::agreements::effects::covered::Covered;
use crate::agreements::views::agreement::{UnitName, unit_names};
use crate::app::RequestContext;
use crate::cycles;
use crate::db::Conn;
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, Query, Reply};
use crate::letters::policy;
use crate::letters::store::{self, ThemeRow};
use crate::organisation::{self, Organisation};
use crate::types::{Date, Id};

/// Of which units, and when.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// A unit and all below it.
    under: Option<Id>,
    /// By what was seen up to that day; today when absent.
    #[param(example = "2014-11-10")]
    on: Option<Date>,
}

/// How far the units have come with each theme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Coverage)]
pub struct CoverageView {
    /// The strategy letter.
    pub strategy_letter_id: Id,
    /// The day on which effects are read.
    #[schema(example = "2015-05-14")]
    pub on: Date,
    /// The themes, in the order of the letter.
    #[schema(max_items = 1000)]
    pub themes: Vec<ThemeCoverageView>,
    /// The units that make an agreement, by name.
    #[schema(max_items = 10000)]
    pub units: Vec<UnitCoverageView>,
}

/// How many units stand on each rung of a theme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ThemeCoverage)]
pub struct ThemeCoverageView {
    /// The theme.
    pub theme_id: Id,
    /// What the theme is called.
    #[schema(max_length = 300, example = "Borger- og brugereffekter")]
    pub title: String,
    /// Each rung, from the lowest, with how many units stand on it.
    #[schema(min_items = 6, max_items = 6)]
    pub rungs: Vec<RungCount>,
    /// The units that have nothing on it.
    #[schema(max_items = 10000)]
    pub none: Vec<UnitName>,
}

/// How many units stand on a rung.
#[derive(Debug, Serialize, ToSchema)]
pub struct RungCount {
    /// The rung.
    pub rung: Rung,
    /// How many stand on it.
    #[schema(minimum = 0, example = 4)]
    pub count: usize,
}

/// How far a unit has come with each theme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnitCoverage)]
pub struct UnitCoverageView {
    /// The unit that makes an agreement.
    pub org_unit: UnitName,
    /// Its agreement under the letter; null while it has none.
    #[schema(required = true)]
    pub agreement_id: Option<Id>,
    /// The rung of each theme, in the order of the letter.
    #[schema(max_items = 1000)]
    pub themes: Vec<UnitRung>,
}

/// The rung of a theme.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitRung {
    /// The theme.
    pub theme_id: Id,
    /// How far the unit has come; null where the reader does not see its agreement yet.
    #[schema(required = true)]
    pub rung: Option<Rung>,
}

/// How far every unit has come with each theme of a strategy letter.
///
/// A ladder: nothing, described, a goal, one that can be measured or judged, one of which something was seen, an effect that
/// is there. The directorate and the coordinator see all units in the scope of its cycles, a leader their own and all
/// below; by what each may read.
#[utoipa::path(tag = "strategy", params(("id" = Id, Path, description = "The strategy letter."), CoverageQuery),
    responses((status = 200, description = "The coverage.", body = CoverageView)))]
#[get("/api/v1/strategy-letters/{id}/coverage")]
pub async fn get_coverage(call: RequestContext, id: Ids<1>, query: Query<CoverageQuery>) -> Result<Reply> {
    let Ids([id]) = id;
    call.read(move |conn, actor| {
        let letter = store::find(conn, id)?;
        policy::can_see(actor, letter.state)?;
        let organisation = organisation::current(conn)?;
        let on = query.on.unwrap_or(organisation.today);
        if on > organisation.today {
            return Err(Code::InvalidParameter.refuse().fault(Fault::at("?on", "in-future")).into());
        }
        let asked = |unit: Id| query.under.is_none_or(|root| organisation.is_within(unit, root));
        let themes = store::themes_of(conn, &[id])?;
        let under = UnderLetter::read(conn, actor, id, on)?;
        let units =
            under.units(&organisation, |unit| asked(unit) && cycles::policy::oversees(actor, &organisation, unit));
        let units =
            units.into_iter().map(|unit| under.unit(&organisation, unit, &themes)).collect::<Result<Vec<_>>>()?;
        let units: Vec<UnitCoverageView> = units.into_iter().flatten().collect();
        let themes = themes.iter().map(|theme| of_theme(theme, &units)).collect();
        Reply::json(&CoverageView { strategy_letter_id: id, on, themes, units })
    })
    .await
}

fn of_theme(theme: &ThemeRow, units: &[UnitCoverageView]) -> ThemeCoverageView {
    let stands = |unit: &UnitCoverageView, rung: Rung| {
        unit.themes.iter().any(|one| one.theme_id == theme.id && one.rung == Some(rung))
    };
    let count = |rung: &Rung| RungCount { rung: *rung, count: units.iter().filter(|unit| stands(unit, *rung)).count() };
    ThemeCoverageView {
        theme_id: theme.id,
        title: theme.title.clone(),
        rungs: Rung::ALL.iter().map(count).collect(),
        none: units.iter().filter(|unit| stands(unit, Rung::None)).map(|unit| unit.org_unit.clone()).collect(),
    }
}

/// The units in the scope of a letter's cycles, and the agreements under it, as far as the reader sees them.
struct UnderLetter {
    in_scope: BTreeSet<Id>,
    /// The agreements of each unit that has any, the newest year's first.
    of_unit: BTreeMap<Id, Vec<Id>>,
    covered: Covered,
}

impl UnderLetter {
    fn read(conn: &mut Conn, actor: &Actor, letter: Id, on: Date) -> Result<Self> {
        let organisation = organisation::current(conn)?;
        let (mut in_scope, mut of_unit, mut ids) = (BTreeSet::new(), BTreeMap::<Id, Vec<Id>>::new(), Vec::new());
        for cycle in cycles::store::of_letter(conn, letter)? {
            if cycles::policy::can_see(actor, cycle.state).is_err() {
                continue;
            }
            in_scope.extend(cycles::model::units_in_scope(&organisation, &cycle.scope()?));
            for row in agreements::of_cycle(conn, cycle.id)? {
                ids.push(row.id);
                for unit in row.units()? {
                    of_unit.entry(unit).or_default().push(row.id);
                }
            }
        }
        Ok(UnderLetter { in_scope, of_unit, covered: Covered::read(conn, actor, &ids, on)? })
    }

    /// The units that make an agreement and are shown, by name.
    fn units(&self, organisation: &Organisation, is_shown: impl Fn(Id) -> bool) -> Vec<Id> {
        let has = |unit: &Id| self.of_unit.contains_key(unit);
        let holds = |unit: &Id| organisation.unit(*unit).is_some_and(|unit| unit.holds_agreement);
        let all: BTreeSet<Id> = self.in_scope.iter().chain(self.of_unit.keys()).copied().collect();
        let mut units: Vec<Id> = all.into_iter().filter(|unit| (has(unit) || holds(unit)) && is_shown(*unit)).collect();
        units.sort_by_cached_key(|unit| organisation.unit(*unit).map(|one| (one.folded_name.clone(), *unit)));
        units
    }

    fn unit(&self, organisation: &Organisation, unit: Id, themes: &[ThemeRow]) -> Result<Option<UnitCoverageView>> {
        let Some(org_unit) = unit_names(organisation, &[unit]).into_iter().next() else { return Ok(None) };
        let agreements = self.of_unit.get(&unit).map_or(&[][..], Vec::as_slice);
        let seen: Vec<&LoadedAgreement> = agreements.iter().filter_map(|id| self.covered.agreement(*id)).collect();
        let mut rungs = Vec::with_capacity(themes.len());
        for theme in themes {
            let stands = seen.iter().map(|loaded| Ok(self.covered.stand(loaded, theme.id)?.rung));
            let highest = stands.collect::<Result<Vec<Rung>>>()?.into_iter().max();
            let rung = highest.or(agreements.is_empty().then_some(Rung::None));
            rungs.push(UnitRung { theme_id: theme.id, rung });
        }
        Ok(Some(UnitCoverageView { org_unit, agreement_id: agreements.first().copied(), themes: rungs }))
    }
}
