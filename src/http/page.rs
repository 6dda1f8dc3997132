//! Lists: pages by keyset cursor.

use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::query::query_fault;
use super::reply::Reply;
use crate::error::Result;

const DEFAULT_LIMIT: u16 = 50;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last page.
    #[schema(required = true, max_length = 500, example = "WyIyMDE1Il0")]
    pub next_cursor: Option<String>,
    /// How many items there are in all, when asked for with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 42)]
    pub total: Option<i64>,
}

/// How much of a list is asked for, and from where. `K` is the last item's sort key.
#[derive(Debug, Clone)]
pub struct Paging<K> {
    limit: usize,
    /// The sort key of the last item of the page before.
    pub after: Option<K>,
}

impl<K: DeserializeOwned + Serialize> Paging<K> {
    /// Reads `limit` and `cursor`.
    ///
    /// # Errors
    /// 422 when the limit is not 1 to 200, or the cursor is none of ours.
    pub fn of(limit: Option<u16>, cursor: Option<&str>) -> Result<Self> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=200).contains(&limit) {
            return Err(query_fault("limit", "not-a-limit"));
        }
        let after = cursor.map(|text| decode(text).ok_or_else(|| query_fault("cursor", "not-a-cursor"))).transpose()?;
        Ok(Paging { limit: usize::from(limit), after })
    }

    /// How many rows to fetch: one more than the page, to know whether there is another.
    pub fn fetch(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// Cuts what was fetched to the page, and remembers where the next one begins.
    pub fn cut<R>(&self, mut rows: Vec<R>, key: impl Fn(&R) -> K) -> (Vec<R>, Option<String>) {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = rows.last().filter(|_| more).map(|row| encode(&key(row)));
        (rows, next)
    }
}

impl<T: Serialize> Page<T> {
    /// The answer, with the address of the next page.
    ///
    /// # Errors
    /// When an item cannot be written: a fault of ours.
    pub fn reply(self, address: &Address) -> Result<Reply> {
        let next = self.next_cursor.as_ref().map(|cursor| address.with_cursor(cursor));
        Ok(Reply::json(&self)?.next(next))
    }
}

/// The address of a request, to say where the next page is.
#[derive(Debug, Clone)]
pub struct Address {
    path: String,
    query: String,
}

impl Address {
    /// The address of a request.
    pub fn of(req: &HttpRequest) -> Self {
        Address { path: req.path().to_owned(), query: req.query_string().to_owned() }
    }

    /// The address of the page that begins at a cursor.
    pub fn with_cursor(&self, cursor: &str) -> String {
        let rest = self.query.split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor="));
        let query: Vec<&str> = rest.collect();
        let and = if query.is_empty() { "" } else { "&" };
        format!("{}?{}{and}cursor={cursor}", self.path, query.join("&"))
    }
}

fn encode<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

fn decode<K: for<'de> Deserialize<'de>>(cursor: &str) -> Option<K> {
    let key = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    // PostgreSQL has no such character, and no key of ours holds one.
    if key.contains("\\u0000") {
        return None;
    }
    serde_json::from_str(&key).ok()
}
