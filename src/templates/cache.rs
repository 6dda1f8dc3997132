//! Published templates in memory: they never change, and agreements follow published ones only.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;

use super::model::{Prescription, Resubmission};
use crate::db::Conn;
use crate::db::cache::Cached;
use crate::each;
use crate::error::Result;
use crate::schema::templates;
use crate::types::{Id, Json};

/// A template as agreements follow it.
#[derive(Debug)]
pub struct PublishedTemplate {
    /// Its number among the versions.
    pub number: i64,
    /// What it prescribes.
    pub prescription: Prescription,
}

impl Cached for PublishedTemplate {
    type Key = Id;

    const CAPACITY: u64 = 1024;
    const CHANGES: bool = false;
    const KEPT: Duration = Duration::from_secs(3600);
}

/// What an agreement's template prescribes.
///
/// # Errors
/// 404 when there is no such template; a fault of ours when what is stored cannot be read.
pub fn published(conn: &mut Conn, template_id: Id) -> Result<Arc<PublishedTemplate>> {
    conn.cached_or_load(template_id, |conn| load(conn, template_id))
}

fn load(conn: &mut Conn, template_id: Id) -> Result<PublishedTemplate> {
    let scope = conn.scope();
    let (number, sections, routes, signatories, resubmission): (i64, Json, Json, Json, Resubmission) = each!(conn => templates::table
            .filter(templates::municipality_id.eq(scope).and(templates::id.eq(template_id)))
            .select((templates::number, templates::sections, templates::routes, templates::signatories, templates::resubmission))
            .first(conn))?;
    let prescription = Prescription {
        sections: sections.read()?,
        routes: routes.read()?,
        signatories: signatories.read()?,
        resubmission,
    };
    Ok(PublishedTemplate { number, prescription })
}
