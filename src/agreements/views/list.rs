//! Which agreements a list holds: what is asked for, of what the reader may know of (domain rule 6).

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::actions::of_agreement;
use super::progress::{self, Progress, contents_of_all};
use crate::access::Actor;
use crate::access::action::ActionView;
use crate::agreements::agreement::load_many::open_all;
use crate::agreements::agreement::loaded::LoadedAgreement;
use crate::agreements::agreement::model::{AgreementState, Relation};
use crate::agreements::agreement::policy::can_see_draft;
use crate::agreements::agreement::store::AgreementRow;
use crate::agreements::approval::places::WaitingFor;
use crate::agreements::approval::{guards, store as workflow};
use crate::agreements::draft::contents::Contents;
use crate::agreements::search::find::{Drafts, Found, Words};
use crate::agreements::sections;
use crate::agreements::sections::store::SectionRow;
use crate::db::Conn;
use crate::each;
use crate::error::Result;
use crate::organisation::{Organisation, Role};
use crate::schema::{agreement_readers, agreement_units, agreements, route_places, sections as section_rows};
use crate::types::{Id, sql as types};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of a cycle.
    pub cycle: Option<Id>,
    /// Of a year.
    pub year: Option<i64>,
    /// In a state.
    pub state: Option<AgreementState>,
    /// Of a unit.
    pub org_unit: Option<Id>,
    /// Of a unit and all below it.
    pub under: Option<Id>,
    /// Held by a person.
    pub holder: Option<Id>,
    /// Waiting for a person's decision.
    pub waiting_for: Option<Id>,
    /// With a section that answers a theme.
    pub theme: Option<Id>,
    /// Submitted past the deadline, or in time.
    pub late: Option<bool>,
    /// With these words.
    pub q: Option<String>,
}

/// A filter, and what the reader may know of, in terms that a query can use.
pub struct Chosen {
    filter: Filter,
    /// Whose agreements are asked for; all when none.
    units: Option<Vec<Id>>,
    /// Whose decision is waited for; anybody's or nobody's when none.
    waiting: Option<WaitingFor>,
    /// The words asked for.
    words: Option<Words>,
    sees: Visibility,
}

/// What a reader may know of.
enum Visibility {
    /// Everything: the coordinator.
    All,
    /// Approved ones, besides those named.
    Some {
        public: bool,
        drafts_of: Vec<Id>,
        vacant_of: Vec<Id>,
        led: Vec<Id>,
        submitted_of: Vec<Id>,
        line_of: Vec<Id>,
        reader: Option<Id>,
    },
}

/// The states in which everybody appointed reads an agreement; tested against `AgreementState::is_public`.
const PUBLIC: [AgreementState; 3] = [AgreementState::Approved, AgreementState::InForce, AgreementState::Closed];

/// Puts a filter and a reader together.
///
/// # Errors
/// When the database fails.
pub fn choose(conn: &mut Conn, actor: &Actor, organisation: &Organisation, filter: &Filter) -> Result<Chosen> {
    let within = |root: Id| {
        let units = organisation.units().map(|unit| unit.id);
        units.filter(|unit| organisation.is_within(*unit, root)).collect::<Vec<Id>>()
    };
    let held = |person: Id| {
        let led = organisation.held_by(person).filter(|held| held.role == Role::Leader);
        led.map(|held| held.org_unit_id).collect::<Vec<Id>>()
    };
    let wanted = [filter.org_unit.map(|unit| vec![unit]), filter.under.map(within), filter.holder.map(held)];
    let units = wanted.into_iter().flatten().reduce(|a, b| a.into_iter().filter(|unit| b.contains(unit)).collect());
    let waiting = match filter.waiting_for {
        Some(person) => Some(WaitingFor::of(conn, organisation, person)?),
        None => None,
    };
    let sees = sees(actor, organisation);
    let words = match &filter.q {
        Some(q) => Some(with_words(conn, &sees, q)?),
        None => None,
    };
    // What waits for the reader is theirs to see.
    let own = filter.waiting_for.is_some() && filter.waiting_for == actor.person_id();
    let sees = if own { Visibility::All } else { sees };
    Ok(Chosen { filter: filter.clone(), units, waiting, words, sees })
}

/// Where a reader's words are found; of drafts, in those alone that they see.
fn with_words(conn: &mut Conn, sees: &Visibility, q: &str) -> Result<Words> {
    let drafts = match sees {
        Visibility::All => Drafts::All,
        Visibility::Some { drafts_of, vacant_of, led, line_of, reader, .. } => {
            Drafts::seen(conn, drafts_of, (vacant_of, led), line_of, *reader)?
        }
    };
    Ok(Words::of(conn, q, drafts))
}

