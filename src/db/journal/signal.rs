//! The signal of a commit, for requests that wait: told to them, so that they need not ask the database again and again.
//!
//! - What this process commits is told at once, with the events themselves: who waits for others goes on waiting.
//! - What another process commits is found by looking at the counters. One of those who wait does so for all of them.
//! - Whoever listens before they read misses nothing: numbers that were not told here are told as unseen.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::sleep;

use super::event::{Event, last_sequences};
use crate::db::Db;
use crate::db::work::Scope;
use crate::error::Result;
use crate::types::Id;

/// How often the counters are looked at while anybody waits.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How many transactions may be told before a listener has heard the first of them; more are told as unseen.
const KEPT: usize = 64;

#[derive(Clone)]
enum Signal {
    /// This was committed here.
    Committed(Arc<[Event]>),
    /// Something was committed that was not told here.
    Unseen,
}

/// The listeners of a municipality.
struct Channel {
    sender: Sender<Signal>,
    /// The highest number that was told.
    told: i64,
}

/// Who listens, and what they were told.
pub struct CommitSignal {
    /// By municipality; none once the server stops.
    channels: Mutex<Option<HashMap<Id, Channel>>>,
    /// Whose turn it is to look at the counters.
    turn: tokio::sync::Mutex<()>,
    waiting: AtomicUsize,
}

impl Default for CommitSignal {
    fn default() -> Self {
        CommitSignal {
            channels: Mutex::new(Some(HashMap::new())),
            turn: tokio::sync::Mutex::default(),
            waiting: 0.into(),
        }
    }
}

impl CommitSignal {
    fn channels(&self) -> MutexGuard<'_, Option<HashMap<Id, Channel>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many requests wait at this moment.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Lets nobody wait any more: the server stops.
    pub fn close(&self) {
        self.channels().take();
    }

    /// Tells what was committed: these events, up to this number.
    pub(crate) fn publish(&self, scope: Scope, last: i64, events: Vec<Event>) {
        let mut channels = self.channels();
        let Some(channel) = channels.as_mut().and_then(|all| all.get_mut(&scope.municipality())) else { return };
        let before = last - i64::try_from(events.len()).unwrap_or(last);
        let word = if before > channel.told { Signal::Unseen } else { Signal::Committed(events.into()) };
        channel.told = channel.told.max(last);
        // Nobody may listen any more, which is no fault.
        let _ = channel.sender.send(word);
    }

    /// The municipalities that anybody listens to.
    fn listened_to(&self) -> Vec<Id> {
        self.channels().iter().flat_map(HashMap::keys).copied().collect()
    }

    /// Tells whatever the counters show and nobody told.
    fn counted(&self, counters: &[(Id, i64)]) {
        let mut channels = self.channels();
        let Some(channels) = channels.as_mut() else { return };
        for (municipality, last) in counters {
            if let Some(channel) = channels.get_mut(municipality).filter(|channel| *last > channel.told) {
                channel.told = *last;
                let _ = channel.sender.send(Signal::Unseen);
            }
        }
    }
}

/// Somebody who hears the news of a municipality, from here on.
pub struct Listener {
    db: Db,
    municipality: Id,
    receiver: Receiver<Signal>,
}

impl Listener {
    /// Begins to listen.
    pub fn of(db: &Db, scope: Scope) -> Self {
        let municipality = scope.municipality();
        let receiver = match db.commit_signal().channels().as_mut() {
            Some(channels) => {
                let new = || Channel { sender: broadcast::channel(KEPT).0, told: 0 };
                channels.entry(municipality).or_insert_with(new).sender.subscribe()
            }
            None => broadcast::channel(1).1,
        };
        Listener { db: db.clone(), municipality, receiver }
    }

    /// Waits until something happened that may fit; false when the server stops.
    pub async fn wait(&mut self, may_fit: impl Fn(&Event) -> bool) -> bool {
        let Listener { db, receiver, .. } = self;
        let _counted = Waiting::of(db.commit_signal());
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
        let mut channels = self.db.commit_signal().channels();
        let Some(channels) = channels.as_mut() else { return };
        if channels.get(&self.municipality).is_some_and(|channel| channel.sender.receiver_count() <= 1) {
            channels.remove(&self.municipality);
        }
    }
}

/// Counts somebody who waits, for as long as they do.
struct Waiting<'a>(&'a CommitSignal);

impl<'a> Waiting<'a> {
    fn of(signal: &'a CommitSignal) -> Self {
        signal.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(signal)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Looks at the counters as long as it is this one's turn; when they stop waiting, the next one's turn comes.
async fn look_for_all(db: &Db) -> Infallible {
    let _turn = db.commit_signal().turn.lock().await;
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
    db.commit_signal().counted(&counters);
    Ok(())
}
