//! Instants and days, of the years 0001 to 9999: what RFC 3339 can write and both databases keep.
//!
//! There is no way to make one outside these years: what is sent is refused, what is computed or was stored stops at
//! the first or the last.

use std::fmt;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::{PgDate, PgTimestamp};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Date as SqlDate, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::sql;

/// The code of the fault when something sent is no date.
pub const NOT_A_DATE: &str = "not-a-date";

/// The code of the fault when something sent is no instant.
pub const NOT_A_TIME: &str = "not-a-time";

const DATE_FORM: &str = "0000-00-00";

const TIME_FORM: &str = "0000-00-00T00:00:00";

/// Whether a text begins with a form, in which 0 stands for any digit: chrono reads more than RFC 3339 writes.
fn has_form(text: &str, form: &str) -> bool {
    let mut letters = text.bytes();
    form.bytes().all(|wanted| {
        letters.next().is_some_and(|letter| match wanted {
            b'0' => letter.is_ascii_digit(),
            other => letter.eq_ignore_ascii_case(&other),
        })
    })
}

/// An instant in UTC, cut to microseconds: what both databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, AsExpression, FromSqlRow, ToSchema)]
#[serde(transparent)]
#[diesel(sql_type = sql::Ts)]
#[schema(value_type = String, format = DateTime, example = "2014-11-10T08:00:00.000000Z")]
pub struct Ts(DateTime<Utc>);

const SQLITE_INSTANT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z, in microseconds since 1970.
const INSTANTS: (i64, i64) = (-62_135_596_800_000_000, 253_402_300_799_999_999);

/// 2000-01-01T00:00:00Z, from which PostgreSQL counts, in microseconds since 1970.
const PG_INSTANT: i64 = 946_684_800_000_000;

impl Ts {
    /// The instant, without what is smaller than a microsecond; the nearest one there is.
    pub fn of(at: DateTime<Utc>) -> Self {
        Self::of_micros(at.timestamp_micros())
    }

    fn of_micros(since_1970: i64) -> Self {
        let (first, last) = INSTANTS;
        Ts(DateTime::from_timestamp_micros(since_1970.clamp(first, last)).unwrap_or_default())
    }

    /// Reads what RFC 3339 calls `date-time`; none for anything else, or outside the years there are.
    pub fn parse(text: &str) -> Option<Self> {
        if !has_form(text, TIME_FORM) {
            return None;
        }
        let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
        let (first, last) = INSTANTS;
        (first..=last).contains(&at.timestamp_micros()).then(|| Ts::of(at))
    }

    /// The instant as chrono knows it.
    pub fn instant(self) -> DateTime<Utc> {
        self.0
    }

    /// The calendar day in a time zone.
    pub fn day_in(self, zone: chrono_tz::Tz) -> Date {
        Date::of(self.0.with_timezone(&zone).date_naive())
    }

    /// The span from another instant to this one.
    pub fn since(self, other: Ts) -> Duration {
        self.0 - other.0
    }

    /// This instant moved by a span; no further than there are instants.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        let furthest = if span < Duration::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Ts::of(self.0.checked_add_signed(span).unwrap_or(furthest))
    }
}

impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format(SQLITE_INSTANT).fmt(f)
    }
}

impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ts::parse(&String::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom(NOT_A_TIME))
    }
}

impl ToSql<sql::Ts, Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}

impl FromSql<sql::Ts, Pg> for Ts {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(since_2000) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        Ok(Ts::of_micros(since_2000.saturating_add(PG_INSTANT)))
    }
}

impl ToSql<sql::Ts, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(serialize::IsNull::No)
    }
}

impl FromSql<sql::Ts, Sqlite> for Ts {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = value.read_text();
        // RFC 3339 has four digits for a year; an older version of this program has written five.
        Ok(match DateTime::parse_from_rfc3339(text) {
            Ok(at) => Ts::of(at.to_utc()),
            Err(_) => Ts::of(NaiveDateTime::parse_from_str(text, SQLITE_INSTANT)?.and_utc()),
        })
    }
}

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = SqlDate)]
pub struct Date(NaiveDate);

