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

use crate::error::Result;
use crate::types::Id;

/// How long something is kept without asking whether it still holds.
pub const FRESH: Duration = Duration::from_secs(5);

/// A value that is kept in memory, for each municipality and key.
pub trait Cached: Send + Sync + Sized + 'static {
    /// What tells the values of a municipality apart.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;

    /// The most that is kept, as [`Cached::weight`] counts; beyond that what is used least goes.
    const CAPACITY: u64 = 512;

    /// How long a value is kept.
    const KEPT: Duration = FRESH;

    /// Whether a value may come to be wrong: then it is read again after any change of what is kept.
    const CHANGES: bool = true;

    /// How much of the capacity a value takes: one, where all are about as large.
    fn weight(&self) -> u32 {
        1
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
            let cache: Cache<Key<T>, Arc<T>> = Cache::builder()
                .max_capacity(T::CAPACITY)
                .weigher(|_, value: &Arc<T>| value.weight())
                .time_to_live(T::KEPT)
                .build();
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
