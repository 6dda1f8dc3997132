//! The SQL types that `schema.rs` names.

use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;

/// `uuid` on PostgreSQL, TEXT on SQLite.
#[derive(SqlType, QueryId, Debug, Clone, Copy)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Text"))]
pub struct Id;

/// `timestamptz` on PostgreSQL, TEXT on SQLite.
#[derive(SqlType, QueryId, Debug, Clone, Copy)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Text"))]
pub struct Ts;

/// `json` on PostgreSQL, TEXT on SQLite.
#[derive(SqlType, QueryId, Debug, Clone, Copy)]
#[diesel(postgres_type(oid = 114, array_oid = 199), sqlite_type(name = "Text"))]
pub struct Json;
