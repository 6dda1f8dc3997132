//! Exact decimal numbers.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact decimal with at most six places: a whole number of millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Quantity(pub i64);

impl<DB: Backend> ToSql<BigInt, DB> for Quantity
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Quantity
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Quantity)
    }
}

const MILLION: i64 = 1_000_000;

/// The largest whole number, up and down: what the document says.
const LARGEST: i64 = 9_000_000_000_000;

/// The most significant digits that every JSON reader keeps exactly.
const SIGNIFICANT: usize = 15;

impl Quantity {
    /// A whole number; the largest there is where it is larger.
    pub fn of_whole(number: i64) -> Self {
        Quantity(number.saturating_mul(MILLION))
    }

    /// Whether it is no larger than what may be sent.
    pub fn is_in_bounds(self) -> bool {
        self.0.unsigned_abs() <= LARGEST.unsigned_abs() * MILLION.unsigned_abs()
    }

    /// Reads a decimal number; none when it has more places or digits than are kept exactly.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let places = places.trim_end_matches('0');
        let significant = format!("{whole}{places}").trim_start_matches('0').len();
        if places.len() > 6 || significant > SIGNIFICANT || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        let millionths = format!("{whole}{places:0<6}").parse::<i64>().ok()?;
        if millionths > LARGEST * MILLION {
            return None;
        }
        Some(Quantity(if negative { -millionths } else { millionths }))
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, whole, rest) = (if self.0 < 0 { "-" } else { "" }, self.0.abs() / MILLION, self.0.abs() % MILLION);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{rest:06}").trim_end_matches('0'))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % MILLION == 0 {
            return serializer.serialize_i64(self.0 / MILLION);
        }
        // 15 significant digits survive the way through a double and back.
        serializer.serialize_f64(self.to_string().parse().map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let text = match number.as_f64() {
            Some(float) if number.is_f64() => format!("{float}"),
            _ => number.to_string(),
        };
        Quantity::parse(&text).ok_or_else(|| serde::de::Error::custom("invalid value: too many digits"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_kept_exactly_or_refused() {
        for (sent, kept) in [
            ("0", "0"),
            ("-3.5", "-3.5"),
            ("-9000000000000", "-9000000000000"),
            ("0.1", "0.1"),
            ("92.300", "92.3"),
            ("123456789.123456", "123456789.123456"),
        ] {
            let value: Quantity = serde_json::from_str(sent).expect("a value");
            assert_eq!(serde_json::to_string(&value).expect("JSON"), kept);
        }
        for sent in ["0.1234567", "1234567890123456", "1e300", "1234567890.1234567", "9000000000001"] {
            assert!(serde_json::from_str::<Quantity>(sent).is_err(), "{sent}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(millionths in -999_999_999_999_999_i64..=999_999_999_999_999) {
            let text = serde_json::to_string(&Quantity(millionths)).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Quantity>(&text).expect("a value"), Quantity(millionths));
        }
    }
}
