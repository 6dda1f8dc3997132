//! Prescriptions in memory: a published template never changes, and agreements follow published ones only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;

use super::model::{Prescription, Resubmission};
use crate::db::Conn;
use crate::each;
use crate::error::Result;
use crate::schema::templates;
use crate::types::{Id, Json};

const MOST: usize = 1024;

/// A template as agreements follow it.
#[derive(Debug)]
pub struct Followed {
    /// Its number among the versions.
    pub number: i64,
    /// What it prescribes.
    pub prescription: Prescription,
}

/// The prescriptions that were read.
#[derive(Default)]
pub struct Cache(Mutex<HashMap<(Id, Id), Arc<Followed>>>);

/// What an agreement's template prescribes.
///
/// # Errors
/// 404 when there is no such template; a fault of ours when what is stored cannot be read.
pub fn followed(conn: &mut Conn, template_id: Id) -> Result<Arc<Followed>> {
    let key = (conn.scope(), template_id);
    if let Some(found) = conn.templates().0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(found.clone());
    }
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
    let found = Arc::new(Followed { number, prescription });
    let mut all = conn.templates().0.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST {
        all.clear();
    }
    all.insert(key, found.clone());
    Ok(found)
}
