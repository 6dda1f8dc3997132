//! Retries: the first committed answer again, kept in the transaction of what it answers.

use chrono::Duration;
use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::{Code, Error, Result};
use crate::http::Reply;
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

/// The first answer to a request.
pub struct Kept(Row);

impl Kept {
    /// The first answer, unless the same request would be refused by now because of who sends it. That there is nothing
    /// any more is no such refusal where nothing is what the first answer told: after a deletion.
    ///
    /// # Errors
    /// The refusal, or a fault of ours.
    pub fn reply_unless_refused(self, again: Result<Reply>) -> Result<Reply> {
        match again {
            Err(Error::Refused(refusal)) => match refusal.code.status() {
                404 if self.0.body.is_empty() => self.reply(),
                401 | 403 | 404 => Err(Error::Refused(refusal)),
                _ => self.reply(),
            },
            Err(error) => Err(error),
            Ok(_) => self.reply(),
        }
    }

    fn reply(self) -> Result<Reply> {
        Ok(Reply::kept(self.0.headers.read()?, self.0.body))
    }
}

/// The status of a key whose request is not done yet; nobody but its own transaction sees it.
const CLAIMED: i64 = 0;

impl Claim {
    /// Claims the key before anything else is looked at: whoever sends the same at the same time waits here until the
    /// first one is done, and then finds its answer. None when the key is claimed by this.
    ///
    /// # Errors
    /// 422 when the key was used for another request.
    pub fn take(&self, tx: &mut Tx) -> Result<Option<Kept>> {
        let (scope, now) = (tx.scope(), tx.now());
        let oldest = now.plus(-KEPT);
        let row = Row {
            municipality_id: scope,
            digest: self.digest.clone(),
            request_hash: self.request_hash.clone(),
            status: CLAIMED,
            headers: Json::default(),
            body: String::new(),
            created_at: now,
        };
        let again = (dsl::request_hash.eq(&row.request_hash), dsl::status.eq(CLAIMED), dsl::created_at.eq(now));
        let claimed = each!(tx => diesel::query_dsl::methods::FilterDsl::filter(
            diesel::insert_into(idempotency_keys::table)
                .values(&row)
                .on_conflict((dsl::municipality_id, dsl::digest))
                .do_update()
                .set(again.clone()),
            dsl::created_at.le(oldest),
        ).execute(tx))?;
        if claimed > 0 {
            return Ok(None);
        }
        let first: Row = each!(tx => dsl::idempotency_keys
            .filter(dsl::municipality_id.eq(scope).and(dsl::digest.eq(&self.digest)))
            .select(Row::as_select()).first(tx))?;
        if first.request_hash == self.request_hash {
            Ok(Some(Kept(first)))
        } else {
            Err(Code::IdempotencyKeyReused.into())
        }
    }

    /// Keeps the answer, and forgets old ones.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep(&self, tx: &mut Tx, reply: &Reply) -> Result<()> {
        let (scope, oldest) = (tx.scope(), tx.now().plus(-KEPT));
        let (status, headers, body) = reply.parts();
        each!(tx => diesel::delete(dsl::idempotency_keys
            .filter(dsl::municipality_id.eq(scope).and(dsl::created_at.le(oldest)))).execute(tx))?;
        let own = dsl::idempotency_keys.filter(dsl::municipality_id.eq(scope).and(dsl::digest.eq(&self.digest)));
        let kept = (dsl::status.eq(i64::from(status)), dsl::headers.eq(Json::of(headers)), dsl::body.eq(body));
        each!(tx => diesel::update(own).set(kept.clone()).execute(tx))?;
        Ok(())
    }
}
