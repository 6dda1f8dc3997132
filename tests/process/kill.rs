//! The server is killed while several clients write: what was acknowledged is there, and what is recorded is whole.
//!
//! `AFTALESTYRING_KILL_ROUNDS` says how often; the seed is fixed.

use std::collections::{BTreeMap, BTreeSet};

use aftalestyring::db::{Author, Scope};
use aftalestyring::events::store::{self, Chain};
use aftalestyring::types::Id;
use aftalestyring::{each, schema::org_units};
use diesel::prelude::*;

use crate::support::{Load, Place, send, setting};

/// xorshift: the same numbers in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn check(place: &Place, scope: Scope, acknowledged: &[Id]) {
    let read = |conn: &mut aftalestyring::db::Conn| {
        let municipality = conn.scope();
        let units: Vec<Id> = each!(conn => org_units::table
            .filter(org_units::municipality_id.eq(municipality)).select(org_units::id).load(conn))?;
        Ok((units, store::oldest_first(conn, 0, i64::MAX)?, store::verify(conn)?))
    };
    let (units, events, chain) = place.db().read(&Author::system(scope, "test"), read).expect("the database");
    let units: BTreeSet<Id> = units.into_iter().collect();
    let lost: Vec<&Id> = acknowledged.iter().filter(|id| !units.contains(id)).collect();
    assert!(lost.is_empty(), "{} acknowledged writes are lost", lost.len());
    assert_eq!(chain, Chain::Whole(i64::try_from(events.len()).expect("a number")));
    assert!(events.iter().zip(1..).all(|(event, number)| event.sequence == number), "a gap");
    let mut created: BTreeMap<Id, usize> = BTreeMap::new();
    for event in events.iter().filter(|event| event.kind == "org_unit.created") {
        *created.entry(event.subject_id).or_default() += 1;
    }
    assert!(created.values().all(|times| *times == 1), "an event stands twice");
    assert_eq!(
        created.into_keys().collect::<BTreeSet<Id>>(),
        units,
        "each unit has its event, and each event its unit"
    );
}

fn kill_again_and_again(place: &Place) {
    let rounds = setting("AFTALESTYRING_KILL_ROUNDS").and_then(|text| text.parse().ok()).unwrap_or(10);
    place.run(&["migrate"]).good();
    let scope = place.municipality();
    let client = place.client(scope);
    let (mut chance, mut acknowledged) = (Chance(2015), Vec::new());
    for _ in 0..rounds {
        let server = place.serve();
        let load = Load::on(&server, &place.token(scope, client));
        let enough = usize::try_from(1 + chance.below(80)).expect("a number");
        load.wait_for(enough);
        server.kill();
        acknowledged.extend(load.finish());
        check(place, scope, &acknowledged);
    }
    assert!(acknowledged.len() >= rounds);
    let server = place.serve();
    let token = place.token(scope, client);
    let last = acknowledged.last().expect("a write");
    let (status, _) =
        send(server.address, ("GET", &format!("/api/v1/org-units/{last}")), &token, None).expect("an answer");
    assert_eq!(status, 200);
}

#[test]
fn what_was_acknowledged_survives_the_end_of_the_process_on_sqlite() {
    kill_again_and_again(&Place::new());
}

#[test]
fn what_was_acknowledged_survives_the_end_of_the_process_on_postgresql() {
    if let Some(place) = Place::on_postgres() {
        kill_again_and_again(&place);
    }
}
