//! Making, replacing and changing units.

use actix_web::{patch, put};

use super::view::{NewOrgUnit, OrgUnitPatch, OrgUnitView, ValidityView, reply};
use crate::access::Actor;
use crate::app::RequestContext;
use crate::db::Tx;
use crate::db::journal::{Event, EventKind};
use crate::error::{Code, Fault, Result};
use crate::http::{Ids, IfMatch, Json, OptionalIfMatch, Reply, Versioned};
use crate::organisation::api::{policy, upsert};
use crate::organisation::model::UnitKind;
use crate::organisation::store::{OrgUnitRow, OrgUnitWithTimeline, ValidityRow};
use crate::organisation::timeline::Days;
use crate::organisation::{self, store, timeline};
use crate::text;
use crate::types::{Date, Id, Json as StoredJson};

/// Makes a unit, or replaces what its source gives of it.
///
/// An equal body writes nothing and makes no event. A unit stands below itself on no day, and covers every day for
/// which somebody is appointed in it.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The unit."),
    ("If-Match" = Option<String>, Header, description = "The ETag of what is replaced, to be compared."),
), request_body = NewOrgUnit, responses(
    (status = 200, description = "The unit, replaced.", body = OrgUnitView, headers(("ETag" = String))),
    (status = 201, description = "The unit, made.", body = OrgUnitView)
))]
#[put("/api/v1/org-units/{id}")]
pub async fn put_org_unit(
    call: RequestContext,
    id: Ids<1>,
    if_match: OptionalIfMatch,
    body: Json<NewOrgUnit>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| match store::find_unit(tx, id) {
        Ok(stored) => {
            if_match.0.accepts(&stored.0)?;
            check_references(tx, id, &body)?;
            replace(tx, actor, stored, &body)
        }
        Err(error) if error.code() == Code::NotFound => {
            if_match.0.accepts_nothing()?;
            check_references(tx, id, &body)?;
            insert(tx, actor, id, &body)
        }
        Err(error) => Err(error),
    })
    .await
}

fn check_references(tx: &mut Tx, id: Id, body: &NewOrgUnit) -> Result<()> {
    let parents: Vec<Id> = body.validities.iter().filter_map(|validity| validity.parent_id).collect();
    let known = store::known_units(tx, &parents)?;
    let places = store::places(tx)?;
    let faults: Vec<Fault> = body
        .validities
        .iter()
        .enumerate()
        .filter_map(|(index, validity)| {
            let (parent, days) = (validity.parent_id?, Days { from: validity.from, to: validity.to });
            let below_itself = timeline::first_below_itself(&places, id, parent, days);
            let place = format!("/validities/{index}/parent_id");
            match below_itself {
                Some(day) => Some(Fault::at(place, "parent-below").with("day", text::date(tx.lang(), day))),
                None if !known.contains(&parent) => Some(Fault::at(place, "unknown-id")),
                None => None,
            }
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Code::UnknownReference.refuse().faults(faults).into()) }
}

/// A unit does not end, nor pause, while somebody is appointed in it.
fn check_appointments(tx: &mut Tx, (unit, before): &OrgUnitWithTimeline, after: &[ValidityRow]) -> Result<()> {
    let life = |rows: &[ValidityRow]| rows.iter().map(ValidityRow::days).collect::<Vec<Days>>();
    let (before, after) = (life(before), life(after));
    let filter = store::AppointmentFilter { unit: Some(unit.id), ..Default::default() };
    let held = store::list_appointments(tx, &filter, None, i64::MAX)?;
    let left_out = held.iter().filter_map(|held| {
        let day = timeline::first_uncovered(&after, held.days())?;
        timeline::first_uncovered(&before, held.days()).is_none().then_some(day)
    });
    let days: Vec<Date> = left_out.collect();
    let Some(first) = days.iter().min() else { return Ok(()) };
    let fault = Fault::at("/validities", "appointments-outside").with("count", days.len());
    Err(Code::InUse.refuse().fault(fault.with("day", text::date(tx.lang(), *first))).into())
}

