//! Events that PostgreSQL numbers and chains itself, so that the municipality's counter is locked for no longer than
//! one statement and the commit.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{BigInt, Nullable, Text};

use super::row::EventRow;
use crate::error::Result;
use crate::types::sql;

/// Most changes leave one event; the text of the statement grows with their number.
const MOST: usize = 3;

/// Events, each with what its hash covers besides the hash before it and its number.
pub struct Chained(Vec<(EventRow, String)>);

impl Chained {
    /// A few events; none when there are too many for one statement.
    ///
    /// # Errors
    /// When an event cannot be written as JSON: a fault of ours.
    pub fn of(rows: &[EventRow]) -> Result<Option<Self>> {
        if rows.len() > MOST {
            return Ok(None);
        }
        let rows = rows.iter().map(|row| Ok((row.clone(), row.unchained()?))).collect::<Result<Vec<_>>>()?;
        Ok(Some(Chained(rows)))
    }
}

/// In the order of the values below.
const COLUMNS: &str = "municipality_id, sequence, hash, id, kind, resource, subject_id, section_key, agreement_id, \
    org_unit_id, version, changed, detail, person_id, client_id, on_behalf_of_id, request_id, occurred_at";

impl QueryFragment<Pg> for Chained {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((first, _)) = self.0.first() else { return Ok(()) };
        let municipality = &first.municipality_id;
        out.push_sql("link_0 AS (SELECT last_sequence AS sequence, last_hash AS hash FROM event_counters WHERE municipality_id = ");
        out.push_bind_param::<sql::Id, _>(municipality)?;
        out.push_sql(" FOR NO KEY UPDATE)");
        for (before, (row, unchained)) in self.0.iter().enumerate() {
            link(before, row, unchained, &mut out)?;
            store(before + 1, row, &mut out)?;
        }
        let last = self.0.len();
        out.push_sql(&format!(
            ", counted AS (UPDATE event_counters SET last_sequence = last.sequence, last_hash = last.hash \
             FROM link_{last} AS last WHERE event_counters.municipality_id = "
        ));
        out.push_bind_param::<sql::Id, _>(municipality)?;
        out.push_sql(" RETURNING event_counters.last_sequence)");
        Ok(())
    }
}

/// The number and hash of the next event: what [`EventRow::chained`] does.
fn link<'b>(before: usize, row: &'b EventRow, unchained: &'b String, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let next = before + 1;
    out.push_sql(&format!(
        ", link_{next} AS (SELECT sequence + 1 AS sequence, encode(sha256(convert_to('[\"' || hash || '\",\"' || "
    ));
    out.push_bind_param::<sql::Id, _>(&row.municipality_id)?;
    out.push_sql("::text || '\",' || (sequence + 1)::text || ");
    out.push_bind_param::<Text, _>(unchained)?;
    out.push_sql(&format!(", 'UTF8')), 'hex') AS hash FROM link_{before})"));
    Ok(())
}

fn store<'b>(number: usize, row: &'b EventRow, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql(&format!(", event_{number} AS (INSERT INTO events ({COLUMNS}) SELECT "));
    out.push_bind_param::<sql::Id, _>(&row.municipality_id)?;
    out.push_sql(", sequence, hash");
    macro_rules! value {
        ($Sql:ty, $field:ident) => {
            out.push_sql(", ");
            out.push_bind_param::<$Sql, _>(&row.$field)?;
        };
    }
    value!(sql::Id, id);
    value!(Text, kind);
    value!(Text, resource);
    value!(sql::Id, subject_id);
    value!(Nullable<Text>, section_key);
    value!(Nullable<sql::Id>, agreement_id);
    value!(Nullable<sql::Id>, org_unit_id);
    value!(Nullable<BigInt>, version);
    value!(sql::Json, changed);
    value!(sql::Json, detail);
    value!(Nullable<sql::Id>, person_id);
    value!(Nullable<sql::Id>, client_id);
    value!(Nullable<sql::Id>, on_behalf_of_id);
    value!(Text, request_id);
    value!(sql::Ts, occurred_at);
    out.push_sql(&format!(" FROM link_{number})"));
    Ok(())
}
