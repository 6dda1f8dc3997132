//! The version of the organisation, which rises with every change of it, so that no process goes on with what it keeps.

use std::sync::Arc;

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::cache::Cached;
use crate::each;
use crate::error::Result;
use crate::organisation::model::Organisation;
use crate::schema::municipalities;
use crate::types::{Date, Ts};

/// The organisation as it was found last, without asking whether it is still the one.
pub struct CurrentOrganisation {
    /// The date that the municipality set for its day.
    pub business_date: Option<Date>,
    /// The organisation.
    pub organisation: Arc<Organisation>,
}

impl Cached for CurrentOrganisation {
    type Key = ();
}

impl CurrentOrganisation {
    /// Whether it is of the day on which it is asked for.
    pub fn is_of(&self, now: Ts) -> bool {
        let today = self.business_date.unwrap_or_else(|| now.day_in(self.organisation.settings.time_zone));
        today == self.organisation.today
    }
}

/// Says that a transaction changed the organisation: no process goes on with what it keeps of it.
pub(super) fn changed(tx: &mut Tx) {
    tx.invalidate_and::<CurrentOrganisation>(raise_version);
}

fn raise_version(tx: &mut Tx) -> Result<()> {
    let scope = tx.scope();
    each!(tx => diesel::update(municipalities::table.find(scope))
        .set(municipalities::organisation_version.eq(municipalities::organisation_version + 1))
        .execute(tx))?;
    Ok(())
}
