//! The request pipeline: what every request passes on its way to a handler, and from there to the database.

mod context;
mod dress;
pub mod dry_run;
mod idempotency;
mod middleware;
mod naming;
mod operations;
mod origins;
mod places;
mod public;
mod refusals;
mod request;
mod routes;
mod shared;

pub use context::RequestContext;
pub use dress::dress;
pub use middleware::{gate, unknown_path};
pub use naming::with_names;
pub use operations::{DocumentedOperation, Operations};
pub use origins::other_origins;
pub use places::{Place, Places};
pub use public::PublicContext;
pub use request::blocking;
pub use routes::Routes;
pub use shared::{App, Document, Settings, Shared};
