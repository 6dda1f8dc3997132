//! A small municipality for tests, made through the stores: a directorate, two centres, an institution in each.

use std::collections::HashMap;

use aftalestyring::auth::ClientScope;
use aftalestyring::auth::tokens::{Claims, Subject};
use aftalestyring::db::{Author, Scope, Tx};
use aftalestyring::each;
use aftalestyring::error::Result;
use aftalestyring::organisation::store::{self, AppointmentRow, MunicipalityRow, OrgUnitRow, PersonRow, ValidityRow};
use aftalestyring::organisation::{Role, UnitKind};
use aftalestyring::schema;
use aftalestyring::types::{Date, Id, Json};
use diesel::prelude::*;

use super::{Client, TestApp};

/// A unit of the small municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Directorate,
    Social,
    School,
    CareHome,
    Nursery,
}

use Unit::{CareHome, Directorate, Nursery, School, Social};

impl Unit {
    const ALL: [(Unit, &'static str, UnitKind, Option<Unit>); 5] = [
        (Directorate, "Direktionen", UnitKind::Directorate, None),
        (Social, "Socialcentret", UnitKind::Centre, Some(Directorate)),
        (School, "Skolecentret", UnitKind::Centre, Some(Directorate)),
        (CareHome, "Plejehjemmet Åhuset", UnitKind::Institution, Some(Social)),
        (Nursery, "Børnehuset Ærten", UnitKind::Institution, Some(School)),
    ];
}

/// Everybody in the small municipality: name, role, unit, and what a director answers for.
const PEOPLE: [(&str, Role, Unit, &[Unit]); 12] = [
    ("kommunaldirektør", Role::ChiefExecutive, Directorate, &[]),
    ("socialdirektør", Role::Director, Directorate, &[Social]),
    ("skoledirektør", Role::Director, Directorate, &[School]),
    ("koordinator", Role::Coordinator, Directorate, &[]),
    ("administrator", Role::Administrator, Directorate, &[]),
    ("læser", Role::Reader, Directorate, &[]),
    ("socialchef", Role::Leader, Social, &[]),
    ("skolechef", Role::Leader, School, &[]),
    ("medarbejder", Role::Contributor, Social, &[]),
    ("plejehjemsleder", Role::Leader, CareHome, &[]),
    ("børnehusleder", Role::Leader, Nursery, &[]),
    ("stedfortræder", Role::Director, Directorate, &[]),
];

/// A municipality with people who can be logged in.
pub struct World {
    pub app: TestApp,
    pub scope: Scope,
    sessions: HashMap<&'static str, (Id, Id)>,
    hr: Id,
}

impl World {
    /// The small municipality.
    pub async fn new() -> Self {
        Self::on(TestApp::new(), "Lilleby").await
    }

    /// Another municipality in the same application.
    pub async fn beside(other: World, name: &str) -> (World, World) {
        let app =
            TestApp { app: other.app.app.clone(), clock: other.app.clock.clone(), database: super::Database::new() };
        let second = World::on(app, name).await;
        (other, second)
    }

    pub async fn on(app: TestApp, name: &str) -> Self {
        let scope = Self::scope_of(name);
        let (db, municipality) = (app.app.db.clone(), name.to_owned());
        let (sessions, hr) = aftalestyring::app::blocking(move || {
            db.write(&Author::system(scope, "test"), |tx| populate(tx, scope.municipality(), &municipality))
        })
        .await
        .expect("a small municipality");
        World { app, scope, sessions, hr }
    }

    fn scope_of(name: &str) -> Scope {
        Scope::of_command(Id::of_name(name))
    }

    /// Somebody, logged in.
    pub fn as_person(&self, name: &str) -> Client {
        let (person, session_id) = *self.sessions.get(name).unwrap_or_else(|| panic!("nobody is called {name}"));
        self.client(Subject::Person { session_id }, person)
    }

    /// The HR system, with every scope.
    pub fn as_hr(&self) -> Client {
        self.client(Subject::Client { client_id: self.hr }, self.hr)
    }

    /// The HR system, with some of its scopes.
    pub fn as_hr_for(&self, scopes: &[ClientScope]) -> Client {
        self.client_for(Subject::Client { client_id: self.hr }, self.hr, Some(scopes.to_vec()))
    }

    fn client(&self, subject: Subject, id: Id) -> Client {
        self.client_for(subject, id, None)
    }