/// 0001-01-01 and 9999-12-31, in days where 0001-01-01 is 1.
const DAYS: (i32, i32) = (1, 3_652_059);

/// 2000-01-01, from which PostgreSQL counts, in the same days.
const PG_DAY: i32 = 730_120;

impl Date {
    /// The day; the nearest one there is.
    pub fn of(day: NaiveDate) -> Self {
        Self::of_days(day.num_days_from_ce())
    }

    fn of_days(days: i32) -> Self {
        let (first, last) = DAYS;
        Date(NaiveDate::from_num_days_from_ce_opt(days.clamp(first, last)).unwrap_or_default())
    }

    /// Reads `YYYY-MM-DD`; none for anything else, or outside the years there are.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != DATE_FORM.len() || !has_form(text, DATE_FORM) {
            return None;
        }
        let day = text.parse::<NaiveDate>().ok()?;
        let (first, last) = DAYS;
        (first..=last).contains(&day.num_days_from_ce()).then_some(Date(day))
    }

    /// The day as chrono knows it.
    pub fn day(self) -> NaiveDate {
        self.0
    }

    /// The day after; none after the last.
    pub fn next(self) -> Option<Self> {
        self.0.succ_opt().map(Date::of).filter(|next| *next != self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Date::parse(&String::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom(NOT_A_DATE))
    }
}

impl ToSql<SqlDate, Pg> for Date {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<SqlDate, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}

impl FromSql<SqlDate, Pg> for Date {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgDate(since_2000) = FromSql::<SqlDate, Pg>::from_sql(value)?;
        Ok(Date::of_days(since_2000.saturating_add(PG_DAY)))
    }
}

impl ToSql<SqlDate, Sqlite> for Date {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        ToSql::<SqlDate, Sqlite>::to_sql(&self.0, out)
    }
}

impl FromSql<SqlDate, Sqlite> for Date {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        <NaiveDate as FromSql<SqlDate, Sqlite>>::from_sql(value).map(Date::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn the_first_and_the_last_are_read_and_written() {
        for text in ["0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"] {
            assert_eq!(at(text).to_string(), text);
        }
        for text in ["0001-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).expect("a day").to_string(), text);
        }
    }

    #[test]
    fn only_the_forms_of_rfc_3339_are_read() {
        for text in
            ["2031-1-1", " 2031-01-01", "2031-01-01 ", "2031-01- 1", "+2031-01-01", "2031-001", "2031/01/01", ""]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        for text in ["2031-01-01 08:00:00Z", "2031-1-1T8:00:00Z", "2031-01-01T08:00Z", "2031-01-01T08:00:00", ""] {
            assert_eq!(Ts::parse(text), None, "{text}");
        }
        assert_eq!(at("2031-01-01t08:00:00.5z"), at("2031-01-01T09:00:00.500+01:00"));
    }

    #[test]
    fn what_is_computed_stops_at_the_first_and_the_last() {
        let (first, last) = (at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59.999999Z"));
        for span in [Duration::microseconds(1), Duration::days(1), Duration::MAX] {
            assert_eq!((first.plus(-span), last.plus(span)), (first, last));
        }
        assert_eq!(last.plus(-Duration::days(1)), at("9999-12-30T23:59:59.999999Z"));
        let [first_day, last_day] = ["0001-01-01", "9999-12-31"].map(|text| Date::parse(text).expect("a day"));
        assert_eq!(first.day_in(chrono_tz::America::New_York), first_day);
        assert_eq!(last.day_in(chrono_tz::Europe::Copenhagen), last_day);
        assert_eq!(last_day.next(), None);
        assert_eq!(first_day.next(), Date::parse("0001-01-02"));
    }

    #[test]
    fn the_counts_are_those_of_the_calendar() {
        assert_eq!(Ts::of_micros(PG_INSTANT), at("2000-01-01T00:00:00Z"));
        assert_eq!(Some(Date::of_days(PG_DAY)), Date::parse("2000-01-01"));
        assert_eq!(Some(Date::of_days(i32::MIN)), Date::parse("0001-01-01"));
        assert_eq!(Some(Date::of_days(i32::MAX)), Date::parse("9999-12-31"));
    }
}
