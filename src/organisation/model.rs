//! The organisation as a value: who leads what, who stands above whom, on a given day. Pure.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::text_enum;
use crate::types::{Date, Id};

/// The name of rows that no outside system manages.
pub const LOCAL: &str = "local";

text_enum! {
    /// What a unit is.
    pub enum UnitKind {
        /// Direktionen.
        Directorate = "directorate",
        /// A centre (center).
        Centre = "centre",
        /// An institution.
        Institution = "institution",
        /// A staff unit (stab).
        Staff = "staff",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// What an appointment lets a person do.
    pub enum Role {
        /// Centre chief or institution leader: holds the unit's agreement.
        Leader = "leader",
        /// Writes in the unit's drafts; cannot submit.
        Contributor = "contributor",
        /// Member of the directorate: decides on sections.
        Director = "director",
        /// Kommunaldirektør: signs for the directorate, last resort of the routes.
        ChiefExecutive = "chief_executive",
        /// Strategy staff: runs the cycle, sees all, approves nothing.
        Coordinator = "coordinator",
        /// Manages log-ins, clients and settings; reads no drafts.
        Administrator = "administrator",
        /// MED: a statement on an agreement.
        WorksCouncil = "works_council",
        /// Brugerbestyrelse: a statement on an agreement.
        UserBoard = "user_board",
        /// Reads what is approved.
        Reader = "reader",
    }
}

impl Role {
    /// Whether one can be asked to decide with it: who runs the cycle, administers or gives statements approves
    /// nothing.
    pub fn decides(self) -> bool {
        !matches!(self, Role::Coordinator | Role::Administrator | Role::WorksCouncil | Role::UserBoard)
    }

    /// Whether one chooses with it who is appointed to what.
    pub fn gives_roles(self) -> bool {
        matches!(self, Role::Coordinator | Role::Administrator)
    }
}

/// An appointment that is valid on the day of the [`Organisation`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Appointed {
    /// The appointment.
    pub id: Id,
    /// The person.
    pub person_id: Id,
    /// The unit.
    pub org_unit_id: Id,
    /// The role there.
    pub role: Role,
    /// Whether it is for a time, until somebody is appointed.
    pub acting: bool,
    /// Who decides when this person is barred.
    pub standing_deputy_id: Option<Id>,
    /// The units a director answers for.
    pub responsible_for: Vec<Id>,
}

/// A unit as it is on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The unit.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The name as it is sorted.
    pub folded_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The unit above it.
    pub parent_id: Option<Id>,
    /// Whether it makes agreements.
    pub holds_agreement: bool,
}

/// The limit of a municipality that has not chosen its own.
pub const DEFAULT_SMALL_NUMBER_LIMIT: i64 = 5;

/// The open promises that a unit may have, where a municipality has not chosen its own limit.
pub const DEFAULT_OPEN_PROMISE_LIMIT: i64 = 8;

/// The settings of a municipality that rules read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The municipality's name.
    pub name: String,
    /// Its time zone, in which its days begin.
    pub time_zone: chrono_tz::Tz,
    /// Who decides when nobody else is left.
    pub last_resort_id: Option<Id>,
    /// Values of fewer people than this are kept from those who do not see a unit's drafts.
    pub small_number_limit: i64,
    /// A unit with more open promises than this has promised too much.
    pub open_promise_limit: i64,
}

/// The organisation on a day.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// The day.
    pub today: Date,
    /// The municipality's settings.
    pub settings: Settings,
    /// Raised by every change of it; what it holds on a day follows from it.
    pub version: i64,
    units: BTreeMap<Id, Unit>,
    appointments: Appointments,
    people: HashMap<Id, String>,
    led_until: HashMap<Id, Date>,
}

/// The appointments of the day, found by person, by unit and by role: they are asked for with every row of a list.
#[derive(Debug, Clone, Default)]
struct Appointments {
    all: Vec<Appointed>,
    of_person: HashMap<Id, Vec<usize>>,
    in_unit: HashMap<Id, Vec<usize>>,
    to_role: HashMap<Role, Vec<usize>>,
}

