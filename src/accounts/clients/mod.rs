//! Clients: machines that call the API, kept by administrators.
//!
//! - A client writes rows of its source and no others; the source is never `local`.
//! - It may do what its scopes say; a token may be for less, never for more.
//! - Several secrets may be valid side by side, so that one is replaced without a pause. A secret is told once; only
//!   its hash is kept. A client that is disabled is refused at once, a secret that is deleted gives no more tokens.

pub mod api;
pub mod model;
pub mod store;
