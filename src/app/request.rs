//! What every request carries: its id, its language, where it comes from, and what is found out about it.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};

use actix_web::{HttpMessage, HttpRequest, web};

use super::shared::App;
use crate::auth::rate::Allowance;
use crate::error::{Code, Error, Result};
use crate::text::Lang;

/// The id of a request.
pub(super) struct RequestId(pub String);

/// What is found out about a request on its way, for the dressing of its answer.
#[derive(Default)]
pub(super) struct Course {
    /// What is left of the budget that it was taken from.
    pub allowance: Cell<Option<Allowance>>,
    /// Why it was refused.
    pub refusal: Cell<Option<Code>>,
}

/// The id of a request, given by the caller or made for it.
pub(super) fn request_id(req: &HttpRequest) -> String {
    req.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The language of the reader.
pub(super) fn lang_of(req: &HttpRequest) -> Lang {
    req.extensions().get::<Lang>().copied().unwrap_or_default()
}

/// Where a request comes from, as far as the proxies in front are believed.
pub(super) fn address_of(app: &App, req: &HttpRequest) -> IpAddr {
    let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
    app.proxies.client(peer, req.headers())
}

/// Runs on the blocking pool.
///
/// # Errors
/// Whatever the work refuses; a panic in it is a fault of ours.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    web::block(work).await.map_err(|_| Error::unexpected("the work of the request panicked"))?
}
