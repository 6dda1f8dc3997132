//! What tests arrange and look at through the stores, where that is shorter than the way through HTTP.

use aftalestyring::agreements::agreement::model::AgreementState;
use aftalestyring::agreements::agreement::store::{self as agreements, ReaderReason};
use aftalestyring::agreements::approval::places::PlaceRow;
use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::agreements::sections::store::{self as sections, SectionRow};
use aftalestyring::db::{Author, Tx};
use aftalestyring::each;
use aftalestyring::error::Result;
use aftalestyring::events::store::Filter;
use aftalestyring::schema::route_places;
use aftalestyring::templates::model::Duty;
use aftalestyring::types::{Id, Json};
use diesel::prelude::*;
use serde_json::json;

use super::World;

impl World {
    /// Does something in one transaction of the system.
    pub async fn arrange<T: Send + 'static>(&self, work: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> T {
        let (db, author) = (self.app.app.db.clone(), Author::system(self.scope, "test"));
        aftalestyring::app::blocking(move || db.write(&author, |tx| work(tx))).await.expect("an arrangement")
    }

    /// Puts a section into a state, with somebody in its route, as a submission would.
    pub async fn put_section(&self, agreement: Id, key: &'static str, state: SectionState, approver: &str) {
        let approver = self.person(approver);
        self.arrange(move |tx| {
            let mut section = sections::find(tx, agreement, key)?;
            (section.state, section.revision, section.submitted_at) = (state, 1, Some(tx.now()));
            section.route = Json::of(&json!([{
                "role": "superior_leader", "duty": "approve", "rule": "all",
                "people": [{"person_id": approver, "on_behalf_of": null, "decided": null}]
            }]));
            sections::save(tx, &mut section)?;
            let mut row = agreements::find(tx, agreement)?;
            let states: Vec<SectionState> =
                sections::of_agreement(tx, agreement)?.iter().map(|section| section.state).collect();
            row.state = AgreementState::phase(&states);
            row.first_submitted_at = Some(tx.now());
            agreements::save(tx, &mut row)?;
            if state == SectionState::Submitted {
                let place = PlaceRow {
                    municipality_id: tx.scope(),
                    agreement_id: agreement,
                    section_key: key.to_owned(),
                    step: 0,
                    place: 0,
                    person_id: approver,
                    on_behalf_of_id: None,
                    duty: Duty::Approve,
                    cycle_id: row.cycle_id,
                    waiting_since: tx.now(),
                };
                each!(tx => diesel::insert_into(route_places::table).values(&place).execute(tx))?;
            }
            agreements::add_readers(tx, agreement, &[approver], ReaderReason::Route)
        })
        .await;
    }

    /// A section as it is kept.
    pub async fn section(&self, agreement: Id, key: &'static str) -> SectionRow {
        self.arrange(move |tx| sections::find(tx, agreement, key)).await
    }

    /// The kinds of what happened to an agreement and all it consists of since it was made, in their order.
    pub async fn happened(&self, agreement: Id) -> Vec<String> {
        let filter = Filter { agreement: Some(agreement), ..Filter::default() };
        let rows = self.arrange(move |tx| aftalestyring::events::store::newest_first(tx, &filter, None, 200)).await;
        rows.into_iter().rev().map(|row| row.kind).filter(|kind| kind != "agreement.created").collect()
    }
}
