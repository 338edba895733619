//! The address at the other end of a connection, and the limits that it is held to.
//!
//! A header that names another address (`X-Forwarded-For`) is not believed: behind a proxy all visitors share one
//! bucket, so a proxy has to bound them itself.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Instant,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use super::{fault::Fault, limits::Bounded, state::AppState};

/// Who is at the other end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl FromRequestParts<AppState> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        // Without a connection there is a test, not a network.
        let address = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|connected| connected.0.ip());
        Ok(Self(address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

impl Peer {
    /// Takes one try out of the peer's bucket.
    pub(crate) fn take(self, state: &AppState, bounded: Bounded) -> Result<(), Fault> {
        let wait = state.limits.take(bounded, self.0, Instant::now());
        wait.map_err(|wait| Fault::TooMany {
            wait_seconds: wait.as_secs() + 1,
        })
    }
}
