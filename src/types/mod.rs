//! Column types that read and write alike on both databases.
//!
//! Each Rust type has one SQL type of its own in [`sql`], whose storage is native on either side:
//! `uuid`/TEXT, `timestamptz`/TEXT with fixed-width microseconds, `json`/TEXT.

use std::fmt;
use std::io::Write;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

mod hex;
mod key;
mod quantity;
pub mod sql;
mod time;

pub use hex::hex;
pub use key::{MAX_KEY, is_key, may_be_key};
pub use quantity::Quantity;
pub use time::{Date, NOT_A_DATE, NOT_A_TIME, Ts};

/// An identifier of a resource: a UUID.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, AsExpression, FromSqlRow, ToSchema,
)]
#[serde(transparent)]
#[diesel(sql_type = sql::Id)]
#[schema(value_type = String, format = Uuid)]
pub struct Id(pub Uuid);

impl Id {
    /// A new time-ordered id (RFC 9562 version 7).
    #[expect(clippy::new_without_default, reason = "each is another one: an id is never the default of a field")]
    pub fn new() -> Self {
        Id(Uuid::now_v7())
    }

    /// An id that is always the same for the same name: demonstration data and replays.
    pub fn of_name(name: &str) -> Self {
        Id(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
    }

    /// The form without hyphens, which is one word.
    pub fn simple(self) -> String {
        self.0.simple().to_string()
    }

    /// Parses the hyphenated form; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 36).then(|| Uuid::try_parse(text).ok().map(Id)).flatten()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ToSql<sql::Id, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Id, Pg> for Id {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Id(Uuid::from_slice(value.as_bytes())?))
    }
}

impl ToSql<sql::Id, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Id, Sqlite> for Id {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Id(Uuid::try_parse(value.read_text())?))
    }
}

/// JSON kept as text, neither parsed nor printed again where it is only passed through.
#[derive(Debug, Clone, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Json)]
pub struct Json(Box<RawValue>);

impl Json {
    /// Writes a value out; fails only for maps whose keys are not strings, which no type here has.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        Json(serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }

    /// Reads the value back.
    ///
    /// # Errors
    /// When the stored text has another shape than `T`: a fault of ours, not of a caller.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }

    /// The text as it is stored.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The raw value, to be put into an answer as it stands.
    pub fn raw(&self) -> &RawValue {
        &self.0
    }
}

impl Default for Json {
    fn default() -> Self {
        Json::of(&serde_json::Map::new())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        let value = |json: &Json| json.read::<serde_json::Value>().ok();
        self.text() == other.text() || value(self) == value(other)
    }
}

impl Serialize for Json {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl ToSql<sql::Json, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.text().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Json, Pg> for Json {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Json(RawValue::from_string(std::str::from_utf8(value.as_bytes())?.to_owned())?))
    }
}

impl ToSql<sql::Json, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.text());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Json, Sqlite> for Json {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Json(RawValue::from_string(value.read_text().to_owned())?))
    }
}

/// The SQL type of every [`text_enum!`].
pub type EnumSql = Text;

/// Declares an enum that is text in the database, in JSON and in the OpenAPI document.
#[macro_export]
macro_rules! text_enum {
    ($(#[doc = $doc:literal])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = $crate::types::EnumSql)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of its declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The value as it is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value of a text; none when there is no such value.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }

        // Derived, the schema would not see the texts: a macro's literals are hidden from the derive's eyes.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!($($doc),*).trim()))
                    .enum_values(Some(Self::ALL.iter().map(|value| value.as_str())))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(self.as_str(), out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let text = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value)?;
                Self::parse(&text).ok_or_else(|| format!("no {} is called {text}", stringify!($name)).into())
            }
        }
    };
}