fn insert(tx: &mut Tx, actor: &Actor, id: Id, body: &NewOrgUnit) -> Result<Reply> {
    let (municipality_id, now) = (tx.scope(), tx.now());
    let makes_agreements = |validity: &ValidityView| matches!(validity.kind, UnitKind::Centre | UnitKind::Institution);
    let unit = OrgUnitRow {
        municipality_id,
        id,
        managed_by: policy::source_of(actor).to_owned(),
        source_changed_at: body.source_changed_at,
        external_keys: StoredJson::of(&body.external_keys),
        extensions: StoredJson::of(&body.extensions),
        holds_agreement: body.validities.last().is_some_and(makes_agreements),
        version: 1,
        changed_by: Some(actor.id()),
        created_at: now,
        updated_at: now,
    };
    let made = (unit, timeline(body, municipality_id, id));
    store::insert_unit(tx, &made)?;
    tx.record(Event::of(EventKind::OrgUnitCreated, id).org_unit(id).version(1));
    let today = organisation::current(tx)?.today;
    Reply::created(format!("/api/v1/org-units/{id}"), 1, &OrgUnitView::of(&made, actor, tx, today))
}

fn timeline(body: &NewOrgUnit, municipality_id: Id, id: Id) -> Vec<ValidityRow> {
    let mut rows: Vec<ValidityRow> = body.validities.iter().map(|one| one.row(municipality_id, id)).collect();
    rows.sort_by_key(|row| row.from_on);
    rows
}

fn replace(tx: &mut Tx, actor: &Actor, stored: OrgUnitWithTimeline, body: &NewOrgUnit) -> Result<Reply> {
    upsert::check(actor, &stored.0.managed_by, body.source_changed_at, stored.0.source_changed_at)?;
    let (unit, validities) = &stored;
    let mut changed = (
        OrgUnitRow {
            source_changed_at: body.source_changed_at.or(unit.source_changed_at),
            external_keys: StoredJson::of(&body.external_keys),
            extensions: StoredJson::of(&body.extensions),
            ..unit.clone()
        },
        timeline(body, unit.municipality_id, unit.id),
    );
    let fields = upsert::differing([
        ("validities", changed.1 != *validities),
        ("external_keys", changed.0.external_keys != unit.external_keys),
        ("extensions", changed.0.extensions != unit.extensions),
        ("source_changed_at", changed.0.source_changed_at != unit.source_changed_at),
    ]);
    if !fields.is_empty() {
        check_appointments(tx, &stored, &changed.1)?;
        store::save_unit(tx, &mut changed)?;
        tx.record(
            Event::of(EventKind::OrgUnitReplaced, unit.id).org_unit(unit.id).version(changed.0.version).changed(fields),
        );
    }
    reply(tx, actor, &changed)
}

/// Changes a unit's local fields.
///
/// For what no source gives, such as whether the unit makes an agreement. The rest comes with `PUT` from its source.
#[utoipa::path(tag = "organisation", params(
    ("id" = Id, Path, description = "The unit."),
    ("If-Match" = String, Header, description = "The ETag the change is made to."),
), request_body(content = OrgUnitPatch, content_type = "application/merge-patch+json"), responses(
    (status = 200, description = "The unit.", body = OrgUnitView)
))]
#[patch("/api/v1/org-units/{id}")]
pub async fn update_org_unit(
    call: RequestContext,
    id: Ids<1>,
    if_match: IfMatch,
    body: Json<OrgUnitPatch>,
) -> Result<Reply> {
    let Ids([id]) = id;
    call.write(move |tx, actor| {
        let mut unit = store::find_unit(tx, id)?;
        policy::can_change_local(actor)?;
        if_match.accepts(&unit.0)?;
        if let Some(holds) = body.holds_agreement.filter(|holds| *holds != unit.0.holds_agreement) {
            unit.0.holds_agreement = holds;
            store::save_unit(tx, &mut unit)?;
            let event = Event::of(EventKind::OrgUnitUpdated, id).org_unit(id).version(unit.0.version());
            tx.record(event.changed(["holds_agreement"]));
        }
        reply(tx, actor, &unit)
    })
    .await
}
