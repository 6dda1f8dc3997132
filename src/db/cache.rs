//! What seldom changes and many requests read, kept in memory.
//!
//! What this process changes is read again at once; what another process changed is seen after [`FRESH`], so that
//! nothing is kept longer than rights are.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;

use super::work::{Conn, Tx};
use crate::error::Result;
use crate::types::Id;

/// How long something is kept without asking whether it still holds.
pub const FRESH: Duration = Duration::from_secs(5);

/// A value that is kept in memory, for each municipality and key.
pub trait Cached: Send + Sync + Sized + 'static {
    /// What tells the values of a municipality apart.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;

    /// The most values that are kept; beyond that the one that is used least goes.
    const CAPACITY: u64 = 512;

    /// How long a value is kept.
    const KEPT: Duration = FRESH;

    /// Whether a value may come to be wrong: then it is read again after any change of what is kept.
    const CHANGES: bool = true;

    /// Called once before the commit of a transaction that changed what such values are made of.
    ///
    /// # Errors
    /// When the database fails.
    fn before_commit(_: &mut Tx) -> Result<()> {
        Ok(())
    }
}

/// A municipality, the generation in which a value was read, and its own key.
type Key<T> = (Id, u64, <T as Cached>::Key);

/// One cache for each type of value; made when it is first used.
#[derive(Default)]
pub struct Caches(RwLock<HashMap<TypeId, Box<dyn Any + Send + Sync>>>);

impl Caches {
    fn of<T: Cached>(&self) -> Cache<Key<T>, Arc<T>> {
        let id = TypeId::of::<T>();
        let found = |all: &HashMap<TypeId, Box<dyn Any + Send + Sync>>| {
            all.get(&id).and_then(|one| one.downcast_ref::<Cache<Key<T>, Arc<T>>>()).cloned()
        };
        if let Some(cache) = found(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return cache;
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        found(&all).unwrap_or_else(|| {
            let cache: Cache<Key<T>, Arc<T>> = Cache::builder().max_capacity(T::CAPACITY).time_to_live(T::KEPT).build();
            all.insert(id, Box::new(cache.clone()));
            cache
        })
    }

    /// What is kept in a generation.
    pub fn get<T: Cached>(&self, municipality: Id, generation: u64, key: &T::Key) -> Option<Arc<T>> {
        self.of::<T>().get(&(municipality, if T::CHANGES { generation } else { 0 }, key.clone()))
    }

    /// What is kept in a generation; else it is loaded, by one of those who ask for it at the same moment.
    ///
    /// # Errors
    /// Whatever loading it refuses.
    pub fn get_or_load<T: Cached>(
        &self,
        municipality: Id,
        generation: u64,
        key: T::Key,
        load: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let place = (municipality, if T::CHANGES { generation } else { 0 }, key);
        let loaded = self.of::<T>().try_get_with(place, || load().map(Arc::new));
        loaded.map_err(|error| Arc::try_unwrap(error).unwrap_or_else(|shared| shared.for_another()))
    }
}

impl Conn {
    /// A value that is kept in memory, if it is.
    pub fn cached<T: Cached>(&self, key: &T::Key) -> Option<Arc<T>> {
        if self.has_invalidated::<T>() {
            return None;
        }
        self.caches().get(self.scope(), self.generation(), key)
    }

    /// A value that is kept in memory; loaded where it is not. What a transaction has changed and may yet take back is
    /// not for others to see: only a reader of committed rows keeps what it loads.
    ///
    /// # Errors
    /// Whatever loading it refuses.
    pub fn cached_or_load<T: Cached>(
        &mut self,
        key: T::Key,
        load: impl FnOnce(&mut Conn) -> Result<T>,
    ) -> Result<Arc<T>> {
        if let Some(found) = self.cached::<T>(&key) {
            return Ok(found);
        }
        if !self.is_snapshot() {
            return load(self).map(Arc::new);
        }
        let (caches, scope, generation) = (self.caches(), self.scope(), self.generation());
        caches.get_or_load(scope, generation, key, || load(self))
    }
}
