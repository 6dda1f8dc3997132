//! What is compared and sorted is kept folded beside what was typed. A migration that changes how it is folded empties
//! it, since the databases cannot fold it themselves; it is filled again here.

use diesel::prelude::*;

use super::link::Link;
use crate::each;
use crate::error::Result;
use crate::schema::org_unit_validities::dsl as validities;
use crate::schema::{municipalities, people, users};
use crate::text::{fold, fold_email};
use crate::types::Date;
use crate::types::Id;

/// People and periods of units whose folded names are empty.
struct Emptied {
    people: Vec<(Id, String, Option<String>)>,
    units: Vec<(Id, Date, String)>,
}

/// Fills what is empty, in one transaction for each municipality.
pub(super) fn refold(link: &mut Link) -> Result<()> {
    let all: Vec<Id> = each!(link => municipalities::table.select(municipalities::municipality_id).load(link))?;
    for municipality in all {
        let emptied = emptied(link, municipality)?;
        if emptied.people.is_empty() && emptied.units.is_empty() {
            continue;
        }
        link.begin("BEGIN", "BEGIN IMMEDIATE")?;
        match fill(link, municipality, emptied) {
            Ok(()) => link.commit()?,
            Err(error) => {
                link.rollback();
                return Err(error);
            }
        }
    }
    Ok(())
}

fn emptied(link: &mut Link, municipality: Id) -> Result<Emptied> {
    let people = each!(link => people::table
        .filter(people::municipality_id.eq(municipality).and(people::folded_name.eq("")))
        .select((people::id, people::name, people::email)).load(link))?;
    let units = each!(link => validities::org_unit_validities
        .filter(validities::municipality_id.eq(municipality).and(validities::folded_name.eq("")))
        .select((validities::org_unit_id, validities::from_on, validities::name)).load(link))?;
    Ok(Emptied { people, units })
}

fn fill(link: &mut Link, municipality: Id, emptied: Emptied) -> Result<()> {
    for (id, name, email) in emptied.people {
        let target = people::table.find((municipality, id));
        let folded = (people::folded_name.eq(fold(&name)), people::folded_email.eq(email.as_deref().map(fold_email)));
        each!(link => diesel::update(target).set(folded).execute(link))?;
    }
    for (unit, from, name) in emptied.units {
        let target = validities::org_unit_validities.find((municipality, unit, from));
        let folded = validities::folded_name.eq(fold(&name));
        each!(link => diesel::update(target).set(folded).execute(link))?;
    }
    fold_log_ins(link, municipality)
}

/// Where two log-ins would get the same address, both keep what they have.
fn fold_log_ins(link: &mut Link, municipality: Id) -> Result<()> {
    let all: Vec<(Id, String)> = each!(link => users::table
        .filter(users::municipality_id.eq(municipality)).select((users::id, users::email)).load(link))?;
    let folded: Vec<String> = all.iter().map(|(_, email)| fold_email(email)).collect();
    for ((id, email), own) in all.iter().zip(&folded) {
        if own != email && folded.iter().filter(|other| *other == own).count() == 1 {
            let target = users::table.find((municipality, *id));
            each!(link => diesel::update(target).set(users::email.eq(own)).execute(link))?;
        }
    }
    Ok(())
}