fn sees(actor: &Actor, organisation: &Organisation) -> Visibility {
    let any = Relation::of(actor, organisation, &[]);
    if any.coordinator {
        return Visibility::All;
    }
    let every: Vec<(Id, Relation)> =
        organisation.units().map(|unit| (unit.id, Relation::of(actor, organisation, &[unit.id]))).collect();
    let with = |test: fn(&Relation) -> bool| {
        every.iter().filter(|(_, relation)| test(relation)).map(|(id, _)| *id).collect::<Vec<Id>>()
    };
    let superior = with(|relation| relation.superior);
    let is_led = |unit: &Id| !organisation.leaders_of(&[*unit]).is_empty();
    let of_drafts = with(|relation| can_see_draft(relation).is_ok());
    // Who stands in for a leader holds what no other unit's leader holds.
    let stands_in = |unit: &Id| !is_led(unit) && !actor.has_in(Role::Contributor, &[*unit]);
    let (vacant_of, drafts_of): (Vec<Id>, Vec<Id>) = of_drafts.into_iter().partition(stands_in);
    // Where they stand in for nobody, nobody else's agreements need to be told apart.
    let led = every.iter().map(|(unit, _)| *unit).filter(|unit| !vacant_of.is_empty() && is_led(unit)).collect();
    Visibility::Some {
        public: any.appointed || any.reading_client,
        drafts_of,
        vacant_of,
        led,
        submitted_of: superior.clone(),
        line_of: superior,
        reader: actor.person_id().filter(|_| any.appointed),
    }
}

macro_rules! filtered {
    ($conn:ident, $chosen:ident, $query:ident => $end:expr) => {{
        let scope = $conn.scope();
        each!($conn => {
            let mut $query = agreements::table.filter(agreements::municipality_id.eq(scope)).into_boxed();
            let filter = &$chosen.filter;
            if let Some(cycle) = filter.cycle {
                $query = $query.filter(agreements::cycle_id.eq(cycle));
            }
            if let Some(year) = filter.year {
                $query = $query.filter(agreements::year.eq(year));
            }
            if let Some(state) = filter.state {
                $query = $query.filter(agreements::state.eq(state));
            }
            if let Some(late) = filter.late {
                $query = $query.filter(agreements::late.eq(late));
            }
            if let Some(theme) = filter.theme {
                $query = $query.filter(agreements::id.eq_any(section_rows::table
                    .filter(section_rows::municipality_id.eq(scope).and(section_rows::theme_id.eq(theme)))
                    .select(section_rows::agreement_id)));
            }
            let of = |units: &[Id]| agreement_units::table
                .filter(agreement_units::municipality_id.eq(scope).and(agreement_units::org_unit_id.eq_any(units.to_vec())))
                .select(agreement_units::agreement_id);
            if let Some(units) = &$chosen.units {
                $query = $query.filter(agreements::id.eq_any(of(units)));
            }
            if let Some(waiting) = &$chosen.waiting {
                let places = route_places::table
                    .filter(route_places::municipality_id.eq(scope).and(route_places::person_id.nullable().eq(waiting.person)))
                    .select(route_places::agreement_id);
                let taken_over: Vec<Id> = waiting.taken_over.iter().map(|place| place.agreement_id).collect();
                let own = agreements::id.eq_any(places);
                // An alternative that is empty would keep the index from being used.
                $query = match (waiting.held.is_empty(), taken_over.is_empty()) {
                    (true, true) => $query.filter(own),
                    (true, false) => $query.filter(own.or(agreements::id.eq_any(taken_over))),
                    (false, true) => $query.filter(own.and(agreements::id.ne_all(of(&waiting.held)))),
                    (false, false) => $query.filter(
                        own.and(agreements::id.ne_all(of(&waiting.held))).or(agreements::id.eq_any(taken_over)),
                    ),
                };
            }
            if let Some(words) = &$chosen.words {
                let with = |found: &Found| sql::<Bool>(found.before).bind::<types::Id, _>(scope)
                    .sql(found.between).bind::<Text, _>(found.words.clone()).sql(found.after);
                $query = match &words.drafts {
                    Drafts::All => $query.filter(with(&words.whole)),
                    Drafts::Of(some) => {
                        let drafts = with(&words.whole).and(agreements::id.eq_any(some));
                        $query.filter(with(&words.told).or(drafts))
                    }
                };
            }
            if let Visibility::Some { public, drafts_of, vacant_of, led, submitted_of, line_of, reader } = &$chosen.sees {
                let read = agreement_readers::table
                    .filter(agreement_readers::municipality_id.eq(scope).and(agreement_readers::person_id.nullable().eq(*reader)));
                let shared = read.clone().filter(agreement_readers::reason.eq("shared")).select(agreement_readers::agreement_id);
                let involved = read.filter(agreement_readers::reason.ne("shared")).select(agreement_readers::agreement_id);
                let submitted = agreements::first_submitted_at.is_not_null();
                let visible = agreements::state.eq_any(if *public { PUBLIC.to_vec() } else { Vec::new() })
                    .or(agreements::id.eq_any(of(drafts_of)))
                    .or(agreements::id.eq_any(of(vacant_of)).and(agreements::id.ne_all(of(led))))
                    .or(submitted.and(agreements::id.eq_any(of(submitted_of)).or(agreements::id.eq_any(involved))))
                    .or(agreements::shared_with_line.eq(true).and(agreements::id.eq_any(of(line_of))))
                    .or(agreements::id.eq_any(shared));
                $query = $query.filter(visible);
            }
            let $conn = $conn;
            $end
        })
    }};
}

