//! Both databases behind one door: pools, snapshots, transactions, retries.
//!
//! A query is written once, inside [`each!`](crate::each), which expands it for the database at hand. Reading functions
//! take `&mut Conn`, writing ones `&mut Tx`: a write does not compile outside a transaction. Both know the municipality
//! they work for, and there is no way to get one that does not.

pub mod backup;
mod batch;
pub mod cache;
mod cached;
pub mod catalogue;
mod database;
pub mod distribute;
pub mod executor;
pub mod grants;
pub mod journal;
mod link;
pub mod migrate;
mod prepared;
mod refold;
mod waiting;
mod work;

pub use batch::{Target, Write};
pub use database::{Db, PoolSizes};
pub use link::{DatabaseUrl, Link, Raw};
pub use prepared::{Counted, Prepared};
pub use waiting::never_waiting;
pub use work::{Author, Conn, NewRow, Scope, Tx};
