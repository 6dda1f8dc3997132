//! The chain of the audit log: whatever is done to its rows behind its back is found.

use aftalestyring::db::journal::{Event, EventKind, EventRow};
use aftalestyring::db::{Author, Tx};
use aftalestyring::each;
use aftalestyring::error::Result;
use aftalestyring::events::store::{Chain, oldest_first, verify};
use aftalestyring::schema::events;
use aftalestyring::types::Id;
use diesel::prelude::*;

use crate::support::World;

/// A municipality in which nothing but these events happened.
async fn with_events(count: usize) -> World {
    let world = World::new().await;
    for _ in 0..count {
        world
            .arrange(|tx| {
                tx.record(Event::of(EventKind::CommentCreated, Id::new()));
                Ok(())
            })
            .await;
    }
    assert_eq!(checked(&world).await, Chain::Whole(i64::try_from(count).expect("a number")));
    world
}

async fn checked(world: &World) -> Chain {
    let (db, author) = (world.app.app.db.clone(), Author::system(world.scope, "test"));
    aftalestyring::app::blocking(move || db.read(&author, verify)).await.expect("a check")
}

fn delete(tx: &mut Tx, sequence: i64) -> Result<()> {
    let row = events::table.filter(events::municipality_id.eq(tx.scope()).and(events::sequence.eq(sequence)));
    each!(tx => diesel::delete(row).execute(tx))?;
    Ok(())
}

fn insert(tx: &mut Tx, row: &EventRow) -> Result<()> {
    each!(tx => diesel::insert_into(events::table).values(row).execute(tx))?;
    Ok(())
}

/// The rows from a number on, oldest first.
fn from(tx: &mut Tx, sequence: i64) -> Result<Vec<EventRow>> {
    oldest_first(tx, sequence - 1, 100)
}

#[actix_web::test]
async fn a_row_that_was_deleted_is_found_wherever_it_stood() {
    for (gone, broken) in [(1, 1), (3, 3), (5, 5)] {
        let world = with_events(5).await;
        world.arrange(move |tx| delete(tx, gone)).await;
        assert_eq!(checked(&world).await, Chain::BrokenAt(broken), "without {gone}");
    }
    let world = with_events(2).await;
    world.arrange(|tx| (1..=2).try_for_each(|sequence| delete(tx, sequence))).await;
    assert_eq!(checked(&world).await, Chain::BrokenAt(1), "without any");
}

#[actix_web::test]
async fn a_row_that_was_put_in_is_found_though_its_own_hash_is_right() {
    let world = with_events(3).await;
    world
        .arrange(|tx| {
            let mut last = from(tx, 3)?.remove(0);
            let hash = last.hash.clone();
            (last.sequence, last.id) = (4, Id::new());
            last.hash = last.chained(&hash)?;
            insert(tx, &last)
        })
        .await;
    assert_eq!(checked(&world).await, Chain::BrokenAt(4), "at the end");

    let world = with_events(3).await;
    world
        .arrange(|tx| {
            let mut later = from(tx, 2)?;
            let before = from(tx, 1)?.remove(0).hash;
            let mut new = EventRow { id: Id::new(), ..later[0].clone() };
            new.hash = new.chained(&before)?;
            for row in later.iter_mut().rev() {
                delete(tx, row.sequence)?;
                row.sequence += 1;
                insert(tx, row)?;
            }
            insert(tx, &new)
        })
        .await;
    assert_eq!(checked(&world).await, Chain::BrokenAt(3), "in the middle: what follows is chained to another row");
}

/// Changes what a row tells, and gives it the hash that fits.
fn forge(tx: &mut Tx, sequence: i64) -> Result<()> {
    let before = from(tx, sequence - 1)?.remove(0).hash;
    let mut row = from(tx, sequence)?.remove(0);
    row.kind = "comment.resolved".to_owned();
    row.hash = row.chained(&before)?;
    delete(tx, sequence)?;
    insert(tx, &row)
}

#[actix_web::test]
async fn a_row_that_was_forged_is_found_though_its_own_hash_is_right() {
    for (forged, broken) in [(2, 3), (4, 4)] {
        let world = with_events(4).await;
        world.arrange(move |tx| forge(tx, forged)).await;
        assert_eq!(checked(&world).await, Chain::BrokenAt(broken), "number {forged}");
    }
}

#[actix_web::test]
async fn two_rows_that_were_swapped_are_found() {
    let world = with_events(4).await;
    world
        .arrange(|tx| {
            let (mut second, mut third) = (from(tx, 2)?.remove(0), from(tx, 3)?.remove(0));
            (second.sequence, third.sequence) = (3, 2);
            delete(tx, 2)?;
            delete(tx, 3)?;
            insert(tx, &second)?;
            insert(tx, &third)
        })
        .await;
    assert_eq!(checked(&world).await, Chain::BrokenAt(2));
}

#[actix_web::test]
async fn writers_at_once_leave_numbers_without_gaps_in_one_chain() {
    const WRITERS: usize = 16;
    const EACH: usize = 8;
    let world = World::new().await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (db, author) = (world.app.app.db.clone(), Author::system(world.scope, "test"));
            std::thread::spawn(move || {
                for _ in 0..EACH {
                    let written = db.write(&author, |tx| {
                        tx.record(Event::of(EventKind::CommentCreated, Id::new()));
                        tx.record(Event::of(EventKind::CommentUpdated, Id::new()));
                        Ok(())
                    });
                    written.expect("two events");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().expect("a writer that came to its end");
    }
    let written = world.recorded().await;
    let numbers: Vec<i64> = written.iter().map(|row| row.sequence).collect();
    let all = i64::try_from(2 * WRITERS * EACH).expect("a number");
    assert_eq!(numbers, (1..=all).collect::<Vec<i64>>());
    assert!(written.chunks(2).all(|pair| pair[0].kind == "comment.created" && pair[1].kind == "comment.updated"));
    assert_eq!(checked(&world).await, Chain::Whole(all));
}