    fn client_for(&self, subject: Subject, id: Id, scopes: Option<Vec<ClientScope>>) -> Client {
        let claims = Claims { municipality: self.scope.municipality(), subject, owner: id, scopes };
        let token = self.app.app.tokens.sign(claims, self.app.clock.now()).expect("a token");
        Client::new(self.app.app.clone(), Some(token))
    }

    /// The id of somebody.
    pub fn person(&self, name: &str) -> Id {
        self.sessions[name].0
    }

    /// The id of a unit.
    pub fn unit(&self, unit: Unit) -> Id {
        unit_id(self.scope.municipality(), unit)
    }
}

fn unit_id(municipality: Id, unit: Unit) -> Id {
    Id::of_name(&format!("{municipality}/{unit:?}"))
}

type Made = (HashMap<&'static str, (Id, Id)>, Id);

fn populate(tx: &mut Tx, municipality_id: Id, name: &str) -> Result<Made> {
    let municipality = MunicipalityRow::new(tx.new_row(), name, "12345678");
    store::insert_municipality(tx, &municipality)?;
    for (unit, name, kind, parent) in Unit::ALL {
        insert_unit(tx, municipality_id, (unit, name, kind, parent))?;
    }
    let mut sessions = HashMap::new();
    for (name, role, unit, responsible_for) in PEOPLE {
        let units: Vec<Id> = responsible_for.iter().map(|unit| unit_id(municipality_id, *unit)).collect();
        let made = insert_person(tx, municipality_id, (name, role, unit_id(municipality_id, unit), units))?;
        sessions.insert(name, made);
    }
    Ok((sessions, insert_hr(tx, municipality_id)?))
}

fn insert_unit(
    tx: &mut Tx,
    municipality_id: Id,
    (unit, name, kind, parent): (Unit, &str, UnitKind, Option<Unit>),
) -> Result<()> {
    let row = OrgUnitRow::new(tx.new_row(), unit_id(municipality_id, unit), kind);
    let validity = ValidityRow {
        parent_id: parent.map(|parent| unit_id(municipality_id, parent)),
        ..ValidityRow::new(&row, Date::parse("2010-01-01").expect("a day"), name, kind)
    };
    store::insert_unit(tx, &(row, vec![validity]))
}

fn insert_person(
    tx: &mut Tx,
    municipality_id: Id,
    (name, role, org_unit_id, responsible_for): (&'static str, Role, Id, Vec<Id>),
) -> Result<(Id, Id)> {
    let id = Id::of_name(&format!("{municipality_id}/{name}"));
    let person = PersonRow::new(tx.new_row(), id, name, None);
    store::insert_person(tx, &(person, Vec::new()))?;
    insert_appointment(tx, id, org_unit_id, role, &responsible_for)?;
    Ok((id, insert_session(tx, municipality_id, id, name)?))
}

fn insert_appointment(tx: &mut Tx, person_id: Id, org_unit_id: Id, role: Role, responsible_for: &[Id]) -> Result<Id> {
    let (id, from) = (Id::new(), Date::parse("2010-01-01").expect("a day"));
    let appointment = AppointmentRow {
        responsible_for: Json::of(responsible_for),
        ..AppointmentRow::new(tx.new_row(), id, person_id, (role, org_unit_id), from)
    };
    store::insert_appointment(tx, &appointment)?;
    Ok(id)
}

fn insert_session(tx: &mut Tx, municipality_id: Id, person_id: Id, name: &str) -> Result<Id> {
    use schema::{sessions, users};
    let (now, user_id, session_id) = (tx.now(), Id::of_name(&format!("{municipality_id}/{name}/user")), Id::new());
    let user = (
        users::municipality_id.eq(municipality_id),
        users::id.eq(user_id),
        users::person_id.eq(person_id),
        users::email.eq(format!("{name}@lilleby.example")),
        users::password_hash.eq("none"),
        users::disabled.eq(false),
        users::version.eq(1_i64),
        users::created_at.eq(now),
        users::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(users::table).values(user.clone()).execute(tx))?;
    let session = (
        sessions::municipality_id.eq(municipality_id),
        sessions::id.eq(session_id),
        sessions::user_id.eq(user_id),
        sessions::created_at.eq(now),
        sessions::expires_at.eq(now.plus(chrono::Duration::days(365))),
        sessions::generation.eq(1_i64),
        sessions::renewed_at.eq(now),
    );
    each!(tx => diesel::insert_into(sessions::table).values(session).execute(tx))?;
    Ok(session_id)
}

fn insert_hr(tx: &mut Tx, municipality_id: Id) -> Result<Id> {
    use schema::clients;
    let (now, id) = (tx.now(), Id::of_name(&format!("{municipality_id}/hr")));
    let client = (
        clients::municipality_id.eq(municipality_id),
        clients::id.eq(id),
        clients::client_key.eq("hr"),
        clients::name.eq("HR"),
        clients::source.eq("hr"),
        clients::scopes.eq(Json::of(ClientScope::ALL)),
        clients::disabled.eq(false),
        clients::version.eq(1_i64),
        clients::created_at.eq(now),
        clients::updated_at.eq(now),
    );
    each!(tx => diesel::insert_into(clients::table).values(client).execute(tx))?;
    Ok(id)
}

impl World {
    /// Employs somebody new, who can be logged in.
    pub async fn employ(&mut self, name: &'static str, role: Role, unit: Unit, responsible_for: &[Unit]) {
        let units: Vec<Id> = responsible_for.iter().map(|unit| self.unit(*unit)).collect();
        let (municipality, unit) = (self.scope.municipality(), self.unit(unit));
        let made = self
            .arrange(move |tx| {
                let made = insert_person(tx, municipality, (name, role, unit, units.clone()))?;
                tx.record(aftalestyring::db::journal::Event::of(
                    aftalestyring::db::journal::EventKind::PersonCreated,
                    made.0,
                ));
                Ok(made)
            })
            .await;
        self.sessions.insert(name, made);
    }

    /// Lets the HR system manage some units and people that were made here.
    pub async fn hand_over_to_hr(&self, units: &[Unit], people: &[&str]) {
        use schema::{org_units, people};
        let units: Vec<Id> = units.iter().map(|unit| self.unit(*unit)).collect();
        let persons: Vec<Id> = people.iter().map(|name| self.person(name)).collect();
        self.arrange(move |tx| {
            let municipality = tx.scope();
            let units =
                org_units::table.filter(org_units::municipality_id.eq(municipality).and(org_units::id.eq_any(&units)));
            each!(tx => diesel::update(units.clone()).set(org_units::managed_by.eq("hr")).execute(tx))?;
            let persons =
                people::table.filter(people::municipality_id.eq(municipality).and(people::id.eq_any(&persons)));
            each!(tx => diesel::update(persons.clone()).set(people::managed_by.eq("hr")).execute(tx))?;
            Ok(())
        })
        .await;
    }

    /// Appoints somebody besides what they are.
    pub async fn appoint(&self, appointment: serde_json::Value) {
        let (db, scope) = (self.app.app.db.clone(), self.scope);
        aftalestyring::app::blocking(move || {
            db.write(&Author::system(scope, "test"), |tx| {
                let id = |name: &str| Id::parse(appointment[name].as_str().expect("an id")).expect("an id");
                let role = Role::parse(appointment["role"].as_str().expect("a role")).expect("a role");
                let made = insert_appointment(tx, id("person_id"), id("org_unit_id"), role, &[])?;
                tx.record(aftalestyring::db::journal::Event::of(
                    aftalestyring::db::journal::EventKind::AppointmentCreated,
                    made,
                ));
                Ok(())
            })
        })
        .await
        .expect("an appointment");
    }

    /// Ends all appointments of somebody yesterday.
    pub async fn end_appointment(&self, name: &str) {
        use schema::appointments;
        let (db, scope, person) = (self.app.app.db.clone(), self.scope, self.person(name));
        let yesterday = super::beginning().date_naive() - chrono::Duration::days(1);
        aftalestyring::app::blocking(move || {
            db.write(&Author::system(scope, "test"), |tx| {
                let municipality = tx.scope();
                let held: Vec<AppointmentRow> = each!(tx => appointments::table
                    .filter(appointments::municipality_id.eq(municipality).and(appointments::person_id.eq(person)))
                    .select(AppointmentRow::as_select()).load(tx))?;
                for mut row in held {
                    row.to_on = Some(Date::of(yesterday));
                    store::save_appointment(tx, &mut row)?;
                }
                tx.record(aftalestyring::db::journal::Event::of(
                    aftalestyring::db::journal::EventKind::AppointmentReplaced,
                    person,
                ));
                Ok(())
            })
        })
        .await
        .expect("an end");
    }
}