impl Appointments {
    fn new(all: Vec<Appointed>) -> Self {
        let mut found = Appointments::default();
        for (place, held) in all.iter().enumerate() {
            found.of_person.entry(held.person_id).or_default().push(place);
            found.in_unit.entry(held.org_unit_id).or_default().push(place);
            found.to_role.entry(held.role).or_default().push(place);
        }
        Appointments { all, ..found }
    }

    fn at<'a>(&'a self, places: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Appointed> {
        places.into_iter().flatten().filter_map(|place| self.all.get(*place))
    }
}

/// Parents are followed this far: a deeper tree is a mistake in its data, not an organisation.
const MAX_DEPTH: usize = 64;

impl Organisation {
    /// Puts an organisation together from what is valid on the day.
    pub fn new(
        today: Date,
        settings: Settings,
        units: impl IntoIterator<Item = Unit>,
        appointments: Vec<Appointed>,
        people: HashMap<Id, String>,
    ) -> Self {
        let units = units.into_iter().map(|unit| (unit.id, unit)).collect();
        let appointments = Appointments::new(appointments);
        Organisation { today, settings, version: 0, units, appointments, people, led_until: HashMap::new() }
    }

    /// Says which version it is.
    #[must_use]
    pub fn of_version(self, version: i64) -> Self {
        Organisation { version, ..self }
    }

    /// How much it holds: units, people and appointments.
    pub fn size(&self) -> usize {
        self.units.len() + self.people.len() + self.appointments.all.len()
    }

    /// Adds the last day of the last leader who left, for each unit that has had one.
    #[must_use]
    pub fn led_until(self, led_until: HashMap<Id, Date>) -> Self {
        Organisation { led_until, ..self }
    }

    /// A unit, when it is valid on the day.
    pub fn unit(&self, id: Id) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// Every unit of the day.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// A person's name.
    pub fn name_of(&self, person: Id) -> &str {
        self.people.get(&person).map_or("", String::as_str)
    }

    /// The appointments of a person.
    pub fn held_by(&self, person: Id) -> impl Iterator<Item = &Appointed> {
        self.appointments.at(self.appointments.of_person.get(&person))
    }

    /// Whether a person has an appointment with which they can be asked to decide.
    pub fn may_decide(&self, person: Id) -> bool {
        self.held_by(person).any(|held| held.role.decides())
    }

    /// Whether a person chooses who is appointed to what.
    pub fn gives_roles(&self, person: Id) -> bool {
        self.held_by(person).any(|held| held.role.gives_roles())
    }

    /// The appointments to a role in a unit.
    pub fn appointed(&self, unit: Id, role: Role) -> impl Iterator<Item = &Appointed> {
        self.appointments.at(self.appointments.in_unit.get(&unit)).filter(move |held| held.role == role)
    }

