//! Somebody who waits for events of a municipality.
//!
//! Whoever listens before they read misses nothing: numbers that this process did not publish are told as unseen.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

use super::store::last_sequences;
use crate::db::journal::{Event, Signal};
use crate::db::{Db, Scope};
use crate::error::Result;

/// How often the counters are looked at while anybody waits.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Somebody who is told what happens in a municipality, from here on.
pub struct Listener {
    db: Db,
    scope: Scope,
    receiver: Receiver<Signal>,
}

impl Listener {
    /// Begins to listen.
    pub fn of(db: &Db, scope: Scope) -> Self {
        Listener { db: db.clone(), scope, receiver: db.commit_signal().subscribe(scope) }
    }

    /// Waits until something happened that may fit; false when the server stops.
    pub async fn wait(&mut self, may_fit: impl Fn(&Event) -> bool) -> bool {
        let Listener { db, receiver, .. } = self;
        let _counted = db.commit_signal().count_waiting();
        let hearing = async {
            loop {
                match receiver.recv().await {
                    Ok(Signal::Committed(events)) if !events.iter().any(&may_fit) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return true,
                    Err(RecvError::Closed) => return false,
                }
            }
        };
        match select(pin!(hearing), pin!(look_for_all(db))).await {
            Either::Left((goes_on, _)) => goes_on,
            Either::Right((never, _)) => match never {},
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.db.commit_signal().unsubscribe(self.scope);
    }
}

/// Looks at the counters as long as it is this one's turn; when they stop waiting, the next one's turn comes.
async fn look_for_all(db: &Db) -> Infallible {
    let _turn = db.commit_signal().turn().await;
    loop {
        sleep(LOOK_EVERY).await;
        if let Err(error) = db.to_read(look).await {
            tracing::debug!(%error, "the counters of the events cannot be read");
        }
    }
}

fn look(db: &Db) -> Result<()> {
    let municipalities = db.commit_signal().listened_to();
    let counters = db.global(|link| last_sequences(link, &municipalities))?;
    db.commit_signal().report(&counters);
    Ok(())
}
