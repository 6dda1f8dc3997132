//! What the database itself says of its tables: a copy of everything must not forget the newest one.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::link::{Link, Raw};
use crate::error::Result;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order; generated ones and those of full-text indexes left out.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as this database calls it.
    pub kind: String,
    /// Whether it is part of the primary key.
    pub is_key: bool,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    is_key: bool,
}

/// Ours are strict; the tables of full-text indexes and of the migrations are not.
const OF_SQLITE: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS kind, c.pk > 0 AS is_key \
    FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c \
    WHERE t.schema = 'main' AND t.type = 'table' AND t.strict = 1 ORDER BY t.name, c.cid";

const OF_POSTGRES: &str = "SELECT c.table_name::text, c.column_name::text, c.udt_name::text AS kind, EXISTS ( \
        SELECT 1 FROM information_schema.table_constraints AS k \
        JOIN information_schema.key_column_usage AS u \
            USING (constraint_schema, constraint_name, table_schema, table_name) \
        WHERE k.constraint_type = 'PRIMARY KEY' AND table_schema = c.table_schema \
            AND table_name = c.table_name AND u.column_name = c.column_name) AS is_key \
    FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name) \
    WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' \
        AND table_name <> '__diesel_schema_migrations' AND udt_name <> 'tsvector' \
    ORDER BY table_name COLLATE \"C\", c.ordinal_position";

/// Every table that a copy holds, by name: what follows from others is made again where the copy is restored.
///
/// # Errors
/// When the database fails.
pub fn copied(link: &mut Link) -> Result<Vec<Table>> {
    let mut all = tables(link)?;
    all.retain(|table| table.name != "agreement_texts");
    Ok(all)
}

/// Every table of ours, by name.
///
/// # Errors
/// When the database fails.
pub fn tables(link: &mut Link) -> Result<Vec<Table>> {
    let found: Vec<Found> = match link.raw() {
        Raw::Pg(conn) => diesel::sql_query(OF_POSTGRES).load(conn)?,
        Raw::Sqlite(conn) => diesel::sql_query(OF_SQLITE).load(conn)?,
    };
    let mut tables: Vec<Table> = Vec::new();
    for Found { table_name, column_name, kind, is_key } in found {
        let column = Column { name: column_name, kind, is_key };
        match tables.last_mut().filter(|table| table.name == table_name) {
            Some(table) => table.columns.push(column),
            None => tables.push(Table { name: table_name, columns: vec![column] }),
        }
    }
    Ok(tables)
}
