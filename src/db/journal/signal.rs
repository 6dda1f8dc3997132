//! The signal of a commit, for those who wait: told to them, so that they need not ask the database again and again.
//!
//! - What this process commits is published at once, with the events themselves: who waits for others goes on waiting.
//! - What another process commits is found by looking at the counters: those who wait do so, and report it here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast::{self, Receiver, Sender};

use super::event::Event;
use crate::db::work::Scope;
use crate::types::Id;

/// How many transactions may be published before a listener has heard the first of them; more are told as unseen.
const KEPT: usize = 64;

/// What a listener is told.
#[derive(Clone)]
pub enum Signal {
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

    /// Begins to tell somebody what happens in a municipality from here on.
    pub fn subscribe(&self, scope: Scope) -> Receiver<Signal> {
        match self.channels().as_mut() {
            Some(channels) => {
                let new = || Channel { sender: broadcast::channel(KEPT).0, told: 0 };
                channels.entry(scope.municipality()).or_insert_with(new).sender.subscribe()
            }
            None => broadcast::channel(1).1,
        }
    }

    /// Forgets a municipality when the one who goes is the last who listens to it.
    pub fn unsubscribe(&self, scope: Scope) {
        let mut channels = self.channels();
        let Some(channels) = channels.as_mut() else { return };
        if channels.get(&scope.municipality()).is_some_and(|channel| channel.sender.receiver_count() <= 1) {
            channels.remove(&scope.municipality());
        }
    }

    /// Counts somebody who waits, for as long as they keep what they get.
    pub fn count_waiting(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(self)
    }

    /// The turn to look at the counters: one of those who wait has it.
    pub async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Tells what was committed: these events, up to this number.
    pub fn publish(&self, scope: Scope, last: i64, events: Vec<Event>) {
        let mut channels = self.channels();
        let Some(channel) = channels.as_mut().and_then(|all| all.get_mut(&scope.municipality())) else { return };
        let before = last - i64::try_from(events.len()).unwrap_or(last);
        let signal = if before > channel.told { Signal::Unseen } else { Signal::Committed(events.into()) };
        channel.told = channel.told.max(last);
        // Nobody may listen any more, which is no fault.
        let _ = channel.sender.send(signal);
    }

    /// The municipalities that anybody listens to.
    pub fn listened_to(&self) -> Vec<Id> {
        self.channels().iter().flat_map(HashMap::keys).copied().collect()
    }

    /// Tells whatever the counters show and nobody told.
    pub fn report(&self, counters: &[(Id, i64)]) {
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

/// Somebody who waits and is counted.
pub struct Waiting<'a>(&'a CommitSignal);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}
