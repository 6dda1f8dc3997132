//! What the role may that a server works as, on PostgreSQL: all but to change what happened and to make tables.

use diesel::connection::SimpleConnection;

use super::link::{Link, Raw};
use crate::error::{Error, Result};

/// Gives a role what a server needs, again after each migration that makes tables. The role must be there; its name
/// becomes part of the statements.
///
/// # Errors
/// When the database is no PostgreSQL, the role is not there, or this connection may not give it anything.
pub fn to_serve(link: &mut Link, role: &str) -> Result<()> {
    let Raw::Pg(conn) = link.raw() else {
        return Err(Error::unexpected("only PostgreSQL has roles"));
    };
    Ok(conn.batch_execute(&format!(
        "GRANT USAGE ON SCHEMA public TO {role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
         REVOKE UPDATE, DELETE, TRUNCATE ON events FROM {role};
         REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON __diesel_schema_migrations FROM {role};"
    ))?)
}
