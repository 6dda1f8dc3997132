//! The request pipeline: what every request passes on its way to a handler, and from there to the database.

mod context;
mod dress;
pub mod dry_run;
mod idempotency;
mod middleware;
mod operations;
mod public;
mod request;
mod refusals;
mod routes;
mod shared;

pub use context::RequestContext;
pub use middleware::{gate, unknown_path};
pub use dress::dress;
pub use operations::{DocumentedOperation, Operations};
pub use public::PublicContext;
pub use request::blocking;
pub use routes::Routes;
pub use shared::{App, Settings, Shared};