    /// The people with a role for the whole municipality.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Appointed> {
        self.appointments.at(self.appointments.to_role.get(&role))
    }

    /// The leaders of some units, each once.
    pub fn leaders_of(&self, units: &[Id]) -> Vec<&Appointed> {
        let mut seen = HashSet::new();
        let leaders = units.iter().flat_map(|unit| self.appointed(*unit, Role::Leader));
        leaders.filter(|held| seen.insert(held.person_id)).collect()
    }

    /// Whether a person leads one of some units.
    pub fn leads_any(&self, person: Id, units: &[Id]) -> bool {
        self.leaders_of(units).iter().any(|held| held.person_id == person)
    }

    /// The day from which some units have had no leader; none while one of them has one, nor when none ever had.
    pub fn vacant_since(&self, units: &[Id]) -> Option<Date> {
        let last = units.iter().filter_map(|unit| self.led_until.get(unit)).max()?;
        let led = units.iter().any(|unit| self.appointed(*unit, Role::Leader).next().is_some());
        if led { None } else { last.next() }
    }

    /// The nearest unit that stands above all of some units; none above a top unit.
    pub fn nearest_above(&self, units: &[Id]) -> Option<&Unit> {
        let (first, others) = units.split_first()?;
        let above = self.ancestors(*first).into_iter().filter_map(|id| self.unit(id));
        above
            .filter(|unit| !units.contains(&unit.id))
            .find(|unit| others.iter().all(|other| self.is_within(*other, unit.id)))
    }

    /// The units above a unit, nearest first.
    pub fn ancestors(&self, unit: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut at = self.unit(unit).and_then(|unit| unit.parent_id);
        while let Some(id) = at {
            if found.len() >= MAX_DEPTH || found.contains(&id) || id == unit {
                break;
            }
            found.push(id);
            at = self.unit(id).and_then(|unit| unit.parent_id);
        }
        found
    }

    /// Whether a unit is another, or stands below it.
    pub fn is_within(&self, unit: Id, root: Id) -> bool {
        unit == root || self.ancestors(unit).contains(&root)
    }

    /// The director who answers for a unit, or for the nearest unit above it.
    pub fn area_directors(&self, unit: Id) -> Vec<&Appointed> {
        for place in std::iter::once(unit).chain(self.ancestors(unit)) {
            let found: Vec<&Appointed> =
                self.with_role(Role::Director).filter(|held| held.responsible_for.contains(&place)).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    fn unit(name: &str, parent: Option<&str>) -> Unit {
        Unit {
            id: Id::of_name(name),
            name: name.to_owned(),
            folded_name: fold(name),
            kind: UnitKind::Other,
            parent_id: parent.map(Id::of_name),
            holds_agreement: true,
        }
    }

    fn leader_of(unit: &str) -> Appointed {
        Appointed {
            id: Id::new(),
            person_id: Id::new(),
            org_unit_id: Id::of_name(unit),
            role: Role::Leader,
            acting: false,
            standing_deputy_id: None,
            responsible_for: Vec::new(),
        }
    }

    /// A directorate with two centres, two schools in one of them, and a nursery whose centre is no more.
    fn organisation(led: &[&str], led_until: &[(&str, &str)]) -> Organisation {
        let units = [
            unit("directorate", None),
            unit("social", Some("directorate")),
            unit("school", Some("directorate")),
            unit("upper", Some("school")),
            unit("lower", Some("school")),
            unit("nursery", Some("gone")),
        ];
        let settings = Settings {
            name: String::new(),
            time_zone: chrono_tz::UTC,
            last_resort_id: None,
            small_number_limit: 5,
            open_promise_limit: 8,
        };
        let leaders = led.iter().map(|unit| leader_of(unit)).collect();
        let past = led_until.iter().map(|(unit, last)| (Id::of_name(unit), day(last))).collect();
        Organisation::new(day("2014-11-10"), settings, units, leaders, HashMap::new()).led_until(past)
    }

    #[test]
    fn a_unit_is_vacant_from_the_day_after_its_last_leaders_last_day() {
        let vacant = |led: &[&str], past: &[(&str, &str)], units: &[&str]| {
            let units: Vec<Id> = units.iter().map(|unit| Id::of_name(unit)).collect();
            organisation(led, past).vacant_since(&units)
        };
        assert_eq!(vacant(&[], &[("upper", "2014-08-31")], &["upper"]), Some(day("2014-09-01")));
        assert_eq!(vacant(&["upper"], &[("upper", "2014-08-31")], &["upper"]), None);
        assert_eq!(vacant(&[], &[], &["upper"]), None, "there is no day to name when there never was a leader");
        let both = [("upper", "2014-08-31"), ("lower", "2014-10-15")];
        assert_eq!(vacant(&[], &both, &["upper", "lower"]), Some(day("2014-10-16")));
        assert_eq!(vacant(&["lower"], &both, &["upper", "lower"]), None, "one leader holds for both");
    }

    #[test]
    fn units_have_their_counterpart_in_the_nearest_unit_above_all_of_them() {
        let organisation = organisation(&[], &[]);
        let above = |units: &[&str]| {
            let units: Vec<Id> = units.iter().map(|unit| Id::of_name(unit)).collect();
            organisation.nearest_above(&units).map(|unit| unit.name.clone())
        };
        assert_eq!(above(&["upper"]).as_deref(), Some("school"));
        assert_eq!(above(&["upper", "lower"]).as_deref(), Some("school"));
        assert_eq!(above(&["upper", "social"]).as_deref(), Some("directorate"));
        assert_eq!(above(&["upper", "school"]).as_deref(), Some("directorate"), "no unit is its own counterpart");
        assert_eq!(above(&["directorate"]), None);
        assert_eq!(above(&["nursery"]), None, "what stood above is no more");
        assert_eq!(above(&[]), None);
    }
}
