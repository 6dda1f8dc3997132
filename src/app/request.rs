//! What every request carries: its id, and where it comes from.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{HttpMessage, HttpRequest, web};

use super::shared::App;
use crate::error::{Error, Result};

/// The id of a request.
pub(super) struct RequestId(pub String);

/// The id of a request, given by the caller or made by the gate.
pub(super) fn request_id(req: &HttpRequest) -> String {
    req.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
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
