//! The municipality's row.

use diesel::prelude::*;

use super::version;
use crate::db::journal::GENESIS;
use crate::db::{Conn, Link, NewRow, Scope, Tx};
use crate::each;
use crate::error::{Code, Result};
use crate::organisation::model::{DEFAULT_OPEN_PROMISE_LIMIT, DEFAULT_SMALL_NUMBER_LIMIT, Settings};
use crate::schema::{event_counters, municipalities};
use crate::text::fold;
use crate::types::{Date, Id, Json, Ts};

/// A municipality: the tenant.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = municipalities, treat_none_as_default_value = false)]
pub struct MunicipalityRow {
    /// Its id.
    pub municipality_id: Id,
    /// Its name.
    pub name: String,
    /// Its number in the register of companies: 8 digits.
    pub cvr: String,
    /// Its time zone, by its IANA name.
    pub time_zone: String,
    /// The languages it writes in, the first one first.
    pub languages: Json,
    /// The day that deadlines and validity go by, instead of today: demonstrations.
    pub business_date: Option<Date>,
    /// Who decides when nobody else is left (domain rule 2).
    pub last_resort_id: Option<Id>,
    /// Rises with every change of units, people and appointments.
    pub organisation_version: i64,
    /// How often it was written.
    pub version: i64,
    /// Who wrote it last.
    pub changed_by: Option<Id>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was written last.
    pub updated_at: Ts,
    /// Values of fewer people than this are kept from those who do not see a unit's drafts.
    pub small_number_limit: i64,
    /// A unit with more open promises than this has promised too much.
    pub open_promise_limit: i64,
}

crate::versioned!(MunicipalityRow);

impl MunicipalityRow {
    /// A new municipality in Denmark.
    pub fn new(start: NewRow, name: &str, cvr: &str) -> Self {
        MunicipalityRow {
            municipality_id: start.municipality_id,
            name: name.to_owned(),
            cvr: cvr.to_owned(),
            time_zone: "Europe/Copenhagen".to_owned(),
            languages: Json::of(&["da", "en"]),
            business_date: None,
            last_resort_id: None,
            organisation_version: 1,
            version: 1,
            changed_by: start.changed_by,
            created_at: start.at,
            updated_at: start.at,
            small_number_limit: DEFAULT_SMALL_NUMBER_LIMIT,
            open_promise_limit: DEFAULT_OPEN_PROMISE_LIMIT,
        }
    }

    /// The zone its days begin in. What is stored was checked; should it ever not be known, days begin in UTC.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }

    /// The day that deadlines and validity go by.
    pub fn today(&self, now: Ts) -> Date {
        self.business_date.unwrap_or_else(|| now.day_in(self.zone()))
    }

    /// What rules read of it.
    pub fn settings(&self) -> Settings {
        Settings {
            name: self.name.clone(),
            time_zone: self.zone(),
            last_resort_id: self.last_resort_id,
            small_number_limit: self.small_number_limit,
            open_promise_limit: self.open_promise_limit,
        }
    }
}

/// The municipality of this unit of work.
///
/// # Errors
/// 404 when it is gone.
pub fn municipality(conn: &mut Conn) -> Result<MunicipalityRow> {
    let scope = conn.scope();
    Ok(each!(conn => municipalities::table.find(scope).select(MunicipalityRow::as_select()).first(conn))?)
}

/// All municipalities, by name: for commands, and for logging in where there is only one.
///
/// # Errors
/// When the database fails.
pub fn all_municipalities(link: &mut Link) -> Result<Vec<(Scope, String)>> {
    let mut rows: Vec<(Id, String)> = each!(link => municipalities::table
        .select((municipalities::municipality_id, municipalities::name)).load(link))?;
    rows.sort_by_key(|(id, name)| (fold(name), *id));
    Ok(rows.into_iter().map(|(id, name)| (Scope(id), name)).collect())
}

/// The municipality with a CVR number: for commands.
///
/// # Errors
/// When the database fails.
pub fn with_cvr(link: &mut Link, cvr: &str) -> Result<Option<Id>> {
    Ok(each!(link => municipalities::table
        .filter(municipalities::cvr.eq(cvr)).select(municipalities::municipality_id).first(link).optional())?)
}

/// Makes a municipality, with its event counter.
///
/// # Errors
/// 409 when its id is taken.
pub fn insert_municipality(tx: &mut Tx, row: &MunicipalityRow) -> Result<()> {
    version::changed(tx);
    each!(tx => diesel::insert_into(municipalities::table).values(row).execute(tx))?;
    let counter = (
        event_counters::municipality_id.eq(row.municipality_id),
        event_counters::last_sequence.eq(0_i64),
        event_counters::last_hash.eq(GENESIS),
    );
    each!(tx => diesel::insert_into(event_counters::table).values(counter).execute(tx))?;
    Ok(())
}

/// Saves a municipality that was read in this transaction; its version rises. Whoever changes the organisation
/// meanwhile raises that version, which is therefore left alone here.
///
/// # Errors
/// 412 when somebody else wrote it in between.
pub fn save_municipality(tx: &mut Tx, row: &mut MunicipalityRow) -> Result<()> {
    version::changed(tx);
    use municipalities::dsl;
    let seen = row.version;
    (row.version, row.changed_by, row.updated_at) = (seen + 1, tx.author().id(), tx.now());
    let target = dsl::municipalities.filter(dsl::municipality_id.eq(tx.scope()).and(dsl::version.eq(seen)));
    let content = (
        dsl::name.eq(&row.name),
        dsl::cvr.eq(&row.cvr),
        dsl::time_zone.eq(&row.time_zone),
        dsl::languages.eq(&row.languages),
        dsl::business_date.eq(row.business_date),
        dsl::last_resort_id.eq(row.last_resort_id),
        dsl::small_number_limit.eq(row.small_number_limit),
        dsl::open_promise_limit.eq(row.open_promise_limit),
    );
    let written =
        (dsl::version.eq(row.version), dsl::changed_by.eq(row.changed_by), dsl::updated_at.eq(row.updated_at));
    match each!(tx => diesel::update(target).set((content, written)).execute(tx))? {
        0 => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}
