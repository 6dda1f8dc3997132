//! How a unit of work reads what is kept in memory.

use std::sync::Arc;

use super::cache::Cached;
use super::work::Conn;
use crate::error::Result;

impl Conn {
    /// A value that is kept in memory, if it is.
    pub fn cached<T: Cached>(&self, key: &T::Key) -> Option<Arc<T>> {
        if self.has_invalidated::<T>() {
            return None;
        }
        self.caches().get(self.scope(), self.generation(), key)
    }

    /// A value that is kept in memory; loaded where it is not. What a transaction has changed and may yet take back is
    /// not for others to see: it keeps only what is read again after any change, and what it has not changed itself.
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
        if !self.is_snapshot() && (!T::CHANGES || self.has_invalidated::<T>()) {
            return load(self).map(Arc::new);
        }
        let (caches, scope, generation) = (self.caches(), self.scope(), self.generation());
        caches.get_or_load(scope, generation, key, || load(self))
    }
}