/// A page of the chosen agreements, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub fn page(conn: &mut Conn, chosen: &Chosen, after: Option<Id>, limit: i64) -> Result<Vec<AgreementRow>> {
    Ok(filtered!(conn, chosen, query => {
        if let Some(after) = after {
            query = query.filter(agreements::id.gt(after));
        }
        query.order(agreements::id).limit(limit).select(AgreementRow::as_select()).load(conn)
    })?)
}

/// How many agreements are chosen.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &mut Conn, chosen: &Chosen) -> Result<i64> {
    Ok(filtered!(conn, chosen, query => {
        query = query.filter(agreements::version.ge(0));
        query.count().get_result(conn)
    })?)
}

/// What the rows of a list tell besides the agreements themselves.
pub struct Beside {
    /// How far each has come.
    pub progress: HashMap<Id, Progress>,
    /// What the reader may do with each, where that is asked for.
    pub actions: Option<HashMap<Id, Vec<ActionView>>>,
}

impl Beside {
    /// Reads it for all rows at once, without actions.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(conn: &mut Conn, rows: &[AgreementRow]) -> Result<Self> {
        // How far an approved agreement has come does not depend on its sections.
        let reviewed = rows.iter().filter(|row| !row.state.is_approved());
        let (sections, contents) = written(conn, reviewed)?;
        Ok(Beside { progress: progress::of_all(conn, rows, &sections, &contents)?, actions: None })
    }

    /// Reads it for all rows at once, with what the reader may do.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read_with_actions(conn: &mut Conn, actor: &Actor, rows: &[AgreementRow]) -> Result<Self> {
        let (sections, contents) = written(conn, rows.iter())?;
        let progress = progress::of_all(conn, rows, &sections, &contents)?;
        Ok(Beside { progress, actions: Some(actions(conn, actor, rows, (&sections, &contents))?) })
    }
}

/// The sections of agreements, and what is written in them.
fn written<'a>(
    conn: &mut Conn,
    rows: impl Iterator<Item = &'a AgreementRow>,
) -> Result<(Vec<SectionRow>, HashMap<Id, Contents>)> {
    let ids: Vec<Id> = rows.map(|row| row.id).collect();
    let sections = if ids.is_empty() { Vec::new() } else { sections::store::of_agreements(conn, &ids)? };
    let contents = contents_of_all(conn, &sections)?;
    Ok((sections, contents))
}

fn actions(
    conn: &mut Conn,
    actor: &Actor,
    rows: &[AgreementRow],
    (sections, contents): (&[SectionRow], &HashMap<Id, Contents>),
) -> Result<HashMap<Id, Vec<ActionView>>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let opened = open_all(conn, actor, rows.to_vec(), sections)?;
    let owners = sections::store::theme_owners(conn, sections)?;
    let signed = workflow::signatures_on_all(conn, &ids)?;
    let (lang, nothing) = (conn.lang(), Contents::default());
    let of_one = |(id, loaded): (Id, LoadedAgreement)| {
        let signed: Vec<_> = signed.iter().filter(|row| row.agreement_id == id).cloned().collect();
        let written = (contents.get(&id).unwrap_or(&nothing), &*owners);
        Ok((id, of_agreement(actor, &loaded, written, &guards::slots(&loaded, &signed), lang)?))
    };
    opened.into_iter().map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreements::agreement::policy::{Exposure, can_see};

    #[test]
    fn the_query_and_the_rule_agree_on_what_is_public() {
        for state in AgreementState::ALL {
            assert_eq!(PUBLIC.contains(state), state.is_public(), "{state}");
            let anybody = Relation { appointed: true, ..Relation::default() };
            let exposure = Exposure { state: *state, submitted: true };
            assert_eq!(can_see(&anybody, exposure).is_ok(), PUBLIC.contains(state), "{state}");
        }
    }
}
