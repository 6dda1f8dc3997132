//! Retries: the first committed answer again, kept in the transaction of what it answers.

use chrono::Duration;
use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::{Code, Result};
use crate::schema::idempotency_keys;
use crate::schema::idempotency_keys::dsl;
use crate::types::{Id, Json, Ts};

/// How long an answer is kept.
const KEPT: Duration = Duration::hours(24);

/// A use of an idempotency key.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Caller, method, address and key.
    pub digest: String,
    /// Body and `If-Match`.
    pub request_hash: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
struct Row {
    municipality_id: Id,
    digest: String,
    request_hash: String,
    status: i64,
    headers: Json,
    body: String,
    created_at: Ts,
}

impl Claim {
    /// The headers and body of the first answer, when this is a retry.
    ///
    /// # Errors
    /// 422 when the key was used for another request.
    pub fn find(&self, tx: &mut Tx) -> Result<Option<(Json, String)>> {
        let (scope, oldest) = (tx.scope(), tx.now().plus(-KEPT));
        let row: Option<Row> = each!(tx => dsl::idempotency_keys
            .filter(dsl::municipality_id.eq(scope).and(dsl::digest.eq(&self.digest)).and(dsl::created_at.gt(oldest)))
            .select(Row::as_select()).first(tx).optional())?;
        match row {
            Some(row) if row.request_hash == self.request_hash => Ok(Some((row.headers, row.body))),
            Some(_) => Err(Code::IdempotencyKeyReused.into()),
            None => Ok(None),
        }
    }

    /// Keeps the answer. Two first uses at once cannot both be kept: the later one waits for the earlier one to
    /// commit, is repeated, and finds its answer.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep(&self, tx: &mut Tx, status: u16, headers: Json, body: &str) -> Result<()> {
        let (scope, now) = (tx.scope(), tx.now());
        let row = Row {
            municipality_id: scope,
            digest: self.digest.clone(),
            request_hash: self.request_hash.clone(),
            status: i64::from(status),
            headers,
            body: body.to_owned(),
            created_at: now,
        };
        let oldest = now.plus(-KEPT);
        each!(tx => diesel::delete(dsl::idempotency_keys
            .filter(dsl::municipality_id.eq(scope).and(dsl::created_at.le(oldest)))).execute(tx))?;
        let stored = each!(tx => diesel::insert_into(idempotency_keys::table).values(&row).execute(tx));
        match stored {
            Err(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, detail)) => {
                let again = diesel::result::DatabaseErrorKind::SerializationFailure;
                Err(crate::error::Error::Retry(diesel::result::Error::DatabaseError(again, detail)))
            }
            stored => Ok(stored.map(|_| ())?),
        }
    }
}
